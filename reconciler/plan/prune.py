"""What is ours and nothing declares any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from reconciler.aws.ownership import ADDRESS, RETIRED, unescape
from reconciler.handler import Handler
from reconciler.model import Action, Found, Observed, Properties, Tags, top
from reconciler.plan import find, uses
from reconciler.plan.estate import Estate
from reconciler.plan.find import Index
from reconciler.plan.observe import FAILURES, Kind
from reconciler.plan.planner import is_ours
from reconciler.plan.uses import Uses
from reconciler.result import Decision


@dataclass(frozen=True)
class Doomed:
    """An object of ours to be taken away, as it was read."""

    address: str
    handler: Handler
    observed: Observed
    kind: str
    region: str
    heir: str = ""
    """The resource whose new object takes its place."""
    why: str = "nothing declares it any more"
    whoever: bool = False
    """It goes whoever owns it: the YAML says that it shall not exist."""

    @property
    def decision(self) -> Decision:
        return Decision(
            self.address,
            self.region,
            Action.DELETE,
            self.why,
            id=self.observed.id,
        )


def undeclared(estate: Estate, kinds: Iterable[Kind]) -> Iterator[tuple[Kind, Found]]:
    """Every object of these types that is no resource's.

    Where a resource was not or could not be read, any object of its type may be that one."""
    known = _known(estate)
    unseen = (one for address, one in estate.resources.items() if address not in estate.seen)
    unsure = {(each.type, region) for each in unseen for region in each.regions}
    for kind in sorted(set(kinds) - unsure):
        for found in _index(estate, kind).ids.values():
            if (kind, found.id) not in known:
                yield kind, found


def prunable(estate: Estate, kinds: Collection[Kind], pool: Executor) -> list[Doomed]:
    """Those of them that are ours: by our tags, or through the object they belong to."""
    others = list(undeclared(estate, kinds))
    tagged = [each for each in others if _carries_our_tags(estate, *each)]
    parents = _parents(estate, tagged)
    ours = [each for each in others if each in tagged or _belongs(estate, *each, parents)]
    names = _addresses(estate, ours)
    read = pool.map(lambda each: _doomed(estate, *each), zip(ours, names, strict=True))
    return [each for each in read if each]


def declared(estate: Estate, addresses: Iterable[str], **more: Any) -> list[Doomed]:
    """Those of these resources that AWS has."""
    seen = [(address, estate.seen.get(address)) for address in addresses]
    return [
        Doomed(address, estate.handler(address), one, *_kind(estate, address), **more)
        for address, one in seen
        if one
    ]


def owned(estate: Estate, chosen: Collection[str] | None = None) -> list[Doomed]:
    """Everything chosen that AWS has and that is ours: what `destroy` takes away.

    What the chosen ones stand on was read as well, and stays."""
    named = estate.resources if chosen is None else sorted(chosen)
    return [
        each
        for each in declared(estate, named, why="destroy takes all that is ours")
        if not each.handler.marked() or is_ours(estate, each.address, each.observed)
    ]


def in_use(estate: Estate, decisions: Iterable[Decision]) -> dict[str, list[str]]:
    """Who uses what would have to be deleted before its replacement can be made."""
    named = [
        each.address
        for each in decisions
        if each.action is Action.REPLACE and estate.facts(each.address).unique
    ]
    if not named:
        return {}
    going, staying = users(declared(estate, named), estate)
    return {
        address: sorted({*going.get(address, ()), *staying.get(address, ())}) for address in named
    }


def retired(estate: Estate, decisions: Iterable[Decision]) -> list[Doomed]:
    """What is replaced while it is in use: it goes last, once nobody uses it."""
    found = []
    for each in decisions:
        one = estate.seen.get(each.address)
        if each.action is Action.REPLACE and one and not estate.facts(each.address).unique:
            handler = estate.handler(each.address)
            name = f"{each.address} (replaced)"
            kind = _kind(estate, each.address)
            found.append(Doomed(name, handler, one, *kind, heir=each.address))
    return found


def _known(estate: Estate) -> set[tuple[Kind, str]]:
    return {(_kind(estate, address), one.id) for address, one in estate.seen.items() if one}


def _index(estate: Estate, kind: Kind) -> Index:
    try:
        return estate.index(*kind)
    except FAILURES:  # told as `unread` by the coverage
        return Index(estate.handler_of(*kind))


def _kind(estate: Estate, address: str) -> Kind:
    resource = estate.resources[address]
    return resource.type, resource.region


def _carries_our_tags(estate: Estate, kind: Kind, found: Found) -> bool:
    return find.ours(kind[0], estate.environment.name, _tags(estate, kind, found))


def _tags(estate: Estate, kind: Kind, found: Found) -> Tags:
    """Those of the listing, else those of the sweep, which may only say yes."""
    if found.tags is not None:
        return found.tags
    return find.swept(found, estate.sweep(estate.handler_of(*kind).home))


def _parents(estate: Estate, tagged: Iterable[tuple[Kind, Found]]) -> list[Properties]:
    """All objects that are ours, so that what belongs to them is ours as well."""
    seen = [one.properties for one in estate.seen.values() if one and ADDRESS in one.tags]
    return [*seen, *(found.properties for _, found in tagged)]


def _belongs(estate: Estate, kind: Kind, found: Found, parents: Iterable[Properties]) -> bool:
    """Whether it has no tags of its own, and says that it belongs to something of ours.

    Where lists are at least, others hang their own things on ours: these stay."""
    if not estate.environment.exact:
        return False
    handler = estate.handler_of(*kind)
    value = found.properties.get(handler.parent)
    if handler.marked() or not handler.parent or handler.shared or value is None:
        return False
    if any(address.startswith(f"{kind[0]}/") for address in estate.failed):
        return False  # it may be the one that could not be told apart
    return any(parent.get(handler.parent) == value for parent in parents)


def _addresses(estate: Estate, owned: list[tuple[Kind, Found]]) -> list[str]:
    """The address that each object carries; with its id where another has that address."""
    carried = [_carried(estate, kind, found) for kind, found in owned]
    often = Counter(carried)
    return [
        address
        if often[address] == 1 and address not in estate.resources
        else f"{kind[0]}/{one.id}"
        for address, (kind, one) in zip(carried, owned, strict=True)
    ]


def _carried(estate: Estate, kind: Kind, found: Found) -> str:
    address = _tags(estate, kind, found).get(ADDRESS, "")
    return unescape(address).removeprefix(RETIRED) or f"{kind[0]}/{found.id}"


def _doomed(estate: Estate, owned: tuple[Kind, Found], address: str) -> Doomed | None:
    (kind, region), found = owned
    handler = estate.handler_of(kind, region)
    mentioned = handler.deferred | {top(path) for path in handler.lists}
    try:
        observed = estate.complete(handler, found, mentioned)
    except FAILURES as error:
        estate.failed[address] = error
        return None
    return Doomed(address, handler, observed, kind, region) if observed else None


def users(doomed: Collection[Doomed], estate: Estate) -> tuple[Uses, Uses]:
    """Who of the doomed, and who of those that stay, refers to each of the doomed."""
    going = {each.address: (type(each.handler), each.observed) for each in doomed}
    staying = {
        address: (estate.facts(address), one)
        for address, one in estate.seen.items()
        if one and address not in going
    }
    return uses.users(going, staying, estate.references)
