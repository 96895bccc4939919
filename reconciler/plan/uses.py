"""Who uses what: as the YAML says, and where it no longer does, ids and ARNs that AWS shows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from reconciler.handler import Handler
from reconciler.load.references import Reference
from reconciler.model import Observed, Properties, top

LEAST = 6  # characters below which an id could stand in a text by chance

Uses = Mapping[str, Mapping[str, bool]]
"""By address: who refers to it; True where only deferred properties do."""

Names = Mapping[str, Set[str]]
"""The addresses of all objects that a name may mean: types do not share their names."""

Objects = Mapping[str, tuple[type[Handler], Observed]]


def users(
    going: Objects, staying: Objects, declared: Mapping[str, Sequence[Reference]]
) -> tuple[Uses, Uses]:
    """Who of those that go, and who of those that stay, refers to each of those that go.

    Where the YAML says the other way round it is right: a cluster lists those who need it."""
    names = identifiers(going)
    found = _referring(going, names), _referring(staying, names)
    return _forward(found[0], declared), _forward(found[1], declared)


def uses(user: Properties, facts: type[Handler], names: Names) -> dict[str, bool]:
    """Which addresses an object refers to; True where only deferred properties do."""
    found: dict[str, bool] = {}
    for path, text in _texts(user):
        for address in _named(text, names):
            late = top(path) in facts.deferred
            found[address] = found.get(address, True) and late
    return found


def identifiers(observed: Objects) -> Names:
    """What others may call each object: its id, and what AWS chose for it and for no other."""
    ids: dict[str, set[str]] = defaultdict(set)
    chosen: dict[str, set[str]] = defaultdict(set)
    for address, (facts, one) in observed.items():
        if facts.shared:  # a part of another object, whose id it has
            continue
        ids[one.id].add(address)
        for name in _chosen(facts, one):
            chosen[name].add(address)
    # What several show is something else that they share, such as their network.
    return {**{name: each for name, each in chosen.items() if len(each) == 1}, **ids}


def _referring(observed: Objects, names: Names) -> Uses:
    found: dict[str, dict[str, bool]] = defaultdict(dict)
    for user, (facts, one) in observed.items():
        for used, late in uses(one.properties, facts, names).items():
            if used != user:
                found[used][user] = late
    return found


def _forward(found: Uses, declared: Mapping[str, Sequence[Reference]]) -> Uses:
    said = {(user, each.address) for user, theirs in declared.items() for each in theirs}
    return {
        used: {
            user: late
            for user, late in theirs.items()
            if (used, user) not in said or (user, used) in said
        }
        for used, theirs in found.items()
    }


def _chosen(facts: type[Handler], one: Observed) -> Iterator[str]:
    for output in facts.outputs:
        value = one.properties.get(output)
        if isinstance(value, str) and len(value) >= LEAST:
            yield value
            # The last part of an ARN names the object where others name it by path.
            if value.startswith("arn:") and "/" in value:
                yield value.split(":", 5)[5]


def _named(text: str, names: Names) -> Iterator[str]:
    """The addresses that a text names: whole, or as a part between separators."""
    if text in names:
        yield from names[text]
    elif "/" in text or ":" in text or "." in text:
        for part in {*re.split(r"[/:]", text), text.split("/*")[0], text.split(".")[0]}:
            if len(part) >= LEAST and part in names:
                yield from names[part]


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield path, value
        case Mapping():
            for name, each in value.items():
                yield from _texts(each, f"{path}.{name}".lstrip("."))
        case list():
            for each in value:
                yield from _texts(each, path)
