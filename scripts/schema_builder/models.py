"""What botocore knows of a service: the shapes of what its operations take and answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import botocore.session

Shape = Any  # botocore publishes no types

# What the engine writes by itself.
NEVER = {"DryRun", "Tags", "tags", "TagList", "TagSpecifications"}


@dataclass(frozen=True)
class ListOf:
    """A list that AWS's model has not, such as the calls that write one statement each."""

    member: Shape
    type_name: str = "list"
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Model:
    """One service."""

    def __init__(self, service: str) -> None:
        self._model = _session().get_service_model(service)

    def taken(self, path: str) -> dict[str, Shape]:
        """The members of an operation's input, or below it: `CreateDistribution.Distribution`."""
        operation, *members = path.split(".")
        return dict(_below(self._input(operation), members).members)

    def listed(self, path: str) -> Shape:
        """A list of what one call of an operation takes."""
        operation, *members = path.split(".")
        return ListOf(_below(self._input(operation), members))

    def required(self, path: str) -> list[str]:
        operation, *members = path.split(".")
        return list(_below(self._input(operation), members).required_members)

    def answered(self, path: str) -> Shape:
        """A shape in an operation's output."""
        operation, *members = path.split(".")
        return _below(self._model.operation_model(operation).output_shape, members)

    def _input(self, operation: str) -> Shape:
        return self._model.operation_model(operation).input_shape


def implied(name: str, members: Mapping[str, Shape], path: str) -> bool:
    """Whether nobody describes this member: tokens, counts beside what they count, our tags."""
    token = members[name].metadata.get("idempotencyToken", False)
    counts = name == "Quantity" and "Items" in members
    return token or counts or (name in NEVER and "." not in path)


def recursive(shape: Shape) -> bool:
    """Whether the structure holds itself, however deep."""
    return shape.type_name == "structure" and shape.name in _reached(shape)


def _reached(shape: Shape) -> set[str]:
    seen: set[str] = set()
    waiting = _inner(shape)
    while waiting:
        each = waiting.pop()
        if each.type_name == "structure":
            if each.name in seen:
                continue
            seen.add(each.name)
        waiting += _inner(each)
    return seen


def _inner(shape: Shape) -> list[Shape]:
    match shape.type_name:
        case "structure":
            return list(shape.members.values())
        case "list":
            return [shape.member]
        case "map":
            return [shape.value]
    return []


def _below(shape: Shape, members: list[str]) -> Shape:
    for name in members:
        while shape.type_name == "list":
            shape = shape.member
        shape = shape.members[name]
    return shape


@cache
def _session() -> Any:
    return botocore.session.get_session()
