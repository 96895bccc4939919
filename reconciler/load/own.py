"""The keys that begin with `$`: where each may stand, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.load.problems import meant

Schema = Mapping[str, Any]

TEXT: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": ["number", "null"]}
BOOLEAN: Schema = {"type": ["boolean", "null"]}
ADDRESSES: Schema = {"type": ["array", "null"], "items": TEXT}

DAY: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$",
    "patternErrorMessage": "a day, or a moment in UTC such as 2026-12-24T18:00Z",
}

RESOURCE: Mapping[str, Schema] = {
    "$accepted": {
        "type": ["object", "null"],
        "properties": {"until": DAY, "reason": {"type": "string", "minLength": 1}},
        "required": ["until", "reason"],
        "additionalProperties": False,
    },
    "$absent": BOOLEAN,
    "$depends_on": ADDRESSES,
    "$protect": BOOLEAN,
    "$settles_within": {**NUMBER, "minimum": 0},
    "$unnamed": BOOLEAN,
    "$was": TEXT,
}
"""What a whole resource may hold, beside what every mapping may."""

DOCUMENT = ("$for_each", "$region")
TYPE = ("$defaults", "$region")
ENTRY = ("$region", "$initial", "$within", "$exact", *RESOURCE)
WHOLE = {"required", "$schema", "$id"}
"""What is said of a whole value, and not of the part of it under `$initial`."""

SHAPES = {"$initial": Mapping, "$within": Mapping, "$exact": list, "$absent": bool}
KINDS = {"$initial": "object", "$within": "object", "$exact": "array", "$absent": "boolean"}
INNER = tuple(SHAPES)


def schema(name: str, around: Schema) -> Schema:
    """The schema of one of our keys, in a mapping that has the schema `around`."""
    if name == "$initial":
        return {key: value for key, value in around.items() if key not in WHOLE}
    if name == "$within":
        named = around.get("properties", {})
        return {
            "type": ["object", "null"],
            "properties": {each: _bounds(named[each]) for each in named},
            "additionalProperties": _bounds({}),
        }
    return BOOLEAN if name == "$absent" else {"type": ["array", "null"], "items": TEXT}


def initial(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """What stands under `$initial`, if it is a mapping."""
    inner = value.get("$initial")
    return inner if isinstance(inner, Mapping) else {}


def ours(name: str) -> bool:
    """Whether a name is a key of ours, and not a reference or an escaped one."""
    return name.startswith("$") and not name.startswith(("${", "$$"))


def unfounded(value: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where our keys speak of what is not beside them, or say nothing: path, and what is wrong."""
    within, exact = value.get("$within"), value.get("$exact")
    for name, bounds in within.items() if isinstance(within, Mapping) else ():
        undeclared = "bounds a property that is not declared beside it; declare its value"
        if what := _unbound(bounds) if name in value else undeclared:
            yield ("$within", name), what
    for name in exact if isinstance(exact, list) else ():
        if isinstance(name, str) and not isinstance(value.get(name), list | str):
            what = f"names {name}, which is no list beside it.{meant(name, value)}"
            yield ("$exact",), what


def _unbound(bounds: Any) -> str:
    """What is wrong with one entry of `$within`, beyond its schema; empty if nothing."""
    if not isinstance(bounds, Mapping):
        return "must be a mapping: {from, to, by}, {among, by} or {like, by}"
    if bounds.get("by") is None:
        return "does not say whose field it is; add `by`, so that a plan can name the owner"
    if all(bounds.get(name) is None for name in ("from", "to", "among", "like")):
        return "has no bounds; add `from` and `to`, `among` or `like`"
    kinds = [("from", "to"), ("among",), ("like",)]
    if sum(any(bounds.get(name) is not None for name in kind) for kind in kinds) > 1:
        return "has bounds of two kinds, and only one would count; keep one of them"
    low, high = bounds.get("from"), bounds.get("to")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        return f"goes from {low} to {high}, so nothing is inside; swap them"
    return ""


def _bounds(value: Schema) -> Schema:
    return {
        "type": ["object", "null"],
        "properties": {
            "from": NUMBER,
            "to": NUMBER,
            "among": {"type": ["array", "null"], "items": value},
            "like": TEXT,
            "by": TEXT,
        },
        "additionalProperties": False,
    }
