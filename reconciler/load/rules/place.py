"""One place in a resource, as rules look at it: what stands there, and what it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reconciler.load import own
from reconciler.load.declared import Resource
from reconciler.load.problems import Finding
from reconciler.model import UNKNOWN, Unknown

if TYPE_CHECKING:
    from reconciler.load.rules.whole import Whole


@dataclass(frozen=True)
class Place:
    """A place in a resource, and what stands there: None for nothing."""

    whole: Whole
    resource: Resource
    path: str
    raw: Any

    def at(self, path: str) -> Place:
        """A place below. What only a creation is told (`$initial`) is not known."""
        raw = self.raw
        if not self.path and not self.whole.exact and path.partition(".")[0] not in raw:
            raw = UNKNOWN
        for name in path.split("."):
            raw = _below(self.whole.known(raw) if isinstance(raw, str) else raw, name)
        return Place(self.whole, self.resource, f"{self.path}.{path}".lstrip("."), raw)

    def __iter__(self) -> Iterator[Place]:
        """The members of a list, but those that shall be absent."""
        for n, each in enumerate(self.raw if isinstance(self.raw, list) else ()):
            if not (isinstance(each, Mapping) and each.get("$absent") is True):
                yield Place(self.whole, self.resource, f"{self.path}[{n}]", each)

    def all(self, path: str) -> Iterator[Place]:
        """The places below, through every list on the way: `Statement.Action`."""
        first, _, rest = path.partition(".")
        here = self.at(first)
        for each in here if isinstance(here.raw, list) else (here,):
            yield from each.all(rest) if rest else (each,)

    @property
    def value(self) -> Any:
        return self.whole.known(self.raw)

    @property
    def text(self) -> str:
        """The text that stands here; empty if none does, or nobody knows it."""
        value = self.value
        return value if isinstance(value, str) else ""

    @property
    def missing(self) -> bool:
        return self.raw is None

    @property
    def open(self) -> bool:
        """Whether nobody knows what stands here."""
        return isinstance(self.value, Unknown)

    @property
    def identity(self) -> str:
        """The address that is referred to here, or else the text; empty if nobody knows it."""
        named = self.whole.named(self.raw)
        return named.address if named else self.text

    def differs(self, other: Place) -> bool:
        """Whether two things are surely meant: a declared one may have any id."""
        ours, theirs = (self.whole.named(each.raw) for each in (self, other))
        if (ours is None) != (theirs is None):
            return False
        return bool(self.identity and other.identity and self.identity != other.identity)

    def of(self, kind: str) -> Place | None:
        """The declared resource of this type that is named here, by reference or by name."""
        if (named := self.whole.named(self.raw)) is not None:
            return self.whole.place(named) if named.type == kind else None
        return self.whole.called(kind).get(self.text)

    def claimed(self, *claim: str) -> Place | None:
        """Who said the same before; None for the first to say it."""
        other = self.whole.claims.setdefault(claim, self)
        return None if other is self else other

    def wrong(self, what: str, sure: bool = True) -> Finding:
        """`sure`: also if much stands in AWS that the YAML does not mention."""
        return Finding(self.path, what, sure)

    def __str__(self) -> str:
        return f"{self.resource.address} ({self.resource.place(self.path)})"


def _below(raw: Any, name: str) -> Any:
    if isinstance(raw, Unknown):
        return UNKNOWN
    if not isinstance(raw, Mapping):
        return None
    return raw.get(name, UNKNOWN if name in own.initial(raw) else None)
