"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed

GONE = "ResourceNotFoundException"


class LogGroup(Handler):
    """A log group, how long it keeps what is written, and the key that encrypts it."""

    key = ("logGroupName",)
    naming = "logGroupName"
    immutable = {"logGroupClass", "logGroupName"}
    # `arn` ends in `:*`, as policies want it; `logGroupArn` is the group itself.
    outputs = {"arn", "logGroupArn"}
    tagging = Tagging(of="logGroupArn", key="")
    holds_data = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        for group in self.listing("describe_log_groups", since):
            yield Found(group["logGroupName"], group, arn=group["logGroupArn"])

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing(GONE):
            tags = found.tags
            if tags is None:
                answer = self.client.list_tags_for_resource(resourceArn=found.arn)
                tags = self.tagging.from_aws(answer["tags"])
            return Observed(found.id, found.properties, tags)
        return None

    def create(self, desired: Desired) -> str:
        born = self.accepted("create_log_group", desired.properties)
        self.client.create_log_group(**born, tags=self.tagging.to_aws(desired.tags))
        return str(desired["logGroupName"])

    def update(self, change: Change) -> None:
        if change.touches("retentionInDays"):
            self._retain(change.observed.id, change.wanted.get("retentionInDays"))
        if change.touches("kmsKeyId"):
            self._encrypt(change.observed.id, change.wanted.get("kmsKeyId"))

    def delete(self, observed: Observed) -> None:
        with missing(GONE):
            self.client.delete_log_group(logGroupName=observed.id)

    def _retain(self, group: str, days: int | None) -> None:
        if days:
            self.client.put_retention_policy(logGroupName=group, retentionInDays=days)
        else:  # for ever
            self.client.delete_retention_policy(logGroupName=group)

    def _encrypt(self, group: str, key: str | None) -> None:
        if key:
            self.client.associate_kms_key(logGroupName=group, kmsKeyId=key)
        else:
            self.client.disassociate_kms_key(logGroupName=group)
