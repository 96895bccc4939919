"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.handler import Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Status
from resources.ec2 import TAGGING, cleared, specification

STATUS = {
    "available": Status.READY,
    "failed": Status.BROKEN,
    "failed-insufficient-capacity": Status.BROKEN,
}
ATTRIBUTES = (
    "MapPublicIpOnLaunch",
    "PrivateDnsHostnameTypeOnLaunch",
    "EnableResourceNameDnsARecordOnLaunch",
)


class Subnet(Handler):
    """A range of a network's addresses in one zone."""

    key = ("VpcId", "CidrBlock")  # AWS refuses overlapping ranges in one network
    immutable = {"VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId"}
    reads = {
        # Written as {Value: true}, answered as true.
        "MapPublicIpOnLaunch": "{Value: not_null(MapPublicIpOnLaunch.Value, MapPublicIpOnLaunch)}",
        "EnableResourceNameDnsARecordOnLaunch": (
            "{Value: PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsARecord}"
        ),
        "PrivateDnsHostnameTypeOnLaunch": "PrivateDnsNameOptionsOnLaunch.HostnameType",
    }
    by_default = "DefaultForAz"
    outputs = {"SubnetId"}
    tagging = TAGGING
    settles_within = 2700  # interfaces of deleted functions hold a subnet for up to 40 minutes

    def listed(self, since: float = 0) -> Iterator[Found]:
        for subnet in self.listing("describe_subnets", since):
            yield Found(subnet["SubnetId"], subnet, TAGGING.from_aws(subnet.get("Tags")))

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        state = found.properties["State"]
        status = STATUS.get(state, Status.PENDING)
        reason = "" if status is Status.READY else f"the subnet is {state}"
        return Observed(found.id, found.properties, found.tags or {}, status, reason)

    def create(self, desired: Desired) -> str:
        basics = self.accepted("create_subnet", desired.properties)
        answer = self.client.create_subnet(**basics, **specification("subnet", desired.tags))
        return str(answer["Subnet"]["SubnetId"])

    def update(self, change: Change) -> None:
        for name in ATTRIBUTES:
            if name in change.changed:  # AWS takes one attribute a call
                self.client.modify_subnet_attribute(
                    SubnetId=change.observed.id, **{name: change.wanted[name]}
                )

    def delete(self, observed: Observed) -> None:
        with missing("InvalidSubnetID.NotFound"):
            self.client.delete_subnet(SubnetId=observed.id)

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties, with the range as AWS keeps it."""
        return cleared(desired, "CidrBlock")
