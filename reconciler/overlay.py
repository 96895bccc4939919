"""Laying the desired properties over the observed ones: what the YAML leaves out stays."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from reconciler.model import (
    ORDER,
    SET,
    Asked,
    FieldChange,
    Lists,
    Properties,
    Rest,
    Unknown,
    Within,
    top,
)

_Places = tuple[int, int]
"""Of a member among the desired and among the observed ones."""
_Pair = tuple[int | None, Any]
"""A member of a list, and the place of the observed one that it speaks of: None if it is new."""


def same(one: Any, other: Any) -> bool:
    """Equality that knows absence (null, "", [] and {} are one) and types (True is not 1)."""
    match one, other:
        case Mapping(), Mapping():
            return all(same(one.get(name), other.get(name)) for name in {**one, **other})
        case list(), list() if len(one) == len(other):
            return all(map(same, one, other))
    if _absent(one) or _absent(other):
        return _absent(one) and _absent(other)
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def plain(value: Any) -> Any:
    """What to send for something that does not exist yet: `$initial` counts, tombstones do not."""
    match value:
        case Mapping():
            written = {**value, **value.get("$initial", {})}
            filled = {name: plain(each) for name, each in written.items() if name[0] != "$"}
            return {name: each for name, each in filled.items() if each is not None}
        case list():
            return [plain(member) for member in value if not _tombstone(member)]
    return value


def unknown(value: Any) -> bool:
    """Whether there is an Unknown anywhere inside."""
    match value:
        case Unknown():
            return True
        case dict():
            return any(map(unknown, value.values()))
        case list():
            return any(map(unknown, value))
    return False


@dataclass(frozen=True)
class Overlay:
    """How to lay one resource's desired properties over the observed ones."""

    lists: Lists = field(default_factory=dict)
    exact: bool = True
    bounds: Mapping[str, Within] = field(default_factory=dict)
    additive: Set[str] = frozenset()

    def lay(self, before: Any, after: Any, path: str = "", exact: bool | None = None) -> Any:
        """`before`, with `after` made true in it. Where they already agree, `before` itself."""
        if isinstance(after, Asked):
            return before
        match before, after:
            case Mapping(), Mapping() if before or not path:  # what is not there is born whole
                return self._mapping(before, after, path)
            case list(), list():
                return self._list(before, after, path, self.is_exact(path, exact))
        return before if same(before, after) else plain(after)

    def spoken_of(self, before: list[Any], after: list[Any], path: str) -> list[Any]:
        """Those observed members that the desired ones speak of."""
        return [before[place] for place in sorted(self._partners(before, after, path).values())]

    def paired(self, before: list[Any], after: list[Any], path: str) -> dict[int, int]:
        """Which observed member each desired one speaks of, by their places in the lists."""
        if how_listed(self.lists, path, ORDER) == ORDER:
            return {number: number for number in range(min(len(before), len(after)))}
        return self._partners(before, after, path)

    def is_exact(self, path: str, declared: bool | None = None) -> bool:
        """Whether the list at this path is all there shall be; `declared`: what `$exact` says."""
        if place(path) in self.additive:
            return False
        return self.exact if declared is None else declared

    def _mapping(self, before: Properties, after: Properties, path: str) -> dict[str, Any]:
        merged = dict(before)
        born = after.get("$initial", {})
        for name, value in after.items():
            if name.startswith("$"):
                continue
            inner = f"{path}.{name}".lstrip(".")
            limits = self._bounds(after, name, inner)
            exact = name in after["$exact"] if "$exact" in after else None
            old = before.get(name)
            if name in born and same(old, self.lay(old, born[name], inner, exact)):
                continue  # it is as it was created, since AWS takes what is declared no longer
            if limits:
                merged[name] = limits.settle(old, value)
            elif not same(old, laid := self.lay(old, value, inner, exact)):
                merged[name] = laid
        return {name: value for name, value in merged.items() if value is not None}

    def _bounds(self, after: Properties, name: str, path: str) -> Within | None:
        declared, inferred = after.get("$within", {}).get(name), self.bounds.get(path)
        return inferred if declared is None or isinstance(inferred, Rest) else bounds(declared)

    def _list(self, before: list[Any], after: list[Any], path: str, exact: bool) -> list[Any]:
        if how_listed(self.lists, path, ORDER) == ORDER:
            return self._ordered(before, after, path)
        found = self._partners(before, after, path)
        ours: list[_Pair] = [(found.get(number), member) for number, member in enumerate(after)]
        pairs = {n: member for n, member in ours if n is not None}
        kept = pairs if exact else {**dict(enumerate(before)), **pairs}
        line: list[_Pair] = [(n, kept[n]) for n in sorted(kept)]
        if how_listed(self.lists, path, ORDER)[0] == ORDER:
            line = _in_our_order(ours, line)
        else:
            line = [*line, *(pair for pair in ours if pair[0] is None)]
        return [
            plain(member) if n is None else self._member(before[n], member, path)
            for n, member in line
            if not _tombstone(member)
        ]

    def _ordered(self, before: list[Any], after: list[Any], path: str) -> list[Any]:
        """Position names the member, so such a list is always whole."""
        shared = [self.lay(old, new, path) for old, new in zip(before, after, strict=False)]
        return [*shared, *plain(after[len(before) :])]

    def _member(self, old: Any, member: Any, path: str) -> Any:
        name = next((n for n in self._names(path) if _name(member, n) is not None), None)
        return self.lay(old, member, path if name is None else f"{path}[{_name(member, name)}]")

    def _names(self, path: str) -> tuple[str, ...]:
        return names(how_listed(self.lists, path, ORDER))

    def _partners(self, before: list[Any], after: list[Any], path: str) -> dict[int, int]:
        """Which observed member each desired one speaks of, by their places in the lists."""
        named = any(_name(member, n) is not None for member in after for n in self._names(path))
        ordered = how_listed(self.lists, path, ORDER)[0] == ORDER and not named
        pairs = dict(self._aligned(before, after, path)) if ordered else {}
        for number in (n for n in range(len(after)) if n not in pairs):
            found = self._partner(before, pairs.values(), after[number], path)
            if found is not None:
                pairs[number] = found
        return pairs

    def _aligned(self, before: list[Any], after: list[Any], path: str) -> tuple[_Places, ...]:
        """Members that no name tells, paired in their order: as many as fit, the clearest first."""

        @cache
        def best(new: int, old: int) -> tuple[int, int, tuple[_Places, ...]]:
            if new == len(after) or old == len(before):
                return 0, 0, ()
            options = [best(new + 1, old), best(new, old + 1)]
            if self._says(before[old], after[new], path):
                count, clear, pairs = best(new + 1, old + 1)
                paired = count + 1, clear + _leaves(after[new]), ((new, old), *pairs)
                options.insert(0, paired)
            return max(options, key=lambda option: option[:2])

        return best(0, 0)[2]

    def _partner(
        self, before: list[Any], taken: Collection[int], member: Any, path: str
    ) -> int | None:
        """The place of the observed member that this desired one speaks of."""
        left = [place for place in range(len(before)) if place not in taken]
        name = next((n for n in self._names(path) if _name(member, n) is not None), None)
        if name is not None:
            wanted = _name(member, name)
            return next((n for n in left if same(_name(before[n], name), wanted)), None)
        # A set: the member that says all that we want of it, and the least besides.
        fitting = (n for n in left if self._says(before[n], member, path))
        return min(fitting, key=lambda n: _leaves(before[n]), default=None)

    def _says(self, old: Any, member: Any, path: str) -> bool:
        """Whether an observed member says all that the desired one does."""
        wanted = {**member, "$absent": False} if _tombstone(member) else member
        return same(old, self.lay(old, wanted, path))


