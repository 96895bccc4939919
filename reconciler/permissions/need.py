"""One thing that is needed: an action, on what, and under which condition."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from reconciler.permissions.names import ANY

Condition = tuple[tuple[str, str, tuple[str, ...]], ...]
"""Operator, key and values."""


@dataclass(frozen=True, order=True)
class Need:
    """One action on some resources."""

    action: str
    on: tuple[str, ...]
    condition: Condition = ()

    def covers(self, other: Need) -> bool:
        """Whether whoever may do this may do the other."""
        within = not self.condition or self.condition == other.condition or self._around(other)
        return self.action == other.action and within and all(map(self._matches, other.on))

    def _around(self, other: Need) -> bool:
        """Whether the other's regions, in its condition or in its ARNs, are among ours."""
        regions = _regions(self.condition)
        theirs = _regions(other.condition) or {
            each.split(":")[3] for each in other.on if each != ANY
        }
        return bool(regions and theirs) and theirs <= regions

    def _matches(self, arn: str) -> bool:
        return any(fnmatchcase(arn, each) for each in self.on)


def in_regions(regions: tuple[str, ...]) -> Condition:
    """That the call is made in one of these regions."""
    return (("StringEquals", "aws:RequestedRegion", regions),)


def _regions(condition: Condition) -> set[str]:
    return {v for _, key, values in condition if key == "aws:RequestedRegion" for v in values}
