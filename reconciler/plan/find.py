"""Which object is a resource: by id, by address tag, by key; two candidates are an error."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import jmespath

from reconciler.aws.ownership import ADDRESS, ENVIRONMENT, RETIRED, escape
from reconciler.errors import Ambiguous, Foreign
from reconciler.handler import Handler
from reconciler.model import Asked, Desired, Found, Properties, Tags, Unknown

Sweep = Mapping[str, Tags]
"""Tags by ARN, as the tagging API shows them: it may only say yes, for it lags behind."""


@dataclass(frozen=True)
class Index:
    """One listing of one type, and the three ways into it."""

    handler: Handler
    ids: dict[str, Found] = field(default_factory=dict)
    tagged: defaultdict[str, list[Found]] = field(default_factory=lambda: defaultdict(list))
    keyed: defaultdict[str, list[Found]] = field(default_factory=lambda: defaultdict(list))

    def locate(
        self, desired: Desired, was: str, made: str | None, retired: str = ""
    ) -> Found | None:
        """The object of this resource, or None. Raises Ambiguous, or Foreign for AWS's own.

        `retired`: the id of the one that this run took the address from, whatever tags say."""
        if made is not None:
            return self.ids.get(made)
        address = desired.tags.get(ADDRESS, "")
        for wanted in (address, escape(was)):
            if tagged := [each for each in self.tagged.get(wanted, ()) if each.id != retired]:
                return _one(tagged, address)
        candidates = [each for each in self._by_key(desired) if each.id != retired]
        _refuse_managed(candidates, address)
        return _one(candidates, address) if candidates else None

    def _by_key(self, desired: Desired) -> list[Found]:
        if asked := _asked(self.handler, desired):
            return self._by_the_rest(desired, asked)
        found = (self.keyed.get(key, []) for key in keys(self.handler, desired))
        unlike = {each.id: each for each in itertools.chain.from_iterable(found)}
        return list(unlike.values())

    def _by_the_rest(self, desired: Desired, asked: str) -> list[Found]:
        """A run without inputs knows an object by all else of its key, if there is only one."""
        wanted = {name: _value(desired, name) for name in stated(self.handler, desired)}
        known = {name: value for name, value in wanted.items() if not isinstance(value, Asked)}
        alike = [
            each
            for each in self.ids.values()
            if all(_value(each, name) == value for name, value in known.items())
        ]
        if len(alike) > 1:
            ids = ", ".join(sorted(each.id for each in alike))
            raise Ambiguous(
                f"it could be any of {ids}, and only the input {asked} says which: give it"
            )
        return alike


def index(
    kind: str,
    handler: Handler,
    listed: Iterator[Found],
    environment: str,
    sweep: Callable[[], Sweep],
) -> Index:
    """Read a listing whole, once, and make it searchable."""
    made = Index(handler)
    for each in listed:
        found = replace(each, properties=handler.read(each.properties))
        made.ids[found.id] = found
        tags = found.tags if found.tags is not None else sweep().get(found.arn, {})
        if ours(kind, environment, tags):
            made.tagged[tags[ADDRESS]].append(found)
        # What was retired has an heir: its key speaks for it no more.
        if not tags.get(ADDRESS, "").startswith(RETIRED):
            for key in keys(handler, found):
                made.keyed[key].append(found)
    return made


def ours(kind: str, environment: str, tags: Tags) -> bool:
    """Whether these tags are ours, and were written for this type.

    AWS copies tags to what it makes of an object, such as snapshots and backups."""
    address = tags.get(ADDRESS, "").removeprefix(RETIRED)
    return tags.get(ENVIRONMENT) == environment and address.startswith(f"{kind}/")


def keys(handler: Handler, one: Found | Desired) -> Iterator[str]:
    """The keys, written so that equal ones are equal text. Lists answer by each member.

    An object answers to all that it has, a resource asks by the one that it states."""
    every = [stated(handler, one)] if isinstance(one, Desired) else _every(handler)
    for key in every:
        values = [_value(one, name) for name in key]
        if not values or any(value is None or _unknown(value) for value in values):
            continue
        choices = [value if isinstance(value, list) else [value] for value in values]
        for choice in itertools.product(*choices):
            yield json.dumps([key, choice], sort_keys=True)


def stated(handler: Handler, desired: Desired) -> tuple[str, ...]:
    """The first of a type's keys of which a resource leaves nothing out; else the first."""
    whole = (key for key in _every(handler) if all(_said(_value(desired, name)) for name in key))
    return next(whole, handler.key)


def _every(handler: Handler) -> tuple[tuple[str, ...], ...]:
    return handler.key, *handler.other_keys


def _said(value: Any) -> bool:
    return value is not None and value != []


def _value(one: Found | Desired, name: str) -> Any:
    if name.startswith("tag:"):
        return (one.tags or {}).get(name.removeprefix("tag:"))
    return _search(name, one.properties)


def _search(path: str, properties: Properties) -> Any:
    return properties.get(path) if path.isidentifier() else jmespath.search(path, properties)


def _asked(handler: Handler, desired: Desired) -> str:
    """The input, given by nobody, that stands in a key; empty if none does."""
    values = (_value(desired, name) for name in stated(handler, desired))
    return next((each.name for each in values if isinstance(each, Asked)), "")


def _unknown(value: Any) -> bool:
    members = value if isinstance(value, list) else [value]
    return any(isinstance(member, Unknown) for member in members)


def _one(candidates: list[Found], address: str) -> Found:
    if len(candidates) > 1:
        ids = ", ".join(sorted(each.id for each in candidates))
        raise Ambiguous(
            f"{address} could be any of {ids}, and acting on the wrong one cannot be undone: "
            f"give the right one the tag {ADDRESS}={address}, or remove the others"
        )
    return candidates[0]


def _refuse_managed(candidates: list[Found], address: str) -> None:
    for each in candidates:
        if each.managed_by:
            raise Foreign(
                f"{each.id} answers to the name of {address}, but {each.managed_by} manages it "
                "and would undo our changes: take it out of the YAML"
            )
