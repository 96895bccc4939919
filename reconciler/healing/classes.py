"""Of which class a drift is, told from the difference itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.load.heal import Class
from reconciler.model import Action, FieldChange
from reconciler.result import Decision

WORLD = {"0.0.0.0/0", "::/0"}
SHUT = {"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"}
OPEN = {"PubliclyAccessible"}
OUTWARD = {"egress"}
"""Whom we may reach says nothing of who may reach us."""
PORTS = ("IpProtocol", "FromPort", "ToPort")
SIZES = {
    "DesiredCapacity",
    "MaxCapacity",
    "MaxSize",
    "MinCapacity",
    "MinSize",
    "ReservedConcurrentExecutions",
    "ScheduledActions",
    "ServerlessV2ScalingConfiguration",
    "SuspendedState",
    "desiredCount",
}
"""How properties that say how many, or within which bounds, are called in every service."""


def classes(decision: Decision) -> set[Class]:
    """The classes of all that differs; one that is to be made or taken away is of OTHER."""
    if decision.action in (Action.CREATE, Action.DELETE) or not decision.diff:
        return {Class.OTHER}
    return {_class(each) for each in decision.diff}


def _class(change: FieldChange) -> Class:
    if change.path.startswith("tags."):
        return Class.TAGS
    if opened(change):
        return Class.OPENED
    names = {each.partition("[")[0] for each in change.path.split(".")}
    return Class.SCALING if names & SIZES else Class.OTHER


def opened(change: FieldChange) -> bool:
    """Whether it is open to anybody as it is, and would not be as it should be."""
    path = change.path.split(".")
    name = path[-1].partition("[")[0]
    if path[0].partition("[")[0] in OUTWARD:
        return False
    return bool({*_openings(change.before, name)} - {*_openings(change.after, name)})


def _openings(value: Any, name: str, around: Mapping[str, Any] | None = None) -> Iterator[str]:
    """Each way in which a value lets anybody in; `around`: what it is a part of."""
    match value:
        case Mapping():
            if _lets_anybody(value):
                yield f"a statement: {value.get('Action')}"
            for key, each in value.items():
                yield from _openings(each, key, value)
        case list() | tuple():
            for each in value:
                yield from _openings(each, name, around)
        case str() if value in WORLD:
            ports = [str((around or {}).get(each)) for each in PORTS]
            yield f"{value} {' '.join(ports)}"
        case bool() if (name in OPEN and value) or (name in SHUT and not value):
            yield name


def _lets_anybody(statement: Mapping[str, Any]) -> bool:
    """A policy's statement whose principal is everybody, with no condition."""
    who = statement.get("Principal")
    named: Iterable[Any] = who.values() if isinstance(who, Mapping) else [who]
    everybody = any(each in ("*", ["*"]) for each in named)
    return everybody and statement.get("Effect") == "Allow" and not statement.get("Condition")
