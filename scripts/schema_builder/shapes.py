"""From botocore's shapes to schemas, as a recipe wants them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schema_builder import values
from schema_builder.models import Shape, implied, recursive
from schema_builder.values import Schema

SHAPE = "$shape"
"""Marks a schema with its shape's name, until it is known which ones recur."""

STRINGS = {"timestamp", "blob", "char"}
NUMBERS = {"integer": "integer", "long": "integer", "float": "number", "double": "number"}


@dataclass
class Writer:
    """Writes schemas by path, and notes which words of the recipe it used."""

    recipe: Mapping[str, Any]
    used: set[tuple[str, str]] = field(default_factory=set)
    recurring: dict[str, Schema] = field(default_factory=dict)
    """Shapes that hold themselves, by name."""

    def members(self, members: Mapping[str, Shape], path: str = "") -> dict[str, Schema]:
        """The schemas of members that the recipe does not leave out."""
        below = {name: f"{path}.{name}".lstrip(".") for name in members}
        written = {
            name: self.value(shape, below[name])
            for name, shape in members.items()
            if not self._word("without", below[name]) and not implied(name, members, below[name])
        }
        return {**written, **self._more(path)}

    def _more(self, path: str) -> dict[str, Schema]:
        """Members of our own: AWS has no such parameter, the handler makes one of them."""
        ours = [each for each in self.recipe.get("more", {}) if each.rpartition(".")[0] == path]
        return {each.rpartition(".")[2]: self._own(each) for each in ours}

    def _own(self, path: str) -> Schema:
        return self._said(dict(values.KINDS[self._word("more", path)]), path)

    def value(self, shape: Shape, path: str) -> Schema:
        """The schema of what stands at this path."""
        kind = self._word("types", path)
        return self._said(dict(values.KINDS[kind]) if kind else self._shaped(shape, path), path)

    def _said(self, schema: Schema, path: str) -> Schema:
        """With the limits and the description that the recipe has for this path."""
        if enum := self._word("enums", path):
            schema = self._inside(schema, lambda old: values.among(old, enum))
        if rule := self._word("patterns", path):
            schema = self._inside(schema, lambda _: values.patterned(**rule))
        if form := self._word("formats", path):
            schema = self._inside(schema, lambda _: values.formed(form))
        if limits := self._word("ranges", path):
            schema = self._inside(schema, lambda old: {**old, **values.ranged(*limits)})
        if most := self._word("most", path):
            schema = {**schema, "maxItems": most}
        if (default := self._word("defaults", path)) is not None:
            schema = {**schema, "default": default}
        description = self._word("descriptions", path)
        return {"description": description, **schema} if description else schema

    def _shaped(self, shape: Shape, path: str) -> Schema:
        match shape.type_name:
            case "structure" if shape.metadata.get("document"):
                return dict(values.FREE)
            case "structure":
                return self._structure(shape, path)
            case "list":
                return values.sequence(self._shaped(shape.member, path))
            case "map":
                return values.mapping(self._shaped(shape.value, path))
            case "boolean":
                return dict(values.KINDS["boolean"])
            case kind if kind in NUMBERS:
                return values.number(NUMBERS[kind], shape.metadata)
            case kind if kind in STRINGS:
                return dict(values.KINDS["string"])
        return values.text(shape.enum, shape.metadata)

    def _structure(self, shape: Shape, path: str) -> Schema:
        if not recursive(shape):
            return {SHAPE: shape.name, **values.structure(self.members(shape.members, path))}
        if shape.name not in self.recurring:
            self.recurring[shape.name] = {}  # so that what it holds refers to it
            schema = values.structure(self.members(shape.members, path))
            self.recurring[shape.name] = schema
        return {"$ref": f"#/$defs/{shape.name}"}

    def _inside(self, schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
        """A list's or a map's words are about what it holds."""
        for name in ("items", "additionalProperties"):
            if isinstance(schema.get(name), dict):
                return {**schema, name: self._inside(schema[name], change)}
        return change(schema)

    def _word(self, name: str, path: str) -> Any:
        words = self.recipe.get(name, {})
        if path in words:
            self.used.add((name, path))
            return True if isinstance(words, list) else words[path]
        return None

    def unused(self) -> list[str]:
        """Words of the recipe about paths that there are not."""
        limits = ("enums", "patterns", "formats", "ranges", "most", "defaults")
        names = ("without", "more", "types", *limits, "descriptions")
        said = {(name, path) for name in names for path in self.recipe.get(name, ())}
        return [f"{name}: {path}" for name, path in sorted(said - self.used)]
