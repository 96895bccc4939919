"""https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterMetadata.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from reconciler.errors import Denied
from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties

SECURE = "SecureString"
PARAMETER = {"ResourceType": "Parameter"}


class Parameter(Handler):
    """A named value. That of a SecureString is written when it is made, and never read."""

    key = ("Name",)
    naming = "Name"
    immutable = {"Name", "Type"}
    secret = {"Value"}
    given = {"Value": f"Type == '{SECURE}'"}
    outputs = {"ARN"}
    tagging = Tagging(
        "add_tags_to_resource",
        "remove_tags_from_resource",
        id="ResourceId",
        tags="Tags",
        erased="TagKeys",
        more=PARAMETER,
    )

    def listed(self, since: float = 0) -> Iterator[Found]:
        parameters = self.listing("describe_parameters", since, MaxResults=50)
        names = [each["Name"] for each in parameters if each["Type"] != SECURE]
        answers = self.batched("get_parameters", since, 10, {"Names": names}, "Parameters")
        values = {each["Name"]: {"Value": each["Value"]} for each in answers}
        for each in parameters:
            name = each["Name"]
            yield Found(name, {**each, **values.get(name, {})}, arn=each["ARN"])

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("InvalidResourceId"):
            tags = found.tags
            if tags is None:
                answer = self.client.list_tags_for_resource(ResourceId=found.id, **PARAMETER)
                tags = self.tagging.from_aws(answer["TagList"])
            return Observed(found.id, found.properties, tags)
        return None

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties; what nobody reads counts only for what is to be created."""
        if desired.get("Type") != SECURE or "Value" not in desired:
            return desired
        known = {name: value for name, value in desired.items() if name != "Value"}
        initial = {"Value": desired["Value"], **desired.get("$initial", {})}
        return {**known, "$initial": initial}

    def create(self, desired: Desired) -> str:
        tags = self.tagging.to_aws(desired.tags)
        self.client.put_parameter(**desired.properties, Tags=tags)
        return str(desired["Name"])

    def update(self, change: Change) -> None:
        if change.wanted["Type"] == SECURE:
            raise Denied(self._unreadable(change))
        # AWS keeps what it is not sent, so what shall be absent is sent empty.
        whole = {"AllowedPattern": "", "Description": "", **_whole(change)}
        self.client.put_parameter(**self.accepted("put_parameter", whole), Overwrite=True)

    def delete(self, observed: Observed) -> None:
        with missing("ParameterNotFound"):
            self.client.delete_parameter(Name=observed.id)

    def _unreadable(self, change: Change) -> str:
        put = f"aws ssm put-parameter --region {self.home} --name {change.observed.id} --overwrite"
        return (
            f"AWS takes {', '.join(sorted(change.names))} of a {SECURE} only together with its "
            "value, which nobody here reads, so only who keeps the value can change it: "
            f"{put} --value file://value.txt and what is to change"
        )


def _whole(change: Change) -> dict[str, Any]:
    """What is sent back as it came; AWS shows a list of policies, and takes them as one text."""
    kept = {name: value for name, value in change.wanted.items() if name != "Policies"}
    texts = [each["PolicyText"] for each in change.wanted.get("Policies") or ()]
    return {**kept, **({"Policies": f"[{','.join(texts)}]"} if texts else {})}
