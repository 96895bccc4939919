"""What is wrong with policy documents, and what they let whom do.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from reconciler.load import facts
from reconciler.load.problems import Finding
from reconciler.load.references import REFERENCE
from reconciler.load.rules.place import Place
from reconciler.model import UNKNOWN, Unknown

ACTIONS = ("Action", "NotAction")


def documents_whole(resource: Place) -> Iterator[Finding]:
    """A policy has statements, and each of them an effect and actions."""
    for name in sorted(facts.handler(resource.resource.type).policies):
        for place in resource.all(name):
            yield from _document(place)


def _document(place: Place) -> Iterator[Finding]:
    policy = parsed(place.raw)
    schema_refuses = policy is place.raw and not isinstance(policy, Mapping)
    if schema_refuses or isinstance(policy, Unknown):
        return
    if not isinstance(policy, Mapping) or not policy.get("Statement"):
        yield place.wrong(
            "is no policy, so AWS would refuse it; write {Version: '2012-10-17', Statement: [...]}"
        )
        return
    for where, statement in statements(policy):
        for what in _statement(statement):
            yield Finding(f"{place.path}.Statement{where}", what)


def _statement(statement: Any) -> Iterator[str]:
    if not isinstance(statement, Mapping):
        if not (isinstance(statement, str) and "${" in statement):
            yield "is no statement, so AWS would refuse the policy; write a mapping with Effect"
        return
    if statement.get("$absent") is True:
        return
    effect = statement.get("Effect")
    if effect not in ("Allow", "Deny") and not (isinstance(effect, str) and "${" in effect):
        yield (
            f"has {'no Effect' if effect is None else f'Effect {effect}'}, so AWS would refuse the "
            "policy; write Effect: Allow or Effect: Deny"
        )
    if not any(statement.get(name) for name in ACTIONS):
        yield (
            "has no Action, so AWS would refuse the policy; say what it is about, such as "
            "Action: s3:GetObject"
        )


def statements(policy: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every statement, and its place below `Statement`; there may be a single one."""
    found = policy["Statement"]
    if isinstance(found, list):
        yield from ((f"[{n}]", each) for n, each in enumerate(found))
    else:
        yield "", found


def parsed(policy: Any) -> Any:
    """A policy as a mapping, also if it is written as JSON text."""
    if not isinstance(policy, str):
        return policy
    try:
        return json.loads(REFERENCE.sub("x", policy))
    except ValueError:  # the schema refuses it, unless references may make JSON of it
        return UNKNOWN


def allows(place: Place, action: str, principal: str) -> bool:
    """Whether the policy here lets somebody do something, as far as one can tell.

    `principal`: the name of a service, or `AWS` for any account."""
    policy = parsed(place.value)
    if isinstance(policy, Unknown):
        return True
    if not isinstance(policy, Mapping) or not policy.get("Statement"):
        return False
    return any(_allows(each, action, principal) for _, each in statements(policy))


def _allows(statement: Any, action: str, principal: str) -> bool:
    if not isinstance(statement, Mapping):
        return isinstance(statement, Unknown)
    if statement.get("Effect") == "Deny" or statement.get("$absent") is True:
        return False
    actions = _texts(statement.get("Action", "*"))
    fits = any(fnmatchcase(action.lower(), each.lower()) for each in actions)
    return fits and _is_for(statement.get("Principal", "*"), principal)


def _is_for(said: Any, principal: str) -> bool:
    if not isinstance(said, Mapping):
        return said == "*" or isinstance(said, Unknown)
    if principal == "AWS":
        return "AWS" in said
    return principal in _texts(said.get("Service")) or "*" in _texts(said.get("AWS"))


def _texts(value: Any) -> list[str]:
    """The texts said; `*` for those that nobody knows."""
    every = value if isinstance(value, list) else [] if value is None else [value]
    return ["*" if isinstance(each, Unknown) else str(each) for each in every]
