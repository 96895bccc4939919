"""What is under way in a run, what ended how, and what is left. Many threads write to it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from reconciler.result import Fate

Clock = Callable[[], float]


@dataclass(frozen=True)
class Step:
    """A resource that is under way: since when, and what it waits for since when."""

    address: str
    doing: str
    since: float
    reason: str = ""
    waits_since: float | None = None


class Board:
    """Remembers what its methods are told; times are those of `clock`."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._steps: dict[str, Step] = {}
        self._fates: dict[str, Fate] = {}
        self._total, self._start = 0, clock()

    def begin(self, total: int) -> None:
        self._total, self._start = total, self._clock()

    def started(self, address: str, doing: str) -> None:
        with self._lock:
            self._steps[address] = Step(address, doing, self._clock())

    def waits(self, address: str, reason: str) -> Step:
        """The step as it is from now on. The time counts from the first of its waits."""
        with self._lock:
            now = self._clock()
            step = self._steps.get(address) or Step(address, "waiting", now)
            since = now if step.waits_since is None else step.waits_since
            self._steps[address] = replace(step, reason=reason, waits_since=since)
            return self._steps[address]

    def ended(self, address: str, fate: Fate) -> Step | None:
        """The step that this ends; None for what never began."""
        with self._lock:
            self._fates[address] = fate
            return self._steps.pop(address, None)

    def steps(self) -> tuple[Step, ...]:
        """What is under way, the longest first."""
        with self._lock:
            return tuple(sorted(self._steps.values(), key=lambda step: (step.since, step.address)))

    def fates(self) -> Counter[str]:
        """How many ended how."""
        with self._lock:
            return Counter(fate.value for fate in self._fates.values())

    def left(self) -> int:
        """How many have not begun."""
        with self._lock:
            begun = self._steps.keys() | self._fates.keys()
            return max(self._total - len(begun), 0)

    def seconds(self, since: float | None = None) -> float:
        """How long ago that was, or that the run began."""
        return self._clock() - (self._start if since is None else since)
