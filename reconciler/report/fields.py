"""What differs in one resource: a line per field, its values cut to the place that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from typing import Any

from reconciler.model import FieldChange
from reconciler.report.paint import Line, line
from reconciler.report.values import apart, block, led, short, shown

INDENT = 6
STYLES = {"-": "red", "+": "green"}
COLUMN = 44  # a longer path pushes only its own values aside
MOST = 40  # lines that one value may take
LONGEST = 400  # characters of one of these


def fields(diff: tuple[FieldChange, ...], width: int) -> Iterator[Line]:
    """The differences of one resource, one below the other."""
    column = max((len(each.path) for each in diff if len(each.path) <= COLUMN), default=0)
    for each in diff:
        yield from _field(each, column, width)


def _field(change: FieldChange, column: int, width: int) -> Iterator[Line]:
    before, after = shown(change.before), shown(change.after)
    path = f"{' ' * INDENT}{change.path:<{column}}  "
    room = width - len(path) - len(" → ")
    fits = len(before) + len(after) <= room
    if not fits and (_composed(change.before) or _composed(change.after) or room < width // 3):
        yield line(path)
        yield from _below(change, width - INDENT - 4)
        return
    before, after = apart(before, after, room)
    yield ((path, ""), (before, "red"), (" → ", "dim"), (after, "green"))


def _composed(value: Any) -> bool:
    """Whether a value has members, entries or lines, which can be told one by one."""
    return isinstance(value, Mapping | list | tuple) or (isinstance(value, str) and "\n" in value)


def _below(change: FieldChange, width: int) -> Iterator[Line]:
    rows = list(_rows(change.before, change.after, width))
    if not rows:
        before, after = apart(shown(change.before), shown(change.after), 2 * width)
        rows = [f"- {before}", f"+ {after}"]
    margin = " " * (INDENT + 2)
    for row in rows[:MOST]:
        yield line(f"{margin}{short(row, LONGEST)}", STYLES[row[0]])
    if len(rows) > MOST:
        yield line(f"{margin}… and {len(rows) - MOST} lines more", "dim")


def _rows(before: Any, after: Any, width: int) -> Iterator[str]:
    """What goes and what comes: members of lists, lines of everything else."""
    if isinstance(before or after, list | tuple):
        for mark, value, other in (("-", before, after), ("+", after, before)):
            members = [each for each in value or [] if each not in (other or [])]
            yield from (f"{mark} {row}" for each in members for row in _member(each, width))
        return
    old, new = (_text(value, width) for value in (before, after))
    yield from (
        f"{row[0]} {row[1:]}" for row in list(unified_diff(old, new, n=0))[2:] if row[0] in STYLES
    )


def _member(value: Any, width: int) -> list[str]:
    """One member of a list: where it takes several lines, one sees where it begins."""
    rows = block(value, width)
    return rows if len(rows) == 1 else led(rows)


def _text(value: Any, width: int) -> list[str]:
    if value is None:
        return []
    return value.splitlines() if isinstance(value, str) else block(value, width)
