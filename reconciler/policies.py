"""When two IAM policies mean the same: one spelling for all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reconciler.model import SET, Lists

POLICY_LISTS: Lists = {"Statement": ("Sid",), "*": SET}
"""How the lists of a policy compare; prefix them with the property's name."""

LISTED = {"Action", "NotAction", "Resource", "NotResource"}
ELEMENTS = (*sorted(LISTED), "Condition", "NotPrincipal", "Principal")
ROOT = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):root")


def canonical(policy: Any) -> Any:
    """The policy with lists where AWS takes either, and principals as IAM writes them.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    Order means nothing in a policy, so what compares it treats these lists as sets."""
    if not isinstance(policy, Mapping) or "Statement" not in policy:
        return policy
    statements = [_statement(each) for each in _list(policy["Statement"])]
    return {**policy, "Version": policy.get("Version", "2008-10-17"), "Statement": statements}


def whole(value: Any) -> Any:
    """Desired properties in which each statement also says which elements it shall not have.

    A statement is one thing: a condition that somebody adds to a Deny takes its meaning away."""
    if isinstance(value, list):
        return [whole(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    if not isinstance(value.get("Statement"), list):
        return {name: whole(each) for name, each in value.items()}
    absent = dict.fromkeys(ELEMENTS)
    said = [{**absent, **each} if _is_said(each) else each for each in value["Statement"]]
    return {**value, "Statement": said}


def _is_said(statement: Any) -> bool:
    return isinstance(statement, Mapping) and not statement.get("$absent")


def _statement(statement: Any) -> Any:
    if not isinstance(statement, Mapping):
        return statement
    return {name: _element(name, value) for name, value in statement.items()}


def _element(name: str, value: Any) -> Any:
    if name in LISTED:
        return sorted(_list(value), key=repr)
    if name in ("Principal", "NotPrincipal"):
        return _principal(value)
    if name == "Condition" and isinstance(value, Mapping):
        return {
            operator: {key: _values(each) for key, each in keys.items()}
            if isinstance(keys, Mapping)
            else keys
            for operator, keys in value.items()
        }
    return value


def _principal(value: Any) -> Any:
    if value == "*":
        return {"AWS": ["*"]}
    if not isinstance(value, Mapping):
        return value
    return {kind: sorted(map(_account, _list(each)), key=repr) for kind, each in value.items()}


def _account(principal: Any) -> Any:
    match = ROOT.fullmatch(principal) if isinstance(principal, str) else None
    return match[1] if match else principal


def _values(value: Any) -> list[Any]:
    """Condition values come back as text, whatever was sent."""
    written = [str(each).lower() if isinstance(each, bool) else each for each in _list(value)]
    return sorted((str(e) if isinstance(e, int | float) else e for e in written), key=repr)


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
