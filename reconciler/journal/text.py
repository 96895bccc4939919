"""History for people: runs with their changes below them, and between them what others did."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.journal.history import History
from reconciler.journal.line import Line, Past
from reconciler.report.paint import visible
from reconciler.report.values import apart, shown

ROOM = 100
"""Characters for what was and what became of it; the CSV has all of it."""


def render(history: History) -> str:
    """All of it, the oldest first; empty where nothing happened."""
    blocks = [(each.when, [*_run(each)]) for each in history.runs]
    blocks += [(each.when, [_other(each)]) for each in history.others]
    rows = [row for _, block in sorted(blocks, key=lambda each: each[0]) for row in block]
    return "".join(f"{visible(row)}\n" for row in rows)


def _run(past: Past) -> Iterator[str]:
    status = f"{past.status}: {past.why}" if past.why else past.status
    changed = len({each.object for each in past.lines})
    commit = f"commit {past.commit}" if past.commit else ""
    request = f"pull request {past.pull_request}" if past.pull_request else ""
    what = f"{changed} changed" if changed else "nothing changed"
    told = (f"{what}, {past.calls} calls, {past.seconds:.1f} s", past.who, commit, request)
    yield f"{_time(past.when)}  run {past.run}  {status}  {' · '.join(filter(None, told))}"
    for each in past.lines:
        yield f"    {_line(each)}"


def _line(line: Line) -> str:
    field = f"{line.path}: " if line.path else ""
    what = f"{field}{_sides(line)}"
    odd = "" if line.result == "done" else f"  {line.result}"
    return f"{line.action}  {line.object}  {what}{odd}{_requests(line)}"


def _sides(line: Line) -> str:
    before, after = apart(shown(line.before), shown(line.after), ROOM)
    return f"{before} → {after}"


def _other(line: Line) -> str:
    who = f"{line.by} {line.who}"
    return f"{_time(line.when)}  {who}  {line.action}  {line.object}{_requests(line)}"


def _requests(line: Line) -> str:
    if not line.requests:
        return ""
    first, more = line.requests[0], len(line.requests) - 1
    return f"  request {first}" + (f" and {more} more" if more else "")


def _time(when: str) -> str:
    return f"{when[:19].replace('T', ' ')}Z"
