"""What became of every decision, in the order in which people need to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.model import Action, Wait
from reconciler.result import Decision, Fate, Outcome, Result

ORDER = (
    Action.DELETE,
    Action.REPLACE,
    Action.DISRUPT,
    Action.UPDATE,
    Action.CREATE,
    Action.ADOPT,
    Action.WAIT,
    Action.UNKNOWN,
    Action.NO_OP,
)
"""What may hurt comes first."""

NOT_REACHED = "not reached"
"""The run ended before this decision's turn came."""

NO_STEP = {Action.NO_OP: Fate.DONE, Action.UNKNOWN: Fate.SKIPPED}
"""What becomes of the actions that call for no step of ours."""


@dataclass(frozen=True)
class Entry:
    """A decision with what became of it: `status` is a fate's word, or NOT_REACHED."""

    decision: Decision
    outcome: Outcome | None
    status: str

    @property
    def error(self) -> str:
        """What went wrong, or else what holds the change and how to lift it."""
        told = self.outcome.error if self.outcome else ""
        return told or _held(self.decision, self.status)

    @property
    def id(self) -> str:
        return self.decision.id or (self.outcome.id if self.outcome else "")


def _held(decision: Decision, status: str) -> str:
    if status == Fate.WAITING and decision.behind:
        return f"it needs {decision.behind}, which waits for people"
    return decision.gate if status == Fate.REFUSED else ""


def entries(result: Result) -> tuple[Entry, ...]:
    """One entry per decision: deletes first, no-ops last, by address within an action."""
    decisions = sorted(
        result.decisions, key=lambda each: (ORDER.index(each.action), each.address, each.id)
    )
    return tuple(_entry(each, result) for each in decisions)


def _entry(decision: Decision, result: Result) -> Entry:
    outcome = result.outcomes.get(decision.address)
    return Entry(decision, outcome, _status(decision, outcome, only_planned(result)))


def only_planned(result: Result) -> bool:
    """Whether nothing was tried: a dry-run, or a plan that was not applied."""
    return result.dry or not result.outcomes


def _status(decision: Decision, outcome: Outcome | None, planned: bool) -> str:
    if outcome and outcome.fate is not Fate.PLANNED:
        return outcome.fate.value
    if decision.action in NO_STEP:
        return NO_STEP[decision.action].value
    if decision.gate:
        return Fate.REFUSED.value
    if decision.behind or (decision.action is Action.WAIT and decision.waits):
        return Fate.WAITING.value
    if decision.action is Action.WAIT:
        return Fate.BUSY.value
    return Fate.PLANNED.value if outcome or planned else NOT_REACHED


def waits(result: Result) -> tuple[Wait, ...]:
    """What people are asked to do: each request once, however many resources make it."""
    asked = [wait for entry in entries(result) for wait in _asked(entry)]
    return tuple(dict.fromkeys(asked))


def _asked(entry: Entry) -> Iterable[Wait]:
    yield from entry.decision.waits
    yield from entry.outcome.waits if entry.outcome else ()


def count(all_of_them: Iterable[Entry]) -> Counter[str]:
    """How many entries have each action, and how many each status."""
    told: Counter[str] = Counter()
    for entry in all_of_them:
        told[entry.decision.action.value] += 1
        told[entry.status] += 1
    return told


def exit_code(result: Result) -> int:
    """0 as desired, 1 an error, 2 differences remain, 4 people are waited for; the worst of them.

    3, the whole run refused, is the caller's: there is no result then."""
    all_of_them = entries(result)
    statuses = {entry.status for entry in all_of_them}
    unread = any(entry.decision.action is Action.UNKNOWN for entry in all_of_them)
    if unread or result.coverage.unread or statuses & {Fate.FAILED, NOT_REACHED}:
        return 1
    if statuses & {Fate.REFUSED, Fate.PLANNED}:
        return 2
    if Fate.WAITING in statuses:
        return 4
    # Whoever was skipped without any of these in sight was skipped for an error nobody told.
    return 1 if Fate.SKIPPED in statuses else 0
