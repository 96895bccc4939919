"""What the files of an environment need: which actions, on what, under which condition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import jmespath

from reconciler import registry
from reconciler.aws.linked_roles import PRINCIPALS
from reconciler.aws.models import required
from reconciler.load import Declared, Resource
from reconciler.permissions import engine, tables
from reconciler.permissions.names import ANY, Names, whole
from reconciler.permissions.need import Need, in_regions
from reconciler.permissions.operations import LOOKING, READING, VERBS, operations


def needs(declared: Declared, *, reading: bool) -> list[Need]:
    """Everything that these files need, nothing twice; `reading`: for a plan only."""
    every = set(_Needs(declared, reading))
    return sorted(n for n in every if not any(o.covers(n) for o in every if o != n))


class _Needs:
    """What one environment needs, one after the other, some of it more than once."""

    def __init__(self, declared: Declared, reading: bool) -> None:
        self._declared, self._reading, self._names = declared, reading, Names(declared)
        self._account = declared.environment.account
        self._regions = tuple(sorted(set(declared.environment.regions.values())))

    def __iter__(self) -> Iterator[Need]:
        yield from engine.needs(self._declared, reading=self._reading)
        for kind in registry.types():
            yield from self._looks(kind)
        for kind in self._by_type:
            yield from self._handled(kind)
        yield from self._named("s3.bucket", "s3:ListBucket")  # whether their names are taken
        for also in tables.also():
            if also.reads or not self._reading:
                yield from self._also(also)
        if not self._reading:
            yield from self._linked()
            for kind, service in tables.passed().items():
                yield from self._passed(kind, service)

    @cached_property
    def _by_type(self) -> Mapping[str, list[Resource]]:
        every = sorted(self._declared.resources.values(), key=lambda each: each.address)
        return {kind: [r for r in every if r.type == kind] for kind in {r.type for r in every}}

    def _looks(self, kind: str) -> Iterator[Need]:
        """What every run asks, of whom nobody has a name: the type may be declared no more."""
        asked_in = self._asked_in(registry.handler(kind).region)
        for operation in operations(kind, LOOKING):
            for action in tables.actions(operation):
                said = tables.reference()[action]
                if said.reads and said.kinds and required(operation.service, operation.name):
                    for each in said.kinds:
                        yield Need(action, (self._wide(each, ANY),), in_regions(asked_in))
                elif said.reads:
                    yield self._anything(action, asked_in)

    def _handled(self, kind: str) -> Iterator[Need]:
        """What the handler of a declared type may call."""
        for operation in operations(kind, READING if self._reading else VERBS):
            for action in tables.actions(operation):
                if tables.reference()[action].reads or not self._reading:
                    yield from self._named(kind, action)

    def _named(self, kind: str, action: str) -> Iterator[Need]:
        """An action on the resources of a type, and on what it takes besides, whatever its name."""
        said, own = tables.reference()[action], tables.targets().get(kind, {})
        resources = self._by_type.get(kind, [])
        regions = self._regions_of(resources)
        kinds = {*said.kinds, *(own.keys() & said.any)}
        for each in kinds & own.keys():
            arns = {arn for one in resources for arn in self._names.arns(one, own[each])}
            if arns:
                yield Need(action, tuple(sorted(arns)))
        for each in kinds - own.keys():
            yield Need(action, tuple(sorted({self._wide(each, region) for region in regions})))
        if not kinds:
            yield self._anything(action, regions)

    def _linked(self) -> Iterator[Need]:
        """The roles of the services' own, which a new account lacks."""
        every = {
            PRINCIPALS[service].format_map(_texts(resource))
            for resource in self._declared.resources.values()
            if (service := resource.type.partition(".")[0]) in PRINCIPALS
        }
        if every:
            home = f"arn:aws:iam::{self._account}:role/aws-service-role"
            roles = tuple(f"{home}/{each}/*" for each in sorted(every))
            condition = (("StringEquals", "iam:AWSServiceName", tuple(sorted(every))),)
            yield Need("iam:CreateServiceLinkedRole", roles, condition)

    def _passed(self, kind: str, service: str) -> Iterator[Need]:
        """The roles that are given to a service."""
        roles = {role for each in self._by_type.get(kind, ()) for role in self._names.roles(each)}
        if roles:
            condition = (("StringEquals", "iam:PassedToService", (service,)),)
            yield Need("iam:PassRole", tuple(sorted(roles)), condition)

    def _also(self, also: tables.Also) -> Iterator[Need]:
        wanted = [each for each in self._by_type.get(also.type, ()) if _holds(also, each)]
        if not wanted:
            return
        arns = tuple(sorted({a for each in wanted for a in self._names.arns(each, also.on)}))
        regions = self._regions_of(wanted)
        through = tuple(f"{also.via}.{region}.amazonaws.com" for region in regions)
        condition = (("StringEquals", "kms:ViaService", through),) if also.via else ()
        for action in also.actions:
            yield Need(action, arns, condition) if arns else self._anything(action, regions)

    def _anything(self, action: str, regions: tuple[str, ...]) -> Need:
        """AWS knows no resources for the action, so only the region can be bounded."""
        return Need(action, (ANY,), () if tables.anywhere(action) else in_regions(regions))

    def _wide(self, kind: str, region: str) -> str:
        return f"arn:aws:{tables.kinds()[kind].format(region=region, account=self._account)}"

    def _asked_in(self, region: str | None) -> tuple[str, ...]:
        return (region,) if region else self._regions

    def _regions_of(self, resources: Iterable[Resource]) -> tuple[str, ...]:
        every = {
            registry.handler(each.type).region or r for each in resources for r in each.regions
        }
        return tuple(sorted(every))


def _holds(also: tables.Also, resource: Resource) -> bool:
    return not also.condition or bool(jmespath.search(also.condition, whole(resource)))


def _texts(resource: Resource) -> Mapping[str, str]:
    return {name: value for name, value in whole(resource).items() if isinstance(value, str)}
