"""What stands in the lease's object: who holds it, since when, and for how long."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Note:
    """Whose the environment is, or was last."""

    run: str
    owner: str
    began: str
    seconds: int
    """How long it holds from when AWS stored it: clocks of two machines are never compared."""
    beat: int = 0
    """Which renewal this is: no two writes are alike, so none is taken for another."""
    free: bool = False
    """Given back: nobody holds it, and `run` was the last who did."""

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"


def read(text: str) -> Note:
    """Raises ValueError where it is none of ours."""
    known: Any = json.loads(text)
    try:
        return Note(**{each.name: known[each.name] for each in fields(Note)})
    except (KeyError, TypeError) as error:
        raise ValueError(f"it says {text[:80]!r}") from error


def instant(moment: datetime | None = None) -> str:
    """A moment as we write it: UTC, to the second."""
    return (moment or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
