"""Puts in what is known beforehand: `${env.x}` and `${each.x}`, wherever they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import jmespath
from jmespath.exceptions import JMESPathError

from reconciler.load.nodes import Block, Node, Scalar, Series
from reconciler.load.problems import Problems, meant
from reconciler.model import Source

EARLY = re.compile(r"\$\$\{|\$\{(env|each)\.([^{}]*)\}")


class LeftOut:
    """Stands for what `${each.x?}` leaves out."""


LEFT_OUT: Final = LeftOut()


@dataclass
class Scope:
    """What names mean at one place of the YAML."""

    problems: Problems
    env: Block
    each: Block | None = None
    address: str = ""

    def put_in(self, node: Node) -> Node | LeftOut:
        """The node with all that is known put in, or LEFT_OUT."""
        if isinstance(node, Scalar):
            return self._scalar(node) if "${" in node else node
        return self.block(node) if isinstance(node, Block) else self._series(node)

    def block(self, block: Block) -> Block:
        whole = Block(block.source)
        for key, value in block.items():
            name, inner = self.put_in(key), self.put_in(value)
            if isinstance(name, LeftOut) or isinstance(inner, LeftOut):
                continue
            if not isinstance(name, Scalar):
                self._wrong(key.source, f"{key} becomes a mapping or a list, but a name is a text")
            elif name in whole:
                self._wrong(key.source, f"{key} becomes {name}, which stands beside it already")
            else:
                whole[name] = inner
        return whole

    def _series(self, series: Series) -> Series:
        whole = Series(series.source)
        inner = (self.put_in(each) for each in series)
        whole.extend(each for each in inner if not isinstance(each, LeftOut))
        return whole

    def _scalar(self, scalar: Scalar) -> Node | LeftOut:
        if (match := EARLY.fullmatch(scalar)) and match[1]:
            return self._look(match[1], match[2], scalar.source)
        parts = [self._part(match, scalar.source) for match in EARLY.finditer(scalar)]
        if any(isinstance(part, LeftOut) for part in parts):
            return LEFT_OUT
        texts = iter(map(str, parts))
        return Scalar(EARLY.sub(lambda _: next(texts), scalar), scalar.source, scalar.plain)

    def _part(self, match: re.Match[str], source: Source) -> str | LeftOut:
        """What stands for a match inside a longer text."""
        if not match[1]:
            return match[0]
        value = self._look(match[1], match[2], source)
        if isinstance(value, Block | Series):
            what = f"{match[0]} is a mapping or a list, so it must be the whole value"
            return self._wrong(source, what)
        return value

    def _look(self, kind: str, path: str, source: Source) -> Node | LeftOut:
        known = self.env if kind == "env" else self.each
        if known is None:
            what = f"${{{kind}.{path}}} means something only in a document with $for_each"
            return self._wrong(source, what)
        expression = path.removesuffix("?") if kind == "each" else path
        try:
            value = found(known, expression)
        except JMESPathError as error:
            return self._wrong(source, f"${{{kind}.{path}}} is not JMESPath: {error}")
        if value is not None:
            return as_node(value, source)
        if expression != path:
            return LEFT_OUT
        return self._wrong(source, self._missing(kind, path, known))

    def _missing(self, kind: str, path: str, known: Block) -> str:
        if kind == "env":
            hint = meant(path, known) or " Add it there, or write the value here."
            return f"environment.yaml has no {path}.{hint}"
        remedy = f"; add it, or write ${{each.{path}?}} to leave the property out"
        return f"the entry {known['key']} has no {path}{remedy}.{meant(path, known)}"

    def _wrong(self, source: Source, what: str) -> LeftOut:
        self.problems.add(source, self.address, what)
        return LEFT_OUT


def found(known: Any, path: str) -> Any:
    """What a path names: plain names, which may hold dashes, else JMESPath. None: nothing."""
    value = known
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return jmespath.search(path, known)
        value = value[name]
    return value


def as_node(value: Any, source: Source) -> Node:
    """What JMESPath made, as if it stood at `source`."""
    if isinstance(value, Scalar | Block | Series):
        return value
    if isinstance(value, dict):
        block = Block(source)
        block.update(
            {Scalar(str(name), source): as_node(each, source) for name, each in value.items()}
        )
        return block
    if isinstance(value, list):
        series = Series(source)
        series.extend(as_node(each, source) for each in value)
        return series
    text = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
    return Scalar(text, source, plain=not isinstance(value, str))
