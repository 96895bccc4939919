"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.handler import Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Status
from resources.ec2 import TAGGING, cleared, specification

# AWS takes one attribute a call. Host names need DNS support, so that is switched on first.
ATTRIBUTES = {
    "EnableDnsSupport": "enableDnsSupport",
    "EnableDnsHostnames": "enableDnsHostnames",
    "EnableNetworkAddressUsageMetrics": "enableNetworkAddressUsageMetrics",
}


class Vpc(Handler):
    """A network. It has no name and its create no token: asked twice, AWS makes two."""

    key = ("tag:Name",)
    other_keys = (("CidrBlock",),)
    unique = False
    immutable = {"CidrBlock", "InstanceTenancy"}
    by_default = "IsDefault"
    outputs = {"VpcId"}
    tagging = TAGGING
    repeatable = False

    def listed(self, since: float = 0) -> Iterator[Found]:
        for vpc in self.listing("describe_vpcs", since):
            tags = TAGGING.from_aws(vpc.get("Tags"))
            owner = "AWS" if vpc.get("IsDefault") else ""  # it has one in every region
            yield Found(vpc["VpcId"], vpc, tags, managed_by=owner)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("InvalidVpcID.NotFound"):
            extra = {}
            for name in mentioned & ATTRIBUTES.keys():
                attribute = ATTRIBUTES[name]
                answer = self.client.describe_vpc_attribute(VpcId=found.id, Attribute=attribute)
                extra[name] = answer[name]
            status = Status.READY if found.properties["State"] == "available" else Status.PENDING
            return Observed(found.id, {**found.properties, **extra}, found.tags or {}, status)
        return None

    def create(self, desired: Desired) -> str:
        basics = self.accepted("create_vpc", desired.properties)
        answer = self.client.create_vpc(**basics, **specification("vpc", desired.tags))
        return str(answer["Vpc"]["VpcId"])

    def update(self, change: Change) -> None:
        for name in ATTRIBUTES:
            if name in change.changed:
                self.client.modify_vpc_attribute(
                    VpcId=change.observed.id, **{name: change.wanted[name]}
                )

    def delete(self, observed: Observed) -> None:
        with missing("InvalidVpcID.NotFound"):
            self.client.delete_vpc(VpcId=observed.id)

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties, with the range as AWS keeps it."""
        return cleared(desired, "CidrBlock")
