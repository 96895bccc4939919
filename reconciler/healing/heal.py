"""One drift after the other: is it the clock's to repair, or a person's to look at first?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from reconciler.actors import Change, Kind
from reconciler.healing.classes import classes
from reconciler.healing.trail import Trail
from reconciler.lease.note import instant
from reconciler.load.heal import LATE, Bounds
from reconciler.load.policy import APPLY
from reconciler.result import Decision

NOT_OURS = {Kind.PERSON, Kind.UNKNOWN}
"""A role's session may be a person's: it is taken for one."""
OUT = "accept it (muvi-converge discover --env {0} --accept {1}) or repair it now ({2})"
REPAIR = "muvi-converge --env {0} --only {1}"

FirstSeen = Callable[[Decision], datetime]
"""When a drift was there for the first time, as far as earlier runs remember; else now."""


@dataclass
class Heal:
    """What holds a drift in a run that the clock began."""

    environment: str
    bounds: Bounds
    trail: Trail
    first_seen: FirstSeen
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self, decision: Decision) -> str:
        """Why it is left alone for now, and the two ways out; empty if it is repaired."""
        if self.bounds.policy.says(decision.address, decision.action) != APPLY:
            what = f"{decision.action} of {decision.type}"
            return f"`heal` leaves {what} to people: {self._out(decision)}"
        found = classes(decision)
        patience = self.bounds.patience(found)
        if patience is None:
            named = " and ".join(sorted(found))
            return f"`heal` leaves what is {named} to people: {self._out(decision)}"
        until = self._until(decision, patience) if patience else self.now
        if until <= self.now:
            return ""
        return f"{self._who(decision)}; repaired after {instant(until)}. Or {self._out(decision)}"

    def _until(self, decision: Decision, patience: timedelta) -> datetime:
        """Until when a person's change, or what may be one, is left alone."""
        last = self.trail.last(decision)
        if last is None:
            # The event may be on its way still; where it cannot be read, nobody knows for longer.
            return self.first_seen(decision) + (patience if self.trail.unread else LATE)
        return last.when + patience if last.kind in NOT_OURS else self.now

    def _who(self, decision: Decision) -> str:
        last = self.trail.last(decision)
        if last is None:
            told = "CloudTrail does not tell who changed it"
            return told if self.trail.unread else f"{told} yet"
        return told_of(last)

    def _out(self, decision: Decision) -> str:
        repair = REPAIR.format(self.environment, decision.address)
        return OUT.format(self.environment, decision.address, repair)


def told_of(change: Change) -> str:
    """Who changed it last, when, and how."""
    return f"{change.kind} {change.actor} changed it at {instant(change.when)} ({change.operation})"
