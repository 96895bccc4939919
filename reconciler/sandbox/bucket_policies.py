"""Policies of buckets: whether they let a service of AWS in that writes there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any


def lets_in(
    policy: bytes | None, service: str, source: str, wanted: Iterable[tuple[str, str]]
) -> bool:
    """Whether a service may take each of these actions on these ARNs, on behalf of `source`."""
    allowed = list(_allowed(policy, service, source))
    return all(any(_covers(statement, *each) for statement in allowed) for each in wanted)


def _allowed(policy: bytes | None, service: str, source: str) -> Iterator[dict[str, Any]]:
    for statement in json.loads(policy)["Statement"] if policy else ():
        principal = statement.get("Principal")
        services = _many(principal.get("Service")) if isinstance(principal, dict) else [principal]
        let_in = service in services or "*" in services
        if let_in and statement["Effect"] == "Allow" and _of(statement, source):
            yield statement


def _of(statement: dict[str, Any], source: str) -> bool:
    """Whether the statement is about this source, or does not say about which."""
    for keys in statement.get("Condition", {}).values():
        for key, patterns in keys.items():
            if key.lower() == "aws:sourcearn":
                return any(fnmatchcase(source, each) for each in _many(patterns))
    return True


def _covers(statement: dict[str, Any], action: str, resource: str) -> bool:
    actions, resources = _many(statement.get("Action")), _many(statement.get("Resource"))
    does = any(fnmatchcase(action.lower(), each.lower()) for each in actions)
    return does and any(fnmatchcase(resource, each) for each in resources)


def _many(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []
