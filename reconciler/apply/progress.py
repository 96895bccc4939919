"""How far a run has come with each resource, and what all its steps share."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Protocol

from botocore.exceptions import ClientError

from reconciler.apply.executor import Later, Waits
from reconciler.apply.waiting import Pace, Patience
from reconciler.aws.linked_roles import LinkedRoles
from reconciler.aws.passing import passes
from reconciler.model import Change, FieldChange, Observed, Properties
from reconciler.overlay import plain, unknown
from reconciler.plan.estate import Estate

Answer = Later | Waits | None


class Begin(Protocol):
    """Asked before each write to an address; raises Denied where nothing may be begun by now."""

    def __call__(self, address: str, change: Change | None = None) -> None: ...


def freely(address: str, change: Change | None = None) -> None:
    """Whatever it is may be begun."""


@dataclass
class Progress:
    """How far this run has come with one resource."""

    patience: Patience
    sent: float | None = None
    """When the create was sent."""
    lost: bool = False
    """Its answer never came, or says that there is one already."""
    taken: ClientError | None = None
    """That answer: the name may be a stranger's, whom we cannot see."""
    appeared: float = 0.0
    """When it was first seen after the create."""
    written: float = 0.0
    tried: list[tuple[FieldChange, ...]] = field(default_factory=list)
    stale: int = 0
    waiting: float = 0.0
    """Since when it is seen to wait for people."""
    gone: bool = False
    """The object that was to be replaced is out of the way."""
    remade: bool = False


class Course:
    """One run's course through an estate: what it has made of it so far."""

    def __init__(self, estate: Estate, pace: Pace, begin: Begin = freely) -> None:
        self.estate, self.pace, self._begin = estate, pace, begin
        self.began = time.monotonic()
        self.touched: set[str] = set()
        """What this run wrote to."""
        self.bases: dict[str, Observed] = {}
        """What this run made another object from, by address: revisions are never changed."""
        self.progress: dict[str, Progress] = defaultdict(lambda: Progress(Patience(pace)))
        self._linked_roles = LinkedRoles(estate.aws)

    def touch(self, address: str, change: Change | None = None) -> None:
        """Right before a write to it. Raises Denied where none may be begun by now."""
        self._begin(address, change)
        self.touched.add(address)

    def instant(self) -> float:
        """Since when a listing is young enough to take a step by."""
        return self.pace.instant(self.began)

    def bound(self, address: str) -> float:
        """Seconds that AWS may take to finish with an object."""
        declared = self.estate.resources[address].settles_within
        return self.estate.facts(address).settles_within if declared is None else declared

    def passes(self, address: str, error: ClientError) -> bool:
        """Whether the same call will be taken later, by then with a role that it lacks now."""
        asked = plain(self.estate.desired(address).properties)
        return self._linked_roles.supply(address, asked, error) or passes(error)


def unknowns(properties: Properties) -> str:
    """The properties that hold something which AWS has not chosen yet."""
    return ", ".join(name for name, value in properties.items() if unknown(value))
