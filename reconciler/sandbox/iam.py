"""IAM: documents that moto does not read, names it takes twice, policies deleted while in use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.iam.exceptions import (
    DeleteConflictException,
    EntityAlreadyExists,
    InvalidInput,
    MalformedPolicyDocument,
)
from moto.iam.models import IAMBackend
from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.principals import nobody


@corrects(IAMBackend, "create_role")
def create_role(
    original: Method,
    self: Any,
    role_name: str,
    assume_role_policy_document: str,
    *more: Any,
    **named: Any,
) -> Any:
    """moto takes any text for a trust policy, and names that differ by case. API_CreateRole.html"""
    _validate_trust(self, assume_role_policy_document)
    _refuse_taken("Role with name", role_name, (role.name for role in self.get_roles()))
    return original(self, role_name, assume_role_policy_document, *more, **named)


@corrects(IAMBackend, "update_assume_role_policy")
def update_assume_role_policy(
    original: Method, self: Any, role_name: str, policy_document: str
) -> None:
    """moto lets anybody in, also who is not there. API_UpdateAssumeRolePolicy.html"""
    _validate_trust(self, policy_document)
    original(self, role_name, policy_document)


@corrects(IAMBackend, "create_service_linked_role")
def create_service_linked_role(
    original: Method, self: Any, service_name: str, description: str, suffix: str
) -> Any:
    """moto says EntityAlreadyExists. API_CreateServiceLinkedRole.html"""
    try:
        return original(self, service_name, description, suffix)
    except EntityAlreadyExists as error:
        raise InvalidInput(
            f"Service role name of {service_name} has been taken in this account, please try a "
            "different suffix."
        ) from error


@corrects(IAMBackend, "create_policy")
def create_policy(
    original: Method,
    self: Any,
    description: str,
    path: str,
    policy_document: str,
    policy_name: str,
    tags: Any,
) -> Any:
    """moto takes a name again under another path, or in other letters. API_CreatePolicy.html"""
    ours = (each.name for each in self.managed_policies.values() if "iam::aws:" not in each.arn)
    _refuse_taken("A policy called", policy_name, ours)
    return original(self, description, path, policy_document, policy_name, tags)


@corrects(IAMBackend, "get_account_authorization_details")
def get_account_authorization_details(original: Method, self: Any, policy_filter: list[str]) -> Any:
    """moto shows policies without names and ids. API_GetAccountAuthorizationDetails.html"""
    details = original(self, policy_filter)
    for policy in details["managed_policies"]:
        policy.policy_name, policy.policy_id = policy.name, policy.id
    return details


@corrects(IAMBackend, "attach_role_policy")
def attach_role_policy(original: Method, self: Any, policy_arn: str, role_name: str) -> None:
    """moto counts what is attached twice as two. API_AttachRolePolicy.html"""
    if policy_arn not in self.get_role(role_name).managed_policies:
        original(self, policy_arn, role_name)


@corrects(IAMBackend, "delete_policy")
def delete_policy(original: Method, self: Any, policy_arn: str) -> None:
    """moto deletes a policy that is attached, or has other versions. API_DeletePolicy.html"""
    policy = self.get_policy(policy_arn)
    if policy.attachment_count:
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise DeleteConflictException(
            "This policy has more than one version. Before you delete a policy, you must delete "
            "the policy's versions. The default version is deleted with the policy."
        )
    original(self, policy_arn)


def _refuse_taken(what: str, name: str, others: Iterable[str]) -> None:
    if name.lower() in {other.lower() for other in others}:
        raise EntityAlreadyExists(f"{what} {name} already exists.")


def _validate_trust(self: Any, document: str) -> None:
    """Who may be trusted: whether other accounts' roles and users are there, nobody knows here."""
    IAMTrustPolicyDocumentValidator(document).validate()
    if stranger := nobody(document, self.account_id):
        raise MalformedPolicyDocument(f'Invalid principal in policy: "AWS":"{stranger}"')
