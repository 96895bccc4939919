"""Discovery on one page: look, name, draft, prove."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from reconciler import registry
from reconciler.aws import Aws
from reconciler.aws.clients import THREADS
from reconciler.discover.drafts import Draft
from reconciler.discover.files import Additions
from reconciler.discover.known import Thing
from reconciler.discover.looking import Aside, Owners, look, owners
from reconciler.discover.names import named
from reconciler.discover.proof import Proof
from reconciler.load import Declared
from reconciler.model import Asked
from reconciler.plan.estate import Estate
from reconciler.plan.observe import kinds


@dataclass(frozen=True)
class Discovery:
    """What lives in the account besides what is declared."""

    drafts: tuple[Draft, ...] = ()
    additions: Additions = field(default_factory=Additions)
    aside: tuple[Aside, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)


def discover(
    declared: Declared,
    aws: Aws,
    types: Collection[str] = (),
    whose: Owners = owners,
    threads: int = THREADS,
) -> Discovery:
    """Everything of these types, or of all, that nothing declares. Reading calls only."""
    estate = Estate(declared, aws, "discovery", Asked)
    asked = kinds(estate, set(types) or registry.types())
    looked = look(estate, asked, whose, threads)
    seen = {
        address: Thing(address, estate.facts(address), one.id, one.properties)
        for address, one in estate.seen.items()
        if one
    }
    drafts = named(looked.drafts, seen.values(), estate.resources, declared.environment)
    proof = Proof(estate, {each.address: each for each in drafts})()
    aside = sorted(
        [*looked.aside, *proof.aside], key=lambda each: (each.kind, each.region, each.id)
    )
    left = tuple(proof.drafts.values())
    return Discovery(left, proof.additions, tuple(aside), looked.unread)
