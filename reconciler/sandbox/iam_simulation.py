"""IAM: what policies allow, as their simulation answers it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.responses import IamResponse

from reconciler.sandbox.corrections import Method, corrects

WE = "user/moto"
"""Who asks in the sandbox: may do all, unless somebody makes that user and gives it policies."""


@corrects(IamResponse, "simulate_principal_policy")
def simulate_principal_policy(_: Method, self: Any) -> ActionResult:
    """moto lacks it. IAM/latest/APIReference/API_SimulatePrincipalPolicy.html"""
    kind, _slash, path = self._get_param("PolicySourceArn").split(":")[-1].partition("/")
    name = path.rpartition("/")[2]
    free = f"{kind}/{name}" == WE and name not in self.backend.users
    policies = [] if free else [IAMPolicy(each) for each in _policies(self.backend, kind, name)]
    return ActionResult(
        {
            "EvaluationResults": [
                {
                    "EvalActionName": action,
                    "EvalResourceName": "*",
                    "EvalDecision": "allowed" if free else _decided(policies, action),
                }
                for action in self._get_param("ActionNames")
            ],
            "IsTruncated": False,
        }
    )


def _decided(policies: list[Any], action: str) -> str:
    verdicts = {policy.is_action_permitted(action) for policy in policies}
    if PermissionResult.DENIED in verdicts:
        return "explicitDeny"
    return "allowed" if PermissionResult.PERMITTED in verdicts else "implicitDeny"


def _policies(backend: Any, kind: str, name: str) -> Iterator[Any]:
    """The documents of a user, with its groups', or of a role. Raises NoSuchEntity."""
    owner = backend.get_user(name) if kind == "user" else backend.get_role(name)
    groups = backend.get_groups_for_user(name) if kind == "user" else []
    for each in (owner, *groups):
        yield from each.policies.values()
        yield from each.managed_policies.values()
