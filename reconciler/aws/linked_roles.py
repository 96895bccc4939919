"""Service-linked roles: a new account lacks them, and some services refuse to begin without."""

from __future__ import annotations

import re
from threading import Lock

from botocore.exceptions import ClientError

from reconciler.aws.clients import Aws
from reconciler.aws.failures import code, message
from reconciler.model import Properties

HOME = "us-east-1"  # where IAM is asked, whatever the region
# How types are called before the dot -> the principal whose role it is; properties stand in braces:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
PRINCIPALS = {
    "application_autoscaling": "{ServiceNamespace}.application-autoscaling.amazonaws.com",
    "backup": "backup.amazonaws.com",
    "config": "config.amazonaws.com",
    "ecs": "ecs.amazonaws.com",
    "elasticache": "elasticache.amazonaws.com",
    "elbv2": "elasticloadbalancing.amazonaws.com",
    "guardduty": "guardduty.amazonaws.com",
    "inspector2": "inspector2.amazonaws.com",
    "rds": "rds.amazonaws.com",
    "wafv2": "wafv2.amazonaws.com",
}
LACKING = re.compile(
    r"ServiceLinkedRoleNotFound"
    r"|unable to assume .*(service[- ]linked role|/aws-service-role/)"
    r"|service[- ]linked role\b.*(does not|doesn't) exist"
    r"|permission to create service[- ]linked role",
    re.IGNORECASE | re.DOTALL,
)


def lacking(error: ClientError) -> bool:
    """Whether a call was refused because the service has no role, or does not see it yet."""
    return bool(LACKING.search(f"{code(error)}: {message(error)}"))


class LinkedRoles:
    """Those of one account: each is made once in a run, when a service first asks for it."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._lock = Lock()
        self._made: set[str] = set()

    def supply(self, address: str, properties: Properties, error: ClientError) -> bool:
        """Whether the call that failed lacked a role, which there is by now. Raises if we may not
        make it."""
        principal = PRINCIPALS.get(address.partition(".")[0])
        if not principal or not lacking(error):
            return False
        principal = principal.format_map(properties)
        with self._lock:
            if principal not in self._made:
                self._make(principal)
                self._made.add(principal)
        return True

    def _make(self, principal: str) -> None:
        try:
            self._aws.client("iam", HOME).create_service_linked_role(AWSServiceName=principal)
        except ClientError as error:
            # So AWS says that it is there, though the service does not see it yet.
            if code(error) != "InvalidInput" or "has been taken" not in message(error):
                raise
