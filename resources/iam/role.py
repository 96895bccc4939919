"""https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from typing import Any

from reconciler.handler import SET, Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Status

TRUST = "AssumeRolePolicyDocument"
TOLD_APART = {"Description", "MaxSessionDuration"}
"""What the listing of all roles does not show."""
ALLOWED = "PermissionsBoundary"
AWS_OWN = ("/aws-service-role/", "/aws-reserved/")


class Role(Handler):
    """A role: who may take it on, and what it then may do, inline and by managed policies."""

    key = ("RoleName",)
    naming = "RoleName"
    immutable = {"Path", "RoleName"}
    lists = {
        "ManagedPolicyArns": SET,
        "Policies": ("PolicyName",),
        "Policies.*": SET,
    }
    reads = {
        "ManagedPolicyArns": "AttachedManagedPolicies[].PolicyArn",
        ALLOWED: f"{ALLOWED}.{ALLOWED}Arn || {ALLOWED}",
        "Policies": "RolePolicyList",
    }
    loose = {"Policies"}  # to IAM the names in them are text
    policies = {TRUST, "Policies.PolicyDocument"}
    outputs = {"Arn", "RoleId"}
    tagging = Tagging("tag_role", "untag_role", id="RoleName", tags="Tags", erased="TagKeys")
    region = "us-east-1"

    def listed(self, since: float = 0) -> Iterator[Found]:
        everything = "get_account_authorization_details"
        for role in self.listing(everything, since, "RoleDetailList", Filter=["Role"]):
            tags = self.tagging.from_aws(role.get("Tags"))
            owner = "AWS" if role["Path"].startswith(AWS_OWN) else ""
            yield Found(role["RoleName"], role, tags, managed_by=owner)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        role = dict(found.properties)
        with missing("NoSuchEntity"):
            if mentioned & TOLD_APART:
                answer = self.client.get_role(RoleName=found.id)["Role"]
                role |= {name: answer.get(name) for name in TOLD_APART}
            # For its first seconds a role may show its unique id where its ARN will be.
            settled = role["Arn"].startswith("arn:")
            status = Status.READY if settled else Status.PENDING
            return Observed(found.id, role, found.tags or {}, status)
        return None

    def create(self, desired: Desired) -> str:
        taken = self.accepted("create_role", desired.properties)
        tags = self.tagging.to_aws(desired.tags)
        return str(self.client.create_role(**taken, Tags=tags)["Role"]["RoleName"])

    def update(self, change: Change) -> None:
        name, wanted = {"RoleName": change.observed.id}, change.wanted
        if change.touches(TRUST):
            trust = self.sent(TRUST, wanted[TRUST])
            self.client.update_assume_role_policy(**name, PolicyDocument=trust)
        if change.touches(*TOLD_APART):
            # Whole, since AWS puts the default for what is left out.
            whole = {"Description": "", **wanted, **name}
            self.client.update_role(**self.accepted("update_role", whole))
        if change.touches(ALLOWED) and ALLOWED in wanted:
            self.client.put_role_permissions_boundary(**name, PermissionsBoundary=wanted[ALLOWED])
        elif change.touches(ALLOWED):
            self.client.delete_role_permissions_boundary(**name)
        self._write_policies(change)

    def delete(self, observed: Observed) -> None:
        # AWS deletes only what is bare.
        name = {"RoleName": observed.id}
        for arn in observed["ManagedPolicyArns"] or ():
            with missing("NoSuchEntity"):
                self.client.detach_role_policy(**name, PolicyArn=arn)
        for policy in observed["Policies"] or ():
            with missing("NoSuchEntity"):
                self.client.delete_role_policy(**name, PolicyName=policy["PolicyName"])
        with missing("NoSuchEntity"):
            self.client.delete_role(**name)

    def understood(self, properties: Properties) -> Properties:
        known, inline = super().understood(properties), properties.get("Policies")
        if not isinstance(inline, list):
            return known
        return {**known, "Policies": [self._spelled(policy) for policy in inline]}

    def _spelled(self, policy: Any) -> Any:
        if not isinstance(policy, Mapping) or "PolicyDocument" not in policy:
            return policy
        return {**policy, "PolicyDocument": self.parsed(TRUST, policy["PolicyDocument"])}

    def _write_policies(self, change: Change) -> None:
        name = {"RoleName": change.observed.id}
        managed, inline = change.items("ManagedPolicyArns"), change.items("Policies")
        kept = {policy["PolicyName"] for policy in change.wanted.get("Policies") or ()}
        # Give before taking: moving a right from one policy to another must not interrupt.
        for arn in managed.added:
            self.client.attach_role_policy(**name, PolicyArn=arn)
        for policy in inline.added:
            document = json.dumps(policy["PolicyDocument"])
            self.client.put_role_policy(**name, **{**policy, "PolicyDocument": document})
        for arn in managed.removed:
            self.client.detach_role_policy(**name, PolicyArn=arn)
        for policy in inline.removed:
            if policy["PolicyName"] not in kept:
                self.client.delete_role_policy(**name, PolicyName=policy["PolicyName"])
