"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from botocore.exceptions import ClientError

from reconciler.handler import SET, Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Status, Wait
from resources.ec2 import TAGGING, specification, token

STATUS = {
    "available": Status.READY,
    "pendingacceptance": Status.WAITING,
    "failed": Status.BROKEN,
    "rejected": Status.BROKEN,
    "expired": Status.BROKEN,
}
MEMBERS = ("RouteTableIds", "SubnetIds", "SecurityGroupIds")
NOT_FOUND = ("InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound")


class VpcEndpoint(Handler):
    """A service's door inside a network: routes to it (Gateway), or interfaces (Interface)."""

    key = ("VpcId", "ServiceName", "VpcEndpointType")
    unique = False
    immutable = {"VpcId", "ServiceName", "VpcEndpointType"}
    lists = dict.fromkeys(MEMBERS, SET)
    reads = {"SecurityGroupIds": "Groups[].GroupId"}
    policies = {"PolicyDocument"}
    outputs = {"VpcEndpointId", "DnsEntries"}
    tagging = TAGGING
    settles_within = 1200

    def listed(self, since: float = 0) -> Iterator[Found]:
        for endpoint in self.listing("describe_vpc_endpoints", since):
            if endpoint["State"].lower() != "deleted":  # AWS shows these for a while
                tags = TAGGING.from_aws(endpoint.get("Tags"))
                service = "an AWS service" if endpoint.get("RequesterManaged") else ""
                yield Found(endpoint["VpcEndpointId"], endpoint, tags, managed_by=service)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        state = found.properties["State"]
        status = STATUS.get(state.lower(), Status.PENDING)
        failure = _failure(found.properties) or f"the endpoint is {state}"
        reason = "" if status is Status.READY else failure
        waits = _acceptance(found) if status is Status.WAITING else ()
        return Observed(found.id, found.properties, found.tags or {}, status, reason, waits)

    def create(self, desired: Desired) -> str:
        answer = self.client.create_vpc_endpoint(
            **self.accepted("create_vpc_endpoint", desired.properties),
            **specification("vpc-endpoint", desired.tags),
            ClientToken=token(desired.intent),
        )
        return str(answer["VpcEndpoint"]["VpcEndpointId"])

    def update(self, change: Change) -> None:
        request: dict[str, Any] = self.accepted("modify_vpc_endpoint", change.changed)
        for name in MEMBERS:  # AWS takes what comes and what goes, never the list
            members = change.items(name)
            request |= {f"Add{name}": members.added} if members.added else {}
            request |= {f"Remove{name}": members.removed} if members.removed else {}
        if change.touches("PolicyDocument") and not change.wanted.get("PolicyDocument"):
            request["ResetPolicy"] = True
        self.client.modify_vpc_endpoint(VpcEndpointId=change.observed.id, **request)

    def delete(self, observed: Observed) -> None:
        with missing(*NOT_FOUND):
            answer = self.client.delete_vpc_endpoints(VpcEndpointIds=[observed.id])
            # What AWS refuses here, it refuses with HTTP 200.
            for refused in answer.get("Unsuccessful", ()):
                raise ClientError({**answer, **refused}, "DeleteVpcEndpoints")


def _failure(properties: Properties) -> str:
    error = properties.get("LastError", {}).get("Message")
    return str(properties.get("FailureReason") or error or "")


def _acceptance(found: Found) -> tuple[Wait, ...]:
    service = found.properties["ServiceName"]
    return (Wait(f"the owner of {service}", f"accept the connection of endpoint {found.id}"),)
