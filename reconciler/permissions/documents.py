"""From needs to policies: each as long as AWS takes one, and no more of them than it takes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.load import Declared
from reconciler.permissions.need import Condition, Need
from reconciler.permissions.needs import needs

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LONGEST = 6144
VERSION = "2012-10-17"

Statement = dict[str, Any]
Document = dict[str, Any]


def policies(declared: Declared, *, reading: bool) -> dict[str, Document]:
    """The policies of an environment by name; `reading`: for a plan, which changes nothing."""
    sort = "reading" if reading else "converging"
    name = f"muvi-converge-{declared.environment.name}-{sort}"
    every = documents(needs(declared, reading=reading))
    return {f"{name}-{number}": each for number, each in enumerate(every, 1)}


def documents(needed: Iterable[Need]) -> list[Document]:
    """Policies that allow these needs and nothing else."""
    whole: list[list[Statement]] = []
    for statement in sorted(statements(needed), key=size, reverse=True):
        place = next(
            (each for each in whole if size(_document([*each, statement])) <= LONGEST), None
        )
        if place is None:
            whole.append([statement])
        else:
            place.append(statement)
    return [_document(sorted(each, key=lambda one: one["Action"])) for each in whole]


def statements(needed: Iterable[Need]) -> Iterator[Statement]:
    """One for what is allowed on the same resources, and for resources that allow the same."""
    by_target: defaultdict[tuple[tuple[str, ...], Condition], set[str]] = defaultdict(set)
    for need in needed:
        by_target[need.on, need.condition].add(need.action)
    by_action: defaultdict[tuple[tuple[str, ...], Condition], set[str]] = defaultdict(set)
    for (on, condition), actions in by_target.items():
        by_action[tuple(sorted(actions)), condition].update(on)
    for (whole, condition), targets in by_action.items():
        yield from _fitting(_statement(list(whole), sorted(targets), condition))


def size(document: Mapping[str, Any]) -> int:
    """The characters that AWS counts: all but blanks."""
    return len(json.dumps(document, separators=(",", ":")))


def _fitting(statement: Statement) -> Iterator[Statement]:
    """The statement, in halves where it is too long for a policy of its own."""
    if size(_document([statement])) <= LONGEST:
        yield statement
        return
    longer = max(("Action", "Resource"), key=lambda name: len(json.dumps(statement[name])))
    middle = len(statement[longer]) // 2
    for half in (statement[longer][:middle], statement[longer][middle:]):
        yield from _fitting({**statement, longer: half})


def _statement(actions: list[str], on: list[str], condition: Condition) -> Statement:
    statement: Statement = {"Effect": "Allow", "Action": actions, "Resource": on}
    if condition:
        statement["Condition"] = {op: {key: list(values)} for op, key, values in condition}
    return statement


def _document(statements: list[Statement]) -> Document:
    return {"Version": VERSION, "Statement": statements}
