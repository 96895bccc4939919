"""https://docs.aws.amazon.com/devops-guru/latest/APIReference/API_ResourceCollection.html"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.handler import SET, Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties

KIND = "AWS_CLOUD_FORMATION"
GET = "get_resource_collection"


class ResourceCollection(Handler):
    """What DevOps Guru watches in one region of the account; without one, it watches nothing."""

    key = ("ResourceCollectionType",)
    naming = "ResourceCollectionType"
    immutable = {"ResourceCollectionType"}
    lists = {"CloudFormation.StackNames": SET}
    overwrites = True  # what is added comes to what is there
    absent_from = {"me-central-1"}

    def listed(self, since: float = 0) -> Iterator[Found]:
        with missing("ResourceNotFoundException"):
            if stacks := self.listing(GET, since, ResourceCollectionType=KIND):
                watched = {"CloudFormation": {"StackNames": stacks}}
                yield Found(KIND, {"ResourceCollectionType": KIND, **watched}, tags={})

    def create(self, desired: Desired) -> str:
        self._tell("ADD", desired.properties)
        return KIND

    def update(self, change: Change) -> None:
        # AWS takes away only the whole of it.
        self._tell("REMOVE", change.observed.properties)
        self._tell("ADD", change.wanted)

    def delete(self, observed: Observed) -> None:
        # AWS has one word for all that is wrong, so it is not asked about what is gone.
        for there in self.listed(time.monotonic()):
            self._tell("REMOVE", there.properties)

    def _tell(self, action: str, properties: Properties) -> None:
        watched: Mapping[str, Any] = {"CloudFormation": properties["CloudFormation"]}
        self.client.update_resource_collection(Action=action, ResourceCollection=watched)