def differences(before: Any, after: Any, lists: Lists, path: str = "") -> Iterator[FieldChange]:
    """Where the wanted properties are not the observed ones, as deep as paths can be named."""
    named = names(how_listed(lists, path, SET))
    match before, after:
        case _ if same(before, after):
            return
        case Mapping(), Mapping():
            for name in {**before, **after}:
                inner = f"{path}.{name}".lstrip(".")
                yield from differences(before.get(name), after.get(name), lists, inner)
        case list(), list() if named:
            old, new = _by_name(before, named[0]), _by_name(after, named[0])
            if old.keys() == new.keys() and list(old) != list(new):
                yield FieldChange(f"{path}[]", list(old), list(new))
            for name in {**old, **new}:
                yield from differences(old.get(name), new.get(name), lists, f"{path}[{name}]")
        case _:
            yield FieldChange(path, before, after)


def _in_our_order(ours: list[_Pair], line: list[_Pair]) -> list[_Pair]:
    """Ours in our order, a new one behind the one before it; what is not ours keeps its place."""
    named = {n for n, _ in ours if n is not None}
    places = iter([pair for pair in ours if pair[0] is not None])
    line = [next(places) if n in named else (n, member) for n, member in line]
    place = next((at for at, (n, _) in enumerate(line) if n in named), len(line))
    for pair in ours:
        if pair[0] is None:
            line.insert(place, pair)
            place += 1
        else:
            place = line.index(pair) + 1
    return line


