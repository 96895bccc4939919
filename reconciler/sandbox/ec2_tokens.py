"""Corrections of EC2's creates that take a client token."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses.nat_gateways import NatGateways
from moto.ec2.responses.route_tables import RouteTables
from moto.ec2.responses.vpcs import VPCs

# Imported first, for their corrections of the same methods must not see a create repeated.
from reconciler.sandbox import ec2_endpoints, ec2_gateways  # noqa: F401
from reconciler.sandbox.corrections import corrects


@corrects(NatGateways, "create_nat_gateway")
@corrects(RouteTables, "create_route_table")
@corrects(VPCs, "create_vpc_endpoint")
def one_object_per_token(original: Any, self: Any) -> Any:
    """A client token seen before gives the object made then.

    https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html"""
    answers = self.ec2_backend.__dict__.setdefault("answers_by_token", {})
    asked = dict(self._get_params())
    token = asked.pop("ClientToken", None)
    if token is None:
        return original(self)
    key = self._get_action(), token
    if key not in answers:
        answers[key] = asked, original(self)
    first, answer = answers[key]
    if first != asked:
        raise EC2ClientError("IdempotentParameterMismatch", "The token was used otherwise before.")
    return answer
