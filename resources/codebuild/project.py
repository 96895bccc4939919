"""https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Project.html"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.handler import SET, Handler, Tagging
from reconciler.model import Change, Desired, Found, Observed, Properties

BATCH = "buildBatchConfig.restrictions"
# What an update sends for what shall be absent, and what AWS then shows.
CLEARED = {
    "buildBatchConfig": {},
    "concurrentBuildLimit": -1,
    "description": "",
    "fileSystemLocations": [],
    "secondaryArtifacts": [],
    "secondarySources": [],
    "secondarySourceVersions": [],
    "sourceVersion": "",
    "vpcConfig": {},
}
UNSAID = {
    "badgeEnabled": False,
    "cache": {"type": "NO_CACHE"},
    "queuedTimeoutInMinutes": 480,
    "timeoutInMinutes": 60,
}


class Project(Handler):
    """How CodeBuild builds: from which source, in which image, with which role.

    AWS replaces every structure that an update names whole, and forgets tags it is not sent."""

    key = ("name",)
    naming = "name"
    immutable = {"name"}
    lists = {
        f"{BATCH}.computeTypesAllowed": SET,
        f"{BATCH}.fleetsAllowed": SET,
        "cache.modes": SET,
        "environment.dockerServer.securityGroupIds": SET,
        "environment.environmentVariables": ("name",),
        "fileSystemLocations": ("identifier",),
        "secondaryArtifacts": ("artifactIdentifier",),
        "secondarySources": ("sourceIdentifier",),
        "secondarySourceVersions": ("sourceIdentifier",),
        "vpcConfig.securityGroupIds": SET,
        "vpcConfig.subnets": SET,
    }
    reads = {"badgeEnabled": "badge.badgeEnabled"}
    secret = {"environment.environmentVariables.value"}
    outputs = {"arn"}
    tagging = Tagging("update_project", id="name", key="key", value="value", replaces=True)

    def listed(self, since: float = 0) -> Iterator[Found]:
        names = self.listing("list_projects", since)
        for each in self.batched("batch_get_projects", since, 100, {"names": names}, "projects"):
            tags = self.tagging.from_aws(each.get("tags"))
            yield Found(each["name"], self.read(each), tags)

    def create(self, desired: Desired) -> str:
        tags = self.tagging.to_aws(desired.tags)
        return str(self.client.create_project(**desired.properties, tags=tags)["project"]["name"])

    def update(self, change: Change) -> None:
        request = self.accepted("update_project", change.changed)
        gone = {name: CLEARED[name] for name in change.names & CLEARED.keys() - request.keys()}
        tags = self.tagging.to_aws(change.tags)
        self.client.update_project(name=change.observed.id, **request, **gone, tags=tags)

    def delete(self, observed: Observed) -> None:
        self.client.delete_project(name=observed.id)

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties: null as what AWS makes of it."""
        return {
            name: UNSAID.get(name) if value is None else value for name, value in desired.items()
        }
