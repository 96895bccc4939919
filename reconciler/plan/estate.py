"""Every declared resource, and what this run has learned of its object so far."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial
from typing import Any

import jmespath

from reconciler import registry
from reconciler.aws import Aws
from reconciler.aws.ownership import (
    ADDRESS,
    ENVIRONMENT,
    MARK,
    PROTECT,
    Ownership,
    marks,
    unescape,
)
from reconciler.errors import Ambiguous, Foreign
from reconciler.handler import Handler
from reconciler.load import Declared, Resource
from reconciler.load.references import Reference, leading, named_in, references, resolve
from reconciler.model import (
    Change,
    Desired,
    Found,
    Observed,
    Properties,
    Rest,
    Tags,
    Unknown,
    Wait,
    Within,
)
from reconciler.overlay import Overlay, differences, plain, same, unknown
from reconciler.plan.account import Account
from reconciler.plan.find import swept
from reconciler.plan.learned import Learned
from reconciler.policies import whole

Given = Callable[[str], Any]
"""The value of an input, or `Asked` where nobody gave it."""


class Estate(Account):
    """One environment in one account during one run. Safe to use from many threads."""

    def __init__(self, declared: Declared, aws: Aws, run: str, given: Given) -> None:
        super().__init__(declared.environment, aws)
        self.resources, self.run = dict(declared.resources), run
        self.seen: Learned[Observed | None] = Learned()
        """What was last observed, by address; None: AWS has no such object."""
        self.failed: dict[str, Exception] = {}
        """Why a resource could not be read, by address."""
        self.made: dict[str, str] = {}
        """Ids of objects that this run created or moved to, by address."""
        self.newborn: set[str] = set()
        """Addresses whose object this run created, and has not written to since."""
        self.retired: dict[str, str] = {}
        """Ids of objects from which this run took their address. The sweep's tags lag behind."""
        self.maybe: Mapping[str, Sequence[str]] = {}
        """Which objects an unnamed resource that was not found may be, by address."""
        self.moving: Learned[Set[str]] = Learned()
        """Outputs that a planned change will give another value, by address."""
        self.overruled: Collection[str] = ()
        """Addresses that this run takes as ours, though another tool owns the objects."""
        self._given = given
        self._desired: dict[str, tuple[object, object, Desired]] = {}
        self._plain: dict[str, Properties] = {}
        self.references: dict[str, list[Reference]] = {
            address: references(resource, self.resources)
            for address, resource in self.resources.items()
        }
        self._asked_for = self._outputs_asked_for()

    def reread(self, declared: Declared, given: Given) -> Estate:
        """The same account, as far as it was read by now, under another YAML."""
        other = Estate(declared, self.aws, self.run, given)
        other.begun, other._handlers = self.begun, self._handlers
        other._indexes, other._sweeps = self._indexes, self._sweeps
        other.seen, other.failed, other.maybe = self.seen.copy(), self.failed, self.maybe
        return other

    def handler(self, address: str) -> Handler:
        resource = self.resources[address]
        return self.handler_of(resource.type, resource.region)

    def facts(self, address: str) -> type[Handler]:
        return registry.handler(address.split("/", 1)[0])

    def desired(self, address: str) -> Desired:
        """The resource with its references resolved as far as this run knows their values."""
        seen, moving = self.seen.state, self.moving.state
        kept = self._desired.get(address)
        if kept and kept[0] is seen and kept[1] is moving:
            return kept[2]
        desired = self._put_together(address)
        self._desired[address] = seen, moving, desired
        return desired

    def _put_together(self, address: str) -> Desired:
        resource = self.resources[address]
        handler = self.handler(address)
        properties = handler.understood(self._resolved(resource.properties))
        if handler.policies:
            properties = whole(properties)
        properties = handler.spelled(properties)
        tags = {
            name: value
            for name, value in self._resolved(resource.tags).items()
            if value is not None
        }
        return Desired(properties, {**tags, **self._marks(resource)}, f"{self.run} {address}")

    def _marks(self, resource: Resource) -> Tags:
        if not registry.handler(resource.type).marked():
            return {}
        protected = {PROTECT: "true"} if self.protected(resource) else {}
        return {**marks(self.environment.name, resource.address), **protected}

    def protected(self, resource: Resource) -> bool:
        """`$protect`, and by default whatever holds data."""
        declared = resource.protect
        return registry.handler(resource.type).holds_data if declared is None else declared

    def keeps(self, address: str) -> bool:
        """Whether this is a resource whose object must not be lost."""
        return address in self.resources and self.protected(self.resources[address])

    def text(self, text: str) -> Any:
        """A text with its references resolved; None while AWS has not chosen all of them."""
        value = self._resolved(text)
        return None if isinstance(value, Unknown) else value

    def looked_at(self, text: str) -> bool:
        """Whether this run has read all that a text refers to."""
        return all(address in self.seen for address in named_in(text, self.resources))

    def look(self, address: str, since: float | None = None) -> Observed | None:
        """Find the object and read what we mention of it. Raises Ambiguous, Foreign."""
        self.seen[address] = self._looked(address, since, self.made.get(address))
        return self.seen[address]

    def standing(self, address: str) -> Observed | None:
        """The object that answers to the resource by now, whatever this run made for it."""
        return self._looked(address, time.monotonic(), None)

    def _looked(self, address: str, since: float | None, made: str | None) -> Observed | None:
        found = self._found(address, since, made)
        resource, handler = self.resources[address], self.handler(address)
        if found and found.tags is None and since is None:
            found = self._vouched(address, found)
        observed = self.complete(handler, found, self.mentioned(address)) if found else None
        if found and observed and found.kin and ENVIRONMENT not in observed.tags:
            inherited = swept(found, self.sweep(handler.home))
            observed = replace(observed, tags={**inherited, **observed.tags})
        if observed:
            self._refuse_foreign(resource, observed)
        return observed

    def _found(self, address: str, since: float | None, made: str | None) -> Found | None:
        """The object as listed; from then on the resource is where that is."""
        resource, desired = self.resources[address], self.desired(address)
        regions = resource.regions if made is None else (resource.region,)
        indexes = {each: self.index(resource.type, each, since) for each in regions}
        gone = self.retired.get(address, "")
        located = {
            region: listed.locate(desired, resource.was, made, gone)
            for region, listed in indexes.items()
        }
        there = {region: found for region, found in located.items() if found}
        if len(there) > 1:
            what = f"{address} could be in any of {', '.join(there)}"
            raise Ambiguous(f"{what}: write the right one as $region")
        for region, found in there.items():
            self._settle(address, region)
            return found
        if made is None and (abroad := indexes[resource.region].elsewhere(desired)):
            raise self._misplaced(resource, abroad)
        return None

    def _settle(self, address: str, region: str) -> None:
        """A resource of which nobody knew the region is where AWS has it."""
        if self.resources[address].elsewhere:
            self.resources[address] = replace(self.resources[address], region=region, elsewhere=())
            self._desired.pop(address, None)  # it was spelled for another region

    def _misplaced(self, resource: Resource, found: Found) -> Foreign:
        aliases = {region: alias for alias, region in self.environment.regions.items()}
        alias = aliases.get(found.region)
        mend = f"write $region: {alias}" if alias else f"add {found.region} to regions"
        return Foreign(
            f"{found.id} is in {found.region}, not in {' or '.join(resource.regions)}, "
            f"and AWS takes its name once in all regions: {mend}"
        )

    def _refuse_foreign(self, resource: Resource, observed: Observed) -> None:
        """What belongs to another environment, or to another resource of ours, is not this one."""
        environment = observed.tags.get(ENVIRONMENT, self.environment.name)
        if environment != self.environment.name:
            raise Foreign(
                f"{observed.id} answers to the name of {resource.address}, but belongs to "
                f"environment {environment}, which would fight over it: declare it in one only"
            )
        other = unescape(observed.tags.get(ADDRESS, ""))
        if other != resource.address and other in self.resources:
            raise Foreign(
                f"{observed.id} answers to the name of {resource.address}, but is {other}: "
                "give one of them another name"
            )

    def _vouched(self, address: str, found: Found) -> Found:
        """With the sweep's tags, where these are all that we want: then none need be read."""
        tags = self.sweep(self.handler(address).home).get(found.arn, {})
        if found.arn and address in self.untouched and not self._own_tags(address):
            return replace(found, tags=tags)  # who writes nothing loses nothing if they lag behind
        vouched = tags and self.desired(address).tags.items() <= tags.items()
        return replace(found, tags=tags) if vouched else found

    def _own_tags(self, address: str) -> bool:
        """Whether the YAML says more of the object's tags than that it is ours."""
        return bool(self.resources[address].tags.keys() - self.environment.tags.keys())

    def owner(self, address: str, observed: Observed) -> Ownership:
        """Whose the object of a resource is."""
        return self.ownership(self.handler(address), self.resources[address].type, observed)

    def yields(self, address: str, observed: Observed) -> bool:
        """Whether the object is left to another tool, which would undo what we do to it."""
        return self.owner(address, observed).yields and address not in self.overruled

    def mentioned(self, address: str) -> Set[str]:
        """The properties that the YAML names, and the outputs that others refer to."""
        named = {name for name in self.resources[address].properties if not name.startswith("$")}
        return named | self._asked_for[address] | self._at_birth(address).keys()

    def _at_birth(self, address: str) -> Properties:
        """What is under `$initial`, as long as a create may have left some of it unwritten."""
        if address not in self.newborn:
            return {}
        facts, properties = self.facts(address), self.desired(address).properties
        settled = {*properties, *facts.immutable, *facts.write_only, *facts.secret}
        initial = properties.get("$initial", {}).items()
        return {name: value for name, value in initial if name not in settled}

    def change(self, address: str, observed: Observed) -> Change:
        """The observed object with the desired one laid over it, and where they differ."""
        handler, desired = self.handler(address), self.desired(address)
        overlay = self.overlay(address)
        silent = {n: v for n, v in desired.properties.items() if n in handler.write_only}
        compared = {n: v for n, v in desired.properties.items() if n not in silent}
        # What a pipeline has put there since the create stays.
        born, there = self._at_birth(address), observed.properties
        left = {n for n in born if n == handler.shared or same(there.get(n), None)}
        compared |= {name: born[name] for name in left}
        laid = overlay.lay(observed.properties, compared)
        fields = tuple(differences(observed.properties, laid, overlay.lists))
        # An update of something else may have to send again what AWS never gives back.
        wanted = {**laid, **{n: v for n, v in plain(silent).items() if not unknown(v)}}
        return Change(observed, wanted, self._tags(address, observed), fields, desired.intent)

    def written(self, address: str) -> Properties:
        """What the YAML says of a resource, in its own spelling, with references resolved."""
        said: Properties = self._resolved(self.resources[address].properties)
        return said

    def overlay(self, address: str) -> Overlay:
        """How its desired properties are laid over the observed ones."""
        handler, bounds = self.handler(address), self.bounds(address, self.desired(address))
        additive = {*handler.additive, handler.shared}
        return Overlay(handler.compared(), self.environment.exact, bounds, additive)

    def born(self, address: str) -> Desired:
        """What a create sends: some properties at rest, and the tags that only it writes."""
        desired = self.desired(address)
        resting = {name: each.value for name, each in self._at_rest(address, desired).items()}
        properties = {**plain(desired.properties), **resting}
        tags = {**self._resolved(self.resources[address].born_tags), **desired.tags}
        return replace(desired, properties=properties, tags=tags)

    def waits(self, address: str, observed: Observed) -> tuple[Wait, ...]:
        """What people must do for this object, or before a property of it leaves its rest."""
        resting = self._at_rest(address, self.desired(address)).values()
        return (*observed.waits, *(each.wait for each in resting))

    def _at_rest(self, address: str, desired: Desired) -> Mapping[str, Rest]:
        bounds = self.bounds(address, desired)
        return {path: each for path, each in bounds.items() if isinstance(each, Rest)}

    def bounds(self, address: str, desired: Desired) -> Mapping[str, Within]:
        """The fields that a handler infers to be somebody else's."""
        handler, properties = self.handler(address), desired.properties
        # What an object was created with instead does not say what is wanted of it.
        instead = properties.get("$initial", {}).keys() & properties.keys()
        declared = plain({name: properties[name] for name in instead})
        plainly = replace(desired, properties={**plain(properties), **declared})
        return handler.within(plainly, partial(self.view, self.resources[address].region))

    def _tags(self, address: str, observed: Observed) -> Tags:
        if not self.facts(address).marked():
            return observed.tags
        gone = {name for name, value in self.resources[address].tags.items() if value is None}
        wanted = self.desired(address).tags
        if self.yields(address, observed):  # and so gets no marks of ours
            wanted = {n: value for n, value in wanted.items() if not n.startswith(MARK)}
        together = {**observed.tags, **wanted}
        return {name: value for name, value in together.items() if name not in gone}

    def view(self, region: str, kind: str) -> Iterable[Properties]:
        """Every resource of a type, as declared and as found in the account."""
        if kind not in registry.types():
            return
        known: set[str] = set()
        for address, resource in self.resources.items():
            if resource.type == kind:
                yield self._as_declared(address)
                if observed := self.seen.get(address):
                    known.add(observed.id)
                    yield observed.properties
        for found in self.index(kind, region).ids.values():
            if found.id not in known:
                yield found.properties

    def _as_declared(self, address: str) -> Properties:
        properties = self.desired(address).properties
        born = properties.get("$initial", {})
        return {**plain(properties), "$address": address, "$initial": born}

    def _resolved(self, value: Any) -> Any:
        return resolve(value, self._value, self.resources)

    def _value(self, address: str, expression: str) -> Any:
        """What a reference names: what AWS answered, else what is declared, else Unknown."""
        if address == "input":
            return self._given(expression)
        observed = self.seen.get(address)
        if observed and leading(expression) not in self.moving.get(address, ()):
            value = jmespath.search(expression, observed.properties)
            if value is not None:
                return value
        if leading(expression) in self.facts(address).outputs:
            return Unknown(address)
        declared = jmespath.search(expression, self._declared(address))
        return Unknown(address) if declared is None else self._resolved(declared)

    def _declared(self, address: str) -> Properties:
        """What the YAML says of a resource, as a create would send it."""
        if address not in self._plain:
            self._plain[address] = plain(self.resources[address].properties)
        return self._plain[address]

    def _outputs_asked_for(self) -> Mapping[str, Set[str]]:
        asked: dict[str, set[str]] = defaultdict(set)
        for theirs in self.references.values():
            for reference in theirs:
                asked[reference.address].add(leading(reference.expression))
        return asked
