"""Cloud Map: moto finishes everything at once, takes anything, and misnames its zones."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.route53.exceptions import Route53ClientError
from moto.route53.models import Route53Backend, route53_backends
from moto.servicediscovery.models import Operation, Service, ServiceDiscoveryBackend
from moto.servicediscovery.responses import ServiceDiscoveryResponse
from moto.utilities.utils import get_partition

from reconciler.sandbox.corrections import Method, corrects

PRINCIPAL = "servicediscovery.amazonaws.com"
BEGUN = ("SUBMITTED", "PENDING")


@corrects(ServiceDiscoveryBackend, "create_private_dns_namespace")
def create_private_dns_namespace(
    original: Method,
    self: Any,
    name: str,
    creator_request_id: str,
    description: str,
    vpc: str,
    tags: Any,
    properties: dict[str, Any] | None,
) -> str:
    """moto has one namespace a VPC, and a zone named `NAME-hz` in no VPC.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html"""
    if any(each.vpc == vpc and each.name == name for each in self.namespaces.values()):
        raise JsonRESTError("NamespaceAlreadyExists", f"Namespace {name} already exists.")
    taken = any(_named(zone, name, vpc) for zone in _zones(self).zones.values())
    # moto looks at VPCs only: for it, this one is another.
    where = f"{vpc} {name}"
    operation: str = original(
        self, name, creator_request_id, description, where, tags, properties or {}
    )
    made = self.operations[operation]
    namespace = self.namespaces[made.targets["NAMESPACE"]]
    _zones(self).zones.pop(_id(namespace))
    if taken:
        made.status = "FAIL"
        made.error = f"The VPC {vpc} is already associated with a hosted zone of {name}"
        del self.namespaces[namespace.id]
        return operation
    namespace.vpc = vpc
    namespace.dns_properties = {**_soa(properties), "HostedZoneId": _zone(self, namespace)}
    return operation


@corrects(ServiceDiscoveryBackend, "_create_operation")
def create_operation(original: Method, self: Any, op_type: str, targets: dict[str, str]) -> str:
    """moto is done with everything at once. API_GetOperation.html"""
    operation: str = original(self, op_type, targets)
    self.operations[operation].status = BEGUN[0]
    return operation


@corrects(ServiceDiscoveryBackend, "get_operation")
def get_operation(original: Method, self: Any, operation_id: str) -> Any:
    """What was begun is shown at work once, and is done by the next look."""
    operation = original(self, operation_id)
    _pass(operation)
    return operation


@corrects(ServiceDiscoveryBackend, "list_namespaces")
def list_namespaces(original: Method, self: Any) -> Iterable[Any]:
    """A namespace is there once the operation that makes it has ended. API_ListNamespaces.html"""
    births = [each for each in self.operations.values() if each.operation_type.startswith("CREATE")]
    young = {each.targets["NAMESPACE"] for each in births if each.status in BEGUN}
    for each in births:
        _pass(each)
    return [each for each in original(self) if each.id not in young]


@corrects(ServiceDiscoveryBackend, "update_private_dns_namespace")
def update_private_dns_namespace(
    original: Method, self: Any, _id: str, description: Any, properties: dict[str, Any] | None
) -> str:
    """moto forgets the zone of a namespace whose SOA changes.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_UpdatePrivateDnsNamespace.html"""
    kept = self.get_namespace(_id).dns_properties
    return str(original(self, _id, description, properties and {**kept, **properties}))


@corrects(ServiceDiscoveryBackend, "delete_namespace")
def delete_namespace(original: Method, self: Any, namespace_id: str) -> str:
    """moto deletes namespaces that hold services, and leaves the zone.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteNamespace.html"""
    namespace = self.get_namespace(namespace_id)
    if any(each.namespace_id == namespace_id for each in self.services.values()):
        raise JsonRESTError("ResourceInUse", "The namespace contains services.")
    _zones(self).zones.pop(_id(namespace), None)
    return str(original(self, namespace_id))


@corrects(ServiceDiscoveryBackend, "list_operations")
def list_operations(original: Method, self: Any) -> Iterable[Any]:
    """moto forgets operations of what is gone. API_ListOperations.html"""
    return list(self.operations.values())


@corrects(ServiceDiscoveryBackend, "create_service")
def create_service(original: Method, self: Any, **given: Any) -> Any:
    """moto makes services twice, in no namespace, and without the defaults of AWS.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html"""
    namespace = self.get_namespace(given["namespace_id"])
    inside = [each for each in self.services.values() if each.namespace_id == namespace.id]
    if any(each.name == given["name"] for each in inside):
        raise JsonRESTError("ServiceAlreadyExists", f"Service {given['name']} already exists.")
    by_calls = given["service_type"] == "HTTP" or namespace.type == "HTTP"
    if bool(given["dns_config"]) is by_calls:
        raise JsonRESTError("InvalidInput", "DnsConfig is for what has records, and only for it.")
    if given["health_check_config"] and namespace.type == "DNS_PRIVATE":
        raise JsonRESTError("InvalidInput", "HealthCheckConfig is not for private namespaces.")
    if given["dns_config"]:
        given["dns_config"] = {"RoutingPolicy": "MULTIVALUE", **given["dns_config"]}
    if given["health_check_custom_config"] is not None:
        given["health_check_custom_config"] = {"FailureThreshold": 1}
    return original(self, **{**given, "service_type": "HTTP" if by_calls else "DNS_HTTP"})


@corrects(ServiceDiscoveryBackend, "update_service")
def update_service(original: Method, self: Any, service_id: str, details: dict[str, Any]) -> str:
    """moto takes other records, and keeps a health check that was left out.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_UpdateService.html"""
    service = self.get_service(service_id)
    before = service.dns_config or {}
    if self.get_namespace(service.namespace_id).type == "HTTP":
        raise JsonRESTError("InvalidInput", "A service of an HTTP namespace is not updated.")
    records = (details.get("DnsConfig") or {}).get("DnsRecords", [])
    if not {each["Type"] for each in records} <= {each["Type"] for each in before["DnsRecords"]}:
        raise JsonRESTError("InvalidInput", "Records of other types cannot be added.")
    service.health_check_config = details.get("HealthCheckConfig")
    return str(original(self, service_id, details))


@corrects(ServiceDiscoveryBackend, "delete_service")
def delete_service(original: Method, self: Any, service_id: str) -> None:
    """moto deletes what is not there, and what has instances.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteService.html"""
    if self.get_service(service_id).instances:
        raise JsonRESTError("ResourceInUse", "Service contains registered instances.")
    original(self, service_id)


@corrects(Operation, "to_json")
def operation_shown(original: Method, self: Any, short: bool = False) -> dict[str, Any]:
    """moto's operations never fail. API_Operation.html"""
    why = getattr(self, "error", "")
    failed = {"ErrorCode": "CANNOT_CREATE_HOSTED_ZONE", "ErrorMessage": why} if why else {}
    return {**original(self, short), **({} if short else failed)}


