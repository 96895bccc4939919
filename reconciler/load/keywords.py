"""JSON Schema's keywords as our YAML needs them, each with its own words.

They know what a schema cannot say: null and references stand anywhere, a creation also sends
what is under `$initial`, and keys that begin with `$` are ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from re import search
from typing import Any

from jsonschema import ValidationError

from reconciler.load import own, schedules
from reconciler.load.problems import meant
from reconciler.load.scalars import kind
from reconciler.load.wording import misfit, shown, unknown

Schema = Mapping[str, Any]
Errors = Iterator[ValidationError]
Keyword = Callable[[Any, Any, Any, Any], Errors]

STRUCTURE = {"properties", "additionalProperties", "items"}
FORMATS = {"schedule": schedules.wrong}  # what is wrong with such a text; empty if nothing
ANYTHING: Schema = {"type": ["object", "array", "string", "number", "boolean", "null"]}


def is_open(value: Any) -> bool:
    """Whether nobody can say yet what AWS will get: null, or a text with a reference."""
    return value is None or (isinstance(value, str) and "${" in value)


def _type(validator: Any, types: Any, value: Any, schema: Any) -> Errors:
    if is_open(value):
        return
    wanted = [types] if isinstance(types, str) else types
    if not any(validator.is_type(value, each) for each in wanted):
        yield ValidationError(misfit(kind(schema), value))
    elif not STRUCTURE & {*schema}:
        yield from _free(validator, value)


def _free(validator: Any, value: Any) -> Errors:
    """A document may hold any name, but those that begin with `$` are ours there, too."""
    for n, each in enumerate(value) if isinstance(value, list) else ():
        yield from validator.descend(each, ANYTHING, path=n)
    if not isinstance(value, Mapping):
        return
    for name, each in value.items():
        if not name or (own.ours(name) and name not in own.INNER):
            yield ValidationError(unknown(name, {}), path=(name,))
        yield from validator.descend(each, ANYTHING, path=name)
    yield from _ours(validator, value, {})


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Errors:
    if is_open(value) or not isinstance(value, str):
        return
    if kind(schema) not in ("", "string"):
        yield ValidationError(misfit(kind(schema), value))
    elif not search(pattern, value):
        takes = schema.get("patternErrorMessage", f"what matches {pattern}")
        hint = meant(value, schema.get("examples", ()))
        yield ValidationError(f"is {shown(value)}, which AWS would refuse; it takes {takes}.{hint}")


def _format(validator: Any, name: str, value: Any, schema: Any) -> Errors:
    if isinstance(value, str) and not is_open(value) and (what := FORMATS[name](value)):
        yield ValidationError(f"is {shown(value)}, which AWS would refuse: {what}")


def _required(validator: Any, names: list[str], value: Any, schema: Any) -> Errors:
    if not isinstance(value, Mapping) or value.get("$absent") is True:
        return
    sent = {**value, **own.initial(value)}
    for name in names:
        if sent.get(name) is None:
            yield ValidationError(
                f"lacks {name}, without which it cannot be created; add it (under $initial if "
                "only its creation shall use it)"
            )


def _properties(validator: Any, known: Any, value: Any, schema: Any) -> Errors:
    if not isinstance(value, Mapping):
        return
    for name, each in value.items():
        if name in known and not is_open(each):
            yield from validator.descend(each, known[name], path=name)
    yield from _ours(validator, value, schema)


def _ours(validator: Any, value: Mapping[str, Any], schema: Any) -> Errors:
    """The keys that any mapping may hold."""
    for name, shape in own.SHAPES.items():
        if name in value and not isinstance(value[name], shape):
            yield ValidationError(misfit(own.KINDS[name], value[name]), path=(name,))
        elif name in value and name not in schema.get("properties", {}):
            yield from validator.descend(value[name], own.schema(name, schema), path=name)
    for path, what in own.unfounded(value):
        yield ValidationError(what, path=path)


def _additional(validator: Any, others: Any, value: Any, schema: Any) -> Errors:
    if not isinstance(value, Mapping):
        return
    known = schema.get("properties", {})
    if "properties" not in schema:
        yield from _ours(validator, value, schema)
    for name, each in value.items():
        if name in known or name in own.INNER:
            continue
        if not name or own.ours(name) or others is False:
            yield ValidationError(unknown(name, known), path=(name,))
        elif isinstance(others, Mapping) and not is_open(each):
            yield from validator.descend(each, others, path=name)


def _limit(word: str, beyond: Callable[[Any, Any], bool]) -> Keyword:
    def limit(validator: Any, bound: Any, value: Any, schema: Any) -> Errors:
        if validator.is_type(value, "number") and beyond(value, bound):
            yield ValidationError(f"is {value}, which AWS would refuse; it takes {word} {bound}")

    return limit


def _most(validator: Any, most: int, value: Any, schema: Any) -> Errors:
    if isinstance(value, list) and len(value) > most:
        yield ValidationError(f"has {len(value)} members; AWS takes at most {most}, so split it")


def _enum(validator: Any, words: list[Any], value: Any, schema: Any) -> Errors:
    if not is_open(value) and value not in words:
        takes, hint = ", ".join(map(str, words)), meant(str(value), map(str, words))
        yield ValidationError(f"is {shown(value)}, which means nothing; write {takes}.{hint}")


KEYWORDS: Mapping[str, Keyword] = {
    "type": _type,
    "pattern": _pattern,
    "format": _format,
    "patternProperties": lambda *_: iter(()),  # only our own keys stand there
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "minimum": _limit("at least", lambda value, bound: bool(value < bound)),
    "maximum": _limit("at most", lambda value, bound: bool(value > bound)),
    "maxItems": _most,
    "enum": _enum,
}
