"""References such as `${ecs.cluster/main.clusterArn}`: what they name, and what they come to.

`$${` is a literal `${`. Nothing that AWS answers and no file's content is looked through."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from reconciler.errors import InvalidDesired, Problem
from reconciler.load.declared import Resource
from reconciler.model import UNKNOWN, Asked, Source, Unknown, top

REFERENCE = re.compile(r"\$\$\{|\$\{([^{}]*)\}|\$\{")
INPUT = "input"

Look = Callable[[str, str], Any]
"""From an address (or `input`) and an expression (or an input's name) to the value."""


@dataclass(frozen=True)
class Reference:
    """One reference of a resource."""

    place: str
    """The top-level property that it stands in."""
    path: str
    address: str
    expression: str
    source: Source


def references(resource: Resource, names: Container[str]) -> list[Reference]:
    """What one resource refers to; inputs do not count. `names` are all declared addresses."""
    found = []
    for path, inner in inners(resource):
        if not inner.startswith(f"{INPUT}."):
            address, expression = _split(inner, names)
            place = top(path.removeprefix("$initial."))
            found.append(Reference(place, path, address, expression, resource.place(path)))
    return found


def split(inner: str, names: Container[str]) -> tuple[str, str] | None:
    """The longest declared address, since names may hold dots, and the expression behind it."""
    dot = inner.rfind(".")
    while dot > 0:
        if inner[:dot] in names:
            return inner[:dot], inner[dot + 1 :]
        dot = inner.rfind(".", 0, dot)
    return None


def named_in(text: str, names: Container[str]) -> Iterator[str]:
    """The addresses that a text refers to."""
    for match in REFERENCE.finditer(text):
        if not _literal(match) and not (match[1] or "").startswith(f"{INPUT}."):
            yield _split(match[1] or "", names)[0]


def inners(resource: Resource) -> Iterator[tuple[str, str]]:
    """The path and the inside of all that looks like a reference in a resource."""
    yield from texts(resource.properties)
    yield from texts(resource.tags, "Tags")
    yield from texts(resource.born_tags, "$initial.Tags")


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The same for any value. An inside of "" is a `${` that never ends."""
    if isinstance(value, str):
        if "${" in value:
            found = (each for each in REFERENCE.finditer(value) if not _literal(each))
            yield from ((path, each[1] or "") for each in found)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            inner = f"{path}.{name}" if path else name
            if "${" in name:
                yield from texts(str(name), inner)
            yield from texts(each, inner)
    elif isinstance(value, list):
        for n, each in enumerate(value):
            yield from texts(each, f"{path}[{n}]")


def resolve(value: Any, look: Look, names: Container[str]) -> Any:
    """The value with every reference replaced by what `look` says of it.

    A whole text becomes the value as it is; inside a longer one it is put in as text, and if it
    is not known yet the whole text is UNKNOWN."""
    if isinstance(value, str):
        return _text(value, look, names) if "${" in value else value
    if isinstance(value, Mapping):
        keys = [resolve(name, look, names) for name in value]
        if any(isinstance(key, Unknown) for key in keys):
            return UNKNOWN
        values = (resolve(each, look, names) for each in value.values())
        return dict(zip(keys, values, strict=True))
    return [resolve(each, look, names) for each in value] if isinstance(value, list) else value


def _text(text: str, look: Look, names: Container[str]) -> Any:
    whole = REFERENCE.fullmatch(text)
    if whole and not _literal(whole):
        return look(*_split(whole[1] or "", names))
    parts = [_part(match, look, names) for match in REFERENCE.finditer(text)]
    if asked := next((part for part in parts if isinstance(part, Asked)), None):
        return asked
    if any(isinstance(part, Unknown) for part in parts):
        return UNKNOWN
    ready = iter(parts)
    return REFERENCE.sub(lambda _: str(next(ready)), text)


def _part(match: re.Match[str], look: Look, names: Container[str]) -> Any:
    """What is put in for one reference inside a longer text."""
    if _literal(match):
        return "${"
    value = look(*_split(match[1] or "", names))
    if value is None or isinstance(value, Mapping | list):
        shape = "has no value" if value is None else "is a mapping or a list"
        raise _invalid(f"{match[0]} {shape}, so it cannot stand inside a longer text")
    return str(value).lower() if isinstance(value, bool) else value


def _split(inner: str, names: Container[str]) -> tuple[str, str]:
    if inner.startswith(f"{INPUT}."):
        return INPUT, inner.removeprefix(f"{INPUT}.")
    found = split(inner, names)
    if found is None:
        raise _invalid(f"${{{inner}}} names nothing that is declared")
    return found


def _literal(match: re.Match[str]) -> bool:
    return match[0] == "$${"


def _invalid(what: str) -> InvalidDesired:
    return InvalidDesired([Problem(None, "", what)])


@lru_cache(maxsize=10_000)
def leading(expression: str) -> str:
    """The output in which an expression begins; empty where it begins with none.

    ValueError: it is not JMESPath."""
    try:
        part = jmespath.compile(expression).parsed
    except JMESPathError as error:
        raise ValueError(str(error)) from error
    while part["type"] != "field":
        if not part["children"] or not isinstance(part["children"][0], dict):
            return ""
        part = part["children"][0]
    return str(part["value"])
