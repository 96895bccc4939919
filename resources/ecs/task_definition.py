"""https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set

from reconciler.handler import ORDER, SET, Handler, missing
from reconciler.model import (
    Change,
    Desired,
    Found,
    Lists,
    Observed,
    Properties,
    Tags,
    View,
    Within,
)
from reconciler.overlay import Overlay, same
from resources.ecs import CONTAINERS, TAGGING, running, services

REGISTER = "register_task_definition"
INSIDE: Lists = {  # a container's lists
    "command": ORDER,
    "credentialSpecs": SET,
    "dependsOn": ("containerName",),
    "dnsSearchDomains": ORDER,
    "dnsServers": ORDER,
    "dockerSecurityOptions": SET,
    "entryPoint": ORDER,
    "environment": ("name",),
    "environmentFiles": ORDER,
    "extraHosts": ("hostname",),
    "healthCheck.command": ORDER,
    "links": SET,
    "linuxParameters.capabilities.add": SET,
    "linuxParameters.capabilities.drop": SET,
    "linuxParameters.devices": ("hostPath",),
    "linuxParameters.devices.permissions": SET,
    "linuxParameters.tmpfs": ("containerPath",),
    "linuxParameters.tmpfs.mountOptions": SET,
    "logConfiguration.secretOptions": ("name",),
    "mountPoints": ("containerPath",),
    "portMappings": ("containerPort", "containerPortRange"),
    "resourceRequirements": ("type",),
    "restartPolicy.ignoredExitCodes": SET,
    "secrets": ("name",),
    "systemControls": ("namespace",),
    "ulimits": ("name",),
    "volumesFrom": ("sourceContainer",),
}


class TaskDefinition(Handler):
    """A family of revisions. The one that runs counts, or else the newest; none ever changes."""

    key = ("family",)
    naming = "family"
    unique = False
    immutable = {"family"}
    loose = {f"{CONTAINERS}.environment"}  # to ECS its values are text
    moved = {"taskDefinitionArn", "revision"}
    lists = {
        CONTAINERS: ("name",),
        **{f"{CONTAINERS}.{path}": how for path, how in INSIDE.items()},
        "placementConstraints": SET,
        "proxyConfiguration.properties": ("name",),
        "requiresCompatibilities": SET,
        "volumes": ("name",),
    }
    secret = {
        f"{CONTAINERS}.environment.value",
        f"{CONTAINERS}.logConfiguration.options.*",  # log collectors' keys and tokens
    }
    outputs = {"taskDefinitionArn", "revision"}
    tagging = TAGGING
    repeatable = False

    def listed(self, since: float = 0) -> Iterator[Found]:
        active = self.listing("list_task_definitions", since)
        run = filter(None, map(running, services(self, since)))
        counts = {**_newest(active), **_newest(run)}
        earlier = defaultdict(list)
        for arn in sorted(active, key=_revision, reverse=True):
            earlier[_family(arn)].append(arn)
        for family, arn in counts.items():
            # A pipeline that registers a revision need not repeat the tags of the one before.
            yield Found(arn, {"family": family}, arn=arn, kin=tuple(earlier[family]))
        for arn in active:
            # Registered, but run by nobody yet: such a revision is found by its id alone.
            if _revision(arn) > _revision(counts[_family(arn)]):
                yield Found(arn, {})

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("ClientException"):
            answer = self.client.describe_task_definition(taskDefinition=found.id, include=["TAGS"])
            tags = self.tagging.from_aws(answer.get("tags"))
            return Observed(found.id, answer["taskDefinition"], tags)
        return None

    def create(self, desired: Desired) -> str:
        return self._register(desired.properties, desired.tags)

    def update(self, change: Change) -> str:
        # From what runs, not from the YAML alone: side-cars and unknown variables live on.
        known = self._registered_before(change.wanted, change.tags)
        return known or self._register(change.wanted, change.tags)

    def delete(self, observed: Observed) -> None:
        # The newest last: as long as it is there, the next run knows whose the family is.
        pages = self.client.get_paginator("list_task_definitions")
        for page in pages.paginate(familyPrefix=observed["family"], sort="ASC"):
            for arn in page["taskDefinitionArns"]:
                self.client.deregister_task_definition(taskDefinition=arn)

    def within(self, desired: Desired, view: View) -> Mapping[str, Within]:
        ours = list(view("ecr.repository"))
        containers = desired.properties.get(CONTAINERS) or []
        images = {each.get("name"): each.get("image") for each in containers}
        return {
            f"{CONTAINERS}[{name}].image": Within("the pipeline", like=f"{repository(image)}[:@]*")
            for name, image in images.items()
            if isinstance(image, str) and any(_holds(each, repository(image)) for each in ours)
        }

    def _register(self, properties: Properties, tags: Tags) -> str:
        whole = self.accepted(REGISTER, properties)
        answer = self.client.register_task_definition(**whole, tags=self._written(tags))
        return str(answer["taskDefinition"]["taskDefinitionArn"])

    def _registered_before(self, properties: Properties, tags: Tags) -> str | None:
        """The newest revision, if a run that was cut short registered it for just this."""
        family = Found(properties["family"], {})  # which AWS takes for its newest revision
        newest, whole = self.get(family, set()), self.accepted(REGISTER, properties)
        if newest is None or newest.tags != tags:
            return None
        says_it = same(newest.properties, Overlay(self.lists).lay(newest.properties, whole))
        return str(newest["taskDefinitionArn"]) if says_it else None

    def _written(self, tags: Tags) -> list[dict[str, str]]:
        """AWS refuses to be told its own tags, which a revision may have from a stack."""
        ours = {name: value for name, value in tags.items() if not name.startswith("aws:")}
        written: list[dict[str, str]] = self.tagging.to_aws(ours)
        return written


def repository(image: str) -> str:
    """The image without its tag or digest; the colon of a registry's port stays."""
    name = image.split("@")[0]
    head, _, tail = name.rpartition(":")
    return head if head and "/" not in tail else name


def _holds(repository: Properties, name: str) -> bool:
    """Whether this is the repository of that name. Before AWS has made it, it has no URI."""
    uri = repository.get("repositoryUri")
    if isinstance(uri, str):
        return uri == name
    return name.endswith(f".amazonaws.com/{repository.get('repositoryName')}")


def _newest(arns: Iterable[str]) -> dict[str, str]:
    """By family."""
    return {_family(arn): arn for arn in sorted(arns, key=_revision)}


def _family(arn: str) -> str:
    return arn.rpartition("/")[2].partition(":")[0]


def _revision(arn: str) -> int:
    return int(arn.rpartition(":")[2])
