"""Free addresses in subnets: what is made there takes some, and AWS keeps five of each subnet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jmespath

from reconciler.errors import Problem
from reconciler.model import Action
from reconciler.plan.estate import Estate
from reconciler.preflight.asking import Question
from reconciler.result import Decision

SUBNET, FREE = "ec2.subnet", "AvailableIpAddressCount"


@dataclass(frozen=True)
class Need:
    """Where a type stands, and how many addresses it takes there. Paths are JMESPath."""

    subnets: str = ""
    group: tuple[str, str, str] = ("", "", "")
    """Or the type of the group that names them, its name's property on either, its subnets."""
    each: int = 0
    """So many in every one of its subnets."""
    count: str = "`0`"
    """And so many in all of them together."""


NEEDS = {
    # "each subnet must have at least 8 free IP addresses", says
    # elasticloadbalancing/latest/application/application-load-balancers.html
    "elbv2.load_balancer": Need("Subnets || SubnetMappings[].SubnetId", each=8),
    "ecs.service": Need("networkConfiguration.awsvpcConfiguration.subnets", count="desiredCount"),
    "rds.db_instance": Need(
        group=("rds.db_subnet_group", "DBSubnetGroupName", "SubnetIds"), count="`1`"
    ),
    "elasticache.replication_group": Need(
        group=("elasticache.cache_subnet_group", "CacheSubnetGroupName", "SubnetIds"),
        count="NumCacheClusters",
    ),
}


def questions(estate: Estate, decisions: Iterable[Decision]) -> Iterator[Question]:
    """One about all that shall be made: they share the subnets. It needs no call of its own."""
    standing = [d for d in decisions if d.action is Action.CREATE and d.type in NEEDS]
    if standing:
        told = list(_against(estate, standing))
        yield Question("free addresses (ec2:DescribeSubnets)", lambda: told)


def _against(estate: Estate, decisions: Iterable[Decision]) -> Iterator[Problem]:
    free: dict[str, int] = {}
    for each in decisions:
        properties = estate.born(each.address).properties
        subnets = [name for name in _subnets(estate, each, properties) if isinstance(name, str)]
        _learn(estate, each.region, subnets, free)
        known = [name for name in subnets if name in free]
        if len(known) == len(subnets) and known:
            yield from _short(each, properties, known, free)


def _subnets(estate: Estate, decision: Decision, properties: Mapping[str, Any]) -> list[Any]:
    need = NEEDS[decision.type]
    if need.subnets:
        return jmespath.search(need.subnets, properties) or []
    kind, name, members = need.group
    wanted = properties.get(name)
    for group in estate.view(decision.region, kind):
        if wanted is not None and group.get(name) == wanted:
            return list(group.get(members) or [])
    return []


def _learn(estate: Estate, region: str, subnets: Iterable[str], free: dict[str, int]) -> None:
    """What AWS has said of the subnets that stand; those yet to be made are empty."""
    listed = estate.index(SUBNET, region).ids if any(n not in free for n in subnets) else {}
    for name in subnets:
        if name in listed and FREE in listed[name].properties:
            free.setdefault(name, int(listed[name].properties[FREE]))


def _short(
    decision: Decision, properties: Mapping[str, Any], subnets: list[str], free: dict[str, int]
) -> Iterator[Problem]:
    need = NEEDS[decision.type]
    count = jmespath.search(need.count, properties)
    count = count if isinstance(count, int) else 0
    full = [name for name in subnets if free[name] < need.each]
    if full:
        left = ", ".join(f"{name} has {free[name]}" for name in full)
        what = f"it needs {need.each} free addresses in each of its subnets, and {left}"
        yield Problem(decision.source, decision.address, what)
    room = sum(free[name] for name in subnets)
    if room < count:
        what = f"it needs {count} addresses, and {room} are free in {', '.join(subnets)}"
        yield Problem(decision.source, decision.address, what)
    _take(subnets, need.each, min(count, room), free)


def _take(subnets: list[str], each: int, count: int, free: dict[str, int]) -> None:
    """What comes after shares what is left."""
    for name in subnets:
        free[name] = max(free[name] - each, 0)
    for _ in range(count):
        roomy = max(subnets, key=free.__getitem__)
        free[roomy] = max(free[roomy] - 1, 0)
