"""What history tells: runs, and one line for each change that they or others made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reconciler.actors import Kind


@dataclass(frozen=True)
class Line:
    """One field that changed; or one object made, taken away, or changed by others."""

    when: str
    by: Kind
    who: str
    action: str
    """As a plan says it; of what no step explains, the operation."""
    object: str
    """The address, where it is known; else what CloudTrail calls it."""
    path: str = ""
    before: Any = None
    after: Any = None
    result: str = "done"
    requests: tuple[str, ...] = ()
    run: str = ""
    pull_request: str = ""


@dataclass(frozen=True)
class Past:
    """One run, as its journal tells."""

    when: str
    run: str
    status: str
    why: str
    who: str
    commit: str
    pull_request: str
    calls: int
    seconds: float
    lines: tuple[Line, ...]
    requests: frozenset[str]
    ids: dict[str, str]
    """Addresses, by the ids of the objects of its steps."""
