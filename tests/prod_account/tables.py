"""The tables of tests/facts: what the report states, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "facts"
Row = dict[str, Any]


@cache
def section(number: int) -> dict[str, Any]:
    """All tables of one section of the report."""
    (file,) = FOLDER.glob(f"{number:02}-*.yaml")
    return yaml.safe_load(file.read_text())


def table(number: int, name: str) -> list[Row]:
    """The rows of one table."""
    return section(number)[name]


def fact(number: int, name: str) -> Any:
    """What a section says once, for all of its rows."""
    return section(number)[name]


ACCOUNT: str = fact(1, "accounts")["prod"]["account"]
MAIN: str = fact(1, "accounts")["prod"]["region"]
RECOVERY: str = fact(1, "accounts")["recovery"]["region"]
EDGE: str = fact(1, "accounts")["edge"]["region"]
REGIONS = (MAIN, RECOVERY, EDGE)
