"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGateway.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.handler import Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Status
from resources.ec2 import TAGGING, specification


class InternetGateway(Handler):
    """The way out of a network. AWS creates it unattached; a network takes only one."""

    key = ("VpcId",)
    unique = False
    disruptive = {"VpcId"}
    reads = {"VpcId": "Attachments[?State != 'detaching' && State != 'detached'].VpcId | [0]"}
    outputs = {"InternetGatewayId"}
    tagging = TAGGING
    repeatable = False

    def listed(self, since: float = 0) -> Iterator[Found]:
        for gateway in self.listing("describe_internet_gateways", since):
            tags = TAGGING.from_aws(gateway.get("Tags"))
            yield Found(gateway["InternetGatewayId"], gateway, tags)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        attachments = found.properties.get("Attachments", ())
        moving = any(each["State"] in ("attaching", "detaching") for each in attachments)
        status = Status.PENDING if moving else Status.READY
        return Observed(found.id, found.properties, found.tags or {}, status)

    def create(self, desired: Desired) -> str:
        tags = specification("internet-gateway", desired.tags)
        answer = self.client.create_internet_gateway(**tags)
        return str(answer["InternetGateway"]["InternetGatewayId"])

    def update(self, change: Change) -> None:
        if not change.touches("VpcId"):
            return
        gateway = {"InternetGatewayId": change.observed.id}
        if old := change.observed.properties.get("VpcId"):
            self.client.detach_internet_gateway(**gateway, VpcId=old)
        if new := change.wanted.get("VpcId"):
            self.client.attach_internet_gateway(**gateway, VpcId=new)

    def delete(self, observed: Observed) -> None:
        gateway = {"InternetGatewayId": observed.id}
        with missing("InvalidInternetGatewayID.NotFound", "Gateway.NotAttached"):
            if vpc := observed.properties.get("VpcId"):
                self.client.detach_internet_gateway(**gateway, VpcId=vpc)
            self.client.delete_internet_gateway(**gateway)
