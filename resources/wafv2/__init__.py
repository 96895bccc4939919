"""What the types of WAF share: scopes, tags, and one spelling for choices, texts and names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reconciler.handler import Handler, Tagging
from reconciler.model import Found, Properties, Tags

EDGE = "us-east-1"  # where alone AWS answers for CloudFront
GONE = "WAFNonexistentItemException"
TAGGING = Tagging(id="ResourceARN", tags="Tags", erased="TagKeys")
MANAGED = "FMManagedWebACLV2"  # how Firewall Manager's own web ACLs begin

CHOSEN = "chosen"
"""Our name for the member that one of AWS's choices consists of: many of these members are empty
structures, which are as good as none when they are compared."""
CHOICES = {
    "Condition",
    "CookieMatchPattern",
    "DefaultAction",
    "FieldToMatch",
    "HeaderMatchPattern",
    "JsonMatchPattern",
    "ManagedRuleGroupConfig",
    "OverrideAction",
    "RateBasedStatementCustomKey",
    "RuleAction",
    "Statement",
}
ANY_CASE = {"SingleHeader", "SingleQueryArgument"}  # AWS keeps their names in lower case
WEAKENS = {  # what takes its meaning away from a rule that somebody adds it to
    "ExcludedRules",
    "ForwardedIPConfig",
    "IPSetForwardedIPConfig",
    "RuleActionOverrides",
    "ScopeDownStatement",
}
EITHER = {"Action": "OverrideAction", "OverrideAction": "Action"}  # a rule has one of these

Step = Callable[[Any, Any], Any]
"""What becomes of one value of a request or answer, given its shape."""


def listed(handler: Handler, operation: str, since: float) -> Iterator[Found]:
    """Every object of the region, in us-east-1 those for CloudFront as well."""
    for scope in ("REGIONAL", "CLOUDFRONT") if handler.home == EDGE else ("REGIONAL",):
        for each in handler.listing(operation, since, Scope=scope):
            owner = "Firewall Manager" if each["Name"].startswith(MANAGED) else ""
            found = {**each, "Scope": scope}
            yield Found(each["ARN"], found, arn=each["ARN"], managed_by=owner)


def named(properties: Properties) -> dict[str, Any]:
    """How requests name an object."""
    return {name: properties[name] for name in ("Name", "Scope", "Id")}


def tags(handler: Handler, arn: str) -> Tags:
    answer = handler.client.list_tags_for_resource(ResourceARN=arn)
    return TAGGING.from_aws(answer["TagInfoForResource"]["TagList"])


def read(value: Any, shape: Any) -> Any:
    """A value as AWS answers it, in our words."""
    return _walked(value, shape, _read)


def wished(value: Any, shape: Any) -> Any:
    """A value of the YAML as `read` would spell it. What it says of a rule is the whole rule."""
    return _walked(value, shape, _wished)


def sent(value: Any, shape: Any) -> Any:
    """A value in our words, as requests hold it: of a choice only what was chosen last."""
    return _walked(value, shape, _sent)


def _walked(value: Any, shape: Any, step: Step) -> Any:
    """The value with a step taken in each of its parts, innermost first."""
    match value:
        case list() if shape.type_name == "list":
            value = [_walked(each, shape.member, step) for each in value]
        case Mapping() if shape.type_name == "map":
            value = {name: _walked(each, shape.value, step) for name, each in value.items()}
        case Mapping() if shape.type_name == "structure":
            known = shape.members
            value = {
                name: _walked(each, known[name], step) if name in known else each
                for name, each in value.items()
            }
    return step(value, shape)


def _read(value: Any, shape: Any) -> Any:
    match value:
        case bytes():
            return value.decode(errors="surrogateescape")
        case {"Name": str() as name} if shape.name in ANY_CASE:
            return {**value, "Name": name.lower()}
        case Mapping() if shape.name in CHOICES:
            given = [name for name in shape.members if value.get(name) is not None]
            return {**value, CHOSEN: " ".join(given)} if given else value
    return value


def _wished(value: Any, shape: Any) -> Any:
    value = _read(value, shape)
    if shape.type_name != "structure" or not isinstance(value, Mapping):
        return value
    # A rule is one thing: a member added to its lists would change what it says.
    whole = [name for name, member in shape.members.items() if member.type_name == "list"]
    absent = {name for name in WEAKENS if name in shape.members}
    absent |= {EITHER[name] for name in value if name in EITHER and EITHER[name] in shape.members}
    return {**dict.fromkeys(absent), "$exact": whole, **value}


def _sent(value: Any, shape: Any) -> Any:
    match value:
        case str() if shape.type_name == "blob":
            return value.encode(errors="surrogateescape")
        case Mapping() if shape.type_name == "structure":
            names = str(value[CHOSEN]).split() if CHOSEN in value else value
            return {name: value.get(name, {}) for name in names if name in shape.members}
    return value
