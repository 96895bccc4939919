"""Windows that environment.yaml writes out: a name, local times, and their zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reconciler.freezes.window import Window, between

Said = Mapping[str, Any]


def window(said: Said) -> Window:
    """Raises ValueError with what is wrong."""
    if missing := [each for each in ("name", "from", "to", "zone") if not said.get(each)]:
        raise ValueError(f"lacks {' and '.join(missing)}, so nobody knows when it is")
    begin, end = _local(said["from"]), _local(said["to"])
    found = between(str(said["name"]), begin, end, zone(str(said["zone"])))
    if found.end <= found.begin:
        raise ValueError(f"ends {said['to']}, before it begins {said['from']}; swap them")
    return found


def zone(name: str) -> ZoneInfo:
    """Raises ValueError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"names no time zone: {name}; write one such as Asia/Riyadh") from error


def _local(said: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(said))
    except ValueError as error:
        raise ValueError(f"says {said}, which is no time; write 2026-12-24T18:00") from error
