"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Rule.html"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from reconciler.handler import ORDER, SET, Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties
from resources.elbv2 import TAGGING, actions, listeners, tagged

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html
SHORT = {"host-header": "HostHeaderConfig", "path-pattern": "PathPatternConfig"}


class Rule(Handler):
    """Which requests a listener treats otherwise. Its default is the listener's, not a rule's."""

    key = ("ListenerArn", "Priority")
    immutable = {"ListenerArn"}
    lists = {
        "Conditions": ("Field",),
        "Conditions.Values": SET,
        "Conditions.HostHeaderConfig.Values": SET,
        "Conditions.PathPatternConfig.Values": SET,
        "Conditions.HttpHeaderConfig.Values": SET,
        "Conditions.HttpRequestMethodConfig.Values": SET,
        "Conditions.QueryStringConfig.Values": SET,
        "Conditions.SourceIpConfig.Values": SET,
        "Actions": ORDER,
        "Actions.ForwardConfig.TargetGroups": ("TargetGroupArn",),
    }
    reads = {"Priority": "to_number(Priority)"}
    outputs = {"RuleArn"}
    tagging = TAGGING
    serial = "ListenerArn"

    def listed(self, since: float = 0) -> Iterator[Found]:
        rules = list(self._rules(since))
        tags = tagged(self, since, [each["RuleArn"] for each in rules])
        for each in rules:
            yield Found(each["RuleArn"], each, tags.get(each["RuleArn"], {}))

    def create(self, desired: Desired) -> str:
        born = self.accepted("create_rule", desired.properties)
        born["Actions"] = actions([], born["Actions"])
        born["Conditions"] = conditions([], born["Conditions"])
        answer = self.client.create_rule(**born, Tags=TAGGING.to_aws(desired.tags))
        return str(answer["Rules"][0]["RuleArn"])

    def update(self, change: Change) -> None:
        arn, before = change.observed.id, change.observed
        changed = self.accepted("modify_rule", change.changed)
        if "Actions" in changed:
            changed["Actions"] = actions(before["Actions"], changed["Actions"])
        if "Conditions" in changed:
            changed["Conditions"] = conditions(before["Conditions"], changed["Conditions"])
        if changed:
            self.client.modify_rule(RuleArn=arn, **changed)
        if change.touches("Priority"):
            priority = {"RuleArn": arn, "Priority": change.wanted["Priority"]}
            self.client.set_rule_priorities(RulePriorities=[priority])

    def delete(self, observed: Observed) -> None:
        with missing("RuleNotFound"):
            self.client.delete_rule(RuleArn=observed.id)

    def _rules(self, since: float) -> Iterator[dict[str, Any]]:
        def below(listener: dict[str, Any]) -> list[dict[str, Any]]:
            with missing("ListenerNotFound"):
                arn = {"ListenerArn": listener["ListenerArn"]}
                return [{**rule, **arn} for rule in self.listing("describe_rules", since, **arn)]
            return []

        for rule in chain.from_iterable(self.aws.at_once(below, listeners(self, since))):
            if not rule["IsDefault"]:
                yield rule


def conditions(before: Sequence[Properties], wanted: Sequence[Properties]) -> list[Properties]:
    """The wanted conditions as a request may hold them, given those that AWS reports."""
    old = {each["Field"]: each for each in before}
    return [_condition(old.get(each["Field"], {}), each) for each in wanted]


def _condition(before: Properties, wanted: Properties) -> Properties:
    # AWS reports host names and paths under two names. The one that was changed counts.
    condition = dict(wanted)
    condition.pop("RegexValues", None)  # stands in the field's own structure as well
    config, values = SHORT.get(wanted["Field"], ""), condition.pop("Values", None)
    if values and (values != before.get("Values") or config not in condition):
        condition[config] = {**condition.get(config, {}), "Values": values}
    return condition
