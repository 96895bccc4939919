"""IAM: documents that moto does not read, and policies that it deletes while they are in use."""

from __future__ import annotations

from typing import Any

from moto.iam.exceptions import DeleteConflictException
from moto.iam.models import IAMBackend
from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator

from reconciler.sandbox.corrections import Method, corrects


@corrects(IAMBackend, "create_role")
def create_role(
    original: Method,
    self: Any,
    role_name: str,
    assume_role_policy_document: str,
    *more: Any,
    **named: Any,
) -> Any:
    """moto takes any text for a trust policy. API_CreateRole.html"""
    IAMTrustPolicyDocumentValidator(assume_role_policy_document).validate()
    return original(self, role_name, assume_role_policy_document, *more, **named)


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
