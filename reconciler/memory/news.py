"""What people have not been told yet: drifts that are new, have changed, or are gone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from reconciler.apply.safety import WRITES
from reconciler.memory.known import Known, Memory, mark
from reconciler.report.entries import Entry, entries
from reconciler.result import Fate, Result


def news(
    before: Memory, result: Result, shown: Result, held: Collection[str], now: datetime
) -> tuple[Memory, list[str]]:
    """What is to be remembered from now on, and a line for each drift that is news.

    `shown`: the result without secrets, of which alone the lines are made. `held`: addresses that
    somebody asked to be left alone, of which nothing is told until that is over."""
    drifts = {each.decision.address: each for each in entries(result) if _drifts(each)}
    told = {each.decision.address: each for each in entries(shown)}
    lines = [_line(before, each, told[address]) for address, each in drifts.items()]
    gone = [f"gone: {address}" for address in sorted(before.known.keys() - drifts.keys() - {*held})]
    return replace(before, known=_kept(before, drifts, now)), [*filter(None, lines), *gone]


def _drifts(entry: Entry) -> bool:
    return entry.decision.action in WRITES


def _kept(before: Memory, drifts: Mapping[str, Entry], now: datetime) -> dict[str, Known]:
    """Those that are there still. What was repaired is forgotten: if it comes again it is news."""
    left = {address: each for address, each in drifts.items() if each.status != Fate.DONE}
    return {
        address: Known(mark(each.decision, before.salt), before.first_seen(each.decision, now))
        for address, each in left.items()
    }


def _line(before: Memory, entry: Entry, told: Entry) -> str:
    """Empty where people know it already."""
    known, repaired = before.known.get(entry.decision.address), entry.status == Fate.DONE
    same = known is not None and known.mark == mark(entry.decision, before.salt)
    if same and not repaired:
        return ""
    word = "gone" if same else "changed" if known else "new"
    return f"{word}: {': '.join(filter(None, _told(told)))}"


def _told(entry: Entry) -> Iterator[str]:
    decision = entry.decision
    paths = ", ".join(each.path for each in decision.diff[:5])
    more = f" and {len(decision.diff) - 5} more" if len(decision.diff) > 5 else ""
    yield f"{decision.action} {decision.address}"
    yield f"{paths}{more}" if decision.id else ""
    yield "repaired" if entry.status == Fate.DONE else f"{entry.status}"
    yield decision.last
    yield entry.error.partition("\n")[0]
