"""From entries to resources: named, typed by the schema, checked against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import jmespath

from reconciler.load import code, facts, own, secrets
from reconciler.load.declared import Accepted, Environment, Resource, moment
from reconciler.load.expand import Entry
from reconciler.load.nodes import Block, Scalar
from reconciler.load.problems import Problems, meant
from reconciler.load.references import texts
from reconciler.load.scalars import TEXTS, Typing
from reconciler.load.schemas import check
from reconciler.load.wording import of_ours
from reconciler.overlay import place

if TYPE_CHECKING:
    from reconciler.handler import Handler

MARKS = ("aws:", "muvi-converge:")


def declare(
    entries: Iterator[Entry], environment: Environment, problems: Problems
) -> dict[str, Resource]:
    """The resources by address, in the order of the files."""
    resources: dict[str, Resource] = {}
    for entry in entries:
        if not _nameable(entry, problems):
            continue
        if other := resources.get(entry.address):
            problems.add(entry.name.source, entry.address, _again(entry, other))
            continue
        resources[entry.address] = _resource(entry, environment, problems)
    return resources


def _again(entry: Entry, other: Resource) -> str:
    if other.source == entry.name.source:
        return "is declared once per row, so all but one would be lost; put ${each.key} into it"
    return f"is declared already at {other.source}, so one would be lost; rename or remove one"


def _nameable(entry: Entry, problems: Problems) -> bool:
    if entry.type not in facts.types():
        what = (
            f"is no type that we know, so nobody could make it.{meant(entry.type, facts.types())}"
        )
        problems.add(entry.type.source, str(entry.type), what)
        return False
    if not entry.name or "${" in entry.name:
        what = (
            "needs a name that is known before AWS is asked; write it, or use ${env.x}, ${each.x}"
        )
        problems.add(entry.name.source, entry.address, what)
        return False
    return True


def _resource(entry: Entry, environment: Environment, problems: Problems) -> Resource:
    handler = facts.handler(entry.type)
    shape = facts.schema(entry.type)
    typing = Typing(shape)
    written = typing.typed(_named(entry, handler), _texts(entry.type), key=entry.name)
    properties = {name: each for name, each in written.items() if name not in own.RESOURCE}
    tags = properties.pop("Tags", None) if handler.tagging else None
    born_tags = {**_born_name(entry, handler, environment, tags), **_born_tags(properties, handler)}
    home, *elsewhere = _regions(entry, handler, environment, problems)
    resource = Resource(
        address=entry.address,
        region=home,
        elsewhere=tuple(elsewhere),
        properties=code.absolute(properties, environment.folder),
        source=entry.name.source,
        tags=_tags(tags, entry, handler, environment, born_tags),
        born_tags=born_tags,
        places=typing.places,
        **_settings(written),
    )
    if entry.whole:
        wrong = [
            *check(shape, written),
            *_late(written),
            *_undated(written),
            *_wrong(tags, resource, environment),
        ]
        for path, what in wrong:
            said = of_ours(what) if path.startswith("$") else what
            told = f"{path} {_hushed(path, said, handler, resource)}".strip()
            problems.add(resource.place(path), entry.address, told)
    return resource


def _hushed(path: str, what: str, handler: type[Handler], resource: Resource) -> str:
    """What is wrong, without the value where that is a secret."""
    secret = handler.write_only | handler.secret
    at = place(path)
    if not any(at == each or at.startswith(f"{each.removesuffix('.*')}.") for each in secret):
        return what
    value = jmespath.search(path, resource.properties) if path else None
    return what.replace(str(value), "‹hidden›") if isinstance(value, str) and value else what


def _named(entry: Entry, handler: type[Handler]) -> Block:
    """The properties as written, with the entry's name where AWS wants a name."""
    block = Block(entry.properties.source)
    block.update(entry.properties)
    if not handler.naming.startswith("tag:"):
        block.setdefault(Scalar(handler.naming, entry.name.source), entry.name)
    return block


@cache
def _texts(kind: str) -> Mapping[str, Any]:
    """A type's schema for typing: in IAM's policies every scalar is a text."""
    shape = facts.schema(kind)
    policies = dict.fromkeys(facts.handler(kind).policies, TEXTS)
    return {**shape, "properties": {**shape["properties"], **policies}}


def _regions(
    entry: Entry, handler: type[Handler], environment: Environment, problems: Problems
) -> Iterable[str]:
    """Where a resource may be, without repetitions; first where a creation puts it."""
    if handler.region:
        return (handler.region,)
    asked = (_region(alias, entry, environment, problems) for alias in entry.regions)
    return dict.fromkeys(asked) or (environment.region,)


