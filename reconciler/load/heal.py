"""`heal` in environment.yaml: what the periodic run may repair, by kind, type and class."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from reconciler.load.policy import REFUSE, Policy

URGENT = "urgent"
LENGTH = re.compile(r"(\d+)([mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Class(StrEnum):
    """What a difference is about, as far as it matters to who may repair it."""

    OPENED = "opened"  # to the world
    SCALING = "scaling"
    TAGS = "tags"
    OTHER = "other"


LATE = timedelta(minutes=15)
"""CloudTrail tells an event within so long, on average within five minutes.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html"""
USUAL: Mapping[Class, str] = {
    Class.OPENED: URGENT,
    Class.SCALING: "24h",
    Class.TAGS: "0h",
    Class.OTHER: "6h",
}
"""What holds of a class of which environment.yaml says nothing."""


@dataclass(frozen=True)
class Bounds:
    """What may be repaired by the clock, and how long after a person's change."""

    policy: Policy = field(default_factory=lambda: Policy(REFUSE))
    """By kind, type and address: apply, or anything else for what is people's."""
    classes: Mapping[Class, str] = field(default_factory=dict)

    def urgent(self, found: Iterable[Class]) -> bool:
        """Whether one of these is to be repaired at once, whoever made it."""
        return any(self.classes.get(each, USUAL[each]) == URGENT for each in found)

    def patience(self, found: set[Class]) -> timedelta | None:
        """How long a person's change is left alone; None: for good. Nothing, if one is urgent."""
        said = [self.classes.get(each, USUAL[each]) for each in found]
        if self.urgent(found):
            return timedelta()
        if REFUSE in said:
            return None
        return max(map(length, said))

    @property
    def longest(self) -> timedelta:
        said = {**USUAL, **self.classes}.values()
        return max([LATE, *(length(each) for each in said if LENGTH.fullmatch(each))])


def bounds(said: Mapping[str, Any]) -> Bounds:
    """`heal` as environment.yaml has it."""
    return Bounds(
        policy=Policy.of({name: each for name, each in said.items() if name != "classes"}, REFUSE),
        classes={Class(name): word for name, word in (said.get("classes") or {}).items()},
    )


def length(text: str) -> timedelta:
    """Of `90m`, `6h`, `2d`. Raises ValueError."""
    if not (found := LENGTH.fullmatch(text)):
        raise ValueError(f"{text!r} is no length of time: write 90m, 6h or 2d")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def wrong(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where `heal` says what is no length of time: path, and what is wrong."""
    classes = said.get("classes")
    for name, word in classes.items() if isinstance(classes, Mapping) else ():
        if word not in (URGENT, REFUSE, None) and not LENGTH.fullmatch(str(word)):
            what = f"is {word}: write {URGENT}, {REFUSE}, or how long people's changes stay (6h)"
            yield f"heal.classes.{name}", what
