"""Read every object that nothing declares, and tell which of them YAML can speak of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import jmespath

from reconciler.aws.ownership import ADDRESS, ENVIRONMENT, RETIRED
from reconciler.discover.drafts import Draft, declarable, drafted
from reconciler.handler import Handler
from reconciler.model import Found, Status, Tags
from reconciler.plan.estate import Estate
from reconciler.plan.find import keys, ours
from reconciler.plan.observe import FAILURES, Kind, begin, observe
from reconciler.plan.prune import undeclared

AWS = "AWS, with the account or the network"


@dataclass(frozen=True)
class Aside:
    """An object that is not written, and why."""

    kind: str
    region: str
    id: str
    owner: str
    why: str
    """Empty for what AWS made: nobody needs to do anything about it."""


@dataclass
class Looked:
    """All that was read of what nothing declares."""

    drafts: list[Draft] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    """What could not be read, and why, by type and region, or by address."""


def look(estate: Estate, asked: Collection[Kind], threads: int) -> Looked:
    """Everything of these types that lives in the account and is no resource's."""
    looked = Looked()
    with ThreadPoolExecutor(threads) as pool:
        listed = begin(estate, asked, pool)
        observe(estate, list(estate.resources), pool)
        unlisted = listed()
        found = sorted(undeclared(estate, asked - unlisted.keys()), key=_place)
        made = frozenset(_made(estate, found))
        told = list(pool.map(lambda each: _told(estate, each[0], each[1], made), found))
    for each in told:
        match each:
            case Draft():
                looked.drafts.append(each)
            case Aside():
                looked.aside.append(each)
            case str(), str():
                looked.unread.update([each])
    looked.unread |= dict(_unread(estate, asked, unlisted))
    return looked


def _unread(
    estate: Estate, asked: Collection[Kind], unlisted: dict[Kind, Exception]
) -> Iterator[tuple[str, str]]:
    for (kind, region), why in unlisted.items():
        yield f"{kind} in {region}", str(why)
    for address, error in estate.failed.items():
        yield address, str(error)
    yield from estate.terraform.unread.items()


def _place(each: tuple[Kind, Found]) -> tuple[Kind, str]:
    return each[0], each[1].id


def _told(
    estate: Estate, kind: Kind, found: Found, made: Set[str]
) -> Draft | Aside | tuple[str, str] | None:
    """One object: drafted, put aside, or why it could not be read. None: there is nothing."""
    handler = estate.handler_of(*kind)
    if found.managed_by or _by_default(handler, found):
        return Aside(*kind, found.id, _owner(estate, kind, found) or AWS, "")
    try:
        return _read(estate, kind, handler, found, made)
    except FAILURES as error:
        return f"{kind[0]} {found.id} in {kind[1]}", str(error)


def _read(
    estate: Estate,
    kind: Kind,
    handler: Handler,
    found: Found,
    made: Set[str],
) -> Draft | Aside | None:
    mentioned = declarable(kind[0], type(handler)) | handler.outputs
    observed = estate.complete(handler, found, mentioned)
    if observed is None:
        return None
    who = _owner(estate, kind, replace(found, tags=observed.tags)) or _perhaps(estate)
    if why := _unfit(estate, kind, handler, found, observed.tags):
        return Aside(*kind, found.id, who, why)
    if observed.status is Status.BROKEN:
        return Aside(*kind, found.id, who, f"AWS gave up on it: {observed.reason}")
    properties = drafted(kind[0], handler, observed, made)
    if handler.shared and not properties.get(handler.shared):
        return None  # nothing in it but what AWS put there
    return Draft(*kind, handler, found, observed, who, properties)


def _owner(estate: Estate, kind: Kind, found: Found) -> str:
    return str(estate.ownership(estate.handler_of(*kind), kind[0], found))


def _perhaps(estate: Estate) -> str:
    """Whose may be what nobody seems to own; asked after `_owner`, which reads the states."""
    return "perhaps Terraform" if estate.terraform.unread else ""


def _made(estate: Estate, found: Iterable[tuple[Kind, Found]]) -> Iterator[str]:
    """The names of what AWS made: its own keys, and its groups of parameters."""
    for kind, each in found:
        handler = estate.handler_of(*kind)
        if each.managed_by or _by_default(handler, each):
            yield each.id
            chosen = (each.properties.get(name) for name in handler.outputs)
            yield from (text for text in chosen if isinstance(text, str))


def _by_default(handler: Handler, found: Found) -> bool:
    return bool(handler.by_default and jmespath.search(handler.by_default, found.properties))


def _unfit(estate: Estate, kind: Kind, handler: Handler, found: Found, tags: Tags) -> str:
    """Why YAML cannot speak of it; empty if it can."""
    name = estate.environment.name
    if ENVIRONMENT in tags and tags[ENVIRONMENT] != name:
        return f"it belongs to the environment {tags[ENVIRONMENT]}"
    if tags.get(ADDRESS, "").startswith(RETIRED):
        return "a run has put another in its place, and takes it away"
    if ours(kind[0], name, tags):
        return ""
    known, key = list(keys(handler, found)), ", ".join(handler.key)
    if not known:
        lacks = f"it has no {key}" if len(handler.key) == 1 else f"it does not have all of {key}"
        return f"nothing tells which one it is: {lacks}"
    listed = estate.index(*kind).keyed
    twins = sorted({each.id for one in known for each in listed[one]} - {found.id})
    if twins:
        return f"it cannot be told from {', '.join(twins)}: they have one {key}"
    return ""
