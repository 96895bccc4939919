"""Secrets Manager: what is scheduled for deletion, policies, and values that people put in."""

from __future__ import annotations

import json
from typing import Any

from moto.secretsmanager.exceptions import InvalidRequestException, SecretsManagerClientError
from moto.secretsmanager.models import SecretsManagerBackend

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.people import people

STAND_IN = "put in by somebody in the sandbox"


@corrects(SecretsManagerBackend, "create_secret")
def create_secret(original: Method, self: Any, **given: Any) -> Any:
    """moto calls a name that is scheduled for deletion taken. Nor has it people, who put a value
    into a secret that was made without one. API_CreateSecret.html"""
    there = self.secrets.get(given["name"])
    if there and there.is_deleted():
        raise InvalidRequestException(
            "You can't create this secret because a secret with this name is already scheduled for "
            "deletion."
        )
    if not (given.get("secret_string") or given.get("secret_binary") or people.absent):
        given["secret_string"] = STAND_IN
    return original(self, **given)


@corrects(SecretsManagerBackend, "update_secret")
def update_secret(original: Method, self: Any, secret_id: str, **given: Any) -> Any:
    """moto does not clear a description, nor go back to AWS's own key. API_UpdateSecret.html"""
    answer = original(self, secret_id, **given)
    secret = self.secrets[secret_id]
    if given.get("description") == "":
        secret.description = None
    secret.kms_key_id = secret.kms_key_id or None
    return answer


@corrects(SecretsManagerBackend, "put_resource_policy")
def put_resource_policy(original: Method, self: Any, secret_id: str, policy: str) -> Any:
    """moto takes any text for a policy. API_PutResourcePolicy.html"""
    try:
        sound = bool(json.loads(policy)["Statement"])
    except (ValueError, TypeError, LookupError):
        sound = False
    if not sound:
        raise SecretsManagerClientError(
            "MalformedPolicyDocumentException", "This resource policy contains a syntax error."
        )
    _refuse_dying(self, secret_id)
    return original(self, secret_id, policy)


@corrects(SecretsManagerBackend, "put_secret_value")
def put_secret_value(original: Method, self: Any, secret_id: str, **given: Any) -> Any:
    """moto writes to what is scheduled for deletion. API_PutSecretValue.html"""
    _refuse_dying(self, secret_id)
    return original(self, secret_id=secret_id, **given)


@corrects(SecretsManagerBackend, "tag_resource")
def tag_resource(original: Method, self: Any, arn: str, tags: Any) -> None:
    """moto tags what is scheduled for deletion. API_TagResource.html"""
    _refuse_dying(self, arn)
    original(self, arn, tags)


def _refuse_dying(self: Any, secret: str) -> None:
    there = self.secrets.get(secret)
    if there and there.is_deleted():
        raise InvalidRequestException(
            "You can't perform this operation on the secret because it was marked for deletion."
        )
