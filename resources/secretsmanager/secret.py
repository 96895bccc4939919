"""https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.aws import Aws
from reconciler.aws.ownership import ADDRESS, ENVIRONMENT
from reconciler.errors import Foreign
from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Status, Wait

GONE = "ResourceNotFoundException"
POLICY = "ResourcePolicy"
OWN_KEY = "alias/aws/secretsmanager"
"""The key that AWS takes of its own accord, and then does not mention."""


class Secret(Handler):
    """A secret without its value: people put that in, and nobody here ever reads it.

    One of ours that was deleted, and is declared again while AWS still has it, comes back with
    its value. A stranger's never does."""

    key = ("Name",)
    naming = "Name"
    immutable = {"Name"}
    deferred = {POLICY}
    policies = {POLICY}
    outputs = {"ARN"}
    tagging = Tagging(id="SecretId", tags="Tags", erased="TagKeys")
    holds_data = True

    def __init__(self, aws: Aws, region: str) -> None:
        super().__init__(aws, region)
        self._made: set[str] = set()

    def listed(self, since: float = 0) -> Iterator[Found]:
        # What is scheduled for deletion AWS does not list unless it is asked for.
        every = {each["ARN"]: each for each in self.listing("list_secrets", since)}
        for arn, secret in every.items():
            # A replica carries the tags of its primary, and goes with it.
            if secret.get("PrimaryRegion", self.home) == self.home:
                tags, owner = self.tagging.from_aws(secret.get("Tags")), secret.get("OwningService")
                yield Found(arn, secret, tags, managed_by=owner or "")
        # AWS may list a secret as late as five minutes after it was made.
        yield from (Found(arn, {}, {}) for arn in sorted(self._made - every.keys()))

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing(GONE):
            # Not from the listing, which may be as old.
            secret = dict(self.client.describe_secret(SecretId=found.id))
            tags = self.tagging.from_aws(secret.get("Tags"))
            if "DeletedDate" in secret:
                return Observed(found.id, secret, tags, Status.GONE)
            if POLICY in mentioned:
                answer = self.client.get_resource_policy(SecretId=found.id)
                secret[POLICY] = answer.get(POLICY)
            waits = () if _has_value(secret) else (self._keeper(secret["Name"]),)
            status, why = (Status.WAITING, "it has no value") if waits else (Status.READY, "")
            return Observed(found.id, secret, tags, status, why, waits)
        return None

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties; AWS's own key is what it does not mention."""
        own = desired.get("KmsKeyId") == OWN_KEY
        return {**desired, "KmsKeyId": None} if own else desired

    def create(self, desired: Desired) -> str:
        born = self.accepted("create_secret", desired.properties)
        try:
            answer = self.client.create_secret(**born, Tags=self.tagging.to_aws(desired.tags))
        except self.client.exceptions.InvalidRequestException:  # its name is on its way out
            if not self._is_dying(desired):
                raise
            answer = self.client.restore_secret(SecretId=desired["Name"])
        self._made.add(answer["ARN"])
        return str(answer["ARN"])

    def update(self, change: Change) -> None:
        secret = {"SecretId": change.observed.id}
        if changed := sorted(change.names & {"Description", "KmsKeyId"}):
            # An empty text clears a description, and goes back to AWS's own key.
            sent = {name: change.wanted.get(name, "") for name in changed}
            self.client.update_secret(**secret, **sent)
        if change.touches(POLICY):
            if policy := change.wanted.get(POLICY):
                self.client.put_resource_policy(**secret, ResourcePolicy=self.sent(POLICY, policy))
            else:
                self.client.delete_resource_policy(**secret)

    def delete(self, observed: Observed) -> None:
        # For 30 days somebody may bring it back, value and all.
        with missing(GONE):
            if "DeletedDate" not in self.client.describe_secret(SecretId=observed.id):
                self.client.delete_secret(SecretId=observed.id, RecoveryWindowInDays=30)

    def _keeper(self, name: str) -> Wait:
        put = "aws secretsmanager put-secret-value"
        what = f"{put} --region {self.home} --secret-id {name} --secret-string file://value.txt"
        return Wait(f"who keeps the value of {name}", f"put it in: {what}")

    def _is_dying(self, desired: Desired) -> bool:
        """Whether this secret of ours was deleted and can be brought back. Raises Foreign."""
        name = desired["Name"]
        with missing(GONE):
            secret = self.client.describe_secret(SecretId=name)
            tags = self.tagging.from_aws(secret.get("Tags"))
            ours = all(tags.get(each) == desired.tags.get(each) for each in (ENVIRONMENT, ADDRESS))
            if "DeletedDate" in secret and not ours:
                restore = f"aws secretsmanager restore-secret --region {self.home}"
                raise Foreign(
                    f"{name} is scheduled for deletion and does not say that it is ours, so its "
                    f"value may be a stranger's. If it is yours, bring it back, and the next run "
                    f"adopts it: {restore} --secret-id {name}"
                )
            return "DeletedDate" in secret
        return False


def _has_value(secret: Properties) -> bool:
    """Whether a version is the current one, which says nothing of what is in it."""
    stages = (secret.get("VersionIdsToStages") or {}).values()
    return any("AWSCURRENT" in each for each in stages)
