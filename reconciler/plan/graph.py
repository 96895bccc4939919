"""In which order: two nodes per resource, and the references between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

import networkx as nx

from reconciler.errors import Cycle, Problem
from reconciler.handler import Handler
from reconciler.load.references import Reference, leading
from reconciler.model import Properties, Source
from reconciler.overlay import place

Facts = Callable[[str], type[Handler]]
"""The handler class of an address."""

Wanted = Callable[[str], Properties]
"""What the YAML wants of an address."""


class Node(NamedTuple):
    """`exists`: AWS has it, others may name it. `done`: it is as wanted, and ready.

    `emptied` and `gone` are the same for what is taken away."""

    address: str
    part: Literal["exists", "done", "emptied", "gone"]


Graph: TypeAlias = "nx.DiGraph[Node]"

References = Mapping[str, Sequence[Reference]]


def build(
    references: References,
    facts: Facts,
    depends_on: Mapping[str, Mapping[str, Source]],
    wanted: Wanted = lambda address: {},
) -> Graph:
    """What waits for what, by address. Raises Cycle, naming every step and the remedy.

    `depends_on`: what each resource names there, and where in the YAML."""
    graph = joined(references, facts, depends_on, wanted)
    _refuse_cycle(graph)
    return graph


def joined(
    references: References,
    facts: Facts,
    depends_on: Mapping[str, Mapping[str, Source]],
    wanted: Wanted = lambda address: {},
) -> Graph:
    """The same, with whatever rings there are."""
    graph: Graph = nx.DiGraph()
    shared = _sharing(references)
    for address, theirs in references.items():
        graph.add_edge(Node(address, "exists"), Node(address, "done"), why="")
        for reference in theirs:
            if reference.address == address and not _of_itself(facts(address), reference):
                continue
            if _rests(facts, wanted, address, reference):
                _join(graph, Node(reference.address, "exists"), Node(address, "exists"), reference)
                rested = Node(reference.address, "done")
                graph.add_edge(Node(address, "done"), rested, why="it rests after it")
                continue
            first, then = _edge(facts(address), address, reference)
            _join(graph, first, then, reference)
            proofs = facts(reference.address).proven_by if first.part == "exists" else ()
            if address.split("/")[0] in proofs:
                proven = Node(reference.address, "done")
                graph.add_edge(Node(address, "done"), proven, why="it makes it ready")
        for other, where in depends_on.get(address, {}).items():
            first, then = Node(other, "done"), Node(address, "exists")
            graph.add_edge(first, then, why="$depends_on", source=where)
        for other in _earlier(address, theirs, shared, facts(address)):
            graph.add_edge(Node(other, "done"), Node(address, "exists"), why="it comes first")
    return graph


def unblocked(graph: Graph, address: str) -> str:
    """All that stands on a resource, in words; empty if nothing does."""
    ahead = nx.descendants(graph, Node(address, "done"))
    others = sorted({node.address for node in ahead} - {address})
    more = f" and {len(others) - 3} more" if len(others) > 4 else ""
    return ", ".join(others[:3] if more else others) + more


def _of_itself(facts: type[Handler], reference: Reference) -> bool:
    """Whether something refers to what nobody knows before it is there, or to that very place."""
    named = leading(reference.expression)
    known = named not in facts.outputs and named != reference.place
    return not known and reference.place not in facts.deferred


def _join(graph: Graph, start: Node, end: Node, reference: Reference) -> None:
    graph.add_edge(start, end, why=reference.place, source=reference.source)


def _rests(facts: Facts, wanted: Wanted, address: str, reference: Reference) -> bool:
    """Whether the other goes to rest, and takes nothing of ours once it has."""
    rests = facts(reference.address).rests_after.get(address.split("/")[0])
    return rests is not None and wanted(reference.address).get(rests[0]) == rests[1]


def _edge(facts: type[Handler], address: str, reference: Reference) -> tuple[Node, Node]:
    if reference.place in facts.deferred:
        return Node(reference.address, "exists"), Node(address, "done")
    path = place(reference.path.removeprefix("$initial."))
    if any(path == loose or path.startswith(f"{loose}.") for loose in facts.loose):
        return Node(reference.address, "exists"), Node(address, "exists")
    return Node(reference.address, "done"), Node(address, "exists")


def _sharing(references: References) -> Mapping[str, list[str]]:
    """Who refers to each address."""
    users: dict[str, list[str]] = defaultdict(list)
    for address, theirs in references.items():
        for reference in theirs:
            users[reference.address].append(address)
    return users


def _earlier(
    address: str, theirs: Sequence[Reference], users: Mapping[str, list[str]], facts: type[Handler]
) -> Iterator[str]:
    """Resources of the types in `after` that refer to something we refer to as well."""
    if not facts.after:
        return
    for reference in theirs:
        for other in users[reference.address]:
            if other != address and other.split("/")[0] in facts.after:
                yield other


def _refuse_cycle(graph: Graph) -> None:
    if nx.is_directed_acyclic_graph(graph):
        return
    ring = [each for each in reversed(nx.find_cycle(graph)) if _told(graph, *each)]
    steps = [_step(graph, end, start) for start, end in ring]
    remedy = (
        "so none of them can be the first. Take one of these references out, or write its value "
        "in a property that may follow later (`muvi-converge explain TYPE` lists them as deferred)"
    )
    what = f"resources wait for each other: {'; '.join(steps)}; {remedy}"
    first, then = next((each for each in ring if "source" in graph.edges[each]), ring[0])
    raise Cycle([Problem(graph.edges[first, then].get("source"), then.address, what)])


def _told(graph: Graph, start: Node, end: Node) -> bool:
    return bool(graph.edges[start, end]["why"])


def _step(graph: Graph, waiting: Node, first: Node) -> str:
    edge = graph.edges[first, waiting]
    place = f" ({edge['source']})" if edge.get("source") else ""
    return f"{waiting.address} waits for {first.address} because of {edge['why']}{place}"
