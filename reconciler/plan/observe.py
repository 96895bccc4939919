"""Get everything declared, in parallel, and see what else of ours there is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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


def observe(estate: Estate, addresses: Collection[str], pool: Executor) -> None:
    """Fill `estate.seen` and `estate.failed` for these resources.

    What is found by its tag needs nothing else; a key may need what others are first."""
    warm(estate, {_kind(estate, address) for address in addresses}, pool)
    left = {address: None for address in estate.resources if address in addresses}
    while left:
        ready = [address for address in left if _reachable(estate, address, left)]
        if not ready:  # keys that wait for each other: what is unknown in them stays so
            ready = list(left)
        for address, failure in zip(ready, pool.map(_Look(estate), ready), strict=True):
            if failure:
                estate.failed[address] = failure
            del left[address]


def kinds(estate: Estate, types: Iterable[str]) -> set[Kind]:
    """Where objects of these types may live: in every region declared, global ones once."""
    regions = sorted(set(estate.environment.regions.values()))
    pairs = product(types, regions)
    return {(kind, registry.handler(kind).region or region) for kind, region in pairs}


def warm(estate: Estate, wanted: Iterable[Kind], pool: Executor) -> dict[Kind, Exception]:
    """Ask for all these listings at once; what could not be listed, and why."""

    def ask(kind: Kind) -> Exception | None:
        try:
            estate.index(*kind)
        except FAILURES as error:
            return error
        return None

    asked = sorted(wanted)
    answers = zip(asked, pool.map(ask, asked), strict=True)
    return {kind: failure for kind, failure in answers if failure}


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


def _reachable(estate: Estate, address: str, left: Collection[str]) -> bool:
    waiting = any(parent in left for parent in _parents(estate, address))
    return not waiting or _tagged(estate, address)


def _parents(estate: Estate, address: str) -> Iterable[str]:
    """The resources that must be known before this one's key is."""
    key = {top(name) for name in estate.facts(address).key}
    return (each.address for each in estate.references[address] if each.place in key)


def _tagged(estate: Estate, address: str) -> bool:
    try:
        return escape(address) in estate.index(*_kind(estate, address)).tagged
    except FAILURES:
        return False
