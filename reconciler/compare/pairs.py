"""Which resource of one environment is which of the other."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache

Names = Mapping[str, str]
"""What one calls a thing, and what the other does; `*` stands for the same text in both."""


class Pairs:
    """The addresses of two environments that mean the same: named ones, and equal ones."""

    def __init__(
        self, ours: Collection[str], theirs: Collection[str], named: Mapping[str, Names]
    ) -> None:
        self._ours, self._theirs = set(ours), set(theirs)
        self._by: dict[str, str] = {}
        self.useless: list[str] = []
        """The paths of lines that pair nothing."""
        for kind, names in named.items():
            for left, right in names.items():
                found = dict(self._named(kind, left, right))
                self._by |= found
                if not found:
                    self.useless.append(f"{kind}.{left}")
        taken = set(self._by.values())
        self._by |= {each: each for each in self._ours - self._by.keys() if self._free(each, taken)}

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(sorted(self._by.items()))

    def other(self, address: str) -> str:
        """What the other environment calls it; empty if it has no such thing."""
        return self._by.get(address, "")

    @property
    def alone(self) -> tuple[list[str], list[str]]:
        """What only the first environment has, and what only the second."""
        return sorted(self._ours - self._by.keys()), sorted(self._theirs - set(self._by.values()))

    def _free(self, address: str, taken: Collection[str]) -> bool:
        return address in self._theirs and address not in taken

    def _named(self, kind: str, left: str, right: str) -> Iterator[tuple[str, str]]:
        """Those that one line pairs. An earlier line counts more."""
        taken = set(self._by.values())
        if f"{kind}/{left}" in self._ours:  # a certificate's name may begin with a star
            if self._free(f"{kind}/{right}", taken):
                yield f"{kind}/{left}", f"{kind}/{right}"
            return
        for address in sorted(self._ours - self._by.keys()):
            if found := _pattern(f"{kind}/{left}").fullmatch(address):
                other = f"{kind}/{right}".replace("*", "".join(found.groups()), 1)
                if self._free(other, taken):
                    yield address, other


def matches(text: str, pattern: str) -> bool:
    """Whether a text is like a pattern: `*` stands for any text, all else for itself."""
    return _pattern(pattern).fullmatch(text) is not None


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile("(.*)".join(map(re.escape, pattern.split("*"))), re.DOTALL)
