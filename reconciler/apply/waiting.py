"""How long we wait, how often we look, and what we say when our patience is over."""

from __future__ import annotations

import time
from dataclasses import dataclass

from reconciler.apply.executor import Later
from reconciler.errors import NotSettled

PROPAGATION = 240.0
"""Seconds in which a refusal that passes by itself must have passed."""


@dataclass(frozen=True)
class Pace:
    """Seconds between looks, growing to the longest, and how long a fresh object may hide."""

    tick: float = 2.0
    longest: float = 15.0
    grace: float = 120.0
    believed: float = 20.0
    """How long AWS may read back an old value after it has accepted a new one."""
    noticed: float = 3600.0
    """How long it may take at most until AWS notices what was done for a waiting object."""

    def instant(self, began: float) -> float:
        """The begin of this tick: all who look within it share their listings.

        Never before the steps began: the plan's listings may be a tick young, and older than the
        answer to "shall I?"."""
        return max(began, time.monotonic() // self.tick * self.tick)


SANDBOX = Pace(tick=0.05, longest=0.5, grace=3.0, believed=1.0, noticed=0.5)


@dataclass
class Patience:
    """What one resource waits for at the moment, since when, and how often it has looked."""

    pace: Pace
    what: object = None
    since: float = 0.0
    looks: int = 0

    def later(self, why: str, bound: float, what: object = None) -> Later:
        """Look again, later each time. Raises NotSettled once the wait for this took `bound`.

        `what` names the wait where `why`, being AWS's words, may change while it lasts."""
        what = why if what is None else what
        if what != self.what:
            self.what, self.since, self.looks = what, time.monotonic(), 0
        waited = time.monotonic() - self.since
        if waited > bound:
            raise NotSettled(
                f"after {waited:.0f} seconds still: {why}. Nothing is lost: the next run takes up "
                "from here"
            )
        self.looks += 1
        return Later(min(self.pace.longest, self.pace.tick * self.looks), why)
