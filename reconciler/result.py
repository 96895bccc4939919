"""What a run has to say: decisions, what became of them, and what it looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from reconciler.model import Action, FieldChange, Source, Wait


@dataclass(frozen=True)
class Decision:
    """What a plan says of one resource, or of one object of ours that nothing declares any more."""

    address: str
    region: str
    action: Action
    reason: str
    """One sentence: why this action."""
    id: str = ""
    owner: str = ""
    """Whose the object is: ours, another tool's, or empty for nobody's."""
    diff: tuple[FieldChange, ...] = ()
    """Tags stand in it under `tags.KEY`."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """Fields of others, by path, and who they are."""
    gate: str = ""
    """What holds the action in this run, and the one line that would lift it; empty if nothing."""
    source: Source | None = None
    waits: tuple[Wait, ...] = ()
    last: str = ""
    """Who changed its object last, when, and how; empty where nobody asked or AWS does not tell."""
    behind: str = ""
    """Which resource it stands on that waits for people; empty if none does."""

    @property
    def type(self) -> str:
        return self.address.split("/", 1)[0]

    @property
    def name(self) -> str:
        return self.address.split("/", 1)[1]


class Fate(StrEnum):
    """How a resource came out of a run."""

    PLANNED = "planned"  # a dry-run: nothing was tried
    DONE = "done"
    REFUSED = "refused"  # policy or protection held it: the difference remains
    FAILED = "failed"
    SKIPPED = "skipped"  # something it stands on failed, waits or could not be read
    WAITING = "waiting"  # for people
    BUSY = "busy"  # nothing differs, but AWS is at work on it, for us or for somebody else


@dataclass(frozen=True)
class Outcome:
    """What became of a decision."""

    fate: Fate
    error: str = ""
    seconds: float = 0.0
    waits: tuple[Wait, ...] = ()
    id: str = ""
    """The object's id, where the run made it."""


@dataclass(frozen=True)
class Coverage:
    """What a run looked at."""

    declared: Mapping[str, int]
    """Resources declared, by type."""
    undeclared: Mapping[str, int]
    """Objects found that nothing declares, by type."""
    others: Mapping[str, int] = field(default_factory=dict)
    """Of these, how many whose, where it is known."""
    unnamed: tuple[str, ...] = ()
    """Addresses that nobody has given their name in AWS yet: nothing of them was compared."""
    compared: int = 0
    """Properties compared: those that the YAML mentions."""
    left: int = 0
    """Properties that AWS showed and the YAML leaves alone."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """What could not be listed or read, and why, by type or address."""


@dataclass(frozen=True)
class Result:
    """One run, whole: what `report/` prints."""

    environment: str
    account: str
    run: str
    commit: str
    dry: bool
    decisions: tuple[Decision, ...]
    outcomes: Mapping[str, Outcome]
    """By address; a decision without an outcome was not reached."""
    coverage: Coverage
    outputs: Mapping[str, Any]
    calls: Mapping[str, int]
    """Requests sent, by service."""
    seconds: float
    warnings: tuple[str, ...] = ()
    """What people should know besides, in the order in which it was found."""
