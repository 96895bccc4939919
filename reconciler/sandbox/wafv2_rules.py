"""The rules of a web ACL: moto takes anything that looks like one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from moto.wafv2.exceptions import WAFNonexistentItemException

from reconciler.sandbox.wafv2_refusals import refused

# Each of these holds one member, no more and no less.
ONE = {
    "Action",
    "ActionToUse",
    "DefaultAction",
    "FieldToMatch",
    "MatchPattern",
    "OverrideAction",
    "ScopeDownStatement",
    "Statement",
    "Statements",
}
GROUPS = ("ManagedRuleGroupStatement", "RuleGroupReferenceStatement")
REFERRING = ("IPSetReferenceStatement", "RuleGroupReferenceStatement", "RegexPatternSetReference")
# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
OF_AWS = {
    "AWSManagedRulesACFPRuleSet",
    "AWSManagedRulesATPRuleSet",
    "AWSManagedRulesAdminProtectionRuleSet",
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesAnonymousIpList",
    "AWSManagedRulesAntiDDoSRuleSet",
    "AWSManagedRulesBotControlRuleSet",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesLinuxRuleSet",
    "AWSManagedRulesPHPRuleSet",
    "AWSManagedRulesSQLiRuleSet",
    "AWSManagedRulesUnixRuleSet",
    "AWSManagedRulesWindowsRuleSet",
    "AWSManagedRulesWordPressRuleSet",
}
WINDOWS = (60, 120, 300, 600)
WINDOW = "EvaluationWindowSec"


def checked(backend: Any, rules: Sequence[Mapping[str, Any]], action: Mapping[str, Any]) -> None:
    """Raise what AWS would say of these rules."""
    _refuse_twice([rule["Priority"] for rule in rules])
    _refuse_twice([rule["Name"] for rule in rules])
    for rule in rules:
        if ("Action" in rule) is ("OverrideAction" in rule):
            raise refused("You must specify either Action or OverrideAction", rule["Name"])
        _refuse_misplaced(rule)
    for name, each in _inside({"DefaultAction": action, "Rules": list(rules)}):
        if name in ONE and len(each) != 1:
            raise refused("You have used none or multiple values for a field", name)
        if each.get(WINDOW, 300) not in WINDOWS:
            raise refused(f"The window is none of {WINDOWS}", str(each[WINDOW]))
    for arn in references(rules):
        _refuse_missing(backend, arn)


def filled(rules: Sequence[Mapping[str, Any]]) -> Any:
    """The rules as AWS keeps them: rates are counted over five minutes unless said otherwise.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html"""
    return [_filled(rule) for rule in rules]


def references(value: Any) -> set[str]:
    """The ARNs of everything that rules refer to."""
    return {each["ARN"] for name, each in _inside(value) if name.startswith(REFERRING)}


def _filled(value: Any) -> Any:
    match value:
        case list():
            return [_filled(each) for each in value]
        case Mapping():
            inside = {name: _filled(each) for name, each in value.items()}
            return {WINDOW: 300, **inside} if "AggregateKeyType" in inside else inside
    return value


def _inside(value: Any, name: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every structure below, with the name under which it stands."""
    if isinstance(value, list):
        for each in value:
            yield from _inside(each, name)
    if isinstance(value, Mapping):
        yield name, value
        for inner, each in value.items():
            yield from _inside(each, inner)


def _refuse_misplaced(rule: Mapping[str, Any]) -> None:
    """Groups of rules are there, are overridden, and stand alone; other rules act.

    https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-rule-group.html"""
    statement = rule.get("Statement", {})
    if any(name in statement for name in GROUPS) is not ("OverrideAction" in rule):
        raise refused("A rule group has an OverrideAction, another rule an Action", rule["Name"])
    managed = statement.get("ManagedRuleGroupStatement", {})
    if managed.get("VendorName") == "AWS" and managed.get("Name") not in OF_AWS:
        raise WAFNonexistentItemException
    inside = [name for name, _ in _inside(list(statement.values())) if name in GROUPS]
    if inside:
        raise refused("The statement cannot be nested", inside[0])


def _refuse_twice(values: list[Any]) -> None:
    if len(set(values)) < len(values):
        raise refused("The rules hold the same priority or name twice", str(values))


def _refuse_missing(backend: Any, arn: str) -> None:
    known = {*backend.ip_sets, *backend.rule_groups, *backend.regex_pattern_sets}
    # Shield and Firewall Manager keep their groups in accounts of their own.
    if arn not in known and arn.split(":")[4] == backend.account_id:
        raise WAFNonexistentItemException
