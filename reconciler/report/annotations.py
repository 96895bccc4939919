"""What a pull request causes, on the lines of its YAML: workflow commands that GitHub reads.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from reconciler.model import Action
from reconciler.report.entries import Entry, entries
from reconciler.report.paint import visible
from reconciler.report.plans import Differences
from reconciler.result import Fate

MOST = 10  # of each level and step; GitHub drops what is more
LEVELS = {
    Action.DELETE: "warning",
    Action.REPLACE: "warning",
    Action.DISRUPT: "warning",
    Action.UNKNOWN: "error",
}
LONGEST = 1000  # characters of one


def render(differences: Differences) -> str:
    """A line for each difference that the pull request causes; what may hurt comes first."""
    levels = defaultdict(list)
    for entry in entries(differences.caused):
        levels[_level(entry)].append(entry)
    rows = [row for level in levels for row in _rows(level, levels[level])]
    return "".join(f"{row}\n" for row in rows)


def _level(entry: Entry) -> str:
    if entry.status == Fate.FAILED:
        return "error"
    return LEVELS.get(entry.decision.action, "notice")


def _rows(level: str, those: Sequence[Entry]) -> Iterator[str]:
    shown = those if len(those) <= MOST else those[: MOST - 1]
    yield from (_row(level, each) for each in shown)
    if len(shown) < len(those):
        yield f"::{level}::{len(those) - len(shown)} more stand in the comment"


def _row(level: str, entry: Entry) -> str:
    decision = entry.decision
    title = f"{decision.action.value} {decision.address}"
    where = decision.source
    place = f"file={_property(where.file)},line={where.line}," if where else ""
    paths = ", ".join(each.path for each in decision.diff)
    parts = (decision.reason, paths and f"({paths})", entry.error and f"- {entry.error}")
    text = " ".join(part for part in parts if part)[:LONGEST] or title
    return f"::{level} {place}title={_property(title)}::{_data(text)}"


def _data(text: str) -> str:
    lines = "\n".join(map(visible, text.splitlines()))
    return lines.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
