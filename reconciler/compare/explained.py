"""differences.yaml: what is called how in two environments, and why they are not the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from reconciler.compare.pairs import Names
from reconciler.errors import InvalidDesired
from reconciler.load import facts
from reconciler.load.files import mappings
from reconciler.load.problems import Problems, meant
from reconciler.load.scalars import Typing
from reconciler.load.schemas import check
from reconciler.load.wording import of_ours
from reconciler.model import Source

FILE = "differences.yaml"
BARE = re.compile(r"[*./\[\]]")
"""What names nothing in a pattern."""


@dataclass(frozen=True, eq=False)
class Row:
    """One reason, and the differences that it explains."""

    heading: str
    why: str
    source: Source
    of: Sequence[str]
    """Patterns of addresses: the first environment's, or those of the one that alone has them."""
    at: Sequence[str] = ()
    """Patterns of paths of properties; none: the resources as a whole."""
    only: str = ""
    """The environment that alone has the resources."""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By environment, patterns of what its value must be; unsaid: anything."""
    count: int | None = None
    """How many differences it explains, where that is said."""


@dataclass(frozen=True)
class Explained:
    """The whole file."""

    environments: tuple[str, str]
    pairs: Mapping[str, Names]
    rows: tuple[Row, ...]
    places: Mapping[str, Source]


def explained(folder: Path) -> Explained:
    """The file in the folder of all environments. InvalidDesired with everything that is wrong."""
    problems = Problems()
    file = folder / FILE
    documents = list(mappings(file, folder, problems, {}))
    problems.raise_any()
    if len(documents) != 1:
        what = f"must be one mapping, but holds {len(documents)}; see docs/compare.md"
        problems.add(Source(str(file), 1), "", what)
        problems.fail()
    typing = Typing(_shape())
    values = typing.typed(documents[0], _shape())
    for path, what in check(_shape(), values):
        problems.add(typing.places.get(path, Source(str(file), 1)), "", f"{path} {of_ours(what)}")
    problems.raise_any()
    for path, what in _wrong(values):
        problems.add(typing.places[path], "", f"{path} {what}")
    problems.raise_any()
    first, second = values["environments"]
    rows = tuple(_rows(values, (first, second), typing.places))
    return Explained((first, second), values.get("pairs") or {}, rows, typing.places)


def of(folder: Path, first: str, second: str) -> Explained:
    """The file, if it speaks of these two."""
    found = explained(folder)
    if found.environments != (first, second):
        one, other = found.environments
        raise InvalidDesired(
            f"{folder / FILE} explains how {other} differs from {one}, and nothing else: "
            f"write muvi-converge compare {one} {other}"
        )
    return found


@cache
def _shape() -> Mapping[str, Any]:
    return facts.shipped("differences")


def _rows(
    values: Mapping[str, Any], environments: tuple[str, str], places: Mapping[str, Source]
) -> Iterator[Row]:
    for path, heading, row in _each(values):
        yield Row(
            heading,
            row["why"],
            places[path],
            _listed(row["of"]),
            _listed(row.get("at", ())),
            row.get("only", ""),
            {name: _listed(row[name]) for name in environments if name in row},
            row.get("count"),
        )


def _each(values: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Path, heading and row."""
    for heading, rows in (values.get("rows") or {}).items():
        for number, row in enumerate(rows):
            yield f"rows.{heading}[{number}]", heading, row


def _listed(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _wrong(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a schema cannot say."""
    names = values["environments"]
    for kind in values.get("pairs") or ():
        if kind not in facts.types():
            yield f"pairs.{kind}", f"is no type that we know.{meant(kind, facts.types())}"
    for path, _, row in _each(values):
        yield from ((f"{path}.{name}", what) for name, what in _ill(row, names))


def _ill(row: Mapping[str, Any], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    known = {"why", "of", "at", "only", "count", *names}
    for name in row.keys() - known:
        yield name, f"is none of {', '.join(sorted(known))}.{meant(name, known)}"
    if "only" in row and row["only"] not in names:
        yield "only", f"is {row['only']}, which is none of {' and '.join(names)}"
    if "only" in row and "at" in row:
        yield "at", "means nothing for a resource that has no counterpart; take it out"
    if "only" not in row and "at" not in row:
        yield "of", "says neither `at`, which properties differ, nor `only`, who alone has it"
    if _wide(row["of"]):
        yield "of", "is so wide that it would explain whatever comes; name the types"
    if _wide(row.get("at", ())):
        yield "at", "is so wide that it would explain whatever comes; name the properties"


def _wide(patterns: Any) -> bool:
    return any(len(BARE.sub("", each)) < 2 for each in _listed(patterns))
