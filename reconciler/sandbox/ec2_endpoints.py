"""Corrections of EC2's endpoints of services inside networks."""

from __future__ import annotations

import json
from typing import Any

from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses.vpcs import VPCs
from moto.ec2.utils import random_private_ip

from reconciler.sandbox.corrections import corrects
from reconciler.sandbox.ec2 import passing


@corrects(VPCs, "create_vpc_endpoint")
def create_vpc_endpoint(original: Any, self: Any) -> Any:
    """AWS's defaults are filled in, and nothing is forgotten. API_CreateVpcEndpoint.html"""
    answer = original(self)
    endpoint = answer.result["VpcEndpoint"]
    endpoint.vpc_endpoint_type = endpoint.vpc_endpoint_type or "Gateway"
    _note(self, endpoint)
    if endpoint.vpc_endpoint_type != "Interface":
        endpoint.private_dns_enabled = False
        return answer
    endpoint.state = "pending"
    if not endpoint.security_group_ids:
        default = self.ec2_backend.get_default_security_group(endpoint.vpc_id)
        endpoint.security_group_ids = [default.id]
    return answer


@corrects(VPCs, "modify_vpc_endpoint")
def modify_vpc_endpoint(original: Any, self: Any) -> Any:
    """Nothing is forgotten. API_ModifyVpcEndpoint.html"""
    answer = original(self)
    endpoint = self.ec2_backend.get_vpc_end_point(self._get_param("VpcEndpointId"))
    endpoint.private_dns_enabled = self._get_bool_param(
        "PrivateDnsEnabled", endpoint.private_dns_enabled
    )
    _note(self, endpoint)
    if self._get_bool_param("ResetPolicy"):
        endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
    return answer


@corrects(VPCEndPoint, "modify")
def modify(
    original: Any,
    self: Any,
    policy: Any,
    subnets: Any,
    subnets_gone: Any,
    tables: Any,
    tables_gone: Any,
    *rest: Any,
) -> None:
    """Routes and interfaces come and go with tables and subnets.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html"""
    backend, prefix_list = self.ec2_backend, self.destination_prefix_list_id
    for table in set(tables or ()) - set(self.route_table_ids):
        route = {"gateway_id": self.id, "destination_prefix_list_id": prefix_list}
        backend.create_route(table, None, **route)
    for table in set(tables_gone or ()) & set(self.route_table_ids):
        backend.delete_route(table, prefix_list)
    for subnet in set(subnets or ()) - set(self.subnet_ids or ()):
        eni = backend.create_network_interface(subnet, random_private_ip())
        self.network_interface_ids.append(eni.id)
    for name in list(self.network_interface_ids):
        if backend.enis[name].subnet.id in (subnets_gone or ()):
            self.network_interface_ids.remove(name)
            backend.delete_network_interface(name)
    original(self, policy, subnets, subnets_gone, tables, tables_gone, *rest)


@corrects(VPCs, "describe_vpc_endpoints")
def describe_vpc_endpoints(original: Any, self: Any) -> Any:
    """States pass. API_VpcEndpoint.html"""
    answer = original(self)
    answer.result["VpcEndpoints"] = passing(answer.result["VpcEndpoints"])
    return answer


@corrects(VPCs, "delete_vpc_endpoints")
def delete_vpc_endpoints(original: Any, self: Any) -> Any:
    """Unknown endpoints are told apart, with HTTP 200. API_DeleteVpcEndpoints.html"""
    names, known = self._get_param("VpcEndpointIds", []), self.ec2_backend.vpc_end_points
    states = {name: known[name].state for name in names if name in known}
    answer = original(self)
    for name, state in states.items():
        interface = known[name].vpc_endpoint_type == "Interface" and state != "deleted"
        known[name].state = "deleting" if interface else "deleted"
    answer.result["Unsuccessful"] = [_unknown(name) for name in names if name not in states]
    return answer


def _note(response: Any, endpoint: Any) -> None:
    old = vars(endpoint)
    given = response._get_param
    endpoint.ip_address_type = given("IpAddressType", old.get("ip_address_type", "ipv4"))
    endpoint.dns_options = {**old.get("dns_options", {}), **given("DnsOptions", {})}


def _unknown(name: str) -> dict[str, Any]:
    told = f"The VpcEndpoint Id '{name}' does not exist"
    return {"ResourceId": name, "Error": {"Code": "InvalidVpcEndpoint.NotFound", "Message": told}}
