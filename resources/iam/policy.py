"""https://docs.aws.amazon.com/IAM/latest/APIReference/API_Policy.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed

DOCUMENT = "PolicyDocument"
VERSIONS = "PolicyVersionList"
MOST = 5
"""Versions that AWS keeps of a policy; it refuses one more."""


class Policy(Handler):
    """A managed policy of our own: rights that several roles may hold."""

    key = ("PolicyName",)
    naming = "PolicyName"
    immutable = {"Description", "Path", "PolicyName"}
    reads = {DOCUMENT: f"{VERSIONS}[?IsDefaultVersion].Document | [0]"}
    policies = {DOCUMENT}
    outputs = {"Arn", "PolicyId"}
    tagging = Tagging("tag_policy", "untag_policy", id="PolicyArn", tags="Tags", erased="TagKeys")
    repeatable = False  # a version, of which AWS keeps only so many
    region = "us-east-1"

    def listed(self, since: float = 0) -> Iterator[Found]:
        everything = "get_account_authorization_details"
        for policy in self.listing(everything, since, "Policies", Filter=["LocalManagedPolicy"]):
            yield Found(policy["Arn"], policy, arn=policy["Arn"])

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        if found.tags is not None and "Description" not in mentioned:
            return Observed(found.id, found.properties, found.tags)
        with missing("NoSuchEntity"):
            # One call tells both that the listing of all policies does not show.
            told = self.client.get_policy(PolicyArn=found.id)["Policy"]
            whole = {**found.properties, "Description": told.get("Description")}
            return Observed(found.id, whole, self.tagging.from_aws(told.get("Tags")))
        return None

    def create(self, desired: Desired) -> str:
        policy = self.accepted("create_policy", desired.properties)
        tags = self.tagging.to_aws(desired.tags)
        return str(self.client.create_policy(**policy, Tags=tags)["Policy"]["Arn"])

    def update(self, change: Change) -> None:
        others = _others(change.observed)
        if len(others) + 1 >= MOST:
            self._delete_version(change.observed, others[0])
        document = self.sent(DOCUMENT, change.wanted[DOCUMENT])
        self.client.create_policy_version(
            PolicyArn=change.observed.id, PolicyDocument=document, SetAsDefault=True
        )

    def delete(self, observed: Observed) -> None:
        # AWS deletes only a policy of one version, and the default one goes with it.
        for version in _others(observed):
            self._delete_version(observed, version)
        with missing("NoSuchEntity"):
            self.client.delete_policy(PolicyArn=observed.id)

    def _delete_version(self, observed: Observed, version: str) -> None:
        with missing("NoSuchEntity"):
            self.client.delete_policy_version(PolicyArn=observed.id, VersionId=version)


def _others(observed: Observed) -> list[str]:
    """The versions that are not in force, the oldest first."""
    versions = sorted(observed[VERSIONS], key=lambda version: version["CreateDate"])
    return [each["VersionId"] for each in versions if not each["IsDefaultVersion"]]
