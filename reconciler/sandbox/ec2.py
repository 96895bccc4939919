"""Corrections of EC2's networks and subnets, and what EC2's corrections share."""

from __future__ import annotations

from copy import copy
from ipaddress import ip_network
from typing import Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models.subnets import SubnetBackend
from moto.ec2.models.vpcs import VPCBackend
from moto.ec2.responses.subnets import Subnets
from moto.elbv2.models import elbv2_backends

from reconciler.sandbox.corrections import corrects

NEXT = {"pending": "available", "deleting": "deleted"}


def passing(objects: list[Any]) -> list[Any]:
    """The objects as they are now. By the next look, what AWS does meanwhile is done."""
    shown = [copy(each) for each in objects]
    for each in objects:
        each.state = NEXT.get(each.state, each.state)
    return shown


def balancers(response: Any) -> list[Any]:
    """The load balancers of the account and region of a request."""
    backend = elbv2_backends[response.current_account][response.region]
    return list(backend.load_balancers.values())


def network(cidr: Any) -> Any:
    """A range as AWS keeps it: the bits behind the mask are cleared."""
    try:
        return str(ip_network(cidr, strict=False)) if cidr else cidr
    except ValueError:
        return cidr  # moto refuses it


def refuse(kind: str, name: str) -> None:
    raise DependencyViolationError(f"The {kind} '{name}' has dependencies and cannot be deleted.")


@corrects(VPCBackend, "create_vpc")
def create_vpc(original: Any, self: Any, cidr_block: str, *rest: Any, **more: Any) -> Any:
    """The range is kept clean. API_CreateVpc.html"""
    return original(self, network(cidr_block), *rest, **more)


@corrects(VPCBackend, "delete_vpc")
def delete_vpc(original: Any, self: Any, vpc_id: str) -> Any:
    """Gateways, endpoints and groups must go first. API_DeleteVpc.html"""
    attached = [each for each in self.internet_gateways.values() if each.vpc]
    networks = [each.vpc.id for each in attached]
    networks += [e.vpc_id for e in self.vpc_end_points.values() if e.state != "deleted"]
    networks += [g.vpc_id for g in self.describe_security_groups() if g.name != "default"]
    if vpc_id in networks:
        refuse("vpc", vpc_id)
    return original(self, vpc_id)


@corrects(SubnetBackend, "create_subnet")
def create_subnet(
    original: Any,
    self: Any,
    vpc_id: str,
    cidr_block: str,
    ipv6_cidr_block: str | None = None,
    availability_zone: str | None = None,
    availability_zone_id: str | None = None,
    **more: Any,
) -> Any:
    """The range is kept clean; a zone's id says the same as its name. API_CreateSubnet.html

    Moto takes the first subnet in a zone given by id for AWS's default one, and thus public."""
    names = {zone.zone_id: zone.name for zone in self.describe_availability_zones()}
    zone = availability_zone or names.get(availability_zone_id)
    return original(
        self, vpc_id, network(cidr_block), ipv6_cidr_block, zone, availability_zone_id, **more
    )


@corrects(Subnets, "modify_subnet_attribute")
def modify_subnet_attribute(original: Any, self: Any) -> Any:
    """One attribute a call, and none forgotten. API_ModifySubnetAttribute.html"""
    attributes = dict(self._get_params())
    subnet = self.ec2_backend.get_subnet(attributes.pop("SubnetId"))
    if len(attributes) > 1:
        only_one = "Only one subnet attribute can be modified at a time"
        raise EC2ClientError("InvalidParameterCombination", only_one)
    if kind := attributes.get("PrivateDnsHostnameTypeOnLaunch"):
        subnet.private_dns_name_options_on_launch["HostnameType"] = kind
    return original(self)


@corrects(Subnets, "delete_subnet")
def delete_subnet(original: Any, self: Any) -> Any:
    """Interfaces and load balancers must go first; associations go with it.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-deleting.html"""
    subnet, backend = self._get_param("SubnetId"), self.ec2_backend
    used = [eni.subnet.id for eni in backend.enis.values()]
    used += [each.id for balancer in balancers(self) for each in balancer.subnets]
    if subnet in used:
        refuse("subnet", subnet)
    answer = original(self)
    for table in backend.route_tables.values():
        kept = {id: other for id, other in table._associations.items() if other != subnet}
        table._associations = kept
    return answer
