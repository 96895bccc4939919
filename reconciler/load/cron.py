"""Which schedules EventBridge takes.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html"""

from __future__ import annotations

import re
from dataclasses import dataclass

RATE = re.compile(r"rate\((?:1 (?:minute|hour|day)|(?!1 )[1-9]\d* (?:minutes|hours|days))\)")
CRON = re.compile(r"cron\((.*)\)")
ELEMENT = re.compile(r"(\*|[A-Z0-9]+)(?:-([A-Z0-9]+))?(?:/(\d+))?")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True)
class Field:
    """One of the six: which numbers it takes, their names, and what else."""

    low: int
    high: int
    names: tuple[str, ...] = ()
    special: str = r"(?!)"

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


FIELDS = (
    Field(0, 59),
    Field(0, 23),
    Field(1, 31, special=r"\?|L|LW|([1-9]|[12]\d|3[01])W"),
    Field(1, 12, MONTHS),
    Field(1, 7, DAYS, special=rf"\?|L|([1-7]|{'|'.join(DAYS)})(L|#[1-5])"),
    Field(1970, 2199),
)


def valid(expression: str) -> bool:
    """Whether EventBridge takes this `cron(...)` or `rate(...)`."""
    if RATE.fullmatch(expression):
        return True
    cron = CRON.fullmatch(expression)
    fields = cron[1].split(" ") if cron else []
    if len(fields) != len(FIELDS):
        return False
    # Either the day of the month or that of the week; the other one is a question mark.
    if (fields[2] == "?") is (fields[4] == "?"):
        return False
    return all(field.takes(text) for field, text in zip(FIELDS, fields, strict=True))
