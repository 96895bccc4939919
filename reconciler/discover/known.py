"""Which texts AWS chose for objects that we know, and the references that stand for them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.handler import Handler
from reconciler.load import Environment
from reconciler.plan.uses import LEAST

LONGEST = 2000  # characters; beyond that it is a document of somebody's, not a text of names
OUTSIDE = re.compile(r"(?<![\w.-])(?=[\w])")
"""Where a name inside a longer text may begin."""
BEHIND = re.compile(r"(?<=[\w*])(?!\.?[\w-])")
"""Where it may end."""
TELLING = re.compile(r"[./:-]")


class Spoken(str):
    """A text in the YAML's own language: nothing in it is to be escaped."""

    __slots__ = ()


@dataclass(frozen=True)
class Thing:
    """An object that a reference may name, as it was read."""

    address: str
    facts: type[Handler]
    id: str
    properties: Mapping[str, Any]


class Known:
    """The texts that references, and `${env.x}`, may stand for."""

    def __init__(self, things: Iterable[Thing], environment: Environment) -> None:
        self._chosen = _chosen(things)
        self._environment = environment
        self._early = _early(environment)

    def holder(self, text: str) -> str:
        """The address of the object for which AWS chose this whole text; empty if none."""
        return self._chosen[text][0] if text in self._chosen else ""

    def spoken(self, text: str, allowed: Callable[[str], bool]) -> Spoken:
        """A text of AWS's in the language of the YAML, with references where it names others.

        `allowed` says to which addresses it may refer."""
        if reference := self._reference(text, allowed):
            return Spoken(reference)
        if len(text) > LONGEST:
            return Spoken(escaped(text))
        return Spoken("".join(self._parts(text, allowed)))

    def whole(self, text: str, allowed: Callable[[str], bool]) -> str:
        """The reference that stands for a whole text; empty if there is none."""
        return self._reference(text, allowed) or self._early.get(text, "")

    def _reference(self, text: str, allowed: Callable[[str], bool]) -> str:
        address, output = self._chosen.get(text, ("", ""))
        return f"${{{address}.{output}}}" if address and allowed(address) else ""

    def _parts(self, text: str, allowed: Callable[[str], bool]) -> Iterator[str]:
        """The text in pieces: references, and what lies between them."""
        begins = [each.start() for each in OUTSIDE.finditer(text)]
        ends = [each.start() for each in BEHIND.finditer(text)]
        done = 0
        for begin in begins:
            if begin < done:
                continue
            for end in reversed(ends):
                if end < begin + LEAST:
                    break
                part = text[begin:end]
                if TELLING.search(part) and (reference := self._reference(part, allowed)):
                    yield self._between(text[done:begin])
                    yield reference
                    done = end
                    break
        yield self._between(text[done:])

    def _between(self, text: str) -> str:
        """Account, regions and zones, which environment.yaml knows."""
        if text in self._early:
            return self._early[text]
        pieces = re.split(rf"({'|'.join(_pattern(each) for each in self._early)})", text)
        return "".join(self._early.get(each) or escaped(each) for each in pieces)


def escaped(text: str) -> str:
    return text.replace("${", "$${")


def _pattern(text: str) -> str:
    return rf"(?<![\w-]){re.escape(text)}(?![\w-])"


def _early(environment: Environment) -> dict[str, str]:
    regions = {region: f"${{env.regions.{a}}}" for a, region in environment.regions.items()}
    zones = {zone: f"${{env.zones[{n}]}}" for n, zone in enumerate(environment.zones)}
    own = {environment.account: "${env.account}", environment.region: "${env.region}"}
    return {**regions, **zones, **own}


def _chosen(things: Iterable[Thing]) -> dict[str, tuple[str, str]]:
    """By text: the address and the output of the one object that AWS chose it for."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    owners: dict[str, set[str]] = defaultdict(set)
    for thing in things:
        if thing.facts.shared:  # a part of another object, whose id it has
            continue
        for output, text in _outputs(thing):
            found[text].setdefault(thing.address, output)
            if text == thing.id:
                owners[text].add(thing.address)
    sure = {}
    for text, holders in found.items():
        # What several show is something that they share; but one of them may be that itself.
        named = owners[text] or set(holders)
        if len(named) == 1:
            (address,) = named
            sure[text] = address, holders[address]
    return sure


def _outputs(thing: Thing) -> Iterator[tuple[str, str]]:
    for output in sorted(thing.facts.outputs):
        value = thing.properties.get(output)
        inner = value.items() if isinstance(value, Mapping) else [("", value)]
        for name, text in inner:
            if isinstance(text, str) and len(text) >= LEAST and not text.isdigit():
                yield f"{output}.{name}".removesuffix("."), text
