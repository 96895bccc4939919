"""A journal read back. Whoever may write to the bucket may have written it: nothing is trusted."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.actors import Kind
from reconciler.journal.document import FORMAT
from reconciler.journal.line import Line, Past
from reconciler.model import Action

UNFINISHED = "did not finish"
TAKEN = {"done", "failed"}
BY_FIELD = {Action.ADOPT, Action.UPDATE, Action.DISRUPT, Action.REPLACE}
"""Of these each field is a line. What was created stands in the YAML."""

Told = Mapping[str, Any]


def opened(text: str) -> Told:
    """The document. Raises ValueError where it is none of ours."""
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise ValueError("it is no journal") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError("it is no journal of this version")
    return document


def ended(document: Told) -> bool:
    return bool(document.get("ended"))


def past(document: Told, holder: str) -> Past:
    """The run; `holder` is the one that is under way now. Raises ValueError as above."""
    try:
        return _past(document, holder)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it is no journal: {error}") from error


def _past(document: Told, holder: str) -> Past:
    run, steps, calls = str(document["run"]), document["steps"], document["calls"]
    return Past(
        when=str(document["began"]),
        run=run,
        status=_status(document, holder),
        why=str(document["why"]),
        who=_who(document),
        commit=str(document["commit"]) + ("*" if document["uncommitted"] else ""),
        pull_request=str(document["pull_request"]),
        calls=len(calls) + int(document["calls_left_out"]),
        seconds=float(document["seconds"]),
        lines=tuple(_lines(document)),
        requests=frozenset(str(each["request_id"]) for each in calls),
        ids={str(each["id"]): str(each["address"]) for each in steps if each["id"]},
    )


def _status(document: Told, holder: str) -> str:
    if ended(document):
        return str(document["status"])
    return "running" if document["run"] == holder else UNFINISHED


def _who(document: Told) -> str:
    where = document["job"] or document["host"]
    return f"{document['who']} in {where}" if document["job"] else f"{document['who']}@{where}"


def _lines(document: Told) -> Iterator[Line]:
    made: defaultdict[str, list[Told]] = defaultdict(list)
    for each in document["calls"]:
        made[str(each["address"])].append(each)
    for step in document["steps"]:
        calls = made.pop(step["address"], [])
        if calls or (ended(document) and step["status"] in TAKEN):
            yield from _of_step(document, step, calls)
    for calls in made.values():
        yield from (_of_call(document, each) for each in calls)


def _of_step(document: Told, step: Told, calls: Iterable[Told]) -> Iterator[Line]:
    every = list(calls)
    shared = {
        "when": str(every[0]["when"] if every else document["began"]),
        "action": str(step["action"]),
        "object": str(step["address"]),
        "result": str(step["status"]) if ended(document) else "begun",
        "requests": tuple(str(each["request_id"]) for each in every if each["request_id"]),
        **_by(document),
    }
    if step["action"] in BY_FIELD and step["diff"]:
        for each in step["diff"]:
            sides = {side: each[side] for side in ("before", "after")}
            yield Line(path=str(each["path"]), **sides, **shared)
        return
    gone = step["action"] == Action.DELETE
    yield Line(**{"before" if gone else "after": step["id"]}, **shared)


def _of_call(document: Told, call: Told) -> Line:
    """A call that belongs to no step of the plan."""
    return Line(
        when=str(call["when"]),
        action=str(call["operation"]),
        object=str(call["address"]),
        result=str(call["error"]) or "done",
        requests=(str(call["request_id"]),) if call["request_id"] else (),
        **_by(document),
    )


def _by(document: Told) -> dict[str, Any]:
    return {
        "by": Kind.US,
        "who": _who(document),
        "run": str(document["run"]),
        "pull_request": str(document["pull_request"]),
    }
