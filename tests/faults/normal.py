"""One spelling for what AWS draws anew in every account: ids, dates, tokens."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tests.faults.things import KINDS, Thing

CHANCE = re.compile(
    r"\b(?:acl|dopt|eipassoc|eni|pl|rtb|rtbassoc|sg|sgr|subnet|vpc|vpc-cidr-assoc)-[0-9a-f]{17}\b"
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|\becs-svc/\d+\b"
    r"|(?<=/)[0-9a-f]{16}\b"
)
"""Ids that belong to no object with a name."""


class Normal:
    """Turns an object into a line that is the same in every account made the same way."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self._labels = {id: f"‹{each.label}›" for each in things for id in each.ids if each.name}
        # The longest first: one id may begin with another.
        ids = sorted(self._labels, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, ids)) or "$^")

    def __call__(self, thing: Thing) -> str:
        drawn = KINDS[thing.kind].get("drawn", ())
        whole = {"kind": thing.kind, "region": thing.region, "tags": thing.tags, **thing.raw}
        return json.dumps(self._plain(whole, drawn), sort_keys=True, ensure_ascii=False)

    def _plain(self, value: Any, drawn: Collection[str]) -> Any:
        """Without what is drawn; lists sorted, since AWS answers them in any order."""
        match value:
            case str():
                # Labels may hold the ids of others in their turn.
                return CHANCE.sub("‹id›", self._named(self._named(value)))
            case bytes():
                return self._plain(value.decode(errors="backslashreplace"), drawn)
            case datetime.datetime():
                return "‹date›"
            case Mapping():
                kept = {name: each for name, each in value.items() if name not in drawn}
                return {name: self._plain(each, drawn) for name, each in kept.items()}
            case list():
                plain = [self._plain(each, drawn) for each in value]
                return sorted(plain, key=lambda each: json.dumps(each, sort_keys=True))
        return value

    def _named(self, text: str) -> str:
        return self._known.sub(lambda match: self._labels[match[0]], text)
