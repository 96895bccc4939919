"""Which resources a run is about: `--only`, `--except`, and what those stand on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from reconciler.errors import Usage
from reconciler.load import Resource
from reconciler.load.problems import meant
from reconciler.plan.estate import Estate


def selected(estate: Estate, only: Sequence[str], but: Sequence[str]) -> set[str]:
    """The addresses to act on. Raises Usage for a pattern that names nothing."""
    resources = estate.resources.values()
    for pattern in (*only, *but):
        if not any(matches(pattern, each) for each in resources):
            raise Usage(
                f"{pattern} names no resource here: give a type (ecs.service), an address "
                "(ecs.service/web), a pattern of either (ecs.*, */web*) or a file of the "
                f"environment (30-services.yaml).{_meant(pattern, estate)}"
            )
    return {
        each.address
        for each in resources
        if (not only or any(matches(pattern, each) for pattern in only))
        and not any(matches(pattern, each) for pattern in but)
    }


def matches(pattern: str, resource: Resource) -> bool:
    """Whether a pattern names this resource: by type, by address, or by the file it stands in."""
    if pattern == resource.address or (
        pattern.endswith((".yaml", ".yml")) and _in(pattern, resource)
    ):
        return True
    return fnmatchcase(resource.address, pattern) or fnmatchcase(resource.type, pattern)


def _in(pattern: str, resource: Resource) -> bool:
    """Whether the file is named by its last parts, or by where it lies from here."""
    file = Path(resource.source.file)
    return file.match(pattern) or file.resolve() == Path(pattern).resolve()


def _meant(pattern: str, estate: Estate) -> str:
    types = {each.type for each in estate.resources.values()}
    return meant(pattern, {*estate.resources, *types})


def closure(estate: Estate, addresses: Collection[str]) -> set[str]:
    """These resources and all that they refer to, which must be read but is not touched."""
    found: set[str] = set()
    left = list(addresses)
    while left:
        address = left.pop()
        if address not in found:
            found.add(address)
            left += [each.address for each in estate.references[address]]
            left += estate.resources[address].depends_on
    return found - {"input"}
