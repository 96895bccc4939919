"""Principals of policies: AWS looks each of them up, moto none.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from moto.iam.models import iam_backends

OURS = re.compile(r"arn:(aws[\w-]*):iam::(\d{12}):(role|user)/(?:.*/)?([^/]+)")


def statements(policy: str | bytes) -> list[Any]:
    """The statements of a policy, which may be one without a list."""
    said = json.loads(policy).get("Statement") or []
    return said if isinstance(said, list) else [said]


def listed(value: Any) -> list[Any]:
    """A policy's element as a list, which it may or may not be."""
    return value if isinstance(value, list) else [value]


def principals(statement: Any, kind: str) -> list[Any]:
    """Whom of a kind a statement is about."""
    said = statement.get("Principal") or {}
    return listed(said.get(kind, [])) if isinstance(said, dict) else []


def nobody(policy: str | bytes, account: str) -> str:
    """A role or user of this account that a policy names and there is not; empty if none is."""
    return next((arn for arn in _named(policy) if not _exists(arn, account)), "")


def _named(policy: str | bytes) -> Iterator[str]:
    for statement in statements(policy):
        yield from (arn for arn in principals(statement, "AWS") if isinstance(arn, str))


def _exists(arn: str, account: str) -> bool:
    found = OURS.fullmatch(arn)
    if not found or found[2] != account:  # into other accounts we do not see
        return True
    backend = iam_backends[account][found[1]]
    known = backend.roles if found[3] == "role" else backend.users
    return found[4] in {each.name for each in known.values()}
