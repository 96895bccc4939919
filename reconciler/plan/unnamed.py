"""Resources whose names in AWS nobody has told us yet: what they may be, until discovery says so.

AWS having none under our name says nothing about them. They are missing only where the account
has too few objects that they could be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import networkx as nx

from reconciler.model import Asked, Desired, Found, Unknown
from reconciler.overlay import plain, same
from reconciler.plan.estate import Estate
from reconciler.plan.observe import Kind

Candidates = Mapping[str, Sequence[str]]
"""The ids of the objects that a resource may be, by its address."""


def candidates(estate: Estate) -> Candidates:
    """Of the unnamed resources that were not found, those that AWS has in sufficient number.

    One object can be one resource only: of three with two that fit, one is missing."""
    groups: defaultdict[Kind, list[str]] = defaultdict(list)
    for address, resource in estate.resources.items():
        unseen = address in estate.seen and estate.seen[address] is None
        if resource.unnamed and unseen and address not in estate.failed:
            groups[resource.type, resource.region].append(address)
    together: dict[str, Sequence[str]] = {}
    for kind, addresses in groups.items():
        together |= _of_kind(estate, kind, addresses)
    return together


def _of_kind(estate: Estate, kind: Kind, addresses: Iterable[str]) -> dict[str, Sequence[str]]:
    free = list(_free(estate, kind))
    fitting = {a: [each.id for each in free if _fits(estate, a, each)] for a in addresses}
    pairs = [(("?", a), id_) for a, ids in fitting.items() for id_ in ids]
    graph: nx.Graph[object] = nx.Graph(pairs)
    tops = [node for node in graph if isinstance(node, tuple)]
    matched = nx.bipartite.maximum_matching(graph, tops) if tops else {}
    return {address: ids for address, ids in fitting.items() if ("?", address) in matched}


def _free(estate: Estate, kind: Kind) -> Iterator[Found]:
    """The objects that are no resource's yet, and that nobody else manages."""
    listed = estate.index(*kind)
    known = {one.id for one in estate.seen.values() if one}
    known |= {each.id for tagged in listed.tagged.values() for each in tagged}
    for found in listed.ids.values():
        if found.id not in known and not found.managed_by:
            yield found


def _fits(estate: Estate, address: str, found: Found) -> bool:
    """Whether nothing that AWS cannot change speaks against it, as far as a listing shows."""
    handler, desired = estate.handler(address), estate.desired(address)
    key = {name for name in handler.key if name.isidentifier()}
    stated = ((handler.immutable | key) - {handler.naming}) & found.properties.keys()
    return all(_agrees(_stated(desired, name), found.properties[name]) for name in stated)


def _stated(desired: Desired, name: str) -> Any:
    return plain(desired.properties.get(name))


def _agrees(stated: Any, shown: Any) -> bool:
    """A value that AWS has not chosen yet is no object's: its owner does not exist."""
    if stated is None or isinstance(stated, Asked):
        return True
    return not isinstance(stated, Unknown) and same(stated, shown)
