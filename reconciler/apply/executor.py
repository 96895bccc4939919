"""Walk a graph in parallel; who must wait holds no worker; what depends on a failure is skipped."""

from __future__ import annotations

import heapq
import itertools
import queue
import time
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

import networkx as nx

from reconciler.errors import Denied, Unread
from reconciler.model import Wait
from reconciler.result import Fate, Outcome
from reconciler.stop import Stop

BECAME = {
    Fate.WAITING: "waits for people",
    Fate.REFUSED: "is held",
    Fate.SKIPPED: "could not be read",
    Fate.FAILED: "failed",
}

WAKE = object()
"""Put among the answers, so that whoever waits for one looks up."""

Visit = Callable[[Any], "Later | Waits | None"]
"""Take the next step at a node. None: reached. Raising: failed."""


@dataclass(frozen=True)
class Later:
    """Come back after so many seconds, and why."""

    seconds: float
    why: str


@dataclass(frozen=True)
class Waits:
    """People must do something first."""

    waits: tuple[Wait, ...]
    holds: bool = True
    """Whether what stands on the node is held up as well: it is not reached in this run."""


class Watcher(Protocol):
    """Who is told what happens, from any thread."""

    def begin(self, total: int) -> None: ...
    def started(self, address: str, doing: str) -> None: ...
    def waits(self, address: str, reason: str) -> None: ...
    def ended(self, address: str, fate: Fate, error: str = "") -> None: ...
    def end(self) -> None: ...


class Silent:
    """A watcher who tells nobody."""

    def begin(self, total: int) -> None: ...
    def started(self, address: str, doing: str) -> None: ...
    def waits(self, address: str, reason: str) -> None: ...
    def ended(self, address: str, fate: Fate, error: str = "") -> None: ...
    def end(self) -> None: ...


@dataclass
class Executor:
    """Visits every node once its predecessors are reached, as many at a time as threads.

    `serial` names what takes one write at a time; nodes of the same name never run together."""

    graph: nx.DiGraph[Any]
    visit: Visit
    serial: Callable[[Any], Hashable | None] = lambda node: None
    threads: int = 32
    reached: set[Any] = field(default_factory=set)
    outcomes: dict[Any, Outcome] = field(default_factory=dict)
    """What kept a node from being reached."""
    stop: Stop = field(default_factory=Stop)

    def __post_init__(self) -> None:
        self._left = {node: self.graph.in_degree(node) for node in self.graph}
        self._begun: dict[Any, float] = {}
        self._answers: queue.SimpleQueue[tuple[Any, Any]] = queue.SimpleQueue()
        self._timers: list[tuple[float, int, Any]] = []
        self._ties = itertools.count()
        self._busy: set[Hashable] = set()
        self._parked: dict[Hashable, list[Any]] = {}
        self._running = 0
        self.stop.wakes(lambda: self._answers.put((None, WAKE)))

    @property
    def stopped(self) -> bool:
        """Whether the walk was told to begin nothing new."""
        return bool(self.stop)

    def run(self) -> None:
        """Until every node is reached, failed, waiting or skipped."""
        with ThreadPoolExecutor(self.threads) as pool:
            self._pool = pool
            for node in [node for node, left in self._left.items() if not left]:
                self._start(node)
            while self._running or (self._timers and not self.stopped):
                try:
                    self._turn()
                except KeyboardInterrupt:
                    # No new step; those under way still get their answers.
                    self.stop("interrupted")

    def _turn(self) -> None:
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            self._start(heapq.heappop(self._timers)[2])
        if not self._running and not self._timers:
            return
        patience = self._timers[0][0] - time.monotonic() if self._timers else None
        try:
            node, answer = self._answers.get(timeout=None if patience is None else max(0, patience))
        except queue.Empty:
            return
        if answer is not WAKE:
            self._settle(node, answer)

    def _start(self, node: Any) -> None:
        name = self.serial(node)
        if self.stopped:
            return
        if name is not None and name in self._busy:
            self._parked.setdefault(name, []).append(node)
            return
        if name is not None:
            self._busy.add(name)
        self._running += 1
        self._begun.setdefault(node, time.monotonic())
        self._pool.submit(self._work, node)

    def _work(self, node: Any) -> None:
        try:
            self._answers.put((node, self.visit(node)))
        except BaseException as error:
            self._answers.put((node, error))

    def _settle(self, node: Any, answer: Any) -> None:
        self._running -= 1
        self._release(node)
        match answer:
            case Later():
                due = time.monotonic() + answer.seconds
                heapq.heappush(self._timers, (due, next(self._ties), node))
            case Waits():
                self._wait(node, answer)
            case Exception():
                self._keep(node, Outcome(fate(answer), str(answer), self._spent(node)))
            case BaseException():
                raise answer
            case _:
                self._reach(node)

    def _wait(self, node: Any, answer: Waits) -> None:
        outcome = Outcome(Fate.WAITING, seconds=self._spent(node), waits=answer.waits)
        if answer.holds:
            self._keep(node, outcome)
        else:
            self.outcomes[node] = outcome
            self._reach(node)

    def _release(self, node: Any) -> None:
        name = self.serial(node)
        self._busy.discard(name)
        if name is not None and self._parked.get(name):
            self._start(self._parked[name].pop(0))

    def _reach(self, node: Any) -> None:
        self.reached.add(node)
        for follower in self.graph.successors(node):
            self._left[follower] -= 1
            if not self._left[follower]:
                self._start(follower)

    def _keep(self, node: Any, outcome: Outcome) -> None:
        """What follows a failure is skipped and named; independent branches go on."""
        self.outcomes[node] = outcome
        for follower in nx.descendants(self.graph, node):
            why = f"it needs {node[0]}, which {BECAME[outcome.fate]}"
            theirs = Fate.WAITING if outcome.fate is Fate.WAITING else Fate.SKIPPED
            self.outcomes.setdefault(follower, Outcome(theirs, why))

    def _spent(self, node: Any) -> float:
        return time.monotonic() - self._begun[node]

    def seconds(self, node: Any) -> float:
        """Since the first step at a node; 0 if it was never reached."""
        return self._spent(node) if node in self._begun else 0.0


def fate(error: Exception) -> Fate:
    """What an error makes of the node at which it was raised."""
    match error:
        case Denied():
            return Fate.REFUSED
        case Unread():
            return Fate.SKIPPED
    return Fate.FAILED
