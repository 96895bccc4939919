"""https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroup.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties

CONFIGURATION, RESULTS, ENGINE = "Configuration", "ResultConfiguration", "EngineVersion"
BYTES = "BytesScannedCutoffPerQuery"


class WorkGroup(Handler):
    """Who queries together: where results go, and what a query may cost."""

    key = ("Name",)
    naming = "Name"
    immutable = {"Name"}
    outputs = {"Arn"}
    tagging = Tagging(id="ResourceARN", of="Arn", tags="Tags", erased="TagKeys")

    def listed(self, since: float = 0) -> Iterator[Found]:
        where = f"arn:{self.client.meta.partition}:athena:{self.home}:{self.aws.account}"
        for group in self.listing("list_work_groups", since, MaxResults=50):
            arn = f"{where}:workgroup/{group['Name']}"
            yield Found(group["Name"], {**group, "Arn": arn}, arn=arn)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("InvalidRequestException", says="is not found"):
            group = self.client.get_work_group(WorkGroup=found.id)["WorkGroup"]
            tags = self._tags(found.arn) if found.tags is None else found.tags
            return Observed(found.id, {**group, "Arn": found.arn}, tags)
        return None

    def create(self, desired: Desired) -> str:
        group = self.accepted("create_work_group", desired.properties)
        self.client.create_work_group(**group, Tags=self.tagging.to_aws(desired.tags))
        return str(desired["Name"])

    def update(self, change: Change) -> None:
        # AWS leaves alone what it is not sent, inside of the configuration too.
        request = {n: change.wanted.get(n) or "" for n in change.names - {CONFIGURATION}}
        if change.touches(CONFIGURATION):
            before, after = _configured(change.observed.properties), _configured(change.wanted)
            request["ConfigurationUpdates"] = _updates(before, after)
        self.client.update_work_group(WorkGroup=change.observed.id, **request)

    def delete(self, observed: Observed) -> None:
        # AWS refuses it while queries are saved in it, and refuses `primary` always.
        with missing("InvalidRequestException", says="is not found"):
            self.client.delete_work_group(WorkGroup=observed.id, RecursiveDeleteOption=False)

    def _tags(self, arn: str) -> dict[str, str]:
        pages = self.client.get_paginator("list_tags_for_resource").paginate(ResourceARN=arn)
        return dict(self.tagging.from_aws([tag for page in pages for tag in page["Tags"]]))


def _configured(group: Properties) -> Mapping[str, Any]:
    return group.get(CONFIGURATION) or {}


def _updates(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What makes one configuration of the other: a part is sent, or told to go."""
    plain = {n: v for n, v in after.items() if n not in {RESULTS, ENGINE} and v != before.get(n)}
    updates = {**plain, **_parts(before, after, {BYTES})}
    if results := _parts(before.get(RESULTS) or {}, after.get(RESULTS) or {}):
        updates["ResultConfigurationUpdates"] = results
    if (engine := after.get(ENGINE)) and engine != before.get(ENGINE):
        # Which one that is in effect, AWS says and does not want to hear.
        updates[ENGINE] = {"SelectedEngineVersion": engine["SelectedEngineVersion"]}
    return updates


def _parts(
    before: Mapping[str, Any], after: Mapping[str, Any], only: Set[str] | None = None
) -> dict[str, Any]:
    names = only or {*before, *after}
    new = {n: after[n] for n in names & after.keys() if after[n] != before.get(n)}
    return {**new, **{f"Remove{name}": True for name in names & before.keys() - after.keys()}}
