"""What a scalar means: YAML 1.2 core without timestamps, and only if the schema agrees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reconciler.load import own
from reconciler.load.nodes import Block, Node, Scalar, Series
from reconciler.model import Source

Schema = Mapping[str, Any]

# https://yaml.org/spec/1.2.2/#103-core-schema, but 007 is a text: an account id keeps its zero.
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})|0o[0-7]{1,20}|0x[0-9a-fA-F]{1,15}")
NUMBER = re.compile(
    r"[-+]?(\.[0-9]{1,30}|(0|[1-9][0-9]{0,29})(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,2})?"
)
BOOLEANS = {word: word[0] in "tT" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}

TEXTS: dict[str, Any] = {"type": ["string", "null"]}
"""For a document in which every scalar is text, such as an IAM policy."""
TEXTS.update(items=TEXTS, additionalProperties=TEXTS)


class Typing:
    """Gives every scalar below a node the type that the schema says, and notes its place.

    What does not fit stays text, for the schema check to refuse."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self.places: dict[str, Source] = {}

    def typed(self, node: Node, schema: Schema, path: str = "", key: Scalar | None = None) -> Any:
        self.places[path] = key.source if key and isinstance(node, Block) else node.source
        while "$ref" in schema:
            schema = self._root["$defs"][schema["$ref"].rpartition("/")[2]]
        if isinstance(node, Scalar):
            return typed_scalar(node, kind(schema))
        if isinstance(node, Series):
            items = schema.get("items", {})
            return [self.typed(each, items, f"{path}[{n}]") for n, each in enumerate(node)]
        prefix = f"{path}." if path else ""
        return {
            str(name): self.typed(value, _below(schema, name), prefix + name, name)
            for name, value in node.items()
        }


def kind(schema: Schema) -> str:
    """What a value must be besides null and a reference; empty where anything goes."""
    types = schema.get("type", ())
    if isinstance(types, str):
        return types
    telling = [each for each in types if each not in ("string", "null")]
    return next(iter([*telling, *types]), "")


def typed_scalar(scalar: Scalar, kind: str) -> Any:
    """The value, by its kind; the text itself where the kind does not fit."""
    if scalar.null:
        return None
    if not scalar.plain or kind in ("string", "array"):
        return str(scalar)
    value = core(scalar)
    if kind in ("", "object") or fits(value, kind):
        return value
    return str(scalar)


def core(text: str) -> Any:
    """A plain scalar as the core schema reads it, null apart."""
    if text in BOOLEANS:
        return BOOLEANS[text]
    if INTEGER.fullmatch(text):
        return int(text, 0)
    return float(text) if NUMBER.fullmatch(text) else str(text)


def fits(value: Any, kind: str) -> bool:
    """Whether a scalar is of the kind that a schema wants: a number, or a boolean."""
    if isinstance(value, bool) or kind == "boolean":
        return isinstance(value, bool) and kind == "boolean"
    return isinstance(value, int) or (isinstance(value, float) and kind == "number")


def _below(schema: Schema, name: str) -> Schema:
    """The schema of what stands under a name, our own keys included."""
    if name in (properties := schema.get("properties", {})):
        return properties[name]  # type: ignore[no-any-return]
    if name in own.INNER:
        return own.schema(name, schema)
    others = schema.get("additionalProperties")
    return others if isinstance(others, Mapping) else {}
