"""One word for a whole run, from any thread or signal: no new step, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stop:
    """True once the run shall begin nothing new. What is under way still gets its answer."""

    def __init__(self) -> None:
        self.why = ""
        self.under_way = False
        """Whether steps are being taken: until then an interruption ends the run where it is."""
        self._wakes: list[Callable[[], None]] = []

    def __bool__(self) -> bool:
        return bool(self.why)

    def __call__(self, why: str) -> None:
        """Stop. The first reason is the one that is told."""
        self.why = self.why or why
        for wake in self._wakes:
            wake()

    def wakes(self, wake: Callable[[], None]) -> None:
        """Call this too, once there is a reason: it may come from a signal, so it must be brief."""
        self._wakes.append(wake)

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """In here steps are taken, and whoever takes them looks whether they shall stop."""
        self.under_way = True
        try:
            yield
        finally:
            self.under_way = False
