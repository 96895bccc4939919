"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Address.html"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.handler import Handler, missing
from reconciler.model import Desired, Found, Observed
from resources.ec2 import TAGGING, specification


class Address(Handler):
    """An Elastic IP address. Which one it is, AWS chooses, unless it was ours before."""

    key = ("tag:Name",)
    other_keys = (("Address",),)
    unique = False
    immutable = {"Address", "Domain", "NetworkBorderGroup", "PublicIpv4Pool"}
    reads = {"Address": "PublicIp"}
    outputs = {"AllocationId", "PublicIp"}
    tagging = TAGGING
    repeatable = False

    def listed(self, since: float = 0) -> Iterator[Found]:
        for address in self.listing("describe_addresses", since):
            tags = TAGGING.from_aws(address.get("Tags"))
            # Load balancers and regional NAT gateways bring addresses of their own.
            service = address.get("ServiceManaged", "")
            yield Found(address["AllocationId"], address, tags, managed_by=service)

    def create(self, desired: Desired) -> str:
        tags = specification("elastic-ip", desired.tags)
        return str(self.client.allocate_address(**desired.properties, **tags)["AllocationId"])

    def delete(self, observed: Observed) -> None:
        # AWS refuses while something uses the address. That is what we want.
        with missing("InvalidAllocationID.NotFound"):
            self.client.release_address(AllocationId=observed.id)
