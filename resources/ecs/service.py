"""https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Set
from typing import Any

from reconciler.aws import Aws
from reconciler.handler import ORDER, SET, Handler, missing
from reconciler.model import (
    Change,
    Desired,
    Found,
    Observed,
    Properties,
    Status,
    View,
    Within,
)
from resources.ecs import TAGGING, primary, resting, running, services, sound

STATUS = {"ACTIVE": Status.READY, "DRAINING": Status.PENDING, "INACTIVE": Status.GONE}
NETWORK = "networkConfiguration.awsvpcConfiguration"
DEPLOYMENT = "deploymentConfiguration"
CONNECT = "serviceConnectConfiguration"
CLEARED: Mapping[str, Any] = {  # AWS keeps these unless it is sent an empty list
    "capacityProviderStrategy": [],
    "loadBalancers": [],
    "placementConstraints": [],
    "placementStrategy": [],
    "serviceRegistries": [],
}
TARGET = "application_autoscaling.scalable_target"
STEADY = "has reached a steady state"


class Service(Handler):
    """A service that keeps tasks running. What it runs is its primary deployment."""

    key = ("cluster", "serviceName")
    naming = "serviceName"
    immutable = {"cluster", "serviceName", "launchType", "schedulingStrategy"}
    # AWS refuses a target group that no listener uses, by default or in a rule.
    after = {"elbv2.listener", "elbv2.rule"}
    lists = {
        "capacityProviderStrategy": ("capacityProvider",),
        f"{DEPLOYMENT}.alarms.alarmNames": SET,
        "loadBalancers": ("targetGroupArn",),
        f"{NETWORK}.securityGroups": SET,
        f"{NETWORK}.subnets": SET,
        "placementConstraints": SET,
        "placementStrategy": ORDER,
        f"{CONNECT}.logConfiguration.secretOptions": ("name",),
        f"{CONNECT}.services": ("portName",),
        f"{CONNECT}.services.clientAliases": ("port",),
        "serviceRegistries": ("registryArn",),
    }
    reads = {
        "cluster": "clusterArn",
        CONNECT: f"deployments[?status=='PRIMARY'].{CONNECT} | [0]",
    }
    outputs = {"serviceArn"}
    tagging = TAGGING
    settles_within = 1800

    def __init__(self, aws: Aws, region: str) -> None:
        super().__init__(aws, region)
        self._deleted: set[str] = set()

    def listed(self, since: float = 0) -> Iterator[Found]:
        for service in services(self, since, self._deleted):
            # What was asked for may have failed, or have been rolled back.
            properties = {**service, "taskDefinition": running(service)}
            tags = self.tagging.from_aws(service.get("tags"))
            yield Found(service["serviceArn"], properties, tags)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        status, reason = _status(found.properties)
        return Observed(found.id, found.properties, found.tags or {}, status, reason)

    def create(self, desired: Desired) -> str:
        tags = self.tagging.to_aws(desired.tags)
        token = hashlib.sha256(desired.intent.encode()).hexdigest()[:32]  # AWS takes 36 characters
        answer = self.client.create_service(**desired.properties, tags=tags, clientToken=token)
        return str(answer["service"]["serviceArn"])

    def update(self, change: Change) -> None:
        request = self.accepted("update_service", change.changed)
        gone = {name: CLEARED[name] for name in change.names & CLEARED.keys() - request.keys()}
        if _needs_force(change):
            request["forceNewDeployment"] = True
        which = {"cluster": change.observed["cluster"], "service": change.observed.id}
        answer = self.client.update_service(**which, **request, **gone)
        if "taskDefinition" in request and (theirs := _cut_short(change, answer["service"])):
            # AWS guards no service against two writers: give way, and begin anew from theirs.
            self.client.update_service(**which, taskDefinition=theirs)

    def delete(self, observed: Observed) -> None:
        # `force` makes ECS stop the tasks itself; we need not scale to zero first.
        self._deleted.add(observed.id)
        with missing("ServiceNotFoundException", "ServiceNotActiveException"):
            cluster = observed["cluster"]
            self.client.delete_service(cluster=cluster, service=observed.id, force=True)

    def within(self, desired: Desired, view: View) -> Mapping[str, Within]:
        if rest := resting(self, desired, view):
            return {"desiredCount": rest}
        cluster = desired.properties.get("cluster")
        if not isinstance(cluster, str):  # to be created, and the service with it
            return {}
        name = f"service/{cluster.rpartition('/')[2]}/{desired['serviceName']}"
        # Declared or found: a count inside either is about to be right.
        ours = [each for each in view(TARGET) if each.get("ResourceId") == name]
        low, high = (
            [each[bound] for each in ours if isinstance(each.get(bound), int)]
            for bound in ("MinCapacity", "MaxCapacity")
        )
        return {"desiredCount": Within("autoscaling", min(low), max(high))} if low and high else {}


def _status(service: Properties) -> tuple[Status, str]:
    """Rolling out is PENDING, whoever started it: nobody starts another deployment on top."""
    status, deployment = STATUS[service["status"]], primary(service)
    if status is not Status.READY:
        return status, f"it is {service['status']}"
    if deployment.get("rolloutState") == "IN_PROGRESS" and sound(deployment):
        return Status.PENDING, _reason(service, deployment)
    if deployment and running(service) is None and not _was_ready(service):
        return Status.BROKEN, _reason(service, deployment)
    return Status.READY, ""


def _reason(service: Properties, deployment: Properties) -> str:
    """In AWS's words: how the deployment stands, and what happened last."""
    events = [each["message"] for each in (service.get("events") or [])[:1]]
    return " ".join([deployment.get("rolloutStateReason", ""), *events]).strip()


def _was_ready(service: Properties) -> bool:
    events = service.get("events") or []
    return service["runningCount"] > 0 or any(STEADY in each["message"] for each in events)


def _cut_short(change: Change, service: Properties) -> str | None:
    """The revision of a deployment that somebody began after we looked, and that ours ended."""
    before = change.observed.properties
    known = {each["taskDefinition"] for each in before.get("deployments") or ()}
    known |= {before.get("taskDefinition"), change.wanted["taskDefinition"]}
    running = (each["taskDefinition"] for each in service.get("deployments") or ())
    return next((each for each in running if each not in known), None)


def _needs_force(change: Change) -> bool:
    """Whether AWS would see nothing to do: it was told the same before, and failed."""
    revision = change.wanted.get("taskDefinition")
    failed = primary(change.observed.properties).get("taskDefinition") == revision
    again = change.touches("taskDefinition") and failed
    return again or change.touches("capacityProviderStrategy")
