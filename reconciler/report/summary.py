"""A run in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reconciler.model import Action
from reconciler.report.entries import NOT_REACHED, ORDER, Entry, entries, only_planned
from reconciler.result import Fate, Result

STEPS = {
    Action.DELETE: ("delete", "deleted"),
    Action.REPLACE: ("replace", "replaced"),
    Action.DISRUPT: ("disrupt", "disrupted"),
    Action.UPDATE: ("update", "updated"),
    Action.CREATE: ("create", "created"),
    Action.ADOPT: ("adopt", "adopted"),
    Action.WAIT: ("wait for", "waited for"),
}
LEFT = {  # statuses, and the words for them
    Fate.FAILED.value: "failed",
    Fate.SKIPPED.value: "skipped",
    NOT_REACHED: "not reached",
    Fate.REFUSED.value: "held",
    Fate.WAITING.value: "waiting for people",
    Fate.BUSY.value: "busy",
}


def summary(result: Result) -> str:
    """What was done or is to do, what is as declared, and what was left."""
    all_of_them = entries(result)
    planned = only_planned(result)
    steps, left = _steps(all_of_them, planned), _left(all_of_them)
    nameless = len(result.coverage.unnamed)
    same = _unchanged(all_of_them) - nameless
    if not steps and not left:
        yet = f", and discovery must name {nameless:,}" if nameless else ""
        return f"Nothing to do: {same:,} of {same + nameless:,} are as declared{yet}."
    told = (
        f"{'To do' if planned else 'Done'}: {steps}." if steps else "",
        f"As declared: {same:,}." if same else "",
        f"To be named by discovery: {nameless:,}." if nameless else "",
        f"Not done: {left}." if left else "",
    )
    return " ".join(each for each in told if each)


def told(all_of_them: Sequence[Entry]) -> str:
    """What a part of a plan is to do, and what it leaves."""
    parts = _steps(all_of_them, True), _left(all_of_them)
    return ", ".join(filter(None, parts)) or "nothing"


def _unchanged(all_of_them: Sequence[Entry]) -> int:
    return sum(
        each.decision.action is Action.NO_OP and each.status == Fate.DONE for each in all_of_them
    )


def _steps(all_of_them: Sequence[Entry], planned: bool) -> str:
    taken = Counter(
        each.decision.action for each in all_of_them if each.status in (Fate.DONE, Fate.PLANNED)
    )
    words = {action: STEPS[action][0 if planned else 1] for action in ORDER if action in STEPS}
    return ", ".join(f"{word} {taken[action]:,}" for action, word in words.items() if taken[action])


def _left(all_of_them: Sequence[Entry]) -> str:
    statuses = Counter(each.status for each in all_of_them)
    return ", ".join(f"{statuses[each]:,} {word}" for each, word in LEFT.items() if statuses[each])
