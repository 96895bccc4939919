"""What freezes mean to a step: none begins in one, nor one that might last into one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reconciler.freezes import table
from reconciler.freezes.window import Window
from reconciler.model import Action
from reconciler.result import Decision

AHEAD = timedelta(days=60)
"""How far a calendar is looked through."""
LIFT = '--during-freeze "REASON" lifts it for one run'
QUICK = {Action.ADOPT}
"""Tags alone: done at once."""

Seconds = Callable[[str], float]
"""How long a step of that resource may take until AWS has settled."""


def windows(said: Sequence[Mapping[str, Any]], folder: Path, now: datetime) -> list[Window]:
    """Those under way and ahead, the first first. Raises ValueError."""
    found = [window for each in said for window in _of(each, folder, now)]
    return sorted(each for each in found if each.end > now)


def wrong(said: Sequence[Mapping[str, Any]], folder: Path) -> Iterator[tuple[str, str]]:
    """Where they can not be read: path, and what is wrong."""
    for number, each in enumerate(said) if isinstance(said, list) else ():
        if not isinstance(each, Mapping):
            continue  # the schema says so
        try:
            _of(each, folder, datetime.now(UTC))
        except ValueError as error:
            yield f"freezes[{number}]", str(error)


def _of(said: Mapping[str, Any], folder: Path, now: datetime) -> list[Window]:
    if file := said.get("file"):
        from reconciler.freezes import calendar

        zone = table.zone(str(said.get("zone") or "UTC"))
        return calendar.windows(folder / file, folder.parent, zone, now, now + AHEAD)
    return [table.window(said)]


@dataclass(frozen=True)
class Freezes:
    """The windows of an environment, and how long steps may take."""

    windows: Sequence[Window]
    seconds: Seconds
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __call__(self, decision: Decision) -> str:
        """Why the step does not begin now; empty if it may."""
        now = self.clock()
        if under_way := [each for each in self.windows if now in each]:
            last = max(under_way, key=lambda each: each.end)
            return f"nothing is changed during {last}: {LIFT}"
        lasts = timedelta(seconds=self.seconds(decision.address))
        ahead = next((each for each in self.windows if each.begin > now), None)
        if ahead and decision.action not in QUICK and now + lasts > ahead.begin:
            minutes = lasts.total_seconds() / 60
            return f"it may take {minutes:.0f} minutes, and would run into {ahead}: {LIFT}"
        return ""
