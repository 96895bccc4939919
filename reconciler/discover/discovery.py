"""Discovery on one page: look, name, draft, prove."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reconciler import registry
from reconciler.aws import Aws
from reconciler.aws.clients import THREADS
from reconciler.discover.drafts import Draft
from reconciler.discover.files import Additions
from reconciler.discover.known import Thing
from reconciler.discover.looking import Aside, look
from reconciler.discover.names import named
from reconciler.discover.proof import Proof
from reconciler.discover.sections import Homes
from reconciler.load import Declared
from reconciler.model import Asked
from reconciler.plan.estate import Estate
from reconciler.plan.observe import kinds
from reconciler.plan.unnamed import Candidates, candidates


@dataclass(frozen=True)
class Discovery:
    """What lives in the account besides what is declared."""

    drafts: tuple[Draft, ...] = ()
    additions: Additions = field(default_factory=Additions)
    aside: tuple[Aside, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)
    home: Callable[[str], Path] = Path
    """The file of a type."""


def discover(
    declared: Declared,
    aws: Aws,
    types: Collection[str] = (),
    threads: int = THREADS,
) -> Discovery:
    """Everything of these types, or of all, that nothing declares. Reading calls only."""
    estate = Estate(declared, aws, "discovery", Asked)
    asked = kinds(estate, set(types) or registry.types())
    looked = look(estate, asked, threads)
    estate.maybe = candidates(estate)
    drafts, awaited = _awaited(estate.maybe, looked.drafts)
    seen = {
        address: Thing(address, estate.facts(address), one.id, one.properties)
        for address, one in estate.seen.items()
        if one
    }
    drafts = named(drafts, seen.values(), estate.resources, declared.environment)
    proof = Proof(estate, {each.address: each for each in drafts})()
    aside = sorted(
        [*looked.aside, *awaited, *proof.aside], key=lambda each: (each.kind, each.region, each.id)
    )
    left = tuple(proof.drafts.values())
    home = Homes(declared.environment.folder, declared.resources.values())
    return Discovery(left, proof.additions, tuple(aside), looked.unread, home)


def _awaited(maybe: Candidates, drafts: Iterable[Draft]) -> tuple[list[Draft], list[Aside]]:
    """Those that may be a resource whose name in AWS the YAML does not say yet, apart."""
    waiting: dict[tuple[str, str], list[str]] = defaultdict(list)
    for address, ids in maybe.items():
        for id_ in ids:
            waiting[address.partition("/")[0], id_].append(address)
    free: list[Draft] = []
    aside: list[Aside] = []
    for each in drafts:
        if those := waiting.get((each.kind, each.found.id)):
            some = ", ".join(those[:3]) + (" and others" if len(those) > 3 else "")
            why = f"may be {some}: write its name there and take out $unnamed"
            aside.append(Aside(each.kind, each.region, each.found.id, each.owner, why))
        else:
            free.append(each)
    return free, aside
