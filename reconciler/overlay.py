"""Laying the desired properties over the observed ones: what the YAML leaves out stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.model import ORDER, SET, FieldChange, Lists, Properties, Within, top


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


@dataclass(frozen=True)
class Overlay:
    """How to lay one resource's desired properties over the observed ones."""

    lists: Lists = field(default_factory=dict)
    exact: bool = True
    bounds: Mapping[str, Within] = field(default_factory=dict)

    def lay(self, before: Any, after: Any, path: str = "", exact: bool | None = None) -> Any:
        """`before`, with `after` made true in it. Where they already agree, `before` itself."""
        match before, after:
            case Mapping(), Mapping():
                return self._mapping(before, after, path)
            case list(), list():
                return self._list(before, after, path, self.exact if exact is None else exact)
        return before if same(before, after) else plain(after)

    def _mapping(self, before: Properties, after: Properties, path: str) -> dict[str, Any]:
        merged = dict(before)
        for name, value in after.items():
            if name.startswith("$"):
                continue
            inner = f"{path}.{name}".lstrip(".")
            limits = self._bounds(after, name, inner)
            exact = name in after["$exact"] if "$exact" in after else None
            old = before.get(name)
            if limits:
                merged[name] = limits.settle(old, value)
            elif not same(old, merged_value := self.lay(old, value, inner, exact)):
                merged[name] = merged_value
        return {name: value for name, value in merged.items() if value is not None}

    def _bounds(self, after: Properties, name: str, path: str) -> Within | None:
        declared = after.get("$within", {}).get(name)
        return self.bounds.get(path) if declared is None else bounds(declared)

    def _list(self, before: list[Any], after: list[Any], path: str, exact: bool) -> list[Any]:
        pairs: dict[int, Any] = {}
        new = []
        for member in after:
            place = self._partner(before, pairs, member, path)
            if place is None:
                new.append(member)
            else:
                pairs[place] = member
        stay = {} if exact else dict(enumerate(before))
        kept = {**stay, **pairs}
        laid = [
            self._member(before[n], kept[n], path) for n in sorted(kept) if not _tombstone(kept[n])
        ]
        return [*laid, *plain(new)]

    def _member(self, old: Any, member: Any, path: str) -> Any:
        name = next((member[key] for key in self._names(path) if key in member), None)
        return self.lay(old, member, path if name is None else f"{path}[{name}]")

    def _names(self, path: str) -> tuple[str, ...]:
        how = how_listed(self.lists, path, ORDER)
        return how if isinstance(how, tuple) else ()

    def _partner(
        self, before: list[Any], taken: Mapping[int, Any], member: Any, path: str
    ) -> int | None:
        """The place of the observed member that this desired one speaks of."""
        left = [place for place in range(len(before)) if place not in taken]
        name = next((name for name in self._names(path) if name in member), None)
        if name is not None:
            return next((n for n in left if same(before[n].get(name), member[name])), None)
        if how_listed(self.lists, path, ORDER) == ORDER:
            return next(iter(left), None)
        # A set: the member that already says everything that we want of it.
        return next((n for n in left if same(before[n], self.lay(before[n], member, path))), None)


def differences(before: Any, after: Any, lists: Lists, path: str = "") -> Iterator[FieldChange]:
    """Where the wanted properties are not the observed ones, as deep as paths can be named."""
    names = how_listed(lists, path, SET)
    match before, after:
        case _ if same(before, after):
            return
        case Mapping(), Mapping():
            for name in {**before, **after}:
                inner = f"{path}.{name}".lstrip(".")
                yield from differences(before.get(name), after.get(name), lists, inner)
        case list(), list() if isinstance(names, tuple):
            old, new = (
                {member.get(names[0]): member for member in each} for each in (before, after)
            )
            for name in {**old, **new}:
                yield from differences(old.get(name), new.get(name), lists, f"{path}[{name}]")
        case _:
            yield FieldChange(path, before, after)


def bounds(declared: Properties) -> Within:
    """`{from, to, by}`, `{among, by}` or `{like, by}`, as YAML writes them."""
    return Within(
        declared["by"],
        declared.get("from"),
        declared.get("to"),
        tuple(declared.get("among", ())),
        declared.get("like", ""),
    )


def how_listed(lists: Lists, path: str, otherwise: str) -> str | tuple[str, ...]:
    """What the facts say of the list at this path; `Policy.*` speaks for all below."""
    facts = place(path)
    if facts in lists:
        return lists[facts]
    return lists.get(f"{top(facts)}.*", otherwise)


def _absent(value: Any) -> bool:
    return value is None or (isinstance(value, (str, list, Mapping)) and not value)


def _tombstone(member: Any) -> bool:
    return isinstance(member, Mapping) and member.get("$absent") is True


def place(path: str) -> str:
    """The path as the facts write it: without the names of members."""
    return re.sub(r"\[.*?\]", "", path)
