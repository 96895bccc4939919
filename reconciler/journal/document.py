"""A run as the document that schemas/journal.json describes: bounded, however much was done."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from reconciler.apply.safety import WRITES
from reconciler.aws.recorded import Call
from reconciler.report.entries import entries
from reconciler.report.json import resource
from reconciler.result import Result

FORMAT = 1
CALLS = 5_000
"""So many are told one by one; of more, how many there were."""
LONGEST = 2_000
"""Characters of one value of a difference, as JSON."""
ROOM = 2_000_000
"""Characters of all differences together."""

Document = dict[str, Any]


def key(environment: str, run: str, began: datetime) -> str:
    """Where a run's document is kept: keys are in the order of time."""
    return f"runs/{environment}/{stamp(began)}.{began.microsecond // 1000:03}Z-{run}.json"


def stamp(when: datetime) -> str:
    """A moment as keys have it: whatever began then or later stands behind it."""
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%S}"


def written(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def steps(result: Result) -> list[Document]:
    """What the run had to do and what became of it; `result` hides its secrets by now."""
    told = (each for each in entries(result) if each.decision.action in WRITES)
    return [resource(each) for each in told]


def bounded(every: Iterable[Document]) -> list[Document]:
    """Steps whose long values are cut: of what is hidden no part may be left, so hide it first."""
    room, kept = ROOM, []
    for step in every:
        diff = [{**each, **_cut(each)} for each in step["diff"]]
        room -= len(json.dumps(diff))
        error = step["error"] and short(step["error"])
        kept.append({**step, "error": error, "diff": diff if room > 0 else []})
    return kept


def _cut(change: Mapping[str, Any]) -> Document:
    return {side: short(change[side]) for side in ("before", "after")}


def short(value: Any) -> Any:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return value if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


def calls(recorded: Iterable[Call]) -> Document:
    """Each call that may have changed something: nothing of what was sent."""
    every = list(recorded)
    return {
        "calls": [_call(each) for each in islice(every, CALLS)],
        "calls_left_out": max(len(every) - CALLS, 0),
    }


def _call(call: Call) -> Document:
    return {
        "when": moment(call.when),
        "operation": f"{call.service}.{call.operation}",
        "region": call.region,
        "address": call.address,
        "request_id": call.request_id,
        "status": call.status,
        "error": call.error,
        "tries": call.tries,
        "seconds": round(call.seconds, 3),
    }


def moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
