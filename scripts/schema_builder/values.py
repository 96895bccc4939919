"""The schema of one value: null and references are allowed wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Schema = dict[str, Any]

REFERENCE = r"\$\{"
OURS = r"^\$(initial|within|exact|absent)$"
"""The keys of ours that any mapping may hold; what they hold is checked when they are applied."""

LONGEST_LENGTH = 20000  # a longer limit says nothing that a person would want to read
MOST_EXAMPLES = 60
SPECIAL = re.compile(r"[.^$*+?()\[\]{}|\\/]")

FREE: Schema = {"type": ["object", "string", "null"], "pattern": REFERENCE}
KINDS: Mapping[str, Schema] = {
    "string": {"type": ["string", "null"]},
    "integer": {"type": ["integer", "string", "null"], "pattern": REFERENCE},
    "number": {"type": ["number", "string", "null"], "pattern": REFERENCE},
    "boolean": {"type": ["boolean", "string", "null"], "pattern": REFERENCE},
    "document": FREE,
}


def text(values: Sequence[str] = (), limits: Mapping[str, Any] | None = None) -> Schema:
    """A string: one of `values`, or of a length between AWS's limits."""
    if values:
        return one_of(values)
    low, high = (limits or {}).get("min", 0), (limits or {}).get("max", 0)
    if not 0 < high <= LONGEST_LENGTH:
        return dict(KINDS["string"])
    says = f"{low} to {high} characters" if low != high else f"{low} characters"
    return patterned(rf"^[\s\S]{{{low},{high}}}$", says)


def one_of(values: Sequence[str]) -> Schema:
    said = SPECIAL.sub(r"\\\g<0>", "\0".join(values)).replace("\0", "|")
    schema = patterned(f"^({said})$", f"one of {', '.join(values)}")
    return schema | ({"examples": list(values)} if len(values) <= MOST_EXAMPLES else {})


def among(schema: Schema, values: Sequence[Any]) -> Schema:
    """One of these values, which may be numbers."""
    texts = [value for value in values if isinstance(value, str)]
    return one_of(texts) if texts else {**schema, "enum": list(values)}


def patterned(pattern: str, says: str) -> Schema:
    """A string that matches, or that holds a reference, whose value nobody knows yet."""
    return {
        **KINDS["string"],
        "pattern": f"{pattern}|{REFERENCE}",
        "patternErrorMessage": says,
    }


def formed(name: str) -> Schema:
    """A string that the loader takes apart, since no pattern can say what AWS takes."""
    return {**KINDS["string"], "format": name}


def number(kind: str, limits: Mapping[str, Any]) -> Schema:
    """An integer or number between AWS's limits."""
    return {**KINDS[kind], **ranged(limits.get("min"), limits.get("max"))}


def ranged(low: float | None, high: float | None) -> Schema:
    limits = {"minimum": low, "maximum": high}
    return {name: limit for name, limit in limits.items() if limit is not None}


def sequence(items: Schema) -> Schema:
    return {"type": ["array", "string", "null"], "pattern": REFERENCE, "items": items}


def mapping(values: Schema) -> Schema:
    """Names chosen by the YAML's author."""
    return {**FREE, "patternProperties": {OURS: True}, "additionalProperties": values}


def structure(properties: Mapping[str, Schema]) -> Schema:
    """Nothing in it is required: what the YAML leaves out is left alone."""
    return {
        **FREE,
        "properties": dict(properties),
        "patternProperties": {OURS: True},
        "additionalProperties": False,
    }


TAGS: Schema = {
    "description": "Tags of this resource beside the environment's; null takes one away.",
    **mapping(text(limits={"max": 256})),
}
