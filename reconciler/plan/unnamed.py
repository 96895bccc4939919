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

    One object can be one resource only: of three with two that fit, one is missing. So those of
    which the YAML states something; of which it states nothing, one object may be several."""
    groups: defaultdict[Kind, list[str]] = defaultdict(list)
    for address, resource in estate.resources.items():
        unseen = address in estate.seen and estate.seen[address] is None
        if resource.unnamed and unseen and address not in estate.failed:
            groups[resource.type, resource.region].append(address)
    found: dict[str, Sequence[str]] = {}
    while (more := _all(estate, groups, found)) != found:
        found = more  # what may be there makes what stands on it possible
    return found


def _all(
    estate: Estate, groups: Mapping[Kind, Iterable[str]], known: Candidates
) -> dict[str, Sequence[str]]:
    every = (_of_kind(estate, kind, addresses, known) for kind, addresses in groups.items())
    return {address: ids for each in every for address, ids in each.items()}


def _of_kind(
    estate: Estate, kind: Kind, addresses: Iterable[str], known: Candidates
) -> dict[str, Sequence[str]]:
    free = list(_free(estate, kind))
    fitting = {a: [one.id for one in free if _fits(estate, a, one, known)] for a in addresses}
    # One object may serve for all of those of which the YAML states nothing.
    telling = [a for a in fitting if _states(estate, a)]
    graph: nx.Graph[object] = nx.Graph((("?", a), id_) for a in telling for id_ in fitting[a])
    tops = [node for node in graph if isinstance(node, tuple)]
    matched = nx.bipartite.maximum_matching(graph, tops) if tops else {}
    lacking = {a for a in telling if ("?", a) not in matched}
    return {a: ids for a, ids in fitting.items() if ids and a not in lacking}


def _states(estate: Estate, address: str) -> bool:
    """Whether the YAML says anything of an object but how a creation would call and make it."""
    properties = estate.resources[address].properties
    return bool({name for name in properties if name[0] != "$"} - {estate.facts(address).naming})


def _free(estate: Estate, kind: Kind) -> Iterator[Found]:
    """The objects that are no resource's yet, and that nobody else manages."""
    listed = estate.index(*kind)
    there = ((estate.resources[address], one) for address, one in estate.seen.items() if one)
    known = {one.id for resource, one in there if (resource.type, resource.region) == kind}
    known |= {each.id for tagged in listed.tagged.values() for each in tagged}
    for found in listed.ids.values():
        if found.id not in known and not found.managed_by:
            yield found


def _fits(estate: Estate, address: str, found: Found, known: Candidates) -> bool:
    """Whether nothing that AWS cannot change speaks against it, as far as a listing shows."""
    handler, desired = estate.handler(address), estate.desired(address)
    key = {name for name in handler.key if name.isidentifier()}
    stated = ((handler.immutable | key) - {handler.naming}) & found.properties.keys()
    shown = found.properties
    return all(_agrees(_stated(desired, name), shown[name], known) for name in stated)


def _stated(desired: Desired, name: str) -> Any:
    return plain(desired.properties.get(name))


def _agrees(stated: Any, shown: Any, known: Candidates) -> bool:
    """What AWS has not chosen yet is no object's, unless its owner may be there after all."""
    if stated is None or isinstance(stated, Asked):
        return True
    return stated.of in known if isinstance(stated, Unknown) else same(stated, shown)
