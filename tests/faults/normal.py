"""One spelling for what AWS makes anew in every account: ids, dates, numbers drawn by chance."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tests.faults.things import Thing

DRAWN = {""}
"""Properties whose values are chance, or tell when and how often something was written."""
CHANCE = re.compile(r"$^")
"""Ids in the midst of texts that belong to no object of the census."""


class Normal:
    """Turns an object into a line that is the same in every account made the same way."""

    def __init__(self, things: Iterable[Thing]) -> None:
        known = sorted(things, key=lambda each: each.label)
        self._labels = {id: f"‹{each.label}›" for each in known for id in each.ids if each.name}
        # The longest first: one id may begin with another.
        ids = sorted(self._labels, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, ids)) or "$^")

    def __call__(self, thing: Thing) -> str:
        whole = {"": thing.kind, "region": thing.region, "tags": thing.tags, **thing.raw}
        text = json.dumps(_plain(whole), sort_keys=True, ensure_ascii=False)
        named = self._known.sub(lambda match: self._labels[match[0]], text)
        return CHANCE.sub("‹id›", named)


def _plain(value: Any) -> Any:
    """Without dates and what chance drew; lists of mappings sorted, since AWS does not."""
    match value:
        case datetime.datetime():
            return "‹date›"
        case Mapping():
            return {name: _plain(each) for name, each in value.items() if name not in DRAWN}
        case list():
            return sorted(map(_plain, value), key=lambda each: json.dumps(each, sort_keys=True))
    return value
