"""What AWS's reference and pages say of permissions, as data beside this file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from reconciler.aws.models import signed
from reconciler.permissions.operations import Operation

HERE = Path(__file__).parent
READING = {"List", "Read"}
"""AWS's access levels of actions that change nothing."""


@dataclass(frozen=True)
class Action:
    """What AWS's Service Authorization Reference says of an action."""

    level: str
    kinds: Sequence[str] = ()
    """The kinds of resources of which a call names one each."""
    any: Sequence[str] = ()
    """Kinds of which a call names one: what all have in common, such as tags."""
    beside: Sequence[str] = ()
    """Actions that it may take besides; which of them we need says `also`."""

    @property
    def reads(self) -> bool:
        return self.level in READING


@dataclass(frozen=True)
class Also:
    """Actions that AWS takes in our name while it does what we asked for."""

    type: str
    actions: Sequence[str]
    on: Sequence[str]
    page: str
    condition: str = ""
    """A JMESPath: for which resources of the type."""
    via: str = ""
    """The service through which alone a key is used."""
    reads: bool = False
    """It is needed to read as well."""


@dataclass(frozen=True)
class _Spellings:
    prefixes: Mapping[str, str]
    actions: Mapping[str, Sequence[str]]
    anywhere: Sequence[str] = field(default_factory=tuple)


def actions(operation: Operation) -> list[str]:
    """The actions that an operation takes: mostly the one of its name."""
    prefix, name = prefix_of(operation.service), operation.name
    names = _spellings().actions.get(f"{prefix}:{name}", [name])
    return [f"{prefix}:{each}" for each in names]


def prefix_of(service: str) -> str:
    """How IAM calls a service of boto3's."""
    return _spellings().prefixes.get(signed(service), signed(service))


def anywhere(action: str) -> bool:
    """Whether a call belongs to no region, so that no condition may name one."""
    return action in _spellings().anywhere


@cache
def reference() -> Mapping[str, Action]:
    """Every action that we may need."""
    return {name: Action(**said) for name, said in _read("reference")["actions"].items()}


@cache
def kinds() -> Mapping[str, str]:
    """The ARN of every kind of resource, without its names."""
    said: Mapping[str, str] = _read("reference")["kinds"]
    return said


@cache
def targets() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """By type and kind: the ARNs of a resource, in which `{Name}` is a property of its own."""
    said: Mapping[str, Mapping[str, Sequence[str]]] = _read("targets")
    return said


@cache
def passed() -> Mapping[str, str]:
    """To whom roles are given that a type's resources name."""
    said: Mapping[str, str] = _read("passed")
    return said


@cache
def also() -> Sequence[Also]:
    """What AWS does in our name."""
    renamed = {"for": "type", "if": "condition"}
    said = (
        {renamed.get(name, name): value for name, value in each.items()} for each in _read("also")
    )
    return [Also(**each) for each in said]


@cache
def _spellings() -> _Spellings:
    return _Spellings(**_read("spellings"))


def _read(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text("utf-8"))
