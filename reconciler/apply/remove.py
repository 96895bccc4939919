"""Taking away: deferred references first, then the object, one step a visit."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import replace

import networkx as nx
from botocore.exceptions import ClientError

from reconciler.apply.executor import Later
from reconciler.apply.progress import Begin, freely
from reconciler.apply.waiting import Pace, Patience
from reconciler.aws.passing import in_use, passes, stale
from reconciler.errors import Denied, Foreign
from reconciler.model import Change, FieldChange, Found, Observed, Status
from reconciler.overlay import Overlay, differences, plain
from reconciler.plan import find
from reconciler.plan.estate import Estate
from reconciler.plan.graph import Graph, Node
from reconciler.plan.prune import Doomed

IN_USE = 1800.0
"""Seconds in which what uses an object must be gone: AWS frees a function's network late."""


class Remove:
    """Takes objects away. Visits never wait; what is still in use is tried again, for a while."""

    def __init__(
        self,
        estate: Estate,
        doomed: Collection[Doomed],
        gates: Mapping[str, str],
        pace: Pace,
        begin: Begin = freely,
    ) -> None:
        self.estate, self.gates, self.pace, self._begin = estate, gates, pace, begin
        self.doomed: Mapping[str, Doomed] = {each.address: each for each in doomed}
        self._patience = {each.address: Patience(pace) for each in doomed}
        self._began = time.monotonic()
        self._written: dict[str, float] = {}
        self._deleted: set[str] = set()
        self._emptied: dict[str, tuple[FieldChange, ...]] = {}

    def visit(self, node: Node) -> Later | None:
        """The next step at `emptied` or `gone`. None: reached."""
        if gate := self.gates.get(node.address):
            raise Denied(gate)
        one = self.doomed[node.address]
        observed = self._look(one, node.part)
        if observed is None or self._released(one, observed):
            return None
        try:
            return (
                self._empty(one, observed)
                if node.part == "emptied"
                else self._delete(one, observed)
            )
        except ClientError as error:
            return self._excuse(one, error)

    def _look(self, one: Doomed, part: str) -> Observed | None:
        since = max(self._written.get(one.address, 0.0), self.pace.instant(self._began))
        found: Found | None = self.estate.index(one.kind, one.region, since).ids.get(
            one.observed.id
        )
        if found is None:
            # A listing may miss what is there: what we have not deleted we do not take for gone.
            missed = part == "gone" and one.address not in self._deleted
            return one.observed if missed and not one.handler.shared else None
        wanted = one.handler.deferred | {one.handler.shared} - {""}
        observed = self.estate.complete(one.handler, found, wanted)
        return self._narrowed(one, observed) if observed else None

    def _released(self, one: Doomed, observed: Observed) -> bool:
        """Whether it stays, but is ours no more, since AWS lets nobody delete it.

        Raises Foreign if it was somebody else who took our tags off."""
        kind, environment = one.kind, self.estate.environment.name
        if not one.handler.marked() or one.whoever or find.ours(kind, environment, observed.tags):
            return False
        if one.address not in self._written:
            raise Foreign(f"{observed.id} carries our tags no more, so it is not ours to delete")
        return True

    def _narrowed(self, one: Doomed, observed: Observed) -> Observed | None:
        """Of a list that others write to by right, only the members that we declare are ours."""
        name = one.handler.shared
        if not name:
            return observed
        if one.address not in self.estate.resources:
            return None
        declared = plain(self.estate.desired(one.address).properties).get(name, [])
        overlay = Overlay(one.handler.compared())
        mine = overlay.spoken_of(observed.properties.get(name) or [], declared, name)
        return replace(observed, properties={**observed.properties, name: mine}) if mine else None

    def _empty(self, one: Doomed, observed: Observed) -> Later | None:
        """Take the deferred properties out, so that nothing refers to what goes next."""
        nothing = dict.fromkeys(one.handler.deferred)
        lists = one.handler.compared()
        wanted = Overlay(lists).lay(observed.properties, nothing)
        fields = tuple(differences(observed.properties, wanted, lists))
        if not fields or self._emptied.get(one.address) == fields or _busy(observed):
            return None if not _busy(observed) else self._later(one, observed)
        self._begin(one.heir or one.address)
        self._emptied[one.address] = fields
        one.handler.update(Change(observed, wanted, observed.tags, fields, self.estate.run))
        self._written[one.address] = time.monotonic()
        return Later(0, "")

    def _delete(self, one: Doomed, observed: Observed) -> Later | None:
        if not _busy(observed):
            self._begin(one.heir or one.address)
            one.handler.delete(observed)
            self._deleted.add(one.address)
            self._written[one.address] = time.monotonic()
        return self._later(one, observed)

    def _later(self, one: Doomed, observed: Observed) -> Later:
        why = f"AWS to take it away{f' ({observed.reason})' if observed.reason else ''}"
        return self._patience[one.address].later(why, one.handler.settles_within, "going")

    def _excuse(self, one: Doomed, error: ClientError) -> Later:
        """What is still in use is parked: its users are on their way out as well."""
        self._written[one.address] = time.monotonic()
        if not (in_use(error) or passes(error) or stale(error)):
            raise error
        bound = max(IN_USE, one.handler.settles_within)
        return self._patience[one.address].later(str(error), bound, "in use")


def _busy(observed: Observed) -> bool:
    return observed.status is Status.PENDING


def add_removals(
    graph: Graph,
    doomed: Collection[Doomed],
    going: Mapping[str, Mapping[str, bool]],
    staying: Mapping[str, Mapping[str, bool]],
) -> None:
    """Into the graph: users go before what they use, or are repointed before it is touched."""
    for one in doomed:
        emptied, gone = Node(one.address, "emptied"), Node(one.address, "gone")
        graph.add_edge(emptied, gone)
        for user, late in going.get(one.address, {}).items():
            graph.add_edge(Node(user, "emptied" if late else "gone"), gone)
        for user in staying.get(one.address, {}):
            if Node(user, "done") in graph:
                graph.add_edge(Node(user, "done"), emptied)
    _untie(graph)


def _untie(graph: Graph) -> None:
    """Objects that hold each other: AWS says which must go first, so none waits for another."""
    for ring in list(nx.strongly_connected_components(graph)):
        if len(ring) > 1:
            inside = [(start, end) for start, end in graph.edges(ring) if end in ring]
            graph.remove_edges_from(inside)
