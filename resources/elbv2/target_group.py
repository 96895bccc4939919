"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.handler import Handler, missing
from reconciler.model import Change, Desired, Found, Observed
from resources.elbv2 import TAGGING, attributes, tagged


class TargetGroup(Handler):
    """Where a listener sends requests, and how AWS checks the health of what answers there."""

    key = ("Name",)
    naming = "Name"
    immutable = {
        "Name",
        "Protocol",
        "ProtocolVersion",
        "Port",
        "VpcId",
        "TargetType",
        "IpAddressType",
    }
    lists = {"Attributes": ("Key",)}
    additive = {"Attributes"}  # every attribute exists always, with AWS's default
    reads = {"Name": "TargetGroupName"}
    outputs = {"TargetGroupArn", "TargetGroupFullName"}
    tagging = TAGGING
    overwrites = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        groups = self.listing("describe_target_groups", since)
        tags = tagged(self, since, [each["TargetGroupArn"] for each in groups])
        for each in groups:
            arn = each["TargetGroupArn"]
            # The name by which CloudWatch and scaling policies know it.
            named = {**each, "TargetGroupFullName": arn.rpartition(":")[2]}
            yield Found(arn, named, tags.get(arn, {}))

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        if "Attributes" not in mentioned:
            return Observed(found.id, found.properties, found.tags or {})
        with missing("TargetGroupNotFound"):
            answer = self.client.describe_target_group_attributes(TargetGroupArn=found.id)
            properties = {**found.properties, "Attributes": answer["Attributes"]}
            return Observed(found.id, properties, found.tags or {})
        return None

    def create(self, desired: Desired) -> str:
        born = self.accepted("create_target_group", desired.properties)
        answer = self.client.create_target_group(**born, Tags=TAGGING.to_aws(desired.tags))
        return str(answer["TargetGroups"][0]["TargetGroupArn"])

    def update(self, change: Change) -> None:
        arn = change.observed.id
        if changed := self.accepted("modify_target_group", change.changed):
            self.client.modify_target_group(TargetGroupArn=arn, **changed)
        if new := attributes(change):
            self.client.modify_target_group_attributes(TargetGroupArn=arn, Attributes=new)

    def delete(self, observed: Observed) -> None:
        # AWS refuses while a listener or rule sends here: those go first.
        with missing("TargetGroupNotFound"):
            self.client.delete_target_group(TargetGroupArn=observed.id)
