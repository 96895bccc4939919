"""One window, in UTC, and what local times mean when a clock is put back or forward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo


@dataclass(frozen=True, order=True)
class Window:
    """From `begin` on, and before `end`."""

    begin: datetime
    end: datetime
    name: str

    def __contains__(self, moment: datetime) -> bool:
        return self.begin <= moment < self.end

    def __str__(self) -> str:
        return f"{self.name}, {self.begin:%Y-%m-%d %H:%MZ} to {self.end:%Y-%m-%d %H:%MZ}"


def between(name: str, begin: datetime, end: datetime, zone: tzinfo) -> Window:
    """Where a local time comes twice or never, the window is the longer one."""
    return Window(min(_both(begin, zone)), max(_both(end, zone)), name)


def _both(local: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    where = local.tzinfo or zone
    first, second = (local.replace(tzinfo=where, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second
