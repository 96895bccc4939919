"""The words the whole code base speaks: desired, found, observed, change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from fnmatch import fnmatchcase
from typing import Any

Properties = Mapping[str, Any]
Tags = Mapping[str, str]

SET = "a set"  # a list whose order means nothing
ORDER = "in order"  # a list whose members are told apart by position only
Lists = Mapping[str, str | tuple[str, ...]]

View = Callable[[str], Iterable[Properties]]
"""Every resource of a type, as declared and as found in the account. Read-only.

What is declared says its address under `$address`, and under `$initial` what only a create uses."""


class Action(StrEnum):
    """What a plan will do to one resource."""

    NO_OP = "no-op"
    ADOPT = "adopt"
    CREATE = "create"
    UPDATE = "update"
    DISRUPT = "disrupt"
    REPLACE = "replace"
    DELETE = "delete"
    WAIT = "wait"
    UNKNOWN = "unknown"  # what it stands on could not be read: skipped, never created


class Status(Enum):
    """Where AWS says the object is in its own life."""

    READY = "ready"
    PENDING = "pending"  # AWS is still working on it: look again later
    WAITING = "waiting"  # for people or another team: `Observed.waits` says who and for what
    GONE = "gone"  # AWS still describes it, but it no longer counts as existing
    BROKEN = "broken"  # AWS gave up on it: `Observed.reason` says why


class Unknown:
    """A value that AWS has not chosen yet. It equals nothing and cannot be sent or printed."""

    def __init__(self, of: str = "") -> None:
        self.of = of
        """The address of the resource that has yet to be made, where it is one's whole value."""

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return "‹known after apply›"

    def __str__(self) -> str:
        raise TypeError("an unknown value was about to be used")

    __format__ = None  # type: ignore[assignment]


UNKNOWN = Unknown()


class Asked(Unknown):
    """An input that nobody gave. Only what is to be created or changed demands it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def __repr__(self) -> str:
        return f"‹input {self.name}›"


@dataclass(frozen=True)
class Source:
    """Where something stands in the YAML: a file, and a line and column counted from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Wait:
    """What only people or another team can do: who, what exactly, and what goes on then."""

    who: str
    what: str
    unblocks: str = ""
    """Empty where it is all that stands on the one that waits."""


@dataclass(frozen=True)
class Desired:
    """One resource as its YAML wants it, every reference resolved, tags of ours included."""

    properties: Properties
    tags: Tags = field(default_factory=dict)
    intent: str = ""
    """Names this wish of this run: constant over retries, for tokens and caller references."""

    def __getitem__(self, name: str) -> Any:
        return self.properties[name]


@dataclass(frozen=True)
class Found:
    """One object as a listing shows it: enough to say which resource it is."""

    id: str
    properties: Properties
    tags: Tags | None = None
    """None where the listing does not show them."""
    arn: str = ""
    """Where `tags` is None: under which ARN the tagging sweep would show them."""
    managed_by: str = ""
    """Who made it, where AWS says so: such an object is never ours to change."""
    region: str = ""
    """Where it is, if the listing also tells of other regions' objects."""
    kin: tuple[str, ...] = ()
    """ARNs of what it was before somebody else made it anew, and perhaps left out our tags."""


@dataclass(frozen=True)
class Observed:
    """One object as AWS reports it, in the vocabulary of the desired properties."""

    id: str
    properties: Properties
    tags: Tags = field(default_factory=dict)
    status: Status = Status.READY
    reason: str = ""
    """Why it is PENDING or BROKEN, in AWS's words."""
    waits: tuple[Wait, ...] = ()
    etag: str = ""

    def __getitem__(self, name: str) -> Any:
        return self.properties[name]


@dataclass(frozen=True)
class Within:
    """The bounds of a field that somebody else owns, and who that is."""

    by: str
    low: float | None = None
    high: float | None = None
    among: tuple[Any, ...] = ()
    like: str = ""
    above: str = ""
    """A dotted version: that one or any higher, as long as its first number is the same."""

    def settle(self, before: Any, after: Any) -> Any:
        """What they set, while it is inside; else the nearest bound, or what we declare."""
        if before is None:
            return after
        if self._unknown:  # what they stand on has yet to be made: then it shows
            return before
        if self.above:
            return before if _follows(str(before), self.above) else after
        if self.low is not None or self.high is not None:
            return self._nearest(before)
        inside = before in self.among or (self.like and fnmatchcase(str(before), self.like))
        return before if inside else after

    @property
    def _unknown(self) -> bool:
        bounds = (self.low, self.high, self.like, self.above, *self.among)
        return any(isinstance(each, Unknown) for each in bounds)

    def _nearest(self, before: Any) -> Any:
        if self.low is not None and before < self.low:
            return self.low
        if self.high is not None and before > self.high:
            return self.high
        return before


@dataclass(frozen=True)
class Rest(Within):
    """A property that is born with `value`, and left alone until people have done their part."""

    value: Any = None
    wait: Wait = Wait("", "")

    def settle(self, before: Any, after: Any) -> Any:
        """What is there; what is not is born at rest."""
        return self.value if before is None else before


def _follows(version: str, earlier: str) -> bool:
    ours, theirs = _numbers(earlier), _numbers(version)
    return theirs[:1] == ours[:1] and theirs >= ours


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


@dataclass(frozen=True)
class FieldChange:
    """One property that differs, as a path such as `imageScanningConfiguration.scanOnPush`."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Items:
    """The members a list gains and loses."""

    added: list[Any]
    removed: list[Any]


@dataclass(frozen=True)
class Change:
    """Everything a handler needs to bring one observed object to its desired state."""

    observed: Observed
    wanted: Properties
    """The observed properties with the desired ones laid over them: complete, safe to send."""
    tags: Tags
    """The observed tags with ours laid over them: those that shall be there afterwards."""
    fields: tuple[FieldChange, ...] = ()
    intent: str = ""
    """As `Desired.intent`."""

    @property
    def names(self) -> set[str]:
        """The top-level properties in which something differs."""
        return {top(each.path) for each in self.fields}

    @property
    def changed(self) -> Properties:
        """Those properties, whole, as wanted."""
        return {name: self.wanted[name] for name in sorted(self.names) if name in self.wanted}

    @property
    def retags(self) -> bool:
        """Whether tags differ."""
        return dict(self.tags) != dict(self.observed.tags)

    def touches(self, *names: str) -> bool:
        """Whether something differs in one of these properties."""
        return not self.names.isdisjoint(names)

    def items(self, name: str) -> Items:
        """The members that the list property `name` gains and loses."""
        before, after = self.observed.properties.get(name) or [], self.wanted.get(name) or []
        return Items(
            added=[item for item in after if item not in before],
            removed=[item for item in before if item not in after],
        )


def top(path: str) -> str:
    """The top-level property of a path, or of a JMESPath that begins with one."""
    return re.split(r"[.\[ ]", path, maxsplit=1)[0]
