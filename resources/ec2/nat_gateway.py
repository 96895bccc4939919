"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.handler import Handler, missing
from reconciler.model import Desired, Found, Observed, Status
from resources.ec2 import TAGGING, specification, token

STATUS = {"available": Status.READY, "failed": Status.BROKEN}
PRIMARY = "(NatGatewayAddresses[?IsPrimary] || NatGatewayAddresses)[0]"


class NatGateway(Handler):
    """The way out for what has no public address. It needs the network's internet gateway."""

    key = ("SubnetId",)
    unique = False
    immutable = {"SubnetId", "AllocationId", "ConnectivityType", "PrivateIpAddress"}
    reads = {
        "AllocationId": f"{PRIMARY}.AllocationId",
        "PrivateIpAddress": f"{PRIMARY}.PrivateIp",
    }
    outputs = {"NatGatewayId"}
    tagging = TAGGING

    def listed(self, since: float = 0) -> Iterator[Found]:
        for gateway in self.listing("describe_nat_gateways", since):
            if gateway["State"] != "deleted":  # AWS shows these for another hour
                tags = TAGGING.from_aws(gateway.get("Tags"))
                yield Found(gateway["NatGatewayId"], gateway, tags)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        state = found.properties["State"]
        status = STATUS.get(state, Status.PENDING)
        failure = found.properties.get("FailureMessage") or f"the gateway is {state}"
        reason = "" if status is Status.READY else failure
        return Observed(found.id, found.properties, found.tags or {}, status, reason)

    def create(self, desired: Desired) -> str:
        answer = self.client.create_nat_gateway(
            **desired.properties,
            **specification("natgateway", desired.tags),
            ClientToken=token(desired.intent),
        )
        return str(answer["NatGateway"]["NatGatewayId"])

    def delete(self, observed: Observed) -> None:
        with missing("NatGatewayNotFound"):
            self.client.delete_nat_gateway(NatGatewayId=observed.id)
