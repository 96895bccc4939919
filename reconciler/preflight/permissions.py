"""What our own policies do not allow. IAM/latest/APIReference/API_SimulatePrincipalPolicy.html"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from reconciler.aws import Aws
from reconciler.errors import Problem
from reconciler.model import Action
from reconciler.plan.estate import Estate
from reconciler.preflight.actions import CREATES, DELETES
from reconciler.preflight.asking import Question
from reconciler.result import Decision

MANY = 100  # actions a call; a larger account's answer would be cut
PRINCIPAL = re.compile(r"arn:(aws[\w-]*):(?:iam|sts)::(\d{12}):(user|assumed-role)/(.+)")
ABOUT = "what our policies allow (iam:SimulatePrincipalPolicy, iam:GetRole)"

Uses = Mapping[str, Sequence[str]]
"""Addresses that need an action, by action."""


def questions(estate: Estate, decisions: Iterable[Decision]) -> Iterator[Question]:
    """One about every action that makes or deletes."""
    uses: defaultdict[str, list[str]] = defaultdict(list)
    for each in decisions:
        for action in _needed(each):
            uses[action].append(each.address)
    if uses:
        yield Question(ABOUT, partial(_against, estate.aws, estate.environment.region, uses))


def _needed(decision: Decision) -> Iterator[str]:
    """An update's actions depend on what differs, and are mostly allowed on named objects only."""
    if decision.action in (Action.CREATE, Action.REPLACE) and decision.type in CREATES:
        yield CREATES[decision.type]
    if decision.action in (Action.DELETE, Action.REPLACE) and decision.type in DELETES:
        yield DELETES[decision.type]


def _against(aws: Aws, region: str, uses: Uses) -> Iterator[Problem]:
    who = principal(aws, region)
    if not who:
        return
    for answer in _simulated(aws, region, who, sorted(uses)):
        action, verdict = answer["EvalActionName"], answer["EvalDecision"]
        if verdict != "allowed":
            addresses = ", ".join(uses.get(action, ())[:3])
            yield Problem(None, "", f"{_words(who, action, answer)}; needed by {addresses}")


def _words(who: str, action: str, answer: Mapping[str, Any]) -> str:
    organization = answer.get("OrganizationsDecisionDetail", {})
    if organization.get("AllowedByOrganizations") is False:
        return f"the organization lets nobody here do {action}"
    if answer["EvalDecision"] == "explicitDeny":
        return f"a policy denies {action} to {who}"
    return f"no policy allows {action} to {who} on every object, and one must name this one"


def _simulated(aws: Aws, region: str, who: str, actions: Sequence[str]) -> Iterator[Any]:
    client = aws.client("iam", region)
    for first in range(0, len(actions), MANY):
        answer = client.simulate_principal_policy(
            PolicySourceArn=who, ActionNames=list(actions[first : first + MANY]), MaxItems=1000
        )
        yield from answer["EvaluationResults"]


def principal(aws: Aws, region: str) -> str:
    """The ARN under which IAM knows who we are; empty for the account's root, who may do all."""
    match = PRINCIPAL.fullmatch(aws.client("sts", region).get_caller_identity()["Arn"])
    if not match:
        return ""
    partition, account, kind, name = match.groups()
    if kind == "user":
        return f"arn:{partition}:iam::{account}:user/{name}"
    # A session's ARN leaves out the role's path.
    role = aws.client("iam", region).get_role(RoleName=name.partition("/")[0])
    return str(role["Role"]["Arn"])
