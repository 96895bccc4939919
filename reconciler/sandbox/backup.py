"""AWS Backup: moto lacks calls about vaults, changes no plan, and takes plans for their names."""

from __future__ import annotations

import json
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

from moto.backup.exceptions import (
    AlreadyExistsException,
    BackupClientError,
    InvalidParameterValueException,
    InvalidRequestException,
)
from moto.backup.models import BackupBackend, Plan
from moto.backup.responses import BackupResponse

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.principals import nobody

COLD = 90
"""Days that AWS keeps at least what it has moved to cold storage."""
SETTINGS = {"access-policy": ("Policy",), "notification-configuration": ("SNSTopicArn",)}
"""What a vault has besides, by the end of its path, and what must be said of it."""


class NotFound(BackupClientError):
    def __init__(self, what: str) -> None:
        super().__init__("ResourceNotFoundException", what)


@corrects(BackupBackend, "_url_module")
def routed(original: Method, self: Any) -> Any:
    """moto has no path to the settings of a vault."""
    module = original(self)
    paths = {f"{{0}}/backup-vaults/(?P<name>[^/]+)/{end}$": end for end in SETTINGS}
    more = dict.fromkeys(paths, BackupResponse.dispatch)
    return SimpleNamespace(url_bases=module.url_bases, url_paths={**module.url_paths, **more})


@corrects(BackupResponse, "put_backup_vault_access_policy")
def put_backup_vault_access_policy(original: Method, self: Any) -> str:
    """moto lacks it. API_PutBackupVaultAccessPolicy.html"""
    policy = _body(self).get("Policy")
    try:
        stranger = nobody(policy, self.current_account)
    except (AttributeError, TypeError, ValueError):
        raise InvalidParameterValueException("Provided policy is not valid") from None
    if stranger:
        raise InvalidParameterValueException("Provided principal is not valid")
    return _put(self)


@corrects(BackupResponse, "get_backup_vault_access_policy")
def get_backup_vault_access_policy(original: Method, self: Any) -> str:
    """moto lacks it. API_GetBackupVaultAccessPolicy.html"""
    return _get(self)


@corrects(BackupResponse, "delete_backup_vault_access_policy")
def delete_backup_vault_access_policy(original: Method, self: Any) -> str:
    """moto lacks it. API_DeleteBackupVaultAccessPolicy.html"""
    return _delete(self)


@corrects(BackupResponse, "put_backup_vault_notifications")
def put_backup_vault_notifications(original: Method, self: Any) -> str:
    """moto lacks it. API_PutBackupVaultNotifications.html"""
    return _put(self)


@corrects(BackupResponse, "get_backup_vault_notifications")
def get_backup_vault_notifications(original: Method, self: Any) -> str:
    """moto lacks it. API_GetBackupVaultNotifications.html"""
    return _get(self)


@corrects(BackupResponse, "delete_backup_vault_notifications")
def delete_backup_vault_notifications(original: Method, self: Any) -> str:
    """moto lacks it. API_DeleteBackupVaultNotifications.html"""
    return _delete(self)


@corrects(BackupBackend, "create_backup_plan")
def create_backup_plan(
    original: Method, self: Any, backup_plan: Any, backup_plan_tags: Any, creator_request_id: str
) -> Plan:
    """moto refuses a second plan of one name, makes two for one request, and takes any vault.
    API_CreateBackupPlan.html"""
    living = [each for each in self.plans.values() if each.deletion_date is None]
    for each in living:
        if creator_request_id and each.creator_request_id == creator_request_id:
            return each  # type: ignore[no-any-return]
    if any(each.told == backup_plan for each in living):
        raise AlreadyExistsException("Backup plan with the same plan document already exists")
    plan = _plan(self, backup_plan, creator_request_id)
    self.plans[plan.backup_plan_id] = plan
    if backup_plan_tags:
        self.tag_resource(plan.backup_plan_arn, backup_plan_tags)
    return plan


@corrects(BackupResponse, "update_backup_plan")
def update_backup_plan(original: Method, self: Any) -> str:
    """moto lacks it. API_UpdateBackupPlan.html"""
    backend, plan_id = self.backup_backend, self.path.rstrip("/").split("/")[-1]
    plan = backend.get_backup_plan(plan_id, None)
    new = _plan(backend, _body(self)["BackupPlan"], plan.creator_request_id)
    for name in ("backup_plan", "advanced_backup_settings", "version_id", "told"):
        setattr(plan, name, getattr(new, name))
    return json.dumps(plan.to_dict())


@corrects(BackupBackend, "delete_backup_plan")
def delete_backup_plan(original: Method, self: Any, backup_plan_id: str) -> Any:
    """moto knows no selections, so it deletes what has some. API_DeleteBackupPlan.html"""
    if vars(self.get_backup_plan(backup_plan_id, None)).get("selections"):
        what = "Related backup plan selections must be deleted prior to backup plan deletion"
        raise InvalidRequestException(what)
    return original(self, backup_plan_id)


def _plan(backend: Any, document: dict[str, Any], request: str) -> Plan:
    """A plan as moto makes it, of what AWS takes, with what it was told."""
    for rule in document["Rules"]:
        if (vault := rule["TargetBackupVaultName"]) not in backend.vaults:
            raise InvalidParameterValueException(f"Backup vault {vault} does not exist")
        for kept in (rule, *rule.get("CopyActions", ())):
            _refuse_too_short(kept.get("Lifecycle", {}))
    plan = Plan(deepcopy(document), request, backend)
    plan.told = document  # type: ignore[attr-defined]
    return plan


def _refuse_too_short(lifecycle: dict[str, Any]) -> None:
    cold, gone = lifecycle.get("MoveToColdStorageAfterDays"), lifecycle.get("DeleteAfterDays")
    if cold and gone and gone < cold + COLD:
        raise InvalidParameterValueException(
            f"DeleteAfterDays cannot be less than {COLD} days apart from MoveToColdStorageAfterDays"
        )


def _setting(response: Any) -> tuple[Any, str, str]:
    """The vault that a path is about, its name, and which setting of it."""
    name, setting = response.path.split("/")[-2:]
    if name not in response.backup_backend.vaults:
        raise NotFound(f"Backup vault {name} not found")
    return response.backup_backend.vaults[name], name, setting


def _put(response: Any) -> str:
    vault, _, setting = _setting(response)
    said = _body(response)
    if not all(said.get(each) for each in SETTINGS[setting]):
        raise InvalidParameterValueException(f"{SETTINGS[setting][0]} is missing")
    setattr(vault, setting, said)
    return "{}"


def _get(response: Any) -> str:
    vault, name, setting = _setting(response)
    if not hasattr(vault, setting):
        raise NotFound(f"Backup vault {name} has no {setting}")
    named = {"BackupVaultName": name, "BackupVaultArn": vault.backup_vault_arn}
    return json.dumps({**named, **getattr(vault, setting)})


def _delete(response: Any) -> str:
    vault, _, setting = _setting(response)
    vars(vault).pop(setting, None)
    return "{}"


def _body(response: Any) -> Any:
    return json.loads(response.body or "{}")
