"""The order of things, as a Mermaid drawing or as a list."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from reconciler.plan.graph import Graph


def mermaid(graph: Graph) -> str:
    """Resources and what they wait for, for any Mermaid viewer. Dotted: may be finished later."""
    names = {address: f"n{number}" for number, address in enumerate(_addresses(graph))}
    boxes = [f'    {name}["{address}"]' for address, name in names.items()]
    arrows = [
        f"    {names[first]} {'-->' if firm else '-.->'} {names[then]}"
        for first, then, firm in _waits(graph)
    ]
    return "\n".join(["graph LR", *boxes, *arrows])


def listing(graph: Graph) -> str:
    """Every resource in an order in which all could be made, one after another."""
    made = [node.address for node in nx.topological_sort(graph) if node.part == "exists"]
    return "\n".join(f"{number:4} {address}" for number, address in enumerate(made, 1))


def _addresses(graph: Graph) -> list[str]:
    return sorted({node.address for node in graph})


def _waits(graph: Graph) -> Iterator[tuple[str, str, bool]]:
    """Who goes first, who waits, and whether for the whole of it."""
    pairs: dict[tuple[str, str], bool] = {}
    for first, then in graph.edges:
        if first.address != then.address:
            firm = first.part == "done" and then.part == "exists"
            pair = (first.address, then.address)
            pairs[pair] = pairs.get(pair, False) or firm
    for (first_address, then_address), firm in sorted(pairs.items()):
        yield first_address, then_address, firm
