"""What is left alone, until when, why, and who asked for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from reconciler.lease.note import instant
from reconciler.load.declared import Resource
from reconciler.model import Action
from reconciler.result import Decision

STANDS = {Action.ADOPT, Action.UPDATE, Action.DISRUPT, Action.REPLACE}
"""What is there all the same: those that refer to it find it. What is missing is held otherwise."""
STARTS = {Action.CREATE, Action.DELETE}


@dataclass(frozen=True)
class Hold:
    """One drift that is left alone."""

    address: str
    until: datetime
    reason: str
    by: str = ""
    """Empty where the YAML says it."""

    def over(self, now: datetime) -> bool:
        return self.until <= now

    def __str__(self) -> str:
        who = f" by {self.by}" if self.by else ""
        return f"held{who} until {instant(self.until)}: {self.reason}"


def accepted(resources: Mapping[str, Resource]) -> dict[str, Hold]:
    """Those that `$accepted` in the YAML asks for."""
    said = ((address, each.accepted) for address, each in resources.items())
    return {address: Hold(address, one.until, one.reason) for address, one in said if one}


class Holds:
    """What is held in one run. What `hold` said is read when the first difference asks for it."""

    def __init__(
        self,
        written: Mapping[str, Hold],
        asked: Callable[[], Iterable[Hold]] = lambda: (),
        now: datetime | None = None,
    ) -> None:
        self._written, self._asked, self.now = written, asked, now or datetime.now(UTC)
        self.held: set[str] = set()
        self.told: list[str] = []
        """What was held, and what is held no longer."""

    def __call__(self, decision: Decision) -> Decision:
        """The decision; one that is held changes nothing, and what is there counts as it is."""
        hold = self._all.get(decision.address)
        if hold is None or decision.action not in STANDS | STARTS:
            return decision
        if hold.over(self.now):
            self.told.append(f"{decision.address}: was {hold}; that is over, so it counts again")
            return decision
        self.held.add(decision.address)
        if decision.action in STARTS:
            return replace(decision, gate=decision.gate or str(hold))
        paths = ", ".join(each.path for each in decision.diff)
        self.told.append(f"{decision.address}: differs in {paths}, {hold}")
        return replace(decision, action=Action.NO_OP, gate="", reason=f"{hold} ({paths} differs)")

    @cached_property
    def _all(self) -> dict[str, Hold]:
        """Who wrote it into the YAML meant it for everybody, so that the later end counts."""
        held = dict(self._written)
        for each in self._asked():
            before = held.get(each.address)
            held[each.address] = max(each, before or each, key=lambda one: one.until)
        return held
