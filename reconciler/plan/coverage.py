"""What a run looked at, so that "nothing to do" can be believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from reconciler.plan.estate import Estate
from reconciler.plan.observe import Kind
from reconciler.plan.prune import undeclared
from reconciler.result import Coverage


def coverage(
    estate: Estate, asked: Collection[Kind], unread: Mapping[Kind, Exception], chosen: set[str]
) -> Coverage:
    """Counts by type, and what could not be read."""
    seen = {address: one for address, one in estate.seen.items() if one and address in chosen}
    readable = [kind for kind in asked if kind not in unread]
    mentioned = {address: estate.mentioned(address) for address in seen}
    return Coverage(
        declared=Counter(address.split("/")[0] for address in chosen),
        undeclared=Counter(kind for (kind, _), _ in undeclared(estate, readable)),
        unnamed=tuple(sorted(estate.maybe)),
        compared=sum(_leaves(estate.resources[a].properties) for a in seen),
        left=sum(len(one.properties.keys() - mentioned[a]) for a, one in seen.items()),
        unread={
            **{f"{kind} in {region}": str(why) for (kind, region), why in unread.items()},
            **{address: str(why) for address, why in estate.failed.items()},
        },
    )


def _leaves(value: Any) -> int:
    """How many values stand in the YAML."""
    match value:
        case Mapping():
            return sum(_leaves(each) for name, each in value.items() if name[0] != "$")
        case list():
            return sum(map(_leaves, value))
    return 1
