"""Two environments, resource by resource: what the first one states and the second one does not."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.compare.explained import Explained, Row
from reconciler.compare.pairs import Pairs, matches
from reconciler.compare.sides import Sides
from reconciler.load import Declared
from reconciler.model import Source

PAIRLESS = "pairs nothing (any more): take it out, or mend the names"


@dataclass(frozen=True)
class Difference:
    """A property that is not the same; or a resource that only one of them has."""

    address: str
    """Of the first environment; of the only one that has it."""
    sources: tuple[Source, ...]
    other: str = ""
    """The counterpart's address."""
    path: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    """By environment; None where it says nothing."""
    only: str = ""
    """The environment that alone has the resource."""


@dataclass(frozen=True)
class Comparison:
    """Every difference, with its reason or without."""

    environments: tuple[str, str]
    pairs: int
    equal: int
    """Pairs without any difference."""
    statements: int
    """Values of the first environment that were compared."""
    unstated: Mapping[str, tuple[str, ...]]
    """By the first one's address: properties that only the second one says anything of."""
    reasons: tuple[tuple[Row, tuple[Difference, ...]], ...]
    findings: tuple[tuple[Difference, Row | None], ...]
    """Differences without a reason; with the row, if any, that expects other values."""
    stale: tuple[tuple[Source, str], ...]
    """Lines of differences.yaml that are not true (any more)."""

    @property
    def clean(self) -> bool:
        return not self.findings and not self.stale


def compare(first: Declared, second: Declared, known: Explained) -> Comparison:
    """Everything that differs. What stands under `$initial` states nothing, and where the first
    environment says nothing, nobody knows whether the second one differs."""
    pairs = Pairs(first.resources, second.resources, known.pairs)
    sides = Sides(first, second, pairs)
    found = list(_alone(first, second, pairs))
    statements = equal = 0
    for address, other in pairs:
        stated, differing = sides.differences(address, other)
        statements, equal = statements + stated, equal + (not differing)
        for path, ours, theirs in differing:
            values = dict(zip(known.environments, (ours, theirs), strict=True))
            places = first.resources[address].place(path), second.resources[other].place(path)
            found.append(Difference(address, places, other, path, values))
    reasons, findings = _explained(known, found)
    useless = ((known.places[f"pairs.{path}"], PAIRLESS) for path in pairs.useless)
    return Comparison(
        known.environments,
        len(list(pairs)),
        equal,
        statements,
        {address: silent for address, other in pairs if (silent := sides.unstated(address, other))},
        tuple((row, tuple(those)) for row, those in reasons.items() if those),
        tuple(findings),
        (*_stale(reasons, {row for _, row in findings}), *useless),
    )


def _explained(
    known: Explained, found: Iterable[Difference]
) -> tuple[dict[Row, list[Difference]], list[tuple[Difference, Row | None]]]:
    """What each row explains; and what none does, with the row that expects other values."""
    reasons: dict[Row, list[Difference]] = {row: [] for row in known.rows}
    findings: list[tuple[Difference, Row | None]] = []
    for each in found:
        speaking = [row for row in known.rows if _speaks(row, each)]
        if row := next((row for row in speaking if _expects(row, each)), None):
            reasons[row].append(each)
        else:
            findings.append((each, next(iter(speaking), None)))
    return reasons, findings


def shown(value: Any) -> str:
    """A value as the page tells it, and as a row's patterns mean it."""
    if value is None:
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _alone(first: Declared, second: Declared, pairs: Pairs) -> Iterator[Difference]:
    for side, addresses in zip((first, second), pairs.alone, strict=True):
        for address in addresses:
            source = side.resources[address].source
            yield Difference(address, (source,), only=side.environment.name)


def _speaks(row: Row, each: Difference) -> bool:
    """Whether a row is about what differs, whatever the values are."""
    if row.only != each.only or not any(matches(each.address, of) for of in row.of):
        return False
    return bool(each.only) or any(_within(each.path, at) for at in row.at)


def _expects(row: Row, each: Difference) -> bool:
    return all(_like(each.values[name], some) for name, some in row.values.items())


def _within(path: str, at: str) -> bool:
    """Whether a path is the one that is meant, or lies below it."""
    return any(matches(path, f"{at}{below}") for below in ("", ".*", "[*"))


def _like(value: Any, patterns: Iterable[str]) -> bool:
    return any(matches(shown(value), each) for each in patterns)


def _stale(
    reasons: Mapping[Row, list[Difference]], named: Collection[Row | None]
) -> Iterator[tuple[Source, str]]:
    """Rows that are not true any more, but those that a finding names anyhow."""
    for row, those in reasons.items():
        if row in named:
            continue
        if not those:
            yield row.source, "explains nothing (any more): take it out, or mend its patterns"
        elif row.count not in (None, len(those)):
            what = f"says that it explains {row.count} differences and explains {len(those)}"
            yield row.source, f"{what}: look at what came or went, then write the new count"
        for pattern in _idle(row, those) if those else ():
            yield (
                row.source,
                f"{pattern} in it explains nothing (any more): take it out, or mend it",
            )


def _idle(row: Row, those: Iterable[Difference]) -> Iterator[str]:
    """Patterns of a row that fit none of what it explains."""
    for of in row.of:
        if not any(matches(each.address, of) for each in those):
            yield of
    for at in row.at:
        if not any(_within(each.path, at) for each in those):
            yield at
    for name, patterns in row.values.items():
        for some in patterns:
            if not any(_like(each.values[name], (some,)) for each in those):
                yield some