@corrects(Service, "to_json")
def service_shown(original: Method, self: Any) -> dict[str, Any]:
    """moto says null where AWS says nothing, and does not count instances. API_Service.html"""
    shown = {**original(self), "InstanceCount": len(self.instances)}
    return {name: value for name, value in shown.items() if value is not None}


@corrects(ServiceDiscoveryResponse, "list_services")
def list_services(original: Method, self: Any) -> str:
    """moto does not filter, and says of which namespace each is. API_ServiceSummary.html"""
    every = list(self.servicediscovery_backend.list_services())
    for each in json.loads(self.body).get("Filters", ()):
        if each["Name"] == "NAMESPACE_ID":
            every = [one for one in every if one.namespace_id in each["Values"]]
    shown = [one.to_json() for one in every]
    hidden = ("NamespaceId", "CreatorRequestId")
    listed = [{name: one[name] for name in one if name not in hidden} for one in shown]
    return json.dumps({"Services": listed})


@corrects(Route53Backend, "delete_hosted_zone")
def delete_hosted_zone(original: Method, self: Any, id_: str) -> Any:
    """What another service made, only that one deletes; moto does not know of any.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZone.html"""
    _ours(self, id_)
    return original(self, id_)


@corrects(Route53Backend, "update_hosted_zone_comment")
def update_hosted_zone_comment(original: Method, self: Any, id_: str, comment: str) -> Any:
    """The same for what is said of it. API_UpdateHostedZoneComment.html"""
    _ours(self, id_)
    return original(self, id_, comment)


def _ours(backend: Any, zone: str) -> None:
    if hasattr(backend.get_hosted_zone(zone), "linked_service"):
        only = f"The resource {zone} can only be managed through AWS Cloud Map"
        raise Route53ClientError("AccessDenied", only)


def _pass(operation: Any) -> None:
    if operation.status in BEGUN:
        operation.status = dict(zip(BEGUN, (BEGUN[1], "SUCCESS"), strict=True))[operation.status]


def _soa(properties: dict[str, Any] | None) -> dict[str, Any]:
    return {"SOA": {"TTL": 60}, **((properties or {}).get("DnsProperties") or {})}


def _zones(backend: Any) -> Any:
    return route53_backends[backend.account_id][get_partition(backend.region_name)]


def _id(namespace: Any) -> str:
    return str(namespace.dns_properties.get("HostedZoneId", "")).rpartition("/")[2]


def _named(zone: Any, name: str, vpc: str) -> bool:
    return zone.name.rstrip(".") == name and any(each["vpc_id"] == vpc for each in zone.vpcs)


def _zone(backend: Any, namespace: Any) -> str:
    """The hosted zone that Cloud Map makes, and keeps to itself."""
    zone = _zones(backend).create_hosted_zone(
        namespace.name,
        private_zone=True,
        caller_reference=f"cloud map {namespace.id}",
        vpcid=namespace.vpc,
        vpcregion=backend.region_name,
        comment=f"Created by AWS Cloud Map namespace with ARN {namespace.arn}",
    )
    zone.linked_service = {"ServicePrincipal": PRINCIPAL, "Description": zone.comment}
    return str(zone.resource_id)
