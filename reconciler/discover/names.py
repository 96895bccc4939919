"""How discovered objects are called: by their own name, else by what they belong to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import jmespath

from reconciler.aws.ownership import ADDRESS, ENVIRONMENT, RETIRED, unescape
from reconciler.discover.drafts import Draft
from reconciler.discover.known import Known, Thing
from reconciler.load import Environment

UNFIT = re.compile(r"[{}\s]|^\$|\$\{")
"""What no name in YAML may hold: it would look like a reference, or like a key of ours."""
ID = re.compile(r"[a-z]+-[0-9a-f]{8,}")
SEPARATORS = re.compile(r"[^A-Za-z0-9.*@]+")


def named(
    drafts: Iterable[Draft],
    seen: Iterable[Thing],
    declared: Iterable[str],
    environment: Environment,
) -> list[Draft]:
    """The drafts with a name each, which no other and nothing declared has.

    `seen`: what was read of the declared ones."""
    every = list(drafts)
    known = Known([*seen, *map(_thing, every)], environment)
    called = _Naming({(each.kind, each.observed.id): each for each in every}, known, environment)
    taken = Counter(declared)
    result = []
    for draft in sorted(every, key=lambda each: (*called(each), each.observed.id)):
        _, _, name = called(draft)
        free = _free(draft.kind, name, environment.regions, draft.region, taken)
        taken[f"{draft.kind}/{free}"] += 1
        result.append(replace(draft, name=free))
    return result


def thing(draft: Draft) -> Thing:
    """A draft, as what others may refer to."""
    return Thing(draft.address, type(draft.handler), draft.observed.id, draft.observed.properties)


def _thing(draft: Draft) -> Thing:
    """The same before it has a name: an address that says which object it is."""
    address = f"{draft.kind}/{draft.observed.id}"
    return Thing(address, type(draft.handler), draft.observed.id, draft.observed.properties)


class _Naming:
    """Names objects, each after those that it belongs to."""

    def __init__(
        self, drafts: Mapping[tuple[str, str], Draft], known: Known, environment: Environment
    ) -> None:
        self._drafts, self._known, self._environment = drafts, known, environment

    def __call__(self, draft: Draft) -> tuple[str, bool, str]:
        """Type, whether it is of another region than the environment's, and name."""
        elsewhere = draft.region != self._environment.region
        return draft.kind, elsewhere, self._name(draft, 0)

    def _name(self, draft: Draft, depth: int) -> str:
        if ours := _carried(draft, self._environment.name):
            return ours
        naming = type(draft.handler).naming
        if naming.startswith("tag:"):
            own = draft.observed.tags.get(naming[4:], "")
        else:
            own = draft.properties.get(naming, "")
            own = "" if not isinstance(own, str) or self._known.holder(own) else own
        return own if own and not UNFIT.search(own) else self._derived(draft, depth)

    def _derived(self, draft: Draft, depth: int) -> str:
        """From the key: what it belongs to by its name, all else as it is."""
        parts = [jmespath.search(_plain(path), draft.observed.properties) for path in _key(draft)]
        told = [self._told(part, depth) for part in parts]
        joined = "-".join(each for each in told if each)
        last = draft.kind.rpartition(".")[2].replace("_", "-")
        return joined if joined else last

    def _told(self, part: Any, depth: int) -> str:
        if isinstance(part, list):
            part = next(iter(part), "")
        kind, _, id_ = self._known.holder(str(part)).partition("/")
        parent = self._drafts.get((kind, id_))
        if parent is not None and depth < 5:
            return self._name(parent, depth + 1)
        own = id_ or str(part or "").removeprefix("alias/")
        return "" if ID.fullmatch(own) else SEPARATORS.sub("-", own).strip("-")


def _key(draft: Draft) -> Iterable[str]:
    """What tells it apart; a network that has no name is called by its addresses."""
    known = [path for path in type(draft.handler).key if not path.startswith("tag:")]
    return known or [
        name for name in ("CidrBlock", "PublicIp") if name in draft.observed.properties
    ]


def _plain(path: str) -> str:
    return path.partition(" || ")[0]


def _carried(draft: Draft, environment: str) -> str:
    """The name in our own address tag, where the object is one that the YAML has forgotten."""
    tags = draft.observed.tags
    address = unescape(tags.get(ADDRESS, ""))
    kind, _, name = address.partition("/")
    ours = tags.get(ENVIRONMENT) == environment and kind == draft.kind
    return name if ours and not address.startswith(RETIRED) and not UNFIT.search(name) else ""


def _free(
    kind: str, name: str, regions: Mapping[str, str], region: str, taken: Mapping[str, int]
) -> str:
    """The name, or if it is taken one that says the region too, or a number."""
    if f"{kind}/{name}" not in taken:
        return name
    alias = next((alias for alias, each in regions.items() if each == region), region)
    name = name if alias == "main" else f"{name}-{alias}"
    number, free = 1, name
    while f"{kind}/{free}" in taken:
        number += 1
        free = f"{name}-{number}"
    return free
