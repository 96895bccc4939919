"""Two plans as JSON, of a pull request's base and head, and what it causes between them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from reconciler.errors import Usage
from reconciler.load import facts
from reconciler.model import Action, FieldChange, Source, Wait
from reconciler.report.entries import NOT_REACHED, Entry, entries
from reconciler.report.values import HIDDEN
from reconciler.result import Coverage, Decision, Fate, Outcome, Result

ENDED = {Fate.FAILED, Fate.SKIPPED, Fate.WAITING, Fate.BUSY}
LINE = re.compile(r":\d+(:\d+)?\b")
HOW = "make it with --dry-run --output json"


@dataclass(frozen=True)
class Differences:
    """What is not as declared, by whose doing; each part as a result of its own."""

    caused: Result
    """Differences that the head has and the base has not, and what failed in the head's plan."""
    before: Result
    """Those that both have."""
    settled: Result
    """Those that only the base has."""
    waits: tuple[Wait, ...]
    """What people are asked to do because of the head."""
    compared: bool = True
    """False where the base has no plan: then all of them stand in `before`."""

    @property
    def environment(self) -> str:
        return self.caused.environment


def compared(base: Path, head: Path) -> Differences:
    """What the head's plan has beside the base's. An empty base is one that cannot be planned."""
    (ours, asked), (theirs, known) = read(head), read(base) if _planned(base) else (None, ())
    if theirs is None:
        whole = replace(ours, decisions=tuple(each.decision for each in _differing(ours)))
        nothing = replace(ours, decisions=(), outcomes={})
        return Differences(nothing, whole, nothing, asked, compared=False)
    if (ours.environment, ours.account) != (theirs.environment, theirs.account):
        raise Usage(f"{base} is of {theirs.environment} and {head} of {ours.environment}")
    warnings = _new(ours.warnings, theirs.warnings)
    return Differences(
        caused=replace(ours, decisions=tuple(_more(ours, theirs)), warnings=warnings),
        before=replace(ours, decisions=tuple(_same(ours, theirs))),
        settled=replace(theirs, decisions=tuple(_gone(theirs, ours))),
        waits=tuple(each for each in asked if each not in known),
    )


def _planned(base: Path) -> bool:
    return bool(base.read_bytes().strip())


def read(file: Path) -> tuple[Result, tuple[Wait, ...]]:
    """A plan as it was printed, and whom it waits for. Usage if the file holds none."""
    try:
        document = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise Usage(f"{file} is no JSON ({error}); {HOW}") from error
    wrong = next(Draft202012Validator(facts.shipped("output")).iter_errors(document), None)
    if wrong:
        raise Usage(f"{file} is no plan: {wrong.json_path} is not as it should be; {HOW}")
    if any(map(_applied, document["resources"])):
        raise Usage(f"{file} is of a run that made changes, and so no plan; {HOW}")
    return _result(document), tuple(Wait(**each) for each in document["waiting"])


def _applied(resource: Mapping[str, Any]) -> bool:
    done: bool = resource["status"] == Fate.DONE and resource["action"] != Action.NO_OP
    return done or bool(resource["status"] == NOT_REACHED)


def _result(document: Mapping[str, Any]) -> Result:
    resources, coverage = document["resources"], document["coverage"]
    return Result(
        environment=document["env"],
        account=document["account"],
        run=document["run"],
        commit=document["commit"],
        dry=True,
        decisions=tuple(map(_decision, resources)),
        outcomes=_outcomes(resources),
        coverage=Coverage(**{**coverage, "unnamed": tuple(coverage["unnamed"])}),
        outputs=document["outputs"],
        calls=document["api_calls"]["by_service"],
        seconds=document["seconds"],
        warnings=tuple(document["warnings"]),
    )


def _decision(resource: Mapping[str, Any]) -> Decision:
    return Decision(
        address=resource["address"],
        region=resource["region"],
        action=Action(resource["action"]),
        reason=resource["reason"],
        id=resource["id"] or "",
        owner=resource["owner"] or "",
        diff=tuple(FieldChange(**each) for each in resource["diff"]),
        source=_source(resource["source"]),
        gate=(resource["error"] or "held") if resource["status"] == Fate.REFUSED else "",
    )


def _source(place: str | None) -> Source | None:
    file, _, line = (place or "").rpartition(":")
    return Source(file, int(line)) if file else None


def _outcomes(resources: Sequence[Mapping[str, Any]]) -> dict[str, Outcome]:
    """What a plan already knows of how it would end; all else follows from the decision."""
    return {
        each["address"]: Outcome(Fate(each["status"]), each["error"] or "")
        for each in resources
        if each["status"] in ENDED
    }


def _more(ours: Result, theirs: Result) -> Iterator[Decision]:
    """What is ours alone: whole decisions, or of those that both have, the fields."""
    known = _by_object(theirs)
    for each in _differing(ours):
        other = known.get(_object(each))
        if other is None or _kind(each) != _kind(other):
            yield each.decision
        elif fields := _without(each.decision, other.decision):
            yield replace(each.decision, diff=fields)


def _same(ours: Result, theirs: Result) -> Iterator[Decision]:
    """What both have, as we have it."""
    known = _by_object(theirs)
    for each in _differing(ours):
        other = known.get(_object(each))
        if other is not None and _kind(each) == _kind(other):
            more = _without(each.decision, other.decision)
            both = tuple(field for field in each.decision.diff if field not in more)
            if both or not more:
                yield replace(each.decision, diff=both)


def _gone(theirs: Result, ours: Result) -> Iterator[Decision]:
    """What was to do for an object, or a field of it, and is no more, whatever else is."""
    known = _by_object(ours)
    for each in _differing(theirs):
        other = known.get(_object(each))
        if other is None:
            yield each.decision
        elif _kind(each) == _kind(other) and (fields := _paths(each.decision, other.decision)):
            yield replace(each.decision, diff=fields)


def _paths(theirs: Decision, ours: Decision) -> tuple[FieldChange, ...]:
    known = {each.path for each in ours.diff}
    return tuple(each for each in theirs.diff if each.path not in known)


def _differing(result: Result) -> Iterator[Entry]:
    for each in entries(result):
        if each.decision.action is not Action.NO_OP or each.status != Fate.DONE:
            yield each


def _by_object(result: Result) -> Mapping[tuple[str, str, str], Entry]:
    return {_object(each): each for each in _differing(result)}


def _object(entry: Entry) -> tuple[str, str, str]:
    return entry.decision.address, entry.decision.region, entry.id


def _kind(entry: Entry) -> tuple[Action, str]:
    """Reasons and errors name lines and folders, which move without meaning anything."""
    return entry.decision.action, entry.status


def _without(ours: Decision, theirs: Decision) -> tuple[FieldChange, ...]:
    known = {_plain(each) for each in theirs.diff}
    return tuple(each for each in ours.diff if _plain(each) not in known)


def _plain(field: FieldChange) -> tuple[str, str]:
    """Marks of hidden values mean something within one run only."""
    values = json.dumps([field.before, field.after], sort_keys=True, ensure_ascii=False)
    return field.path, HIDDEN.sub("‹hidden›", values)


def _new(ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    """Warnings of ours alone, wherever in their file they stand."""
    known = {LINE.sub("", each) for each in theirs}
    return tuple(each for each in ours if LINE.sub("", each) not in known)
