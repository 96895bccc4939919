"""What stands in a schema more than once is written once, under `$defs`."""

from __future__ import annotations

import json
from collections import Counter
from itertools import chain, count
from typing import Any

from schema_builder.shapes import SHAPE
from schema_builder.values import Schema

WORTH_IT = 300  # characters


class Sharing:
    """Replaces marked schemas that recur by references; drops all marks."""

    def __init__(self, schema: Any) -> None:
        self._seen = Counter(_texts(schema))
        self._names: dict[str, str] = {}
        self.definitions: dict[str, Schema] = {}

    def shared(self, schema: Any) -> Any:
        if isinstance(schema, list):
            return [self.shared(each) for each in schema]
        if not isinstance(schema, dict):
            return schema
        written = {name: self.shared(each) for name, each in schema.items() if name != SHAPE}
        same = _text(schema)
        if SHAPE not in schema or self._seen[same] < 2 or len(same) < WORTH_IT:
            return written
        said = {name: written.pop(name) for name in ("description",) if name in written}
        return {**said, "$ref": f"#/$defs/{self._name(same, schema[SHAPE], written)}"}

    def _name(self, same: str, shape: str, written: Schema) -> str:
        if same not in self._names:
            numbered = (f"{shape}{number}" for number in count(2))
            name = next(each for each in chain([shape], numbered) if each not in self.definitions)
            self._names[same] = name
            self.definitions[name] = written
        return self._names[same]


def _texts(schema: Any) -> list[str]:
    inner = schema.values() if isinstance(schema, dict) else schema
    if not isinstance(schema, dict | list):
        return []
    found = [text for each in inner for text in _texts(each)]
    return [_text(schema), *found] if isinstance(schema, dict) and SHAPE in schema else found


def _text(schema: Schema) -> str:
    bare = {name: each for name, each in schema.items() if name != "description"}
    return json.dumps(bare, sort_keys=True)
