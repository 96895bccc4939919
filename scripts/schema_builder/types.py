"""The schema of one type, whole, from its recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.registry import handler, types
from schema_builder import values
from schema_builder.models import Model, Shape
from schema_builder.shapes import Writer
from schema_builder.sharing import Sharing
from schema_builder.values import Schema

DRAFT = "https://json-schema.org/draft/2020-12/schema"
HOME = "https://muvicinemas.com/muvi-converge/schemas"

RESOURCE_KEYS = r"^\$(accepted|depends_on|protect|region|settles_within|unnamed|was)$"
"""The keys of ours that only a whole resource may hold."""


@dataclass(frozen=True)
class Head:
    """What a schema says of its type before it comes to properties."""

    service: str
    """The client's name in boto3."""
    name: str
    description: str
    naming: str
    """The property that the entry's name fills, so that nobody has to write it."""

    @property
    def file(self) -> str:
        service, _, kind = self.name.partition(".")
        return f"{service}/{kind}.json"


class Recipe:
    """One type's recipe, applied to its service's model."""

    def __init__(self, head: Head, recipe: Mapping[str, Any]) -> None:
        self.head = head
        self._recipe = recipe
        self._model = Model(head.service)
        self._writer = Writer(recipe)

    def schema(self) -> Schema:
        """The type's schema; the recipe goes first, so that a person finds it."""
        properties = self._properties()
        whole = {"properties": properties, "$defs": self._writer.recurring}
        sharing = Sharing(whole)
        shared = sharing.shared(whole)
        definitions = {**shared["$defs"], **sharing.definitions}
        return {
            "$schema": DRAFT,
            "$id": f"{HOME}/{self.head.file}",
            "title": self.head.name,
            "description": self._recipe.get("description", self.head.description),
            "recipe": self._recipe,
            "type": "object",
            "additionalProperties": False,
            "patternProperties": {values.OURS: True, RESOURCE_KEYS: True},
            "properties": shared["properties"],
            **({"$defs": dict(sorted(definitions.items()))} if definitions else {}),
            "required": self._required(properties),
        }

    def problems(self) -> list[str]:
        """What is wrong with the recipe, once the schema has been written."""
        silent = [
            f"descriptions: none for {name}"
            for name, schema in self._properties().items()
            if "description" not in schema
        ]
        return [*silent, *self._writer.unused()]

    def _properties(self) -> dict[str, Schema]:
        members: dict[str, Shape] = {}
        for operation in self._recipe["operations"]:
            members = {**self._taken(operation), **members}
        for name, path in self._recipe.get("answers", {}).items():
            members[name] = self._model.answered(path)
        for name, path in self._recipe.get("lists", {}).items():
            members[name] = self._model.listed(path)
        written = self._writer.members(members)
        tags = {"Tags": values.TAGS} if self._recipe.get("tagged") else {}
        return {**dict(sorted(written.items(), key=_spelled)), **tags}

    def _taken(self, operation: str) -> dict[str, Shape]:
        """`Op`: its members; `Op.Member`: that one's members; `Op = Member`: that one, whole."""
        path, _, whole = (part.strip() for part in operation.partition("="))
        members = self._model.taken(path)
        return {whole: members[whole]} if whole else members

    def _required(self, properties: Mapping[str, Schema]) -> list[str]:
        first = self._recipe["operations"][0].partition("=")[0].strip()
        names = self._recipe.get("required", self._model.required(first))
        return [name for name in names if name in properties and name != self.head.naming]


def _spelled(item: tuple[str, Schema]) -> str:
    return item[0].lower()


def head(name: str) -> Head:
    """A type's head, from its handler; a type that has none yet gets a schema all the same."""
    service = name.partition(".")[0].replace("_", "-")
    if name not in types():
        return Head(service, name, "", "")
    facts = handler(name)
    first = (facts.__doc__ or "").strip().partition("\n")[0]
    return Head(service, name, first, facts.naming)
