"""https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterMetadata.html"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from itertools import groupby
from typing import Any

from reconciler.aws import Aws
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

    def __init__(self, aws: Aws, region: str) -> None:
        super().__init__(aws, region)
        self._since = 0.0
        self._together: dict[str, list[str]] = {}
        """The names whose values are read in one call, by each of them."""

    def listed(self, since: float = 0) -> Iterator[Found]:
        parameters = self.listing("describe_parameters", since, MaxResults=50)
        names = [each["Name"] for each in parameters if each["Type"] != SECURE]
        self._since, self._together = max(since, self._since), dict(_neighbours(names))
        yield from (Found(each["Name"], each, arn=each["ARN"]) for each in parameters)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("InvalidResourceId"):
            tags = found.tags
            if tags is None:
                answer = self.client.list_tags_for_resource(ResourceId=found.id, **PARAMETER)
                tags = self.tagging.from_aws(answer["TagList"])
            read = "Value" in mentioned and found.properties["Type"] != SECURE
            value = {"Value": self._value(found.id)} if read else {}
            return Observed(found.id, {**found.properties, **value}, tags)
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
        if "Value" not in whole:  # which is others' business, but AWS wants it back
            answer = self.client.get_parameter(Name=change.observed.id)
            whole["Value"] = answer["Parameter"]["Value"]
        self.client.put_parameter(**self.accepted("put_parameter", whole), Overwrite=True)

    def delete(self, observed: Observed) -> None:
        with missing("ParameterNotFound"):
            self.client.delete_parameter(Name=observed.id)

    def _value(self, name: str) -> str | None:
        names = self._together.get(name, [name])
        answers = self.listing("get_parameters", self._since, "Parameters", Names=names)
        return next((each["Value"] for each in answers if each["Name"] == name), None)

    def _unreadable(self, change: Change) -> str:
        put = f"aws ssm put-parameter --region {self.home} --name {change.observed.id} --overwrite"
        return (
            f"AWS takes {', '.join(sorted(change.names))} of a {SECURE} only together with its "
            "value, which nobody here reads, so only who keeps the value can change it: "
            f"{put} --value file://value.txt and what is to change"
        )


def _neighbours(names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Each name with those that are read along with it: ten of one folder, so hardly a stranger."""
    ordered = sorted(names, key=lambda name: name.rpartition("/"))
    for _, folder in groupby(ordered, lambda name: name.rpartition("/")[0]):
        inside = list(folder)
        for number, name in enumerate(inside):
            first = number - number % 10
            yield name, inside[first : first + 10]


def _whole(change: Change) -> dict[str, Any]:
    """What is sent back as it came; AWS shows a list of policies, and takes them as one text."""
    kept = {name: value for name, value in change.wanted.items() if name != "Policies"}
    texts = [each["PolicyText"] for each in change.wanted.get("Policies") or ()]
    return {**kept, **({"Policies": f"[{','.join(texts)}]"} if texts else {})}
