"""What stands below a pull request: first what it causes, then what was there before."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.report.changes import Page
from reconciler.report.entries import entries
from reconciler.report.markdown import OPEN, WIDTH, bounded, folded, heading, table
from reconciler.report.paint import line, wrapped
from reconciler.report.plans import Differences
from reconciler.report.sections import Block, asked, changes, troubles
from reconciler.report.summary import told
from reconciler.result import Result

TITLE = "There before, not of this pull request"
NO_BASE = (
    "The base commit could not be planned, so nobody can tell which of these differences this "
    "pull request causes."
)


def marker(environment: str) -> str:
    """The comment's first line, by which it is found and written anew instead of repeated."""
    return f"<!-- muvi-converge {heading(environment).replace('--', '- -')} -->"


def render(differences: Differences) -> str:
    """The comment: Markdown that calls nobody, and is never longer than GitHub takes."""
    return bounded(lambda most: _render(differences, most))


def _render(differences: Differences, most: int) -> str:
    before = TITLE if differences.compared else "Differences"
    parts = (
        marker(differences.environment),
        f"### muvi-converge {heading(differences.environment)}, dry-run",
        *_first(differences, most),
        folded(_unread(differences.caused), most, True),
        folded(_warnings(differences.caused), most, False),
        folded(asked(differences.waits, WIDTH), most, False),
        *_later(before, differences.before, most),
        *_later("Settled by this pull request", differences.settled, most),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _first(differences: Differences, most: int) -> Iterator[str]:
    if not differences.compared:
        yield f"**{NO_BASE}**"
        return
    caused = entries(differences.caused)
    yield f"**Caused by this pull request: {told(caused)}.**"
    yield table(caused) if caused else ""
    yield from _blocks(differences.caused, most, shut=False)


def _later(title: str, result: Result, most: int) -> Iterator[str]:
    those = entries(result)
    if those:
        yield f"#### {title}: {told(those)}"
        yield from _blocks(result, most, shut=True)


def _unread(result: Result) -> Block:
    """What the head's plan could not see, and so cannot tell."""
    unread = result.coverage.unread
    rows = [line(f"Not read {len(unread)}")] if unread else []
    return rows + [
        row for name in sorted(unread) for row in wrapped(f"{name}: {unread[name]}", WIDTH, 2)
    ]


def _warnings(result: Result) -> Block:
    rows = [line(f"Warnings {len(result.warnings)}")] if result.warnings else []
    return rows + [row for each in result.warnings for row in wrapped(each, WIDTH, 2)]


def _blocks(result: Result, most: int, shut: bool) -> Iterator[str]:
    those = entries(result)
    page = Page.of(those, result.environment, WIDTH)
    for action, block in changes(those, page):
        yield folded(block, most, action in OPEN and not shut)
    for block in troubles(result, those, page):
        yield folded(block, most, not shut)
