"""All that the sandbox keeps of an account, to be compared before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from moto.core.base_backend import BackendDict

MARK = "muvi-converge:"
NOTES = {"_pages", "_tick", "latest_delivery_attempt", "latest_delivery_time", "looked_at"}
"""What moto and the sandbox write down about reads, and what goes by the clock."""


def dump(account: str) -> dict[str, Any]:
    """Every value by its path, without our marks; an object counts where it is first."""
    seen: dict[int, Any] = {}
    return {
        path: value
        for service in sorted(BackendDict._instances, key=lambda each: each.service_name)
        if account in service
        for region, backend in sorted(service[account].items())
        for path, value in _values(vars(backend), f"{service.service_name}/{region}", seen)
    }


def _values(value: Any, path: str, seen: dict[int, Any]) -> Iterator[tuple[str, Any]]:
    match value:
        case str() | bytes() | int() | float() | bool() | None | datetime() | Enum():
            if value is not None:  # no tags, or none: moto has both
                yield path, value
            return
        case _ if id(value) in seen:
            return
    seen[id(value)] = value  # kept, lest another one gets its id
    match value:
        case Mapping():
            for name, each in list(value.items()):
                if MARK not in str(name) and name not in NOTES:
                    yield from _values(each, f"{path}.{name}", seen)
        case list() | tuple() | set() | frozenset():
            for number, each in enumerate(one for one in value if not _marked(one)):
                yield from _values(each, f"{path}[{number}]", seen)
        case _ if type(value).__module__.startswith(("moto", "reconciler")):
            yield from _values(vars(value), path, seen)


def _marked(member: Any) -> bool:
    """A tag of ours, as a list has it."""
    return isinstance(member, Mapping) and any(MARK in str(each) for each in member.values())
