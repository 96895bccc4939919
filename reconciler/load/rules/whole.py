"""Everything declared, as rules ask for it: references followed, what nobody knows left open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import jmespath

from reconciler.errors import InvalidDesired
from reconciler.load import facts, own
from reconciler.load.declared import Resource
from reconciler.load.problems import Finding
from reconciler.load.references import REFERENCE, leading, resolve, split
from reconciler.model import UNKNOWN, Properties, Unknown

Made = TypeVar("Made")


class Whole:
    """The resources of one environment, but those that shall be absent."""

    def __init__(self, resources: Mapping[str, Resource]) -> None:
        self.resources = {address: each for address, each in resources.items() if not each.absent}
        self._kinds: dict[str, list[Place]] = defaultdict(list)
        for each in self.resources.values():
            self._kinds[each.type].append(self.place(each))
        self.claims: dict[tuple[str, ...], Place] = {}
        """Who said first what only one may say."""
        self._called: dict[str, dict[str, Place]] = {}
        self._values: dict[tuple[str, str], Any] = {}
        self._made: dict[Any, Any] = {}

    def every(self, kind: str) -> list[Place]:
        """Every resource of a type; none of a type that there is not."""
        return self._kinds[kind]

    def place(self, resource: Resource) -> Place:
        return Place(self, resource, "", resource.properties)

    def called(self, kind: str) -> Mapping[str, Place]:
        """The resources of a type by the name that AWS knows them by, where there is one."""
        if kind not in self._called:
            naming = facts.handler(kind).naming if self.every(kind) else "tag:"
            named = [] if naming.startswith("tag:") else self.every(kind)
            self._called[kind] = {each.at(naming).text: each for each in named}
            self._called[kind].pop("", None)
        return self._called[kind]

    def once(self, make: Callable[[Whole], Made]) -> Made:
        """What `make` makes of everything, made once."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]  # type: ignore[no-any-return]

    def known(self, value: Any) -> Any:
        """The value with every reference followed; UNKNOWN where only AWS or an input knows."""
        try:
            return resolve(value, self._look, self.resources)
        except (InvalidDesired, ValueError):  # it leads nowhere, which is told elsewhere
            return UNKNOWN

    def named(self, value: Any) -> Resource | None:
        """The declared resource that a reference names, also by way of others."""
        resource, seen = None, set()
        while (found := self._referred(value)) and found not in seen:
            seen.add(found)
            resource = self.resources[found[0]]
            value = resource.properties.get(found[1])
        return resource

    def _referred(self, value: Any) -> tuple[str, str] | None:
        match = REFERENCE.fullmatch(value) if isinstance(value, str) else None
        return split(match[1] or "", self.resources) if match else None

    def _look(self, address: str, expression: str) -> Any:
        key = address, expression
        if key not in self._values:
            self._values[key] = UNKNOWN  # also for who asks in a circle
            properties = self._properties(address)
            if leading(expression) in properties:
                self._values[key] = self.known(jmespath.search(expression, properties))
        return self._values[key]

    def _properties(self, address: str) -> Properties:
        resource = self.resources.get(address)  # an input has no address
        return resource.properties if resource else {}


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
