"""Corrections of EC2's route tables."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError, RouteAlreadyExistsError
from moto.ec2.models.route_tables import RouteBackend
from moto.ec2.responses.route_tables import RouteTables
from moto.ec2.utils import generate_route_id

from reconciler.sandbox.corrections import corrects
from reconciler.sandbox.ec2 import network, refuse


@corrects(RouteTables, "associate_route_table")
def associate_route_table(original: Any, self: Any) -> Any:
    """A subnet has one table: it must be replaced. API_AssociateRouteTable.html"""
    name, subnet = self._get_param("RouteTableId"), self._get_param("SubnetId")
    tables = self.ec2_backend.route_tables.values()
    others = [table for table in tables if subnet in table._associations.values()]
    if any(table.id != name for table in others):
        conflict = f"the specified association for route table {name} conflicts with an existing"
        raise EC2ClientError("Resource.AlreadyAssociated", f"{conflict} association")
    return original(self)


@corrects(RouteTables, "delete_route_table")
def delete_route_table(original: Any, self: Any) -> Any:
    """A network's main table goes with it. API_DeleteRouteTable.html"""
    table = self.ec2_backend.get_route_table(self._get_param("RouteTableId"))
    if table.main_association_id:
        refuse("routeTable", table.id)
    return original(self)


@corrects(RouteBackend, "create_route")
def create_route(
    original: Any,
    self: Any,
    route_table_id: str,
    destination_cidr_block: str | None,
    destination_ipv6_cidr_block: str | None = None,
    destination_prefix_list_id: str | None = None,
    **more: Any,
) -> Any:
    """The destination is kept clean, and has one route, whatever its kind. API_CreateRoute.html"""
    ranges = network(destination_cidr_block), network(destination_ipv6_cidr_block)
    name = generate_route_id(route_table_id, *ranges, destination_prefix_list_id)
    if name in self.get_route_table(route_table_id)._routes:
        raise RouteAlreadyExistsError(name.partition("~")[2])
    return original(self, route_table_id, *ranges, destination_prefix_list_id, **more)
