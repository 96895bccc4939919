"""WAF's IP sets: moto takes any name and address, and deletes what rules refer to."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from moto.wafv2.models import FakeIPSet, WAFV2Backend

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.wafv2_refusals import in_use, refuse_taken, refused
from reconciler.sandbox.wafv2_rules import references


@corrects(WAFV2Backend, "create_ip_set")
def create_ip_set(
    original: Method,
    self: Any,
    name: str,
    scope: str,
    description: str,
    version: str,
    addresses: list[str],
    tags: Any,
) -> FakeIPSet:
    """moto takes a name twice, and any address.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateIPSet.html"""
    refuse_taken(self.ip_sets.values(), name)
    made: FakeIPSet = original(
        self, name, scope, description, version, _ranges(version, addresses), tags
    )
    return made


@corrects(WAFV2Backend, "update_ip_set")
def update_ip_set(
    original: Method,
    self: Any,
    name: str,
    scope: str,
    _id: str,
    description: str | None,
    addresses: list[str],
    lock_token: str,
) -> FakeIPSet:
    """moto takes any address, and keeps a description that the new document leaves out.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateIPSet.html"""
    known = self.get_ip_set(name, scope, _id)
    ranges = _ranges(known.ip_address_version, addresses)
    changed: FakeIPSet = original(self, name, scope, _id, description or "", ranges, lock_token)
    return changed


@corrects(WAFV2Backend, "delete_ip_set")
def delete_ip_set(
    original: Method, self: Any, name: str, scope: str, _id: str, lock_token: str
) -> None:
    """moto deletes what rules refer to, and keeps its tags.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_DeleteIPSet.html"""
    arn = self.get_ip_set(name, scope, _id).arn
    if any(
        arn in references([rule.statement for rule in acl.rules]) for acl in self.wacls.values()
    ):
        raise in_use()
    original(self, name, scope, _id, lock_token)
    self.tagging_service.delete_all_tags_for_resource(arn)


def _ranges(version: str, addresses: list[str]) -> list[str]:
    """As AWS keeps them: nothing behind the mask, IPv6 at length."""
    return [_range(version, each) for each in addresses]


def _range(version: str, cidr: str) -> str:
    try:
        network = ip_network(cidr if "/" in cidr else "none", strict=False)
    except ValueError:
        network = None
    if not network or not network.prefixlen or version != f"IPV{network.version}":
        raise refused("The parameter contains formatting that is not valid", cidr)
    return network.exploded
