"""https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html"""

from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Tags
from resources.cloudfront import marked, unmarked


class OriginAccessControl(Handler):
    """How CloudFront signs what it asks of an origin. AWS has no tags for it: see `marks`."""

    key = ("Name",)
    naming = "Name"
    marks = "Description"
    outputs = {"Id"}
    region = "us-east-1"

    def listed(self, since: float = 0) -> Iterator[Found]:
        for control in self.listing("list_origin_access_controls", since):
            description, tags = unmarked(control.get("Description", ""))
            yield Found(control["Id"], {**control, "Description": description}, tags)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("NoSuchOriginAccessControl"):
            answer = self.client.get_origin_access_control(Id=found.id)
            control = answer["OriginAccessControl"]
            config = control["OriginAccessControlConfig"]
            description, tags = unmarked(config.get("Description", ""))
            properties = {**config, "Id": control["Id"], "Description": description}
            return Observed(found.id, properties, tags, etag=answer["ETag"])
        return None

    def create(self, desired: Desired) -> str:
        config = self._config(desired.properties, desired.tags)
        answer = self.client.create_origin_access_control(OriginAccessControlConfig=config)
        return str(answer["OriginAccessControl"]["Id"])

    def update(self, change: Change) -> None:
        self._put(change.observed, change.wanted, change.tags)

    def delete(self, observed: Observed) -> None:
        # AWS refuses while a distribution uses it. The engine calls again once that has let go.
        with missing("NoSuchOriginAccessControl"):
            self.client.delete_origin_access_control(Id=observed.id, IfMatch=observed.etag)

    def tag(self, observed: Observed, wanted: Tags) -> None:
        # Tags are part of the document, which an update may just have rewritten: read it afresh.
        if fresh := self.get(Found(observed.id, {}), set()):
            self._put(fresh, fresh.properties, wanted)

    def _put(self, observed: Observed, whole: Properties, tags: Tags) -> None:
        """Write the document back. AWS refuses if it changed since we read it."""
        config = self._config(whole, tags)
        guard = {"Id": observed.id, "IfMatch": observed.etag}
        self.client.update_origin_access_control(**guard, OriginAccessControlConfig=config)

    def _config(self, whole: Properties, tags: Tags) -> dict[str, Any]:
        members = self.client.meta.service_model.shape_for("OriginAccessControlConfig").members
        config = {name: whole[name] for name in members if name in whole}
        return {**config, "Description": marked(config.get("Description", ""), tags)}
