"""https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ScalableTarget.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties
from resources.application_autoscaling import described

KEY = ("ServiceNamespace", "ResourceId", "ScalableDimension")
REGISTER = "register_scalable_target"


class ScalableTarget(Handler):
    """A capacity, such as a service's desired count, and the bounds inside which it is scaled."""

    key = KEY
    naming = "ResourceId"
    immutable = set(KEY)
    outputs = {"ScalableTargetARN"}
    tagging = Tagging(id="ResourceARN", tags="Tags", key="", erased="TagKeys")

    def listed(self, since: float = 0) -> Iterator[Found]:
        for target in described(self, "describe_scalable_targets", since):
            arn = target["ScalableTargetARN"]
            yield Found(arn, target, arn=arn)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("ResourceNotFoundException"):
            tags = found.tags
            if tags is None:
                answer = self.client.list_tags_for_resource(ResourceARN=found.id)
                tags = self.tagging.from_aws(answer["Tags"])
            return Observed(found.id, found.properties, tags)
        return None

    def create(self, desired: Desired) -> str:
        tags = self.tagging.to_aws(desired.tags)
        return str(self._register(desired.properties, Tags=tags)["ScalableTargetARN"])

    def update(self, change: Change) -> None:
        self._register(change.wanted)

    def delete(self, observed: Observed) -> None:
        # AWS takes the target's policies and scheduled actions with it.
        with missing("ObjectNotFoundException"):
            self.client.deregister_scalable_target(**{name: observed[name] for name in KEY})

    def _register(self, properties: Properties, **tags: Any) -> dict[str, Any]:
        """Make it, or change it: AWS has one call for both, and refuses tags in the second."""
        whole = self.accepted(REGISTER, properties)
        # AWS puts its service-linked role there, which nobody needs to tell it.
        whole.pop("RoleARN", None)
        answer: dict[str, Any] = self.client.register_scalable_target(**whole, **tags)
        return answer
