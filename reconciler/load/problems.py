"""Everything wrong that was found so far, each thing once, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

from reconciler.errors import InvalidDesired, Problem
from reconciler.model import Source

MANY = 1000  # words; among more, only those of like length are looked through


@dataclass(frozen=True)
class Finding:
    """What is wrong with one value, and whether that is sure."""

    path: str
    what: str
    grave: bool = True
    """False for what may be right all the same, for a reason that is not in the YAML."""


class Problems:
    """Collects problems. The same one at the same place counts once, also under many names."""

    def __init__(self) -> None:
        self.reported = 0
        """How many reports came in, repeated ones included."""
        self._found: dict[tuple[Source | None, str], Problem] = {}

    def add(self, source: Source | None, address: str, what: str) -> None:
        self.reported += 1
        self._found.setdefault((source, what), Problem(source, address, what))

    def fail(self) -> NoReturn:
        """InvalidDesired with all of them, in the order of the files."""
        raise InvalidDesired(sorted(self._found.values(), key=_where))

    def raise_any(self) -> None:
        if self._found:
            self.fail()


def meant(word: str, words: Iterable[str]) -> str:
    """` Did you mean x?`, or nothing if no word is like it."""
    known = sorted(words)
    if len(known) > MANY:
        known = [each for each in known if abs(len(each) - len(word)) < 2][:MANY]
    close = get_close_matches(word, known, n=1) or [
        each for each in known if each.casefold() == word.casefold()
    ]
    return f" Did you mean {close[0]}?" if close else ""


def _where(problem: Problem) -> tuple[str, int, int]:
    source = problem.source
    return (source.file, source.line, source.column) if source else ("", 0, 0)
