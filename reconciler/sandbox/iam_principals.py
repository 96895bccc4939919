"""IAM: principals of trust policies, whom moto does not look for."""

from __future__ import annotations

import json
import re
from typing import Any

from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.models import IAMBackend

from reconciler.sandbox.corrections import Method, corrects

NAMED = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):(role|user)/(?:.*/)?([^/]+)")


@corrects(IAMBackend, "create_role")
def create_role(
    original: Method, self: Any, role_name: str, trust: str, *more: Any, **named: Any
) -> Any:
    """moto lets nobody be trusted. reference_policies_elements_principal.html"""
    _exist(self, trust)
    return original(self, role_name, trust, *more, **named)


@corrects(IAMBackend, "update_assume_role_policy")
def update_assume_role_policy(original: Method, self: Any, role_name: str, trust: str) -> None:
    """The same, of a role that there is. API_UpdateAssumeRolePolicy.html"""
    _exist(self, trust)
    original(self, role_name, trust)


def _exist(backend: Any, trust: str) -> None:
    """Every role and user of this account that is named there exists."""
    known = {
        "role": {each.name for each in backend.roles.values()},
        "user": {*backend.users},
    }
    for match in NAMED.finditer(_text(trust)):
        account, kind, name = match.groups()
        if account == backend.account_id and name not in known[kind]:
            raise MalformedPolicyDocument(f'Invalid principal in policy: "AWS":"{match[0]}"')


def _text(trust: str) -> str:
    """The principals alone, one a line; nothing of what is no document."""
    try:
        statements = json.loads(trust)["Statement"]
    except (ValueError, TypeError, KeyError):  # moto, or our other correction, refuses it
        return ""
    every = statements if isinstance(statements, list) else [statements]
    principals = [each.get("Principal") for each in every if isinstance(each, dict)]
    return "\n".join(_principals(principals))


def _principals(value: Any) -> list[str]:
    if isinstance(value, dict):
        return _principals(value.get("AWS"))
    if isinstance(value, list):
        return [text for each in value for text in _principals(each)]
    return [value] if isinstance(value, str) else []
