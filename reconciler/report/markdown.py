"""A run for a pull request: a table, and behind a click what changes; what may hurt is open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape

from reconciler.model import Action
from reconciler.report.changes import Page
from reconciler.report.entries import ORDER, Entry, entries
from reconciler.report.paint import line, paint
from reconciler.report.sections import Block, changes, looked_at, outputs, troubles, waiting
from reconciler.report.summary import LEFT, summary
from reconciler.result import Fate, Result

LONGEST = 65_000  # characters; GitHub takes 65,536
LINES = (5000, 500, 100, 20, 0)  # of each block, until the comment is short enough
WIDTH = 120
OPEN = {Action.DELETE, Action.REPLACE, Action.DISRUPT, Action.UNKNOWN}
STATUSES = (Fate.PLANNED.value, Fate.DONE.value, *LEFT)


def render(result: Result) -> str:
    """The run as a comment, shortened to what a comment may hold."""
    return bounded(lambda most: _render(result, most))


def bounded(told: Callable[[int], str]) -> str:
    """A text whose blocks have as many lines as a comment may hold."""
    for most in LINES:
        text = told(most)
        if len(text) <= LONGEST:
            return text
    return f"{text[:LONGEST]}…\n"


def _render(result: Result, most: int) -> str:
    all_of_them = entries(result)
    page = Page.of(all_of_them, result.environment, WIDTH)
    parts = (
        f"### muvi-converge {heading(result.environment)}{', dry-run' if result.dry else ''}",
        f"**{summary(result)}**",
        table(all_of_them),
        *(folded(block, most, action in OPEN) for action, block in changes(all_of_them, page)),
        *(folded(block, most, True) for block in troubles(result, all_of_them, page)),
        folded(outputs(result.outputs), most, False),
        folded([line("Looked at"), *looked_at(result, WIDTH)], most, False),
        folded(waiting(result, WIDTH), most, True),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def heading(text: str) -> str:
    """Text outside of fences: no markup, and nobody is called by his name."""
    return escape(text).replace("@", "@\u200b")


def table(all_of_them: Sequence[Entry]) -> str:
    """Actions by what became of them; without rows and columns that say nothing."""
    statuses = [name for name in STATUSES if any(each.status == name for each in all_of_them)]
    rows = [
        [action.value, *(_number(all_of_them, action, status) for status in statuses)]
        for action in ORDER
        if any(each.decision.action is action for each in all_of_them)
    ]
    head = ["action", *(LEFT.get(status, status) for status in statuses)]
    return "\n".join(_row(each) for each in (head, ["---", *["--:"] * len(statuses)], *rows))


def _number(all_of_them: Sequence[Entry], action: Action, status: str) -> str:
    number = sum(each.decision.action is action and each.status == status for each in all_of_them)
    return str(number or "")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def folded(block: Block, most: int, unfolded: bool) -> str:
    """A block behind a click, or open."""
    if not block:
        return ""
    first, *rows = paint(block).splitlines()
    return "\n".join(
        (
            f"<details{' open' if unfolded else ''}><summary>{heading(first)}</summary>",
            "",
            *_fenced(rows, most),
            "",
            "</details>",
        )
    )


def _fenced(rows: Sequence[str], most: int) -> Iterator[str]:
    """Between fences nothing is markup, whatever names and messages hold."""
    text = "\n".join(rows)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    yield f"{fence}diff"
    yield from (row.removeprefix("  ") for row in rows[:most])
    if len(rows) > most:
        yield f"… and {len(rows) - most} lines more: see the run itself"
    yield fence
