"""What a web ACL stands before, and where it logs: moto checks neither."""

from __future__ import annotations

import json
import re
from typing import Any

from moto.elbv2.models import elbv2_backends
from moto.wafv2.exceptions import WAFNonexistentItemException
from moto.wafv2.models import FakeLoggingConfiguration, FakeWebACL, WAFV2Backend, wafv2_backends
from moto.wafv2.responses import WAFV2Response

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.wafv2_refusals import refused

DESTINATION = re.compile(
    r"arn:[^:]+:(s3:::|firehose:[^:]+:\d{12}:deliverystream/|logs:[^:]+:\d{12}:log-group:)"
    r"aws-waf-logs-[^:*]+"
)
REDACTED = {"UriPath", "QueryString", "SingleHeader", "Method"}


@corrects(WAFV2Backend, "associate_web_acl")
def associate_web_acl(original: Method, self: Any, web_acl_arn: str, resource_arn: str) -> None:
    """moto puts several web ACLs before one load balancer, even before one that there is not.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html"""
    _refuse_missing(self, resource_arn)
    if web_acl_arn not in self.wacls:
        raise WAFNonexistentItemException
    self.disassociate_web_acl(resource_arn)
    original(self, web_acl_arn, resource_arn)


@corrects(WAFV2Backend, "get_web_acl_for_resource")
def get_web_acl_for_resource(original: Method, self: Any, resource_arn: str) -> FakeWebACL | None:
    """moto answers for load balancers that there are not.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_GetWebACLForResource.html"""
    _refuse_missing(self, resource_arn)
    found: FakeWebACL | None = original(self, resource_arn)
    return found


@corrects(WAFV2Response, "list_resources_for_web_acl")
def list_resources_for_web_acl(_: Method, self: Any) -> Any:
    """moto lacks it.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_ListResourcesForWebACL.html"""
    arn = self._get_param("WebACLArn")
    if ":global/" in arn:
        raise refused("CloudFront is asked for the distributions of a web ACL", arn)
    backend = self.wafv2_backend
    kind = self._get_param("ResourceType") or "APPLICATION_LOAD_BALANCER"
    balancers = protected(backend, backend.get_web_acl(arn, None, None))
    told = balancers if kind == "APPLICATION_LOAD_BALANCER" else []
    return 200, {}, json.dumps({"ResourceArns": told})


@corrects(WAFV2Backend, "put_logging_configuration")
def put_logging_configuration(
    original: Method, self: Any, arn: str, destinations: list[str], redacted: Any, *more: Any
) -> FakeLoggingConfiguration:
    """moto logs anywhere, for anybody, and keeps the names of headers as they are written.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_PutLoggingConfiguration.html"""
    backends = wafv2_backends[self.account_id]
    if not any(arn in backend.wacls for backend in list(backends.values())):
        raise WAFNonexistentItemException
    if len(destinations) != 1 or not DESTINATION.fullmatch(destinations[0]):
        raise refused("The ARN isn't valid", ", ".join(destinations))
    kinds = {kind for field in redacted or () for kind in field}
    if not kinds <= REDACTED:
        raise refused("The field cannot be redacted", ", ".join(sorted(kinds - REDACTED)))
    fields = [_lowered(field) for field in redacted or ()] or redacted
    put: FakeLoggingConfiguration = original(self, arn, destinations, fields, *more)
    return put


def protected(backend: Any, acl: Any) -> list[str]:
    """The load balancers behind a web ACL: those that there still are."""
    balancers = elbv2_backends[backend.account_id][acl.arn.split(":")[3]].load_balancers
    return [arn for arn in acl.associated_resources if arn in balancers]


def forget_logging(account: str, arn: str) -> None:
    """Moto keeps the logging of CloudFront's web ACLs beside that of us-east-1's own."""
    for backend in list(wafv2_backends[account].values()):
        backend.logging_configurations.pop(arn, None)


def _lowered(field: dict[str, Any]) -> dict[str, Any]:
    return {
        kind: {**each, "Name": each["Name"].lower()} if "Name" in each else each
        for kind, each in field.items()
    }


def _refuse_missing(backend: Any, arn: str) -> None:
    service, region = arn.split(":")[2:4]
    known = elbv2_backends[backend.account_id][region].load_balancers
    if service == "elasticloadbalancing" and arn not in known:
        raise WAFNonexistentItemException
