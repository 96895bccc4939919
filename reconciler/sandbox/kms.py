"""KMS: rotation that moto forgets, policies that it does not read, and keys on their way out."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.kms.exceptions import NotAuthorizedException
from moto.kms.models import KmsBackend
from moto.kms.responses import KmsResponse

from reconciler.sandbox.corrections import Method, corrects

YEAR = 365
AMAZONS = "alias/aws/"


@corrects(KmsBackend, "create_key")
def create_key(original: Method, self: Any, policy: str | None, *more: Any) -> Any:
    """moto takes any text for a policy. API_CreateKey.html"""
    if policy is not None:
        _refuse_policy(policy)
    return original(self, policy, *more)


@corrects(KmsBackend, "put_key_policy")
def put_key_policy(original: Method, self: Any, key_id: str, policy: str) -> None:
    """moto takes any text for a policy, and one that locks everybody out. API_PutKeyPolicy.html"""
    _refuse_policy(policy)
    original(self, key_id, policy)


@corrects(KmsBackend, "_generate_default_keys")
def amazons_own(original: Method, self: Any, alias_name: str) -> str | None:
    """moto calls AWS's own keys the customer's. API_KeyMetadata.html"""
    made: str | None = original(self, alias_name)
    if made:
        self.keys[made].key_manager = "AWS"
    return made


@corrects(KmsResponse, "enable_key_rotation")
def enable_key_rotation(original: Method, self: Any) -> str:
    """moto forgets the period, and turns keys that cannot be used. API_EnableKeyRotation.html"""
    key = _living(self)
    if not key.enabled:
        raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")
    key.rotation_period = self._get_param("RotationPeriodInDays") or YEAR
    return str(original(self))


@corrects(KmsResponse, "get_key_rotation_status")
def get_key_rotation_status(original: Method, self: Any) -> str:
    """moto does not tell the period. API_GetKeyRotationStatus.html"""
    answer = json.loads(original(self))
    key = _key(self)
    period = {"RotationPeriodInDays": getattr(key, "rotation_period", YEAR)}
    return json.dumps({**answer, "KeyId": key.id, **(period if key.key_rotation_status else {})})


@corrects(KmsResponse, "_set_alias")
def set_alias(original: Method, self: Any, update: bool = False) -> str:
    """moto names keys on their way out, and lends out AWS's own prefix. API_CreateAlias.html"""
    if self._get_param("AliasName").startswith(AMAZONS):
        raise NotAuthorizedException
    _living(self, "TargetKeyId")
    return str(original(self, update))


@corrects(KmsResponse, "schedule_key_deletion")
def schedule_key_deletion(original: Method, self: Any) -> str:
    """moto schedules a deletion twice. API_ScheduleKeyDeletion.html"""
    _living(self)
    return str(original(self))


@corrects(KmsResponse, "enable_key")
def enable_key(original: Method, self: Any) -> str:
    """moto brings a key on its way out back by enabling it. API_EnableKey.html"""
    _living(self)
    return str(original(self))


@corrects(KmsResponse, "tag_resource")
def tag_resource(original: Method, self: Any) -> str:
    """moto tags keys on their way out. API_TagResource.html"""
    _living(self)
    return str(original(self))


def _key(self: Any, parameter: str = "KeyId") -> Any:
    """The key that a request names; None if there is none."""
    return self.kms_backend.keys.get(self.kms_backend.get_key_id(self._get_param(parameter)))


def _living(self: Any, parameter: str = "KeyId") -> Any:
    key = _key(self, parameter)
    if key and key.key_state == "PendingDeletion":
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    self._validate_cmk_id(self._get_param(parameter))
    return key


def _refuse_policy(policy: str) -> None:
    try:
        statements = json.loads(policy)["Statement"]
    except (ValueError, TypeError, LookupError):
        raise _malformed("the document is no policy") from None
    if not any(map(_lets_change, statements if isinstance(statements, list) else [statements])):
        raise _malformed(
            "The new key policy will not allow you to update the key policy in the future."
        )


def _lets_change(statement: Any) -> bool:
    actions = statement.get("Action", ())
    listed = actions if isinstance(actions, list) else [actions]
    allows = any(fnmatchcase("kms:PutKeyPolicy", each) for each in listed)
    return statement.get("Effect") == "Allow" and allows


def _malformed(why: str) -> JsonRESTError:
    return JsonRESTError("MalformedPolicyDocumentException", why)
