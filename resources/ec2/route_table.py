"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RouteTable.html"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.handler import Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties
from resources.ec2 import TAGGING, cleared, specification, token

RANGES = ("DestinationCidrBlock", "DestinationIpv6CidrBlock")
DESTINATIONS = (*RANGES, "DestinationPrefixListId")
TARGETS = (
    "EgressOnlyInternetGatewayId",
    "GatewayId",
    "InstanceId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
)
MEMBERS = ("SubnetId", "GatewayId")

# A gateway endpoint writes its routes itself; local and propagated ones are AWS's, too.
ENDPOINT = "DestinationPrefixListId && starts_with(not_null(GatewayId, ''), 'vpce-')"
WRITTEN = f"Routes[?Origin == 'CreateRoute' && !({ENDPOINT})]"
ENDED = "starts_with(not_null(AssociationState.State, ''), 'disassociat')"


class RouteTable(Handler):
    """Where traffic of the associated subnets goes."""

    key = ("VpcId", "tag:Name")
    other_keys = (("VpcId", "Associations[].SubnetId"),)
    unique = False
    by_default = f"Associations[?Main] && !(Associations[?!Main]) && !({WRITTEN})"
    immutable = {"VpcId"}
    lists = {"Routes": DESTINATIONS, "Associations": MEMBERS}
    reads = {
        "Routes": WRITTEN,
        "Associations": f"Associations[?!Main && !({ENDED})]",
    }
    outputs = {"RouteTableId"}
    tagging = TAGGING
    serial = "VpcId"  # a subnet moves from table to table

    def listed(self, since: float = 0) -> Iterator[Found]:
        for table in self.listing("describe_route_tables", since):
            yield Found(table["RouteTableId"], table, TAGGING.from_aws(table.get("Tags")))

    def create(self, desired: Desired) -> str:
        answer = self.client.create_route_table(
            **self.accepted("create_route_table", desired.properties),
            **specification("route-table", desired.tags),
            ClientToken=token(desired.intent),
        )
        return str(answer["RouteTable"]["RouteTableId"])

    def update(self, change: Change) -> None:
        self._route(change)
        self._associate(change)

    def delete(self, observed: Observed) -> None:
        with missing("InvalidRouteTableID.NotFound", "InvalidAssociationID.NotFound"):
            for each in observed.properties.get("Associations") or ():
                self.client.disassociate_route_table(AssociationId=each["RouteTableAssociationId"])
            self.client.delete_route_table(RouteTableId=observed.id)

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties, with destinations as AWS keeps them."""
        if not isinstance(routes := desired.get("Routes"), list):
            return desired
        return {**desired, "Routes": [cleared(route, *RANGES) for route in routes]}

    def _route(self, change: Change) -> None:
        table = {"RouteTableId": change.observed.id}
        before, wanted = _routes(change.observed.properties), _routes(change.wanted)
        for destination, route in wanted.items():
            old = before.get(destination)
            if old is None:
                self.client.create_route(**table, **dict([destination]), **_targets(route))
            # Replaced in one call, no packet is without a route.
            elif new := _targets(route, old):
                self.client.replace_route(**table, **dict([destination]), **new)
        for destination in before.keys() - wanted.keys():
            with missing("InvalidRoute.NotFound"):
                self.client.delete_route(**table, **dict([destination]))

    def _associate(self, change: Change) -> None:
        members, table = change.items("Associations"), change.observed.id
        elsewhere = self._associations() if members.added else {}
        for member in members.added:
            named = {name: member[name] for name in MEMBERS if member.get(name)}
            # Taken from its table and put into ours at once, a subnet is never without one.
            if old := elsewhere.get(next(iter(named.values()))):
                self.client.replace_route_table_association(AssociationId=old, RouteTableId=table)
            else:
                self.client.associate_route_table(RouteTableId=table, **named)
        for member in members.removed:
            # Its new table may have taken it from us already.
            with missing("InvalidAssociationID.NotFound"):
                association = member["RouteTableAssociationId"]
                self.client.disassociate_route_table(AssociationId=association)

    def _associations(self) -> Mapping[str, str]:
        """The association of every subnet and gateway that has one, as of now."""
        tables = map(self.read, self.listing("describe_route_tables", time.monotonic()))
        return {
            each.get("SubnetId") or each["GatewayId"]: each["RouteTableAssociationId"]
            for table in tables
            for each in table["Associations"] or ()
        }


def _routes(properties: Properties) -> dict[tuple[str, str], Properties]:
    """Routes by destination: the name of the parameter, and its value."""
    return {
        next((name, route[name]) for name in DESTINATIONS if route.get(name)): route
        for route in properties.get("Routes") or ()
    }


def _targets(route: Properties, old: Properties | None = None) -> dict[str, Any]:
    """Where a route goes, as far as it did not go there before."""
    before = old or {}
    return {
        name: route[name] for name in TARGETS if route.get(name) and route[name] != before.get(name)
    }
