"""A census of an account, by which two accounts can be compared and duplicates found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from tests.faults.normal import Normal
from tests.faults.things import KINDS, Thing, depth, things

GLOBAL = "us-east-1"
ENVIRONMENT, ADDRESS = "muvi-converge:environment", "muvi-converge:address"

Client = Callable[[str, str], Any]
"""The boto3 client of a service in a region: `session.client` will do."""


@dataclass(frozen=True)
class Census:
    """All objects of the types in `kinds.yaml`, in the regions that were looked at."""

    things: tuple[Thing, ...]
    normal: Normal

    @property
    def lines(self) -> Counter[str]:
        """A line per object, the same in every account that was made the same way."""
        return Counter(map(self.normal, self.things))

    @property
    def counts(self) -> Counter[str]:
        """How many there are of each type."""
        return Counter(each.kind for each in self.things)

    def addresses(self, environment: str) -> Counter[str]:
        """How many objects carry each address tag of an environment."""
        return Counter(each.tags.get(ADDRESS, "?") for each in self.ours(environment).things)

    def ours(self, environment: str) -> Census:
        """Those that carry the environment's tag."""
        return self._only(each for each in self.things if _of(each, environment))

    def strangers(self, environment: str) -> Census:
        """Those that do not: other people's, AWS's own, and what cannot carry tags."""
        return self._only(each for each in self.things if not _of(each, environment))

    def twice(self) -> list[str]:
        """What is there more than once: one name, or one address, in one type and region."""
        named = Counter(f"{each.label} in {each.region}" for each in self.things if each.name)
        tagged = Counter(
            f"{each.tags[ADDRESS]} in {each.region}" for each in self.things if ADDRESS in each.tags
        )
        return sorted(what for what, often in (named | tagged).items() if often > 1)

    def _only(self, some: Iterable[Thing]) -> Census:
        return replace(self, things=tuple(some))


def take(client: Client, *regions: str, kinds: Iterable[str] = KINDS) -> Census:
    """Look at these regions, and at the global services; at a kind only with what it is below."""
    found: dict[tuple[str, str], list[Thing]] = {}
    for kind in sorted(kinds, key=depth):
        for region in [GLOBAL] if KINDS[kind].get("global") else regions:
            below = KINDS[kind].get("below", [])
            above = [each.raw for each in found[below, region]] if isinstance(below, str) else below
            api = client(kind.split(".")[0].replace("_", "-"), region)
            found[kind, region] = list(things(api, kind, region, above))
    together = tuple(each for some in found.values() for each in some)
    return Census(together, Normal(together))


def difference(before: Census, after: Census) -> list[str]:
    """What one account has and the other has not, as lines that begin with `-` and `+`."""
    gone, new = before.lines - after.lines, after.lines - before.lines
    return [*(f"- {each}" for each in gone.elements()), *(f"+ {each}" for each in new.elements())]


def _of(thing: Thing, environment: str) -> bool:
    return thing.tags.get(ENVIRONMENT) == environment
