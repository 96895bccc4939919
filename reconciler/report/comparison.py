"""How two environments compare: every reason with what it explains, and what nobody explains."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from reconciler.compare.comparison import Comparison, Difference, shown
from reconciler.compare.explained import Row
from reconciler.report.paint import BLANK, Line, line, paint, wrapped

WIDTH = 100
FEW = 3  # addresses that stand beside a reason
MANY = 20  # findings that one page holds


def text(found: Comparison, whole: bool, color: bool = False) -> str:
    """For people; `whole`: each difference below its reason, and what cannot be compared."""
    first, second = found.environments
    lines = [line(f"{second} beside {first}, as their YAML declares them", "bold"), BLANK]
    for heading, reasons in _grouped(found):
        lines += [line(heading, "bold")]
        for why, those in reasons.items():
            lines += [*_reason(why, those, found.environments, whole)]
        lines += [BLANK]
    if whole:
        lines += [*_silent(found)]
    lines += [*_findings(found, whole), *_untrue(found)]
    return paint([*lines, *wrapped(summary(found), WIDTH, 0)], color)


def _grouped(found: Comparison) -> Iterator[tuple[str, dict[str, tuple[Difference, ...]]]]:
    """By heading, in the order of the file: reasons, and all that each of them explains."""
    for heading, rows in groupby(found.reasons, key=lambda each: each[0].heading):
        reasons: dict[str, tuple[Difference, ...]] = {}
        for row, those in rows:
            reasons[row.why] = (*reasons.get(row.why, ()), *those)
        yield heading, reasons


def as_json(found: Comparison) -> str:
    """For programs: the document that schemas/comparison.json describes."""
    document = {
        "environments": list(found.environments),
        "pairs": found.pairs,
        "equal": found.equal,
        "statements": found.statements,
        "unstated": {address: list(names) for address, names in found.unstated.items()},
        "reasons": [
            {
                "heading": row.heading,
                "why": row.why,
                "source": str(row.source),
                "differences": list(map(_plain, those)),
            }
            for row, those in found.reasons
        ],
        "findings": [
            {**_plain(each), "nearly": str(row.source) if row else ""}
            for each, row in found.findings
        ],
        "stale": [{"source": str(source), "what": what} for source, what in found.stale],
    }
    return json.dumps(document, indent=2)


def summary(found: Comparison) -> str:
    """All of it in one sentence or two."""
    explained = sum(len(those) for _, those in found.reasons)
    unstated = sum(map(len, found.unstated.values()))
    first, second = found.environments
    verdict = "Every difference has its reason." if found.clean else "Not everything is explained."
    return (
        f"{found.pairs} pairs, {found.equal} of them alike; {found.statements:,} statements of "
        f"{first} compared with {second}, which declares {unstated} properties more of which "
        f"{first} states nothing. {explained} differences explained by {len(found.reasons)} rows, "
        f"{len(found.findings)} not. {verdict}"
    )


def _reason(
    why: str, those: tuple[Difference, ...], names: tuple[str, str], whole: bool
) -> Iterator[Line]:
    first, *more = wrapped(why, WIDTH - 8, 0)
    yield ((f"{len(those):>5}  ", "bold"), *first)
    yield from ((("       ", ""), *each) for each in more)
    if whole:
        for each in those:
            yield from wrapped(_said(each, names), WIDTH, 9, "dim")
    else:
        yield from wrapped(_some(those), WIDTH, 7, "dim")


def _some(those: tuple[Difference, ...]) -> str:
    addresses = list(dict.fromkeys(each.address for each in those))
    further = len(addresses) - FEW
    return ", ".join(addresses[:FEW]) + (f" and {further} more" if further > 0 else "")


def _said(each: Difference, names: tuple[str, str]) -> str:
    if each.only:
        return f"{each.address}: only in {each.only}"
    values = " → ".join(f"{_value(each.values[name])} ({name})" for name in names)
    return f"{each.address} {each.path}: {values}"


def _silent(found: Comparison) -> Iterator[Line]:
    """By type, what the second one declares and nobody can compare."""
    if not found.unstated:
        return
    first, second = found.environments
    yield line(f"What {second} declares and {first} states nothing of", "bold")
    by_type: dict[str, dict[str, None]] = {}
    for address, names in found.unstated.items():
        by_type.setdefault(address.partition("/")[0], {}).update(dict.fromkeys(names))
    for kind, properties in sorted(by_type.items()):
        yield from wrapped(f"{kind}: {', '.join(sorted(properties))}", WIDTH, 7, "dim")
    yield BLANK


def _findings(found: Comparison, whole: bool) -> Iterator[Line]:
    if not found.findings:
        return
    yield line(f"Findings {len(found.findings)}", "bold red")
    told = found.findings if whole else found.findings[:MANY]
    for each, row in told:
        yield from _finding(each, row, found.environments)
    if further := len(found.findings) - len(told):
        yield BLANK
        yield line(f"  and {further} more: --verbose shows them")
    yield BLANK


def _finding(each: Difference, near: Row | None, names: tuple[str, str]) -> Iterator[Line]:
    yield BLANK
    yield line(f"  {' and '.join(dict.fromkeys(filter(None, (each.address, each.other))))}", "bold")
    yield line("    " + " and ".join(map(str, each.sources)), "dim")
    if each.only:
        other = next(name for name in names if name != each.only)
        yield line(f"    only {each.only} has it: declare it in {other} too, name its counterpart")
        yield line(f"    under pairs, or say why {other} has none:")
    else:
        yield from wrapped(_said(each, names).partition(" ")[2], WIDTH, 4)
        if near:
            yield from wrapped(_expected(near), WIDTH, 4)
        yield line("    mend one of the two, or say why they differ:")
    yield from (line(f"      {row}") for row in _row(each))


def _expected(row: Row) -> str:
    values = " and ".join(f"{' or '.join(some)} ({name})" for name, some in row.values.items())
    return f"{row.source} expects {values}: {row.why}"


def _row(each: Difference) -> Iterator[str]:
    """The row to add to differences.yaml, but for its reason."""
    yield "- why: …"
    yield f"  of: {json.dumps(each.address)}"
    if each.only:
        yield f"  only: {each.only}"
        return
    yield f"  at: {json.dumps(each.path)}"
    for name, value in each.values.items():
        if len(shown(value)) < WIDTH // 2:
            yield f"  {name}: {json.dumps(shown(value))}"


def _untrue(found: Comparison) -> Iterator[Line]:
    if not found.stale:
        return
    yield line(f"Lines that are not true any more {len(found.stale)}", "bold red")
    for source, what in found.stale:
        yield from wrapped(f"{source} {what}", WIDTH, 2)
    yield BLANK


def _value(value: Any) -> str:
    text = shown(value)
    return text if len(text) < WIDTH else f"{text[: WIDTH - 1]}…"


def _plain(each: Difference) -> Mapping[str, Any]:
    return {
        "address": each.address,
        "other": each.other,
        "path": each.path,
        "values": dict(each.values),
        "only": each.only,
        "sources": [str(source) for source in each.sources],
    }
