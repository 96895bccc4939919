"""What the code knows of a type: its handler's facts and its schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from reconciler.load import own

if TYPE_CHECKING:
    from reconciler.handler import Handler

Schema = Mapping[str, Any]


def types() -> tuple[str, ...]:
    """The names of all types."""
    from reconciler import registry  # brings boto3 along, which takes longer than all of ours

    return registry.types()


def handler(name: str) -> type[Handler]:
    """The handler class of a type. KeyError for unknown names."""
    from reconciler import registry

    return registry.handler(name)


@cache
def schema(name: str) -> Schema:
    """The schema of a type's entries: its properties, and the keys of ours."""
    shape = shipped(*name.split(".", 1))
    return {**shape, "properties": {**shape["properties"], **own.RESOURCE}}


def shipped(*path: str) -> Schema:
    """A schema from the package `schemas`, wherever it is installed."""
    file = files("schemas").joinpath(*path[:-1], f"{path[-1]}.json")
    shape: Schema = json.loads(file.read_text("utf-8"))
    return shape


def properties(name: str) -> Mapping[str, Schema]:
    """The schemas of a type's own properties, by name."""
    every: Mapping[str, Schema] = schema(name)["properties"]
    return {each: every[each] for each in every if each not in own.RESOURCE}
