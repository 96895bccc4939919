"""History for spreadsheets: a row for each change, and one for each run that changed nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from reconciler.journal.history import History
from reconciler.journal.line import Line, Past
from reconciler.report.paint import visible
from reconciler.report.values import shown

COLUMNS = (
    "when",
    "by",
    "who",
    "action",
    "object",
    "field",
    "before",
    "after",
    "result",
    "run",
    "run_status",
    "commit",
    "pull_request",
    "request_ids",
)
FORMULA = tuple("=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}") + tuple(
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
"""What a spreadsheet takes for the begin of a formula.

https://owasp.org/www-community/attacks/CSV_Injection"""


def render(history: History) -> str:
    """The header and all rows, the oldest first. Every cell is quoted."""
    rows = [row for each in history.runs for row in _of_run(each)]
    rows += [_row(each, "", "") for each in history.others]
    page = StringIO()
    writer = csv.writer(page, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([safe(each) for each in row] for row in sorted(rows, key=lambda row: row[0]))
    return page.getvalue()


def safe(cell: str) -> str:
    """The cell on one line, and no formula to a spreadsheet: others wrote names and values."""
    shown = visible(cell)
    return f"'{shown}" if shown.lstrip(" ").startswith(FORMULA) else shown


def _of_run(past: Past) -> Iterator[tuple[str, ...]]:
    if not past.lines:
        nothing = ("us", past.who, "none", *[""] * 4, "")
        yield (past.when, *nothing, past.run, past.status, past.commit, past.pull_request, "")
    for each in past.lines:
        yield _row(each, past.status, past.commit)


def _row(line: Line, status: str, commit: str) -> tuple[str, ...]:
    told = (line.when, str(line.by), line.who, line.action, line.object, line.path)
    sides = (_side(line.before), _side(line.after))
    rest = (line.run, status, commit, line.pull_request, " ".join(line.requests))
    return (*told, *sides, line.result, *rest)


def _side(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else shown(value)
