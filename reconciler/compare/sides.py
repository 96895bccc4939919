"""What one environment states, in the words of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler import registry
from reconciler.compare.pairs import Pairs
from reconciler.load import Declared, Environment, Resource
from reconciler.load.references import REFERENCE, split
from reconciler.overlay import Overlay, differences, how_listed, names

REGION, TAGS, WITHIN = "$region", "Tags", "$within"


class Sides:
    """Two environments whose resources are paired."""

    def __init__(self, first: Declared, second: Declared, pairs: Pairs) -> None:
        self._first, self._second, self._pairs = first, second, pairs
        self._words = dict(_words(first.environment, second.environment))

    def differences(self, address: str, other: str) -> tuple[int, list[tuple[str, Any, Any]]]:
        """How much the first one states of a pair, and where the second one differs from it:
        path, and the values of the two."""
        ours, theirs = self._first.resources[address], self._second.resources[other]
        facts = registry.handler(ours.type)
        wanted = self._stated(ours, facts.lists, facts.naming)
        there = {n: v for n, v in theirs.properties.items() if not n.startswith("$")}
        there |= {TAGS: theirs.tags, REGION: _alias(self._second.environment, theirs.region)}
        laid = Overlay({**facts.lists}, exact=False).lay(there, wanted)
        found = differences(there, laid, facts.lists)
        return _leaves(wanted), [_told(each.path, each.after, each.before) for each in found]

    def unstated(self, address: str, other: str) -> tuple[str, ...]:
        """Properties of which the first one says nothing, and the second one does."""
        ours, theirs = self._first.resources[address], self._second.resources[other]
        said = {registry.handler(ours.type).naming, *ours.properties}
        return tuple(n for n in theirs.properties if n[0] != "$" and n not in said)

    def _stated(self, ours: Resource, lists: Mapping[str, Any], naming: str) -> dict[str, Any]:
        """What a resource states, but its own name and what a creation alone uses."""
        environment = self._first.environment
        said = {
            name: _identified(self._translated(value), lists, name)
            for name, value in ours.properties.items()
            if name == WITHIN or not (name.startswith("$") or name == naming)
        }
        own = {name: value for name, value in ours.tags.items() if name not in environment.tags}
        own.pop(naming.removeprefix("tag:"), None)
        return {**said, TAGS: own, REGION: _alias(environment, ours.region)}

    def _translated(self, value: Any) -> Any:
        """With the other's account, regions and zones, and its names in references."""
        match value:
            case str():
                return self._said(REFERENCE.sub(self._reference, value))
            case dict():
                return {name: self._translated(each) for name, each in value.items()}
            case list():
                return [self._translated(each) for each in value]
        return value

    def _reference(self, match: re.Match[str]) -> str:
        named = split(match[1] or "", self._first.resources)
        if named is None or not (other := self._pairs.other(named[0])):
            return match[0]
        return f"${{{other}.{named[1]}}}"

    def _said(self, text: str) -> str:
        for ours, theirs in self._words.items():
            text = text.replace(ours, theirs)
        return text


def _words(first: Environment, second: Environment) -> Iterator[tuple[str, str]]:
    yield from zip(first.zones, second.zones, strict=False)
    for alias in first.regions.keys() & second.regions.keys():
        yield first.regions[alias], second.regions[alias]
    yield first.account, second.account


def _alias(environment: Environment, region: str) -> str:
    return next((a for a, each in environment.regions.items() if each == region), region)


def _identified(value: Any, lists: Mapping[str, Any], path: str) -> Any:
    """With the names that members have from `$initial`, where nothing else tells which is meant."""
    match value:
        case dict():
            return {n: _identified(each, lists, f"{path}.{n}") for n, each in value.items()}
        case list():
            fields = names(how_listed(lists, path, ""))
            return [_named(_identified(each, lists, path), fields) for each in value]
    return value


def _named(member: Any, fields: tuple[str, ...]) -> Any:
    if not isinstance(member, dict) or any(name in member for name in fields):
        return member
    born = member.get("$initial", {})
    return {**{name: born[name] for name in fields if name in born}, **member}


def _told(path: str, stated: Any, there: Any) -> tuple[str, Any, Any]:
    """Of lists, what the other one lacks: its further members are no difference."""
    if isinstance(stated, list) and isinstance(there, list):
        stated = [each for each in stated if each not in there] or stated
    return path, stated, there


def _leaves(value: Any) -> int:
    match value:
        case dict():
            return sum(_leaves(each) for name, each in value.items() if name[:1] != "$")
        case list():
            return sum(map(_leaves, value))
    return int(value is not None)
