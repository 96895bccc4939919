"""What the types of ECS share: its services, and the deployments that say what these run."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Asked, Desired, Properties, Rest, Unknown, View, Wait

TAGGING = Tagging(key="key", value="value")
CONTAINERS = "containerDefinitions"
ECR = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/(?P<repository>[^:@]+)"
    r"(:(?P<tag>[^@]+))?(@(?P<digest>.+))?"
)
PATIENCE = timedelta(minutes=30)


def services(
    handler: Handler, since: float = 0, deleted: Collection[str] = ()
) -> Iterator[dict[str, Any]]:
    """Every service of every cluster, described ten at a time.

    AWS no longer lists what it drains after a delete, but still describes it by its ARN."""
    for cluster in handler.listing("list_clusters", since):
        with missing("ClusterNotFoundException"):  # deleted since it was listed
            below = f":service/{cluster.rpartition('/')[2]}/"
            draining = {arn for arn in deleted if below in arn}
            arns = {*handler.listing("list_services", since, cluster=cluster), *draining}
            ids = {"services": sorted(arns)}
            yield from handler.batched(
                "describe_services", since, 10, ids, cluster=cluster, include=["TAGS"]
            )


def primary(service: Properties) -> Properties:
    """The newest deployment; empty where something else than ECS deploys."""
    deployments = service.get("deployments") or []
    return next((each for each in deployments if each["status"] == "PRIMARY"), {})


def running(service: Properties) -> str | None:
    """The revision it runs: of the newest deployment that has not failed."""
    deployments = [primary(service), *(service.get("deployments") or [])]
    if not any(deployments):
        return service.get("taskDefinition")
    return next((each["taskDefinition"] for each in deployments if each and sound(each)), None)


def sound(deployment: Properties) -> bool:
    """Whether AWS has not given up on a deployment, and neither must we.

    Without a circuit breaker AWS goes on for ever with tasks that cannot start."""
    if deployment.get("rolloutState") == "FAILED":
        return False
    hopeless = deployment.get("failedTasks", 0) and not deployment.get("runningCount", 0)
    in_progress = deployment.get("rolloutState") == "IN_PROGRESS"
    return not (hopeless and in_progress and _age(deployment) > PATIENCE)


def resting(handler: Handler, desired: Desired, view: View) -> Rest | None:
    """A service does not start before its images are pushed; one that runs has had them."""
    if any(_runs(each, desired) for each in view("ecs.service")):
        return None
    wanted = _images(desired.properties.get("taskDefinition"), view)
    lacking = [each for each in wanted if not _pushed(handler, each)]
    if not desired.properties.get("desiredCount") or not lacking:
        return None
    name = desired["serviceName"]
    named = sorted({each for each in lacking if isinstance(each, str)}) or ["its image"]
    what = f"push {' and '.join(named)}; the next run then starts {name}"
    wait = Wait(f"the pipeline of {name}", what, f"the tasks of ecs.service/{name}")
    return Rest("the pipeline", value=0, wait=wait)


def _runs(service: Properties, desired: Desired) -> bool:
    """Whether this is the desired service as AWS shows it, and it is to run tasks."""
    names = ("serviceArn" in service, service.get("serviceName"), service.get("cluster"))
    ours = (True, desired["serviceName"], desired.properties.get("cluster"))
    return names == ours and bool(service.get("desiredCount"))


def _images(revision: Any, view: View) -> list[Any]:
    """The images of a revision's containers: of what is registered, else of what shall be."""
    known = list(view("ecs.task_definition"))
    if isinstance(revision, Unknown):
        family = next((each["family"] for each in known if each.get("$address") == revision.of), "")
    else:
        family = str(revision).rpartition("/")[2].partition(":")[0]
    theirs = [each for each in known if each.get("family") == family and CONTAINERS in each]
    return [each.get("image") for each in theirs[-1][CONTAINERS]] if theirs else []


def _pushed(handler: Handler, image: Any) -> bool:
    """Whether it is there, where it is one of a repository in this account's registry."""
    if isinstance(image, Unknown):  # only a repository that is to be made has no name yet
        return isinstance(image, Asked)
    name = ECR.fullmatch(image or "")
    if not name or (name["account"], name["region"]) != (handler.aws.account, handler.home):
        return True
    digest, tag = name["digest"], name["tag"] or "latest"
    which = {"imageDigest": digest} if digest else {"imageTag": tag}
    ecr = handler.aws.client("ecr", handler.home)
    asked = {"repositoryName": name["repository"], "imageIds": [which]}
    with missing("ImageNotFoundException", "RepositoryNotFoundException"):
        return bool(handler.aws.listings.ask(ecr, "describe_images", 0, "", asked))
    return False


def _age(deployment: Properties) -> timedelta:
    born: datetime = deployment["createdAt"]
    return datetime.now(UTC) - born
