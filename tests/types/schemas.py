"""Walking a type's schema: which paths there are, and which of them are lists."""

import json
from pathlib import Path

SCHEMAS = Path(__file__).parents[2] / "schemas"


def schema(name):
    """The schema of a type."""
    return json.loads(SCHEMAS.joinpath(*name.split(".")).with_suffix(".json").read_text())


def lists(whole):
    """Every list of the schema: its path, written as facts write it, and its members' fields.

    Below what holds itself, or names chosen by people, a path ends in `*`."""
    for name, each in whole["properties"].items():
        yield from _lists(whole, each, name, ())


def paths(whole):
    """Every path of the schema, as facts write it."""
    for name, each in whole["properties"].items():
        yield from _paths(whole, each, name, ())


def _lists(whole, each, path, above):
    each, above, known = _followed(whole, each, above)
    if known:
        return
    if "items" in each:
        yield path, _fields(whole, each["items"])
        yield from _lists(whole, each["items"], path, above)
    for name, inner in each.get("properties", {}).items():
        yield from _lists(whole, inner, f"{path}.{name}", above)
    if isinstance(each.get("additionalProperties"), dict):
        yield from _lists(whole, each["additionalProperties"], f"{path}.*", above)


def _paths(whole, each, path, above):
    yield path
    each, above, known = _followed(whole, each, above)
    if known:
        return
    if "items" in each:
        yield from _paths(whole, each["items"], path, above)
    for name, inner in each.get("properties", {}).items():
        yield from _paths(whole, inner, f"{path}.{name}", above)
    if isinstance(each.get("additionalProperties"), dict):
        yield from _paths(whole, each["additionalProperties"], f"{path}.*", above)


def _followed(whole, each, above):
    """What a `$ref` stands for, and whether we are inside of it already."""
    if "$ref" not in each:
        return each, above, False
    name = each["$ref"].removeprefix("#/$defs/")
    return whole["$defs"][name], (*above, name), name in above


def _fields(whole, items):
    followed, _, _ = _followed(whole, items, ())
    return set(followed.get("properties", ()))
