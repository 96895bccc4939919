"""From the text of a YAML file to its documents, bounded in depth and size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from reconciler.load.nodes import Block, Node, Scalar, Series
from reconciler.load.problems import Problems
from reconciler.model import Source

REPEATED = 10_000  # values that aliases may add to a file
DEEPEST = 100  # mappings and lists inside each other
TAGS = {None, "!", *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq"))}


class _Unreadable(Exception):
    """What follows in this file cannot be understood any more."""


def parse(text: str, file: str, problems: Problems) -> list[Node]:
    """The documents of one file. What is wrong with it becomes problems."""
    composer = _Composer(text, file, problems)
    roots: list[Node] = []
    try:
        roots.extend(composer.documents())
    except _Unreadable as error:
        problems.add(composer.here, "", str(error))
    except yaml.YAMLError as error:
        problems.add(*_complaint(error, text, file))
    return roots


class _Composer:
    """Puts the events of YAML's C parser together, in one pass."""

    def __init__(self, text: str, file: str, problems: Problems) -> None:
        self._events = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._file, self._problems = file, problems
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._values = self._repeated = 0
        self.here = Source(file, 1)

    def documents(self) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors = {}
                yield self._node(next(self._events), 0)

    def _node(self, event: Any, depth: int) -> Node:
        mark = event.start_mark
        self.here = here = Source(self._file, mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event.anchor)
        if event.tag not in TAGS:
            self._problems.add(here, "", _tagged(event.tag))
        before = self._values
        self._values += 1
        node = self._value(event, here, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node, self._values - before
        return node

    def _value(self, event: Any, here: Source, depth: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, here, event.implicit[0])
        if depth == DEEPEST:
            raise _Unreadable(f"nests more than {DEEPEST} deep, which nothing in AWS does")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._series(here, depth + 1)
        return self._block(here, depth + 1)

    def _series(self, here: Source, depth: int) -> Series:
        series = Series(here)
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            series.append(self._node(event, depth))
        return series

    def _block(self, here: Source, depth: int) -> Block:
        block = Block(here)
        first: dict[str, Scalar] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key, value = self._node(event, depth), self._node(next(self._events), depth)
            if not isinstance(key, Scalar):
                self._problems.add(key.source, "", "a name is a text, not a mapping or a list")
            elif key in first:
                self._problems.add(key.source, "", _twice(key, first[key]))
            elif key == "<<":
                self._problems.add(key.source, "", _merge())
            else:
                block[key] = value
                first[key] = key
        return block

    def _alias(self, anchor: str | None) -> Node:
        if anchor is None or anchor not in self._anchors:
            raise _Unreadable(f"*{anchor} repeats &{anchor}, which is not complete above it")
        node, size = self._anchors[anchor]
        self._values += size
        self._repeated += size
        if self._repeated > REPEATED:
            raise _Unreadable(
                f"*{anchor}: aliases unfold to more than {REPEATED} values here, which is how "
                "YAML bombs work; use $for_each or $defaults"
            )
        return node


def _tagged(tag: str) -> str:
    return f"the tag {tag} would make an object of YAML; write the plain value, without a tag"


def _twice(key: Scalar, first: Scalar) -> str:
    return (
        f"{key} stands twice in one mapping (first in line {first.source.line}), so one of the "
        "two would be lost; keep one"
    )


def _merge() -> str:
    return "<< is not YAML 1.2, so it would be a property of that name; use $defaults"


def _complaint(error: yaml.YAMLError, text: str, file: str) -> tuple[Source, str, str]:
    """A syntax error in our words: where, what, and what else in the line explains it."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position) + 1
        return Source(file, line), "", "holds a control character, which YAML does not allow"
    source = Source(file, mark.line + 1, mark.column + 1)
    line = (text.splitlines() or [""])[min(mark.line, max(len(text.splitlines()) - 1, 0))]
    what = getattr(error, "problem", None) or "not understood"
    return source, "", f"is not YAML, so nothing below it can be read: {what}{_advice(line)}"


def _advice(line: str) -> str:
    if line.lstrip(" ").startswith("\t"):
        return "; the line is indented by a tab, and YAML takes spaces only"
    if "${" in line and "{" in line.replace("${", ""):
        return '; inside { } a reference needs quotes: "${...}"'
    return ""
