"""Amazon Inspector: moto stumbles where no account is named, and is done at once."""

from __future__ import annotations

from typing import Any

from moto.inspector2.models import AccountStatus, Inspector2Backend

from reconciler.sandbox.corrections import Method, corrects

REPOSITORIES = "CODE_REPOSITORY"


@corrects(Inspector2Backend, "enable")
def enable(original: Method, self: Any, accounts: list[str] | None, types: list[str]) -> Any:
    """moto stumbles where no account is named, which means our own. API_Enable.html"""
    return original(self, accounts or [self.account_id], types)


@corrects(Inspector2Backend, "disable")
def disable(original: Method, self: Any, accounts: list[str] | None, types: list[str]) -> Any:
    """moto stumbles where no account is named. API_Disable.html"""
    return original(self, accounts or [self.account_id], types or [*_shown(AccountStatus(""))])


@corrects(Inspector2Backend, "batch_get_account_status")
def batch_get_account_status(original: Method, self: Any, accounts: list[str] | None) -> Any:
    """moto stumbles where no account is named, and says nothing of one that was never enabled.
    API_BatchGetAccountStatus.html"""
    named = accounts or [self.account_id]
    for each in named:
        self.account_status.setdefault(each, AccountStatus(each))
    return original(self, named)


@corrects(AccountStatus, "toggle")
def toggle(original: Method, self: Any, types: list[str], enable: bool) -> None:
    """moto is done at once, and cannot scan repositories of code. API_ResourceStatus.html"""
    before = _shown(self)
    original(self, types, enable)
    if REPOSITORIES in types:
        self.repositories = "ENABLED" if enable else "DISABLED"
    after = _shown(self)
    self.moving = {name for name in after if after[name] != before[name]}


@corrects(AccountStatus, "to_batch_json")
def to_batch_json(original: Method, self: Any) -> dict[str, Any]:
    """Whoever looks again finds AWS done. API_ResourceState.html"""
    moving: set[str] = getattr(self, "moving", set())
    self.moving = set()
    shown = _shown(self)
    states = {name: _state(shown[name], name in moving) for name in shown}
    on = [state for state in states.values() if state["status"] != "DISABLED"]
    whole = next((state for state in on if "ING" in state["status"]), on[0] if on else None)
    called = dict(zip(shown, ("ec2", "ecr", "lambda", "lambdaCode", "codeRepository"), strict=True))
    return {
        "accountId": self.account_id,
        "resourceState": {called[name]: state for name, state in states.items()},
        "state": whole or _state("DISABLED", False),
    }


def _shown(account: Any) -> dict[str, str]:
    return {
        "EC2": account.ec2,
        "ECR": account.ecr,
        "LAMBDA": account._lambda,
        "LAMBDA_CODE": account.lambda_code,
        REPOSITORIES: getattr(account, "repositories", "DISABLED"),
    }


def _state(status: str, moving: bool) -> dict[str, str]:
    return {"status": f"{status.removesuffix('ED')}ING" if moving else status}
