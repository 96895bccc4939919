"""Who changed an object last: CloudTrail's changes, read once when the first drift asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from reconciler.actors import Change, Ours, changes, ends, regions
from reconciler.aws import Aws
from reconciler.load import Environment
from reconciler.result import Decision


@dataclass
class Trail:
    """Changes of the account since a moment."""

    aws: Aws
    environment: Environment
    since: datetime
    ours: Ours
    pages: int
    """How many are read of each region."""
    unread: list[str] = field(default_factory=list)
    """Why something of it may be missing."""

    def last(self, decision: Decision) -> Change | None:
        """The last that touched its object; None where none since then did."""
        wanted = set(_names(decision))
        return next((each for each in self._changes if wanted & self._known(each)), None)

    @cached_property
    def _changes(self) -> list[Change]:
        """The newest first."""
        home = self.environment.regions
        asked = dict.fromkeys((*regions(self.environment.region), *home.values()))
        return changes(
            self.aws,
            asked,
            [],
            self.since,
            ours=self.ours,
            tell=self.unread.append,
            pages=self.pages,
        )

    def _known(self, change: Change) -> set[str]:
        return {end for each in (change.object, *change.names) for end in ends(each)}


def _names(decision: Decision) -> Iterator[str]:
    """What CloudTrail may call its object: its id, the end of its ARN, its name."""
    yield from (decision.name, decision.id)
    if decision.id.startswith("arn:"):
        yield from ends(decision.id)
