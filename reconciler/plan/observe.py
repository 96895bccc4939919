"""Get everything declared, in parallel, and see what else of ours there is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Executor
from itertools import product

from botocore.exceptions import BotoCoreError, ClientError

from reconciler import registry
from reconciler.aws.ownership import escape
from reconciler.errors import ReconcilerError, Unread
from reconciler.model import top
from reconciler.plan.estate import Estate

FAILURES = (ReconcilerError, ClientError, BotoCoreError)

Kind = tuple[str, str]
"""A type and the region in which it is asked."""

Unlisted = dict[Kind, Exception]
"""What could not be listed, and why."""


def observe(estate: Estate, addresses: Collection[str], pool: Executor) -> None:
    """Fill `estate.seen` and `estate.failed` for these resources.

    What is found by its tag needs nothing else; a key may need what others are first."""
    left = dict.fromkeys(address for address in estate.resources if address in addresses)
    look = _Look(estate)
    while left:
        looks = {address: pool.submit(look, address) for address in _reachable(estate, left)}
        if not looks:  # keys that wait for each other: what is unknown in them stays so
            looks = {address: pool.submit(look, address) for address in left}
        for address, looked in looks.items():
            if failure := looked.result():
                estate.failed[address] = failure
            del left[address]


def kinds(estate: Estate, types: Iterable[str]) -> set[Kind]:
    """Where objects of these types may live: in every region declared that has the type, global
    ones once."""
    regions = sorted(set(estate.environment.regions.values()))
    pairs = [(kind, registry.handler(kind), region) for kind, region in product(types, regions)]
    return {
        (kind, facts.region or region)
        for kind, facts, region in pairs
        if region not in facts.absent_from
    }


def warm(estate: Estate, wanted: Iterable[Kind], pool: Executor) -> Unlisted:
    """Ask for all these listings at once; what could not be listed, and why."""
    return begin(estate, wanted, pool)()


def begin(estate: Estate, wanted: Iterable[Kind], pool: Executor) -> Callable[[], Unlisted]:
    """The same, without waiting: what could not be listed is told when it is called."""

    def ask(kind: Kind) -> Exception | None:
        try:
            estate.index(*kind)
        except FAILURES as error:
            return error
        return None

    asked = {kind: pool.submit(ask, kind) for kind in sorted(wanted)}
    return lambda: {kind: why for kind, answer in asked.items() if (why := answer.result())}


class _Look:
    """Look at one resource; the failure if it cannot be read."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    def __call__(self, address: str) -> Exception | None:
        below = next((a for a in _parents(self._estate, address) if a in self._estate.failed), None)
        if below and not _tagged(self._estate, address):
            return Unread(f"{address} could not be looked for, since {below} could not be read")
        try:
            self._estate.look(address)
        except FAILURES as error:
            return error
        return None


def _kind(estate: Estate, address: str) -> Kind:
    resource = estate.resources[address]
    return resource.type, resource.region


def _reachable(estate: Estate, left: Collection[str]) -> Iterator[str]:
    """Those that can be found by now; first those of which no listing need say so."""
    waiting = dict.fromkeys(
        address for address in left if any(each in left for each in _parents(estate, address))
    )
    yield from (address for address in left if address not in waiting)
    yield from (address for address in waiting if _tagged(estate, address))


def _parents(estate: Estate, address: str) -> Iterable[str]:
    """The resources that must be known before this one's key is."""
    facts = estate.facts(address)
    key = {top(name) for each in (facts.key, *facts.other_keys) for name in each}
    return (each.address for each in estate.references[address] if each.place in key)


def _tagged(estate: Estate, address: str) -> bool:
    try:
        return escape(address) in estate.index(*_kind(estate, address)).tagged
    except FAILURES:
        return False
