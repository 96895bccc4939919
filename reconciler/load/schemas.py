"""Checks typed values against JSON Schema, and says in our words what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

Schema = Mapping[str, Any]

_validators: dict[int, tuple[Schema, Any]] = {}


def check(schema: Schema, value: Any) -> Iterator[tuple[str, str]]:
    """Everything wrong with a value: its path, and what is wrong there."""
    for error in _validator(schema).iter_errors(value):
        yield _path(error.absolute_path), error.message


def _validator(schema: Schema) -> Any:
    """One validator per schema: it keeps what it has resolved."""
    if id(schema) not in _validators:
        _validators[id(schema)] = schema, _class()(schema)
    return _validators[id(schema)][1]


@cache
def _class() -> Any:
    """Draft 2020-12 with our keywords. Imported here: jsonschema takes half of our start."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    from reconciler.load.keywords import KEYWORDS

    return extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, KEYWORDS
    )


def _path(parts: Iterator[str | int]) -> str:
    return "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in parts)[1:]
