"""What the YAML of one environment declares, checked and put together."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reconciler.errors import InvalidDesired, Problem
from reconciler.load.heal import Bounds
from reconciler.load.policy import Policy
from reconciler.model import Properties, Source, Tags


@dataclass(frozen=True)
class Input:
    """A value that does not stand in the YAML, and where it comes from."""

    name: str
    source: Source
    variable: str = ""
    """The environment variable that holds it; a pipeline leaves one empty that it does not know."""
    file: Path | None = None
    """The file whose whole text it is."""
    description: str = ""
    default: str | None = None
    sandbox: str = ""
    """What stands in for it in the sandbox."""
    given: str | None = None
    """What the caller gives in place of the source."""
    withheld: bool = False
    """Whether nobody has reviewed the source yet, so that it is not read."""

    def value(self, variables: Mapping[str, str] = os.environ) -> str:
        """The value. InvalidDesired, with what to do, if its source does not give one."""
        if self.given is not None:
            return self.given
        if not self.withheld:
            if given := variables.get(self.variable):
                return given
            if self.file is not None and self.file.is_file():
                return self._text(self.file)
        if self.default is not None:
            return self.default
        raise self._missing(f"has no value; {self._remedy()}")

    def _text(self, file: Path) -> str:
        try:
            return file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise self._missing(f"cannot be read from {file} ({error})") from error

    def _remedy(self) -> str:
        if self.withheld:
            return "where it comes from is not read before it is reviewed"
        if self.file is not None:
            return f"put it into the file {self.file}"
        return f"set the environment variable {self.variable}"

    def _missing(self, what: str) -> InvalidDesired:
        purpose = f" ({self.description})" if self.description else ""
        problem = f"the input {self.name}{purpose}, which this plan needs, {what}"
        return InvalidDesired([Problem(self.source, "", problem)])


@dataclass(frozen=True)
class State:
    """Where the lease and the journal are kept."""

    bucket: str
    region: str


@dataclass(frozen=True)
class Environment:
    """environment.yaml: which account and region, and what holds for all resources there."""

    name: str
    folder: Path
    account: str
    region: str
    source: Source
    regions: Mapping[str, str] = field(default_factory=dict)
    """Region by alias; `main` is always there."""
    sparse: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The only types that are looked for in a region, by region; unsaid: all."""
    zones: Sequence[str] = ()
    tags: Tags = field(default_factory=dict)
    role: str = ""
    inputs: Mapping[str, Input] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    freezes: Sequence[Mapping[str, Any]] = ()
    """Hours in which nothing is changed, as they are written."""
    notify: Mapping[str, Any] = field(default_factory=dict)
    """By which channels the periodic run tells people: sns, webhook, metrics."""
    heal: Bounds = field(default_factory=Bounds)
    """What the periodic run may repair; nothing if unsaid."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """How many a run may `delete`, `replace` and `change` at most; unsaid: as many as it wants."""
    exact: bool = False
    """Whether a list that is written is the whole list (`lists: exact`)."""
    outputs: Mapping[str, str] = field(default_factory=dict)
    terraform: Sequence[str] = ()
    """State files of Terraform: what stands in them is not ours."""
    state: State | None = None
    places: Mapping[str, Source] = field(default_factory=dict)
    """Where each setting stands, by path: `outputs.x`."""

    def looks(self, kind: str, region: str) -> bool:
        """Whether objects of a type are looked for in a region."""
        return kind in self.sparse.get(region, (kind,))

    def place(self, path: str) -> Source:
        """Where a path stands, or else the nearest thing around it."""
        return nearest(self.places, path) or self.source


@dataclass(frozen=True)
class Accepted:
    """Until when a resource may differ from what is written, and why."""

    until: datetime
    reason: str


def moment(text: str) -> datetime:
    """Of `2026-12-24`, which lasts to its end, or `2026-12-24T18:00Z`. Raises ValueError."""
    when = datetime.fromisoformat(text)
    day = timedelta(days=1) if len(text) == len("2026-12-24") else timedelta()
    return (when if when.tzinfo else when.replace(tzinfo=UTC)) + day


@dataclass(frozen=True)
class Resource:
    """One resource, typed by its schema; references are still text."""

    address: str
    region: str
    properties: Properties
    source: Source
    tags: Mapping[str, str | None] = field(default_factory=dict)
    """The environment's and its own; null for a tag that shall be absent."""
    depends_on: tuple[str, ...] = ()
    protect: bool | None = None
    """None: protected if its type holds data."""
    absent: bool = False
    was: str = ""
    settles_within: float | None = None
    accepted: Accepted | None = None
    """Until then a difference is neither repaired nor counted."""
    unnamed: bool = False
    """Nobody has told us yet what AWS calls it: the entry's name is only for its creation."""
    born_tags: Tags = field(default_factory=dict)
    """Tags that only a creation writes."""
    elsewhere: tuple[str, ...] = ()
    """Other regions in which it may be instead: nobody has told us. A creation takes `region`."""
    places: Mapping[str, Source] = field(default_factory=dict)
    """Where each property stands, by path: `a.b[0].c`."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Everywhere it may be."""
        return self.region, *self.elsewhere

    @property
    def type(self) -> str:
        return self.address.partition("/")[0]

    @property
    def name(self) -> str:
        return self.address.partition("/")[2]

    def place(self, path: str) -> Source:
        """Where a path stands, or else the nearest thing around it."""
        return nearest(self.places, path) or self.source


def nearest(places: Mapping[str, Source], path: str) -> Source | None:
    """Where a path stands, or else the nearest thing around it."""
    while path and path not in places:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return places.get(path)


@dataclass(frozen=True)
class Declared:
    """One environment, whole."""

    environment: Environment
    resources: Mapping[str, Resource]
    warnings: tuple[Problem, ...] = ()
