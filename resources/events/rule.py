"""https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Rule.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from reconciler.handler import ORDER, SET, Handler, Tagging, missing
from reconciler.model import (
    Change,
    Desired,
    Found,
    Observed,
    Properties,
    Rest,
    View,
    Wait,
    Within,
)
from resources.events import refuse_failures

GONE = "ResourceNotFoundException"
ECS = "Targets.EcsParameters"
MOST = 5  # targets that AWS takes of a rule at a time


class Rule(Handler):
    """A rule: a schedule or a pattern of events, and the targets that it then calls."""

    key = ("EventBusName || 'default'", "Name")
    naming = "Name"
    immutable = {"EventBusName", "Name"}
    deferred = {"Targets"}
    lists = {
        "EventPattern.*": SET,
        "Targets": ("Id",),
        f"{ECS}.CapacityProviderStrategy": ("capacityProvider",),
        f"{ECS}.NetworkConfiguration.awsvpcConfiguration.SecurityGroups": SET,
        f"{ECS}.NetworkConfiguration.awsvpcConfiguration.Subnets": SET,
        f"{ECS}.PlacementConstraints": SET,
        f"{ECS}.PlacementStrategy": ORDER,
        "Targets.HttpParameters.PathParameterValues": ORDER,
        "Targets.RunCommandParameters.RunCommandTargets": ("Key",),
        "Targets.RunCommandParameters.RunCommandTargets.Values": SET,
    }
    secret = {"Targets.HttpParameters.HeaderParameters", "Targets.Input"}
    documents = {"EventPattern"}
    outputs = {"Arn"}
    tagging = Tagging(id="ResourceARN", tags="Tags", erased="TagKeys")
    overwrites = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        for bus in self.listing("list_event_buses", since):
            for rule in self.listing("list_rules", since, EventBusName=bus["Name"]):
                owner = rule.get("ManagedBy", "")
                yield Found(rule["Arn"], rule, arn=rule["Arn"], managed_by=owner)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing(GONE):
            rule = dict(found.properties)
            if "Targets" in mentioned:
                rule["Targets"] = self._targets(rule)
            if found.tags is not None:
                return Observed(found.id, rule, found.tags)
            tags = self.client.list_tags_for_resource(ResourceARN=found.id)["Tags"]
            return Observed(found.id, rule, self.tagging.from_aws(tags))
        return None

    def create(self, desired: Desired) -> str:
        rule = self.accepted("put_rule", desired.properties)
        tags = self.tagging.to_aws(desired.tags)
        return str(self.client.put_rule(**rule, Tags=tags)["RuleArn"])

    def update(self, change: Change) -> None:
        if change.names - {"Targets"}:
            # Whole, since AWS forgets what is left out.
            self.client.put_rule(**self.accepted("put_rule", change.wanted))
        if change.touches("Targets"):
            self._write_targets(change)

    def delete(self, observed: Observed) -> None:
        # AWS deletes only a rule without targets; the engine calls again once they are gone.
        with missing(GONE):
            if targets := self._targets(observed.properties):
                self._remove(_rule(observed), [target["Id"] for target in targets])
            else:
                name, bus = observed["Name"], observed["EventBusName"]
                self.client.delete_rule(Name=name, EventBusName=bus)

    def within(self, desired: Desired, view: View) -> Mapping[str, Within]:
        """A rule does not wake a function before somebody has brought the function's code."""
        if desired.properties.get("State") == "DISABLED" or "State" not in desired.properties:
            return {}
        for target in desired.properties.get("Targets") or ():
            if name := _placeholder(target.get("Arn"), view):
                return {
                    "State": Rest("the pipeline", value="DISABLED", wait=self._wait(desired, name))
                }
        return {}

    def _wait(self, desired: Desired, function: str) -> Wait:
        what = (
            f"deploy its code: aws lambda update-function-code --region {self.home} "
            f"--function-name {function} --zip-file fileb://{function}.zip"
        )
        return Wait(f"the pipeline of {function}", what, f"events.rule/{desired['Name']}")

    def _targets(self, rule: Any) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("list_targets_by_rule").paginate(**_rule(rule))
        return [target for page in pages for target in page["Targets"]]

    def _write_targets(self, change: Change) -> None:
        rule, targets = _rule(change.observed), change.items("Targets")
        before, after = _ids(change.observed.properties), _ids(change.wanted)
        gone = [each for each in before if each not in after]
        # Give before taking, unless AWS has no room for both.
        crowded = len({*before, *after}) > MOST
        if gone and crowded:
            self._remove(rule, gone)
        if targets.added:
            put = self.client.put_targets(**rule, Targets=targets.added)
            refuse_failures(put, "PutTargets")
        if gone and not crowded:
            self._remove(rule, gone)

    def _remove(self, rule: dict[str, str], ids: list[str]) -> None:
        refuse_failures(self.client.remove_targets(**rule, Ids=ids), "RemoveTargets")


def _placeholder(arn: Any, view: View) -> str:
    """The name of a function that still has the code with which it was, or will be, created."""
    functions = list(view("lambda.function"))
    live = [each for each in functions if isinstance(arn, str) and each.get("FunctionArn") == arn]
    names = {each["FunctionName"] for each in live}
    for born in functions:
        code = born.get("$initial", {}).get("Code")
        asked = born.get("FunctionName") in names or born.get("$address") == getattr(arn, "of", "")
        if code and asked and all(each.get("Code") == code for each in live):
            return str(born["FunctionName"])
    return ""


def _ids(rule: Properties) -> list[str]:
    return [target["Id"] for target in rule.get("Targets") or ()]


def _rule(rule: Any) -> dict[str, str]:
    """How requests about targets name their rule."""
    return {"Rule": rule["Name"], "EventBusName": rule["EventBusName"]}
