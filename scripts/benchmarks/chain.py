"""The longest chain of calls that must follow one another, however many are made at a time.

It is counted so that we gain nothing by it: at each node of the engine's graph only its own
writes, and one reading call that sees them done; one listing before all, and one look at the end.
What a resource waits for is read off the graph of references."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from benchmarks.recording import Recording

AROUND = 2
"""The first listing, and the last look."""


def longest(recording: Recording, edges: Sequence[tuple[str, str]]) -> tuple[int, list[str]]:
    """How many calls, and the nodes with calls of their own along the way.

    `edges`: which node of the engine's graph comes before which."""
    cost = _costs(recording)
    before: Mapping[str, list[str]] = defaultdict(list)
    for first, then in edges:
        before[then].append(first)

    @cache
    def until(node: str) -> tuple[int, tuple[str, ...]]:
        most, way = max((until(each) for each in before[node]), default=(0, ()))
        return most + cost[node], (*way, node) if cost[node] else way

    most, way = max(until(node) for node in cost)
    return most + AROUND, list(way)


def _costs(recording: Recording) -> Counter[str]:
    """By node, the writes that its steps made, and a look at each."""
    writes = Counter(call.node for call in recording.calls if call.node and not call.reads)
    return Counter({node: count + 1 for node, count in writes.items()})