def _region(alias: Scalar, entry: Entry, environment: Environment, problems: Problems) -> str:
    regions = environment.regions
    if alias not in regions and alias not in regions.values():
        what = f"environment.yaml has no region {alias}, so nobody knows where to ask; add it there"
        problems.add(alias.source, entry.address, f"{what} under regions.{meant(alias, regions)}")
    region = regions.get(alias, str(alias))
    if not environment.looks(entry.type, region):
        what = (
            f"environment.yaml says that {region} is sparse: {entry.type} is not looked for there"
        )
        problems.add(alias.source, entry.address, f"{what}; add it under sparse.{alias}")
    return region


def _settings(written: Mapping[str, Any]) -> dict[str, Any]:
    """What our own keys say of the whole resource; what has the wrong type says nothing."""
    depends, seconds = written.get("$depends_on"), written.get("$settles_within")
    listed = depends if isinstance(depends, list) else []
    return {
        "depends_on": tuple(each for each in listed if isinstance(each, str)),
        "protect": written.get("$protect"),
        "absent": written.get("$absent") is True,
        "was": str(written.get("$was") or ""),
        "settles_within": seconds if isinstance(seconds, int | float) else None,
        "unnamed": written.get("$unnamed") is True,
        "accepted": _accepted(written.get("$accepted")),
    }


def _undated(written: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    said = written.get("$accepted")
    until = said.get("until") if isinstance(said, Mapping) else None
    if isinstance(until, str) and until[:1].isdigit() and _accepted(said) is None:
        yield "$accepted.until", f"is {until}, which no calendar has; write a day, as 2026-12-24"


def _accepted(said: Any) -> Accepted | None:
    """None too for what the schema refuses."""
    if not isinstance(said, Mapping):
        return None
    try:
        return Accepted(moment(str(said.get("until"))), str(said.get("reason")))
    except ValueError:
        return None


def _born_tags(properties: dict[str, Any], handler: type[Handler]) -> dict[str, str]:
    """The tags under `$initial`, taken out of it."""
    initial = own.initial(properties)
    if not handler.tagging or not isinstance(initial.get("Tags"), Mapping):
        return {}
    properties["$initial"] = {name: each for name, each in initial.items() if name != "Tags"}
    return dict(initial["Tags"])


def _born_name(
    entry: Entry, handler: type[Handler], environment: Environment, tags: Any
) -> dict[str, str]:
    """The name that only a creation gives: where others write too, and it tells nobody which
    object is meant, what an object is called is theirs."""
    if environment.exact or not handler.tagging or not handler.naming.startswith("tag:"):
        return {}
    named = handler.naming in handler.key or handler.naming[4:] in (tags or {})
    return {} if named else {handler.naming[4:]: str(entry.name)}


def _tags(
    tags: Any,
    entry: Entry,
    handler: type[Handler],
    environment: Environment,
    born: Mapping[str, str],
) -> dict[str, str | None]:
    """The environment's tags under the resource's own, and its name if that is how AWS knows it."""
    if not handler.tagging:
        return {}
    name = {handler.naming[4:]: str(entry.name)} if handler.naming.startswith("tag:") else {}
    together = {**environment.tags, **name, **(tags if isinstance(tags, Mapping) else {})}
    return {name: value for name, value in together.items() if name not in born}


def _late(written: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What must be known beforehand, but holds a reference."""
    for name in own.RESOURCE:
        for path, inner in texts(written.get(name), name):
            yield path, f"holds ${{{inner}}}, but must be known before AWS is asked; write it out"


def _wrong(tags: Any, resource: Resource, environment: Environment) -> Iterator[tuple[str, str]]:
    """What a schema cannot say."""
    for name in [*resource.born_tags, *(tags if isinstance(tags, Mapping) else ())]:
        if name in own.INNER:
            what = "means nothing of tags: all but the declared ones stay; for a creation's only"
            yield f"Tags.{name}", f"{what} write $initial: {{Tags: ...}} around them"
        if name.startswith(MARKS):
            yield f"Tags.{name}", "is not for you to write: AWS or the engine does; take it out"
    if isinstance(tags, str):
        yield "Tags", "must be a mapping, so that every tag is known; write {key: value}"
    yield from code.misplaced(resource.properties, environment.folder)
    yield from secrets.written(resource.properties, facts.handler(resource.type).given)
