"""Literals that name a declared resource, where a reference could stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from reconciler.errors import Problem
from reconciler.load import facts
from reconciler.load.declared import Resource

SHORTEST = 6  # characters; shorter names are words that mean other things, too
ARN = re.compile(r"arn:aws[\w-]*:([\w-]+):[\w-]*:\d*:(?:.*[:/])?([^:/]+)")
LETTERS = re.compile(r"[^a-z0-9]")

SPOKEN_OF = {"awslogsgroup": "logs.log_group"}
"""Names that speak of a type by another word, in letters alone."""

Names = Mapping[str, list[Resource]]


class Hint(NamedTuple):
    """A literal that names another resource, and the reference to write for it."""

    resource: Resource
    path: str
    other: str
    """The other's address."""
    output: str

    by_arn: bool
    """Whether an ARN names it, perhaps with more than the resource's own."""

    @property
    def reference(self) -> str:
        return f"${{{self.other}.{self.output}}}"


def hints(resources: Mapping[str, Resource]) -> Iterator[Problem]:
    """A warning for every such literal, with the reference to write."""
    for hint in named(resources):
        what = (
            f"{hint.path} is the name of {hint.other} as a literal, so nothing waits for that "
            f"and a change there is missed; write {hint.reference}"
        )
        yield Problem(hint.resource.place(hint.path), hint.resource.address, what)


def named(resources: Mapping[str, Resource]) -> Iterator[Hint]:
    """Every such literal."""
    names: dict[str, list[Resource]] = {}
    for resource in resources.values():
        name = _name(resource)
        if isinstance(name, str) and len(name) >= SHORTEST and not resource.absent:
            names.setdefault(name, []).append(resource)
    for resource in resources.values():
        for path, text in _texts(resource.properties, ""):
            if hint := _named(resource, path, text, names):
                yield hint


def _named(resource: Resource, path: str, text: str, names: Names) -> Hint | None:
    """The resource that one text names; None if it names nothing."""
    if path.removeprefix("$initial.") == facts.handler(resource.type).naming:
        return None
    arn = ARN.fullmatch(text) if text.startswith("arn:") else None
    if arn is None and text not in names:
        return None
    for other in names.get(arn[2] if arn else text, ()):
        if other is resource:
            continue
        service = other.type.partition(".")[0]
        output = _arn(other.type) if arn else facts.handler(other.type).naming
        if output and (arn[1] == service if arn else _alike(path, other)):
            return Hint(resource, path, other.address, output, arn is not None)
    return None


def _name(resource: Resource) -> Any:
    """The name that AWS knows it by, where there is one."""
    naming = facts.handler(resource.type).naming
    return None if naming.startswith("tag:") else resource.properties.get(naming)


def _alike(path: str, other: Resource) -> bool:
    """Whether the property's name speaks of the other's type: `cluster`, `TargetBucket`."""
    last = _letters(re.split(r"[.\[]", re.sub(r"\[\d+\]$", "", path))[-1])
    if last in SPOKEN_OF:
        return other.type == SPOKEN_OF[last]
    kind = _letters(other.type.partition(".")[2])
    naming = _letters(facts.handler(other.type).naming)
    # `name` is what a thing is called itself, whatever else is called so.
    return kind in last or (last != "name" and naming == last)


def _arn(kind: str) -> str:
    return next(
        (name for name in sorted(facts.handler(kind).outputs) if name[-3:].lower() == "arn"), ""
    )


def _letters(name: str) -> str:
    return LETTERS.sub("", name.lower())


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if len(value) >= SHORTEST and "${" not in value:
            yield path, value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _texts(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for n, each in enumerate(value):
            yield from _texts(each, f"{path}[{n}]")
