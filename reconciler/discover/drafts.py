"""From an observed object to what YAML would say of it: nothing that AWS chose or would choose."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.handler import Handler
from reconciler.load import facts
from reconciler.load.scalars import kind
from reconciler.model import Found, Observed, Tags, top
from reconciler.overlay import how_listed, names, same

Schema = Mapping[str, Any]

MARKS = ("aws:", "muvi-converge:")
"""What tags begin with that nobody writes into YAML."""
ECHOES: Mapping[str, frozenset[str]] = {
    "ec2.address": frozenset({"NetworkBorderGroup"}),
    "ec2.nat_gateway": frozenset({"PrivateIpAddress"}),
    "ec2.subnet": frozenset({"AvailabilityZoneId"}),  # the zone's other name
}
"""Properties that only repeat what another one says, or what AWS has picked."""
PLAIN: Mapping[str, re.Pattern[str]] = {
    "ecs.task_definition": re.compile(
        r"containerDefinitions\.logConfiguration\.options\.awslogs-.*"
    )
}
"""Places among the secret ones that hold no secret: where logs go."""


@dataclass(frozen=True)
class Secret:
    """A value that nobody may read: an input stands for it, under a name made of this trail."""

    text: str
    trail: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """One object that nothing declares, and what the YAML is to say of it."""

    kind: str
    region: str
    handler: Handler
    found: Found
    observed: Observed
    owner: str
    properties: Mapping[str, Any]
    name: str = ""
    plainly: frozenset[str] = frozenset()
    """Properties in which values stand as they are, since references would not do."""
    left: Mapping[str, str] = field(default_factory=dict)
    """Properties that are left out, and why."""

    @property
    def address(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def tags(self) -> Tags:
        every = self.observed.tags
        return {name: every[name] for name in sorted(every) if not name.startswith(MARKS)}

    def without(self, name: str, why: str) -> Draft:
        kept = {each: value for each, value in self.properties.items() if each != name}
        return replace(self, properties=kept, left={**self.left, name: why})


def declarable(kind: str, handler: type[Handler]) -> frozenset[str]:
    """The properties that a draft can say, and a read must therefore bring along."""
    known = set(facts.properties(kind)) - {"Tags"} - handler.write_only - handler.secret
    return frozenset(known - ECHOES.get(kind, frozenset()))


def drafted(
    kind: str, handler: Handler, observed: Observed, aws_made: Set[str] = frozenset()
) -> dict[str, Any]:
    """All that the YAML can say of an object, but what is absent or as AWS makes it anyway.

    `aws_made`: names of objects that AWS made, and gives to those who name no other."""
    return _Drafting(kind, handler, aws_made).properties(observed)


def whole(kind: str, handler: Handler, observed: Observed) -> dict[str, Any]:
    """The same with all that there is, however AWS came by it."""
    return _Drafting(kind, handler, frozenset(), sparing=False).said(observed)


class _Drafting:
    def __init__(
        self, kind: str, handler: Handler, aws_made: Set[str], sparing: bool = True
    ) -> None:
        self._aws_made, self._sparing = aws_made, sparing
        self._kind, self._handler, self._facts = kind, handler, type(handler)
        self._schema, self._lists = facts.schema(kind), handler.compared()
        places = handler.secret | handler.write_only
        self._secret = tuple(each.removesuffix(".*") for each in places)

    def properties(self, observed: Observed) -> dict[str, Any]:
        known, every = facts.properties(self._kind), self.said(observed)
        needed = {*self._schema.get("required", ()), self._facts.naming}
        needed |= {top(each) for each in self._facts.key}
        chosen = {
            name: every[name]
            for name in sorted(declarable(self._kind, self._facts) & every.keys())
            if name in needed
            or not (self._default(every[name], known[name]) or self._unsaid(observed, name))
        }
        return {**chosen, **self._given(chosen)}

    def said(self, observed: Observed) -> dict[str, Any]:
        """Every property that AWS shows, in the words of the schema."""
        every = {}
        for name, schema in facts.properties(self._kind).items():
            answer = observed.properties.get(name)
            if answer and (said := SAID.get((self._kind, name))):
                answer = said(answer)
            value = self._value(answer, schema, name, ())
            if name != "Tags" and _says(value):
                every[name] = value
            elif self._emptied(name, schema, observed):
                every[name] = [] if kind(schema) == "array" else None
        return every

    def _emptied(self, name: str, schema: Schema, observed: Observed) -> bool:
        """Whether somebody took away what AWS puts there, so that its being empty says much."""
        filled = isinstance(schema.get("default"), list | dict)
        read = name in observed.properties and name not in self._facts.additive
        return self._sparing and filled and read

    def _given(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """Inputs, and what only a creation uses, for what must be said and is never read."""
        missing = [each for each in self._schema.get("required", ()) if each not in chosen]
        hidden = self._facts.secret | self._facts.write_only
        given: dict[str, Any] = {each: Secret("", (each,)) for each in missing if each in hidden}
        if born := {each: BORN[self._kind, each] for each in missing if (self._kind, each) in BORN}:
            given["$initial"] = born
        return given

    def _value(self, value: Any, schema: Schema, path: str, trail: tuple[str, ...]) -> Any:
        schema = self._meant(schema)
        match value:
            case Mapping() if kind(schema) in ("", "object"):
                return self._mapping(value, schema, path, trail)
            case list() | tuple():
                items = schema.get("items", {})
                members = (self._member(each, items, path, trail) for each in value)
                known = [each for each in members if each is not None]
                return self._chosen(known, schema, path)
            case bool() | int() | float() | str():
                if self._hidden(path):
                    return Secret(str(value), trail or (top(path),))
                if isinstance(value, str) and kind(schema) == "object":
                    return _parsed(value)
                return str(value) if kind(schema) == "string" and _number(value) else value
        return None

    def _mapping(
        self, value: Mapping[str, Any], schema: Schema, path: str, trail: tuple[str, ...]
    ) -> dict[str, Any]:
        known, others = schema.get("properties"), schema.get("additionalProperties")
        written = {}
        for name in value:
            if known is not None and name not in known:
                continue
            free = others if isinstance(others, Mapping) else {}
            below = known[name] if known is not None else free
            named = trail if known is not None else (*trail, name)
            inner = f"{path}.{name}"
            each = self._value(value[name], below, inner, named)
            if (self._kind, inner) in KEPT:
                each = value[name]
            document = known is None and not free
            if document or (_says(each) and not self._default(each, below)):
                written[name] = each
        return written or self._choice(value, known or {})

    def _choice(self, value: Mapping[str, Any], known: Mapping[str, Schema]) -> dict[str, Any]:
        """One of several structures, which says all by being there: `Allow: {}`."""
        given = [name for name in value if name in known and value[name] is not None]
        if len(given) != 1 or "properties" not in self._meant(known[given[0]]):
            return {}
        return {given[0]: {}} if isinstance(value[given[0]], Mapping) else {}

    def _chosen(self, members: list[Any], schema: Schema, path: str) -> list[Any]:
        """Of a list that AWS fills with what nobody says, the members that somebody did."""
        if path not in self._facts.additive or not self._sparing:
            return members
        named = {_written(each) for each in schema.get("default", ())}
        return [each for each in members if _written(each) not in named]

    def _member(self, value: Any, schema: Schema, path: str, trail: tuple[str, ...]) -> Any:
        """A member of a list, with what names it whatever that is."""
        named = names(how_listed(self._lists, path, ""))
        parts = [part for each in named for part in each.split("+")]
        known = value if isinstance(value, Mapping) else {}
        labels = [str(known[each]) for each in parts if known.get(each)]
        inner = self._value(value, schema, path, (*trail, *labels[:1]))
        if not isinstance(inner, dict):
            return inner
        below = self._meant(schema).get("properties") or {}
        if any(
            _strange(known.get(each), self._meant(below[each])) for each in parts if each in below
        ):
            return None  # AWS shows it, and takes no word about it
        called = {each: value[each] for each in parts if each in below and _says(value.get(each))}
        return {**called, **inner} or None

    def _meant(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = {**self._schema["$defs"][schema["$ref"].rpartition("/")[2]], **_rest(schema)}
        return schema

    def _default(self, value: Any, schema: Schema) -> bool:
        known = self._meant(schema)
        if not self._sparing:
            return False
        given = isinstance(value, str) and value in self._aws_made
        return given or ("default" in known and same(value, known["default"]))

    def _unsaid(self, observed: Observed, name: str) -> bool:
        """Whether it is what AWS makes of a property that nobody mentions."""
        silent = self._handler.spelled({**observed.properties, name: None}).get(name)
        return silent is not None and same(observed.properties.get(name), silent)

    def _hidden(self, path: str) -> bool:
        plain = PLAIN.get(self._kind)
        if plain and plain.fullmatch(path):
            return False
        return any(path == each or path.startswith(f"{each}.") for each in self._secret)


def _rest(schema: Schema) -> Schema:
    return {name: each for name, each in schema.items() if name != "$ref"}


def _records(records: list[Any]) -> list[Any]:
    """Without those that AWS gave the zone, and that name its own servers."""
    apex = {each["Name"] for each in records if each["Type"] == "SOA"}
    born = ("SOA", "NS")
    return [each for each in records if each["Type"] not in born or each["Name"] not in apex]


def _two_numbers(version: str) -> str:
    """As requests take the versions of Redis from 6 on, of which AWS tells three numbers."""
    numbers = version.split(".")
    return version if int(numbers[0]) < 6 else ".".join(numbers[:2])


def _confirmed(value: Any) -> Any:
    """Nothing, where AWS shows it only once somebody has confirmed the subscription."""
    return None if value == {"PendingConfirmation": True} else value


SAID: Mapping[tuple[str, str], Callable[[Any], Any]] = {
    ("route53.record_sets", "ResourceRecordSets"): _records,
    ("elasticache.replication_group", "EngineVersion"): _two_numbers,
    ("sns.subscription", "DeliveryPolicy"): _confirmed,
    ("sns.subscription", "FilterPolicy"): _confirmed,
    ("sns.subscription", "RedrivePolicy"): _confirmed,
}
"""What somebody chose of a property, in the words of requests, where AWS answers otherwise."""

KEPT = {("cloudfront.distribution", "Origins.Items.S3OriginConfig")}
"""What says something by being empty."""

BORN: Mapping[tuple[str, str], Any] = {
    ("lambda.function", "Code"): {"ZipFile": Secret("", ("code",))},
}
"""What a creation would need, and belongs to others from then on."""


def _written(member: Any) -> str:
    """A member as text, what is empty left out: equal members are equal text."""
    said = {name: each for name, each in member.items() if _says(each)}
    return json.dumps(said, sort_keys=True, default=str)


def _strange(name: Any, schema: Schema) -> bool:
    """Whether requests do not know what AWS answers as the name of a member."""
    pattern = schema.get("pattern")
    return isinstance(name, str) and pattern is not None and not re.search(pattern, name)


def _parsed(text: str) -> Any:
    """A document that AWS answers as a text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _says(value: Any) -> bool:
    return isinstance(value, bool | int | float | Secret) or bool(value)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
