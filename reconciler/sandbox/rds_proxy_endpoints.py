"""Endpoints of RDS Proxy, which moto has not: they live with their proxy, and take a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.rds.exceptions import InvalidSubnet, RDSClientError
from moto.rds.responses import RDSResponse

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.rds_proxies import resting, there

NAME = "DBProxyEndpointName"
Endpoint = dict[str, Any]


@corrects(RDSResponse, "create_db_proxy_endpoint")
def create_db_proxy_endpoint(_: Method, self: Any) -> ActionResult:
    """moto lacks it. API_CreateDBProxyEndpoint.html"""
    backend, given = self.backend, self.params
    proxy, name = resting(backend, given["DBProxyName"]), given[NAME]
    if _known(backend, name):
        raise RDSClientError(
            "DBProxyEndpointAlreadyExistsFault", f"There is a DB proxy endpoint {name} already."
        )
    vpc = _network(backend, given["VpcSubnetIds"])
    endpoint = {
        NAME: name,
        "DBProxyEndpointArn": f"{proxy.arn.rpartition('db-proxy:')[0]}db-proxy-endpoint:prx-{name}",
        "DBProxyName": given["DBProxyName"],
        "Status": "creating",
        "VpcId": vpc.id,
        "VpcSecurityGroupIds": given.get("VpcSecurityGroupIds") or [_default_group(backend, vpc)],
        "VpcSubnetIds": list(given["VpcSubnetIds"]),
        "Endpoint": f"{name}.endpoint.{proxy.endpoint.partition('.')[2]}",
        "CreatedDate": datetime.now(UTC),
        "TargetRole": given.get("TargetRole", "READ_WRITE"),
        "IsDefault": False,
        "EndpointNetworkType": given.get("EndpointNetworkType", "IPV4"),
    }
    _below(proxy)[name] = endpoint
    return _told(endpoint)


@corrects(RDSResponse, "describe_db_proxy_endpoints")
def describe_db_proxy_endpoints(_: Method, self: Any) -> ActionResult:
    """moto lacks it. What AWS is at work on is shown so once. API_DescribeDBProxyEndpoints.html"""
    backend, name = self.backend, self.params.get(NAME)
    if proxy := self.params.get("DBProxyName"):
        there(backend, proxy)
    found = [
        each
        for each in _every(backend)
        if name in (None, each[NAME]) and proxy in (None, each["DBProxyName"])
    ]
    if name and not found:
        raise _not_found(name)
    shown = [dict(each) for each in found]
    for each in found:
        _settle(backend, each)
    return ActionResult({"DBProxyEndpoints": shown})


@corrects(RDSResponse, "modify_db_proxy_endpoint")
def modify_db_proxy_endpoint(_: Method, self: Any) -> ActionResult:
    """moto lacks it. API_ModifyDBProxyEndpoint.html"""
    endpoint = _resting(self.backend, self.params[NAME])
    if groups := self.params.get("VpcSecurityGroupIds"):
        endpoint["VpcSecurityGroupIds"] = list(groups)
    endpoint["Status"] = "modifying"
    return _told(endpoint)


@corrects(RDSResponse, "delete_db_proxy_endpoint")
def delete_db_proxy_endpoint(_: Method, self: Any) -> ActionResult:
    """moto lacks it. API_DeleteDBProxyEndpoint.html"""
    endpoint = _resting(self.backend, self.params[NAME])
    endpoint["Status"] = "deleting"
    return _told(endpoint)


def _told(endpoint: Endpoint) -> ActionResult:
    return ActionResult({"DBProxyEndpoint": dict(endpoint)})


def _settle(backend: Any, endpoint: Endpoint) -> None:
    if endpoint["Status"] == "deleting":
        del _below(backend.db_proxies[endpoint["DBProxyName"]])[endpoint[NAME]]
    endpoint["Status"] = "available"


def _resting(backend: Any, name: str) -> Endpoint:
    endpoint = _known(backend, name)
    if endpoint is None:
        raise _not_found(name)
    if endpoint["Status"] != "available":
        raise RDSClientError(
            "InvalidDBProxyEndpointStateFault",
            f"DB proxy endpoint {name} is in {endpoint['Status']} state.",
        )
    return endpoint


def _known(backend: Any, name: str) -> Endpoint | None:
    return next((each for each in _every(backend) if each[NAME] == name), None)


def _every(backend: Any) -> Iterator[Endpoint]:
    for proxy in backend.db_proxies.values():
        yield from _below(proxy).values()


def _below(proxy: Any) -> dict[str, Endpoint]:
    """A proxy's endpoints, which live as long as it does."""
    endpoints: dict[str, Endpoint] = proxy.__dict__.setdefault("endpoints", {})
    return endpoints


def _network(backend: Any, subnets: list[str]) -> Any:
    """The one network of these subnets."""
    network = ec2_backends[backend.account_id][backend.region_name]
    homes = {each.vpc_id for each in network.describe_subnets(subnet_ids=subnets)}
    if len(homes) != 1:
        raise InvalidSubnet(subnet_identifier=", ".join(subnets))
    return network.get_vpc(homes.pop())


def _default_group(backend: Any, vpc: Any) -> str:
    network: Any = ec2_backends[backend.account_id][backend.region_name]
    return str(network.get_default_security_group(vpc.id).id)


def _not_found(name: str) -> RDSClientError:
    return RDSClientError("DBProxyEndpointNotFoundFault", f"There is no DB proxy endpoint {name}.")
