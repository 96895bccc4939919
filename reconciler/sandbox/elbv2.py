"""Load balancers and target groups: what AWS refuses, and what moto forgets."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import DuplicateLoadBalancerName, ELBClientError, ValidationError
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer
from moto.elbv2.responses import ELBV2Response

from reconciler.sandbox.corrections import corrects

NAME = re.compile(r"(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)")


@corrects(ELBv2Backend, "create_load_balancer")
def create_load_balancer(
    original: Callable[..., Any],
    self: Any,
    name: str,
    security_groups: list[str],
    subnet_ids: list[str],
    **more: Any,
) -> FakeLoadBalancer:
    """moto takes any name, again and again, one zone, and the internet where there is none.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"""
    if not NAME.fullmatch(name):
        raise ValidationError(f"The load balancer name '{name}' is not valid")
    asked = {**more, "scheme": more.get("scheme") or "internet-facing"}
    kind = asked.get("loadbalancer_type") or "application"
    subnets = [self.ec2_backend.get_subnet(each) for each in subnet_ids]
    if kind == "application" and subnets and len({s.availability_zone for s in subnets}) < 2:
        raise ValidationError(
            "At least two subnets in two different Availability Zones must be specified"
        )
    for balancer in self.load_balancers.values():
        if balancer.name == name:
            return _same(balancer, asked["scheme"], kind, security_groups, subnet_ids)
    if asked["scheme"] == "internet-facing" and subnets:
        _refuse_without_gateway(self.ec2_backend, subnets[0].vpc_id)
    made: FakeLoadBalancer = original(self, name, security_groups, subnet_ids, **asked)
    return made


@corrects(ELBv2Backend, "delete_load_balancer")
def delete_load_balancer(original: Callable[..., Any], self: Any, arn: str) -> None:
    """moto deletes what is protected.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html"""
    balancer = self.load_balancers.get(arn)
    if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
        raise ELBClientError(
            "OperationNotPermitted",
            f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
        )
    original(self, arn)


@corrects(ELBV2Response, "modify_target_group")
def modify_target_group(original: Callable[..., Any], self: Any) -> ActionResult:
    """moto ignores the code of gRPC.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html"""
    answer: ActionResult = original(self)
    if code := self._get_param("Matcher.GrpcCode"):
        group = self.elbv2_backend.target_groups[self._get_param("TargetGroupArn")]
        group.matcher = {"GrpcCode": code}
    return answer


def _same(
    balancer: Any, scheme: str, kind: str, groups: list[str], subnets: list[str]
) -> FakeLoadBalancer:
    """The load balancer that there is, if it was created just so."""
    asked = (scheme, kind, set(groups), set(subnets))
    there = {each.id for each in balancer.subnets}
    if asked != (balancer.scheme, balancer.type, set(balancer.security_groups), there):
        raise DuplicateLoadBalancerName()
    return balancer  # type: ignore[no-any-return]


def _refuse_without_gateway(ec2: Any, vpc: str) -> None:
    attached = {each.vpc.id for each in ec2.internet_gateways.values() if each.vpc}
    if vpc not in attached:
        raise ELBClientError("InvalidSubnet", f"VPC {vpc} has no internet gateway")