def _by_name(members: list[Any], name: str) -> dict[str, Any]:
    """Members by their name; by their place where they have none, or one that stands twice."""
    named: dict[str, Any] = {}
    for number, member in enumerate(members):
        label = _label(number, _name(member, name))
        named[label if label not in named else f"{label} {number}"] = member
    return named


def _label(number: int, name: Any) -> str:
    """A member's name as text; its place in the list where it has none yet."""
    return str(number if name is None or isinstance(name, Unknown) else name)


def _name(member: Any, field: str) -> Any:
    """What a member calls itself: one field, which may lie deeper (`Inner.Name`), or several as
    `Name+Type`; None if it lacks it."""
    if not isinstance(member, Mapping):
        return None
    if "+" not in field:
        first, _, rest = field.partition(".")
        return _name(member.get(first), rest) if rest else member.get(first)
    values = [member.get(each) for each in field.split("+")]
    if unknown := next((each for each in values if isinstance(each, Unknown)), None):
        return unknown
    return None if values[0] is None else " ".join(str(each) for each in values if each)


def bounds(declared: Properties) -> Within:
    """`{from, to, by}`, `{among, by}`, `{like, by}` or `{above, by}`, as YAML writes them."""
    return Within(
        declared["by"],
        declared.get("from"),
        declared.get("to"),
        tuple(declared.get("among") or ()),
        declared.get("like") or "",
        declared.get("above") or "",
    )


def how_listed(lists: Lists, path: str, otherwise: str) -> str | tuple[str, ...]:
    """What the facts say of the list at this path; `Policy.*` speaks for all below."""
    facts = place(path)
    if facts in lists:
        return lists[facts]
    return lists.get(f"{top(facts)}.*", otherwise)


def names(how: str | tuple[str, ...]) -> tuple[str, ...]:
    """The fields that name a member, of what the facts say of a list."""
    return tuple(each for each in how if each != ORDER) if isinstance(how, tuple) else ()


def _leaves(value: Any) -> int:
    """How much a value says."""
    match value:
        case Mapping():
            return sum(_leaves(each) for name, each in value.items() if name[0] != "$")
        case list():
            return sum(map(_leaves, value))
    return int(not _absent(value))


def _absent(value: Any) -> bool:
    return value is None or (isinstance(value, (str, list, Mapping)) and not value)


def _tombstone(member: Any) -> bool:
    return isinstance(member, Mapping) and member.get("$absent") is True


def place(path: str) -> str:
    """The path as the facts write it: without the names of members."""
    return re.sub(r"\[.*?\]", "", path)
