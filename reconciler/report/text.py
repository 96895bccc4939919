"""A run for people: what may hurt first, what went wrong last, and always what was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.report.changes import Page
from reconciler.report.entries import entries
from reconciler.report.paint import BLANK, Line, paint, wrapped
from reconciler.report.sections import Block, changes, looked_at, outputs, troubles, waiting, ways
from reconciler.report.summary import summary
from reconciler.result import Result

WIDTH = 100


def render(result: Result, *, color: bool = False, width: int = WIDTH) -> str:
    """The whole run. The caller decides about color: a terminal, and no NO_COLOR."""
    all_of_them = entries(result)
    page = Page.of(all_of_them, result.environment, width)
    blocks = (
        [_head(result)],
        *(block for _, block in changes(all_of_them, page)),
        *troubles(result, all_of_them, page),
        ways(result, all_of_them, width),
        outputs(result.outputs),
        looked_at(result, width),
        waiting(result, width),
        wrapped(summary(result), width, 0, "bold"),
    )
    return paint(_apart(blocks), color)


def _head(result: Result) -> Line:
    kind = "dry-run" if result.dry else "run"
    told = (f"account {result.account}", f"{kind} {result.run}", f"commit {result.commit}")
    known = [each for each in told if not each.endswith(" ")]
    return ((result.environment, "bold"), (f"  {' · '.join(known)}", "dim"))


def _apart(blocks: Iterable[Block]) -> Iterator[Line]:
    for number, block in enumerate(block for block in blocks if block):
        yield from [BLANK, *block] if number else block
