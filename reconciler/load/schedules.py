"""Schedules: whether EventBridge takes a `cron(...)` or `rate(...)`, and what is wrong if not.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NUMBER = re.compile(r"[1-9]\d*")
UNITS = ("minute", "hour", "day")
ELEMENT = re.compile(r"(\*|[A-Z0-9]+)(?:-([A-Z0-9]+))?(?:/(\d+))?")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
WHOLE = "cron(minutes hours day-of-month month day-of-week year)"


@dataclass(frozen=True)
class Field:
    """One of the six: which numbers it takes, their names, and what else."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    special: str = r"(?!)"
    also: str = ""
    """The same in words."""

    def takes(self, text: str) -> bool:
        """Whether each of the alternatives between commas is one."""
        return all(self._one(each) for each in text.upper().split(","))

    def _one(self, text: str) -> bool:
        if re.fullmatch(self.special, text):
            return True
        parts = ELEMENT.fullmatch(text)
        if not parts:
            return False
        first, last, step = parts.groups()
        # A range may wrap around, as 22-14 does.
        known = all(self._known(each) for each in (first, last) if each and each != "*")
        return known and not (first == "*" and last) and (step is None or int(step) > 0)

    def _known(self, value: str) -> bool:
        return value in self.names or (value.isdigit() and self.low <= int(value) <= self.high)

    def __str__(self) -> str:
        named = f" or {self.names[0]}-{self.names[-1]}" if self.names else ""
        return f"{self.low}-{self.high}{named}, *, and lists, ranges and steps of them{self.also}"


FIELDS = (
    Field("minutes", 0, 59),
    Field("hours", 0, 23),
    Field("day-of-month", 1, 31, (), r"L|LW|([1-9]|[12]\d|3[01])W", ", L, LW and 15W"),
    Field("month", 1, 12, MONTHS),
    Field("day-of-week", 1, 7, DAYS, rf"L|([1-7]|{'|'.join(DAYS)})(L|#[1-5])", ", L, 6L and 6#3"),
    Field("year", 1970, 2199),
)
EITHER = ("day-of-month", "day-of-week")


def wrong(expression: str) -> str:
    """What is wrong with a schedule, and what to write; empty if EventBridge takes it."""
    kind, _, rest = expression.partition("(")
    if kind not in ("cron", "rate") or not rest.endswith(")"):
        return f"it is no schedule; write rate(5 minutes), or {WHOLE}, in UTC"
    return _rate(rest[:-1]) if kind == "rate" else _cron(rest[:-1])


def _rate(text: str) -> str:
    number, _, unit = text.partition(" ")
    one = unit.removesuffix("s")
    if not NUMBER.fullmatch(number) or one not in UNITS:
        return "a rate is a whole number of minutes, hours or days; write rate(5 minutes)"
    right = one if number == "1" else f"{one}s"
    return "" if unit == right else f"AWS insists on grammar; write rate({number} {right})"


def _cron(text: str) -> str:
    fields = text.split(" ")
    if len(fields) != len(FIELDS):
        return f"it has not six fields, but {len(fields)}; write {WHOLE}, in UTC"
    given = dict(zip(FIELDS, fields, strict=True))
    return "; ".join(_faults(given))


def _faults(given: dict[Field, str]) -> Iterator[str]:
    days = [text for field, text in given.items() if field.name in EITHER]
    if days.count("?") != 1:
        yield f"one of {' and '.join(EITHER)} must be ?, and only one; write ? for one of them"
    for field, text in given.items():
        if not (field.takes(text) or (text == "?" and field.name in EITHER)):
            yield f"“{text}” is no {field.name}; write {field}"
