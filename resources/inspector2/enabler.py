"""https://docs.aws.amazon.com/inspector/v2/APIReference/API_Enable.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import SET, Handler
from reconciler.model import Change, Desired, Found, Observed, Status
from resources.inspector2 import refuse_failures

TYPES = "resourceTypes"
CALLED = {
    "ec2": "EC2",
    "ecr": "ECR",
    "lambda": "LAMBDA",
    "lambdaCode": "LAMBDA_CODE",
    "codeRepository": "CODE_REPOSITORY",
}
"""What requests call the types that an account's state shows."""
ON = {"ENABLED", "ENABLING"}
MOVING = {"ENABLING", "DISABLING", "SUSPENDING"}


class Enabler(Handler):
    """What Amazon Inspector scans in one region of the account; there is one, or it is off.

    AWS has no tags for it and nothing owns it, so it is never pruned: $absent switches it off."""

    key = ("accountId",)
    naming = "accountId"
    immutable = {"accountId"}
    lists = {TYPES: SET}

    def listed(self, since: float = 0) -> Iterator[Found]:
        # Asked for no account, it tells of our own, even where all of it is off.
        answer = refuse_failures(self.client.batch_get_account_status(), "BatchGetAccountStatus")
        for account in answer["accounts"]:
            state = {name: each["status"] for name, each in account["resourceState"].items()}
            on = [CALLED[name] for name in CALLED if state.get(name) in ON]
            if on or MOVING & {*state.values()}:
                shown = {"accountId": account["accountId"], TYPES: on, "state": state}
                yield Found(account["accountId"], shown, {})

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        moving = sorted(n for n, each in found.properties["state"].items() if each in MOVING)
        if moving:
            why = f"AWS is switching {', '.join(moving)} on or off"
            return Observed(found.id, found.properties, {}, Status.PENDING, why)
        return Observed(found.id, found.properties)

    def create(self, desired: Desired) -> str:
        self._switch("enable", desired["accountId"], desired[TYPES])
        return str(desired["accountId"])

    def update(self, change: Change) -> None:
        types = change.items(TYPES)
        if types.added:
            self._switch("enable", change.observed.id, types.added)
        if types.removed:
            self._switch("disable", change.observed.id, types.removed)

    def delete(self, observed: Observed) -> None:
        if observed[TYPES]:
            self._switch("disable", observed.id, observed[TYPES])

    def _switch(self, operation: str, account: str, types: list[Any]) -> None:
        answer = getattr(self.client, operation)(accountIds=[account], resourceTypes=types)
        refuse_failures(answer, operation.title())
