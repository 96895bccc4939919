"""JSON as a person would lay it out: what fits on a line stands on one."""

from __future__ import annotations

import json
from typing import Any

WIDTH = 100


def laid_out(value: Any, indent: int = 0, before: int = 0) -> str:
    """The value as text; `before` characters stand on its first line already."""
    line = json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, dict | list) or indent + before + len(line) < WIDTH:
        return line
    inner = " " * (indent + 2)
    if isinstance(value, list):
        parts = [inner + laid_out(each, indent + 2) for each in value]
        return "[\n" + ",\n".join(parts) + "\n" + " " * indent + "]"
    named = [(json.dumps(name, ensure_ascii=False) + ": ", each) for name, each in value.items()]
    parts = [f"{inner}{name}{laid_out(each, indent + 2, len(name))}" for name, each in named]
    return "{\n" + ",\n".join(parts) + "\n" + " " * indent + "}"
