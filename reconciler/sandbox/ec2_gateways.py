"""Corrections of EC2's ways out of a network: internet gateways, addresses, NAT gateways."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.responses.elastic_ip_addresses import ElasticIPAddresses
from moto.ec2.responses.internet_gateways import InternetGateways
from moto.ec2.responses.nat_gateways import NatGateways

from reconciler.sandbox.corrections import corrects
from reconciler.sandbox.ec2 import balancers, passing


@corrects(InternetGateways, "attach_internet_gateway")
def attach_internet_gateway(original: Any, self: Any) -> Any:
    """A network takes one. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""
    vpc = self._get_param("VpcId")
    gateway = self.ec2_backend.get_internet_gateway(self._get_param("InternetGatewayId"))
    others = [each for each in self.ec2_backend.internet_gateways.values() if each is not gateway]
    if any(each.vpc and each.vpc.id == vpc for each in others):
        taken = f"Network {vpc} already has an internet gateway attached"
        raise EC2ClientError("InvalidParameterValue", taken)
    return original(self)


@corrects(InternetGateways, "detach_internet_gateway")
def detach_internet_gateway(original: Any, self: Any) -> Any:
    """What has a public address must go first. API_DetachInternetGateway.html"""
    vpc = self._get_param("VpcId")
    mapped = [each.eni.vpc_id for each in self.ec2_backend.addresses if each.eni]
    mapped += [each.vpc_id for each in balancers(self) if each.scheme == "internet-facing"]
    if vpc in mapped:
        raise DependencyViolationError(f"Network {vpc} has some mapped public address(es).")
    return original(self)


@corrects(ElasticIPAddresses, "allocate_address")
def allocate_address(original: Any, self: Any) -> Any:
    """The pool and the border group are readable. API_Address.html"""
    answer = original(self)
    (address,) = self.ec2_backend.address_by_allocation([answer.result["AllocationId"]])
    address.public_ipv4_pool = self._get_param("PublicIpv4Pool", "amazon")
    address.network_border_group = self._get_param("NetworkBorderGroup", self.region)
    return answer


@corrects(ElasticIPAddresses, "release_address")
def release_address(original: Any, self: Any) -> Any:
    """An address in use is not released. API_ReleaseAddress.html"""
    for address in self.ec2_backend.addresses:
        if address.allocation_id == self._get_param("AllocationId") and address.association_id:
            used = f"Address {address.public_ip} is in use."
            raise EC2ClientError("InvalidIPAddress.InUse", used)
    return original(self)


@corrects(NatGateways, "create_nat_gateway")
def create_nat_gateway(original: Any, self: Any) -> Any:
    """Pending first, and failed without internet gateway; reads back what was asked for.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html"""
    answer, backend = original(self), self.ec2_backend
    gateway = answer.result["NatGateway"]
    gateway.state, gateway.connectivity_type = "pending", gateway.connectivity_type or "public"
    asked = self._get_param("PrivateIpAddress", gateway.private_ip)
    gateway.address_set[0] |= {"isPrimary": True, "privateIp": asked}
    attached = {each.vpc.id for each in backend.internet_gateways.values() if each.vpc}
    if gateway.connectivity_type == "public" and gateway.vpc_id not in attached:
        gateway.state, gateway.failure_code = "failed", "Gateway.NotAttached"
        gateway.failure_message = f"Network {gateway.vpc_id} has no Internet gateway attached"
        _free(backend, gateway)
    return answer


@corrects(NatGateways, "describe_nat_gateways")
def describe_nat_gateways(original: Any, self: Any) -> Any:
    """States pass; a deleted gateway lets go of its address and interface. API_NatGateway.html"""
    answer = original(self)
    gateways = answer.result["NatGateways"]
    answer.result["NatGateways"] = passing(gateways)
    for gateway in gateways:
        if gateway.state == "deleted":
            _free(self.ec2_backend, gateway)
    return answer


@corrects(NatGateways, "delete_nat_gateway")
def delete_nat_gateway(original: Any, self: Any) -> Any:
    """Unknown gateways are refused; deleting takes a while. API_DeleteNatGateway.html"""
    name = self._get_param("NatGatewayId")
    gateway = self.ec2_backend.nat_gateways.get(name)
    if gateway is None:
        raise EC2ClientError("NatGatewayNotFound", f"NatGateway {name} was not found")
    before = gateway.state
    answer = original(self)
    gateway.state = "deleted" if before == "deleted" else "deleting"
    return answer


def _free(backend: Any, gateway: Any) -> None:
    for address in backend.addresses:
        if address.eni is gateway._eni:
            backend.disassociate_address(association_id=address.association_id)
    backend.enis.pop(gateway._eni.id, None)
