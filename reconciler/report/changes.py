"""Changes of one kind: a heading, a line for each resource, and fields where they matter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.aws.ownership import ADDRESS, ENVIRONMENT
from reconciler.model import Action, FieldChange
from reconciler.report.entries import Entry
from reconciler.report.fields import INDENT, fields
from reconciler.report.paint import Line, length, line, wrapped
from reconciler.report.summary import LEFT
from reconciler.result import Decision, Fate

MARKS = {
    Action.DELETE: ("-", "red"),
    Action.REPLACE: ("±", "magenta"),
    Action.DISRUPT: ("!", "yellow"),
    Action.UPDATE: ("~", "yellow"),
    Action.CREATE: ("+", "green"),
    Action.ADOPT: ("→", "cyan"),
    Action.WAIT: ("…", "blue"),
    Action.UNKNOWN: ("?", "red"),
}
IN_FULL = {Action.REPLACE, Action.DISRUPT, Action.UPDATE, Action.ADOPT}
"""Of these the fields are shown. What is created stands in the YAML."""

OURS = {f"tags.{ENVIRONMENT}", f"tags.{ADDRESS}"}
QUIET: set[str] = {Fate.DONE, Fate.PLANNED}
STYLES: dict[str, str] = {Fate.REFUSED: "yellow", Fate.WAITING: "blue"}
WIDEST = 60  # a longer address pushes only its own line aside


@dataclass(frozen=True)
class Page:
    """What all groups of one report share."""

    width: int
    environment: str
    held: Mapping[str, int]
    """What holds changes, and the number under which it is explained."""
    scattered: frozenset[str]
    """The types that stand in more than one region."""

    @classmethod
    def of(cls, all_of_them: Sequence[Entry], environment: str, width: int) -> Page:
        held = dict.fromkeys(each.error for each in all_of_them if each.status == Fate.REFUSED)
        regions = defaultdict(set)
        for each in all_of_them:
            regions[each.decision.type].add(each.decision.region)
        scattered = frozenset(kind for kind, where in regions.items() if len(where) > 1)
        numbers = {text: number for number, text in enumerate(held, start=1)}
        return cls(width, environment, numbers, scattered)

    def address(self, decision: Decision) -> str:
        where = f" ({decision.region})" if decision.type in self.scattered else ""
        return f"{decision.address}{where}"


def group(action: Action, members: Sequence[Entry], page: Page) -> Iterator[Line]:
    """All changes of one kind. A reason that all of them share is said once, above."""
    reasons = {each.decision.reason for each in members}
    shared = next(iter(reasons)) if len(reasons) == 1 < len(members) else ""
    yield _heading(action, members, shared)
    widest = max(len(page.address(each.decision)) for each in members)
    columns = (min(widest, WIDEST), max(len(place(each.decision)) for each in members))
    for each in members:
        yield from _change(each, columns, "" if shared else each.decision.reason, page)


def place(decision: Decision) -> str:
    return f"{decision.source.file}:{decision.source.line}" if decision.source else ""


def _heading(action: Action, members: Sequence[Entry], reason: str) -> Line:
    name = f"{action.value.capitalize()} {len(members)}"
    told = " · ".join(part for part in (reason, _tally(members)) if part)
    return ((name, f"bold {MARKS[action][1]}"), (f"  {told}" if told else "", "dim"))


def _tally(members: Sequence[Entry]) -> str:
    """How they came out, where that is worth a word."""
    statuses = Counter(each.status for each in members)
    if len(members) == 1 or (len(statuses) == 1 and statuses.keys() <= QUIET):
        return ""
    return ", ".join(f"{number} {LEFT.get(status, status)}" for status, number in statuses.items())


def _change(entry: Entry, columns: tuple[int, int], reason: str, page: Page) -> Iterator[Line]:
    decision = entry.decision
    mark, style = MARKS[decision.action]
    head: Line = (
        (f"  {mark} ", style),
        (page.address(decision).ljust(columns[0]), "bold" if decision.action in IN_FULL else ""),
        (f"  {place(decision).ljust(columns[1])}" if columns[1] else "", "dim"),
        *_status(entry, page),
    )
    if length(head) + len(reason) + 2 <= page.width:
        yield (*head, (f"  {reason}", ""))
    else:
        yield head
        yield from wrapped(reason, page.width, INDENT)
    yield from _owner(decision, page)
    if decision.last:
        yield from wrapped(decision.last, page.width, INDENT, "dim")
    if decision.action in IN_FULL:
        yield from fields(_worth_showing(decision), page.width)
        yield from _owners(decision)


def _status(entry: Entry, page: Page) -> Line:
    if entry.status in QUIET:
        return ()
    number = page.held.get(entry.error) if entry.status == Fate.REFUSED else None
    word = f"held [{number}]" if number else entry.status
    return ((f"  {word}", STYLES.get(entry.status, "red")),)


def _worth_showing(decision: Decision) -> tuple[FieldChange, ...]:
    """All that differs, but the two tags that adopting an object means."""
    hidden = OURS if decision.action is Action.ADOPT else set()
    return tuple(each for each in decision.diff if each.path not in hidden)


def _owner(decision: Decision, page: Page) -> Iterator[Line]:
    if decision.owner not in ("", "ours", f"muvi-converge ({page.environment})"):
        yield line(f"{' ' * INDENT}owned by {decision.owner}", "cyan")


def _owners(decision: Decision) -> Iterator[Line]:
    for path, who in sorted(decision.owners.items()):
        yield line(f"{' ' * INDENT}{path} is left to {who}", "dim")
