"""AWS Backup: moto lacks every call about what a plan selects."""

from __future__ import annotations

import json
from typing import Any

from moto.backup.exceptions import InvalidParameterValueException
from moto.backup.responses import BackupResponse
from moto.core.utils import unix_time
from moto.iam.models import iam_backends
from moto.moto_api._internal import mock_random

from reconciler.sandbox.backup import NotFound
from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.principals import principals, statements

BACKUP = "backup.amazonaws.com"
NONE: dict[str, Any] = {"Resources": [], "ListOfTags": [], "NotResources": [], "Conditions": {}}
"""What AWS shows of what was not said."""


@corrects(BackupResponse, "create_backup_selection")
def create_backup_selection(original: Method, self: Any) -> str:
    """moto lacks it. API_CreateBackupSelection.html"""
    said = json.loads(self.body)
    plan, selections = _of_plan(self)
    request = said.get("CreatorRequestId")
    for each in selections.values():
        if request and each["CreatorRequestId"] == request:
            return _shown(each, "SelectionId", "BackupPlanId", "CreationDate")
    _refuse_role(said["BackupSelection"]["IamRoleArn"])
    made = {
        "SelectionId": str(mock_random.uuid4()),
        "BackupPlanId": plan,
        "CreationDate": unix_time(),
        "CreatorRequestId": request,
        "BackupSelection": {**NONE, **said["BackupSelection"]},
    }
    selections[made["SelectionId"]] = made
    return _shown(made, "SelectionId", "BackupPlanId", "CreationDate")


@corrects(BackupResponse, "list_backup_selections")
def list_backup_selections(original: Method, self: Any) -> str:
    """moto lacks it. API_ListBackupSelections.html"""
    _, selections = _of_plan(self)
    named = ("SelectionName", "IamRoleArn")
    listed = [
        {**each, **{name: each["BackupSelection"][name] for name in named}}
        for each in selections.values()
    ]
    for each in listed:
        each.pop("BackupSelection")
    return json.dumps({"BackupSelectionsList": listed})


@corrects(BackupResponse, "get_backup_selection")
def get_backup_selection(original: Method, self: Any) -> str:
    """moto lacks it. API_GetBackupSelection.html"""
    _, selections = _of_plan(self)
    return json.dumps(_one(self, selections))


@corrects(BackupResponse, "delete_backup_selection")
def delete_backup_selection(original: Method, self: Any) -> str:
    """moto lacks it. API_DeleteBackupSelection.html"""
    _, selections = _of_plan(self)
    del selections[_one(self, selections)["SelectionId"]]
    return "{}"


def _of_plan(response: Any) -> tuple[str, dict[str, Any]]:
    """The plan that a path is about, and what it selects."""
    plan = response.path.split("/plans/")[-1].split("/")[0]
    found = response.backup_backend.plans.get(plan)
    if not found or found.deletion_date is not None:
        raise InvalidParameterValueException("Cannot find Backup plan with provided ID")
    return plan, vars(found).setdefault("selections", {})


def _one(response: Any, selections: dict[str, Any]) -> Any:
    selection = response.path.rstrip("/").split("/")[-1]
    if selection not in selections:
        raise NotFound("Cannot find Backup selection with provided ID")
    return selections[selection]


def _refuse_role(arn: str) -> None:
    account, partition = arn.split(":")[4], arn.split(":")[1]
    roles = iam_backends[account][partition].roles.values()
    trust = next((each.assume_role_policy_document for each in roles if each.arn == arn), "{}")
    if not any(BACKUP in principals(each, "Service") for each in statements(trust)):
        raise InvalidParameterValueException(f"IAM Role {arn} cannot be assumed by AWS Backup")


def _shown(selection: dict[str, Any], *names: str) -> str:
    return json.dumps({name: selection[name] for name in names})
