"""How values look: on one line, cut to the place where two of them differ, and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Set
from datetime import date
from itertools import takewhile
from typing import Any

from reconciler.model import Unknown

ABSENT = "(none)"
OTHERWISE_READ = re.compile(r"true|false|null|~|[-+]?(\d[\d_]*\.?\d*|\.\d+)(e[-+]?\d+)?", re.I)
"""Text that YAML would take for something else."""
PUNCTUATION = re.compile(r"""[\[\]{}"]|,\s|:\s|\s#|^[-?:,#&*!|>'%@`(‹]|[,:]$|^\s|\s$""")
HIDDEN = re.compile(r"‹hidden [0-9a-f]{4}›")
CONTEXT = 24  # characters kept on either side of a difference


def shown(value: Any) -> str:
    """A value on one line, as YAML would have it; text is quoted only where it must be."""
    match value:
        case None:
            return ABSENT
        case Unknown():
            return repr(value)
        case str():
            return _text(value)
        case Mapping():
            return (
                f"{{{', '.join(f'{shown(name)}: {shown(each)}' for name, each in value.items())}}}"
            )
        case list() | tuple():
            return f"[{', '.join(shown(each) for each in value)}]"
    return json.dumps(as_json(value))


def _text(value: str) -> str:
    plain = value.isprintable()
    bare = value and plain and not PUNCTUATION.search(value)
    if HIDDEN.fullmatch(value) or (bare and not OTHERWISE_READ.fullmatch(value)):
        return value
    return json.dumps(value, ensure_ascii=not plain)


def block(value: Any, width: int) -> list[str]:
    """A value on as many lines as it needs, as YAML would have it."""
    inline = shown(value)
    if isinstance(value, str) and value.isprintable():
        return [value]
    return [inline] if len(inline) <= width else _broken(value, width)


def _broken(value: Any, width: int) -> list[str]:
    match value:
        case Mapping():
            return [row for name, each in value.items() for row in _entry(name, each, width)]
        case list() | tuple():
            return [row for each in value for row in led(block(each, width - 2))]
    return [shown(value)]


def _entry(name: Any, value: Any, width: int) -> list[str]:
    inline = f"{shown(name)}: {shown(value)}"
    if len(inline) <= width or not isinstance(value, Mapping | list | tuple):
        return [inline]
    return [f"{shown(name)}:", *(f"  {row}" for row in _broken(value, width - 2))]


def led(rows: list[str]) -> list[str]:
    first, *rest = rows
    return [f"- {first}", *(f"  {row}" for row in rest)]


def as_json(value: Any) -> Any:
    """A value in JSON's own types; what only AWS can say is told in words."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(name): as_json(each) for name, each in value.items()}
        case list() | tuple():
            return [as_json(each) for each in value]
        case Set():
            return sorted((as_json(each) for each in value), key=str)
        case date():
            return value.isoformat()
    return repr(value)


def apart(before: str, after: str, room: int) -> tuple[str, str]:
    """Both texts, cut to where they differ if they would not fit into `room` together."""
    if len(before) + len(after) <= room:
        return before, after
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    each = max(room // 2, 2 * CONTEXT)
    return _cut(before, start, end, each), _cut(after, start, end, each)


def _common(before: str, after: str) -> int:
    """How much of what both begin with can go: up to a slash near the difference, if any."""
    pairs = zip(before, after, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    near = max(same - CONTEXT, 0)
    slash = before.find("/", near, same)
    start = slash if slash > 0 else near
    return start if start > 1 else 0


def short(text: str, room: int) -> str:
    """The beginning of a text that is too long."""
    return text if len(text) <= room else f"{text[: room - 1]}…"


def _cut(text: str, start: int, end: int, room: int) -> str:
    """The text without what both have in common on either side."""
    kept = text[start : len(text) - end] + ("…" if end else "")
    return short(f"…{kept}" if start else kept, room)
