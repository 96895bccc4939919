"""A made-up AWS in memory, with a few made-up types: it hides, refuses and loses as it is told."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from reconciler import registry
from reconciler.aws.listings import Listings
from reconciler.aws.ownership import marks
from reconciler.handler import SET, Handler, Tagging
from reconciler.load import Declared, Environment, Resource
from reconciler.model import Asked, Found, Observed, Rest, Source, Status, Wait
from reconciler.plan.estate import Estate

REGION = "eu-central-1"
CARRIER = Wait("the carrier", "bring the goods")
IGNORED = "accepted, and nothing is done"
LOST = ReadTimeoutError(endpoint_url="https://shop.example.com")
"""Done, but the answer never comes."""


def refusal(code: str, message: str = "no", status: int = 400) -> ClientError:
    answer = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "DoIt")


@dataclass
class Thing:
    """One object as this AWS keeps it."""

    kind: str
    id: str
    properties: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)
    status: Status = Status.READY
    reason: str = ""
    waits: tuple = ()
    hidden: int = 0
    """How many listings do not show it yet."""
    managed_by: str = ""


class Shop:
    """One account. It takes the place of `Aws`: handlers of this shop keep their objects in it."""

    account = "123456789012"

    def __init__(self):
        self.listings, self.calls = Listings(), Counter()
        self.things: dict[str, Thing] = {}
        self.said: list[str] = []
        """Every write, such as `create web`."""
        self.sent: list[dict[str, Any]] = []
        """What each create or update sent."""
        self.intents: list[str] = []
        """What each create called its wish."""
        self.listed: Counter[str] = Counter()
        self.moods: defaultdict[str, deque] = defaultdict(deque)
        self.born = Status.READY
        self.hides = 0
        self._numbers = itertools.count(1)

    def put(self, address, id="", properties=None, ours=True, **more) -> Thing:
        """An object that is there already, ours unless it says otherwise."""
        kind, name = address.split("/", 1)
        naming = registry.handler(kind).naming
        named = {} if naming.startswith("tag:") else {naming: name}
        tags = {"Name": name} if naming.startswith("tag:") else {}
        tags |= marks("test", address) if ours and registry.handler(kind).marked() else {}
        thing = Thing(
            kind, id or f"{name}-0", {**named, **(properties or {})}, tags | more.pop("tags", {})
        )
        self.things[thing.id] = replace(thing, **more)
        return self.things[thing.id]

    def mood(self, verb, *answers):
        """What the next calls of a verb meet: a refusal, LOST, IGNORED or None."""
        self.moods[verb] += answers

    def do(self, verb, subject, act):
        self.said.append(f"{verb} {subject}")
        mood = self.moods[verb].popleft() if self.moods[verb] else None
        if mood == IGNORED:
            return None
        if isinstance(mood, Exception) and mood is not LOST:
            raise mood
        result = act()
        if mood is LOST:
            raise LOST
        return result

    def list(self, kind):
        self.listed[kind] += 1
        if self.moods[f"list {kind}"]:
            raise self.moods[f"list {kind}"].popleft()
        for thing in [each for each in self.things.values() if each.kind == kind]:
            thing.hidden -= 1
            if thing.hidden < 0:
                yield thing

    def make(self, kind, properties, tags):
        thing = Thing(kind, f"{kind.split('.')[1]}-{next(self._numbers)}", properties, dict(tags))
        self.things[thing.id] = replace(thing, status=self.born, hidden=self.hides)
        return thing.id

    # The tagging API, for the sweep.

    def client(self, service, region):
        return self

    def can_paginate(self, operation):
        return False

    def get_resources(self, **_):
        swept = [each for each in self.things.values() if not each.hidden > 0]
        return {
            "ResourceTagMappingList": [
                {
                    "ResourceARN": f"arn:shop:{each.id}",
                    "Tags": [{"Key": name, "Value": value} for name, value in each.tags.items()],
                }
                for each in swept
            ]
        }


class Made(Handler):
    """What all types of the shop do."""

    kind = ""
    tagging = Tagging()

    def listed(self, since=0):
        for each in self.aws.list(self.kind):
            yield Found(
                each.id,
                self._answer(each),
                dict(each.tags) if self.tagging else None,
                managed_by=each.managed_by,
            )

    def get(self, found, mentioned):
        thing = self.aws.things.get(found.id)
        if thing is None:
            return None
        about = {"status": thing.status, "reason": thing.reason, "waits": thing.waits}
        return Observed(found.id, self._answer(thing), dict(thing.tags), **about)

    def _answer(self, thing):
        chosen = {name: f"arn:shop:{thing.id}" for name in self.outputs if name not in self.moved}
        return {**chosen, **thing.properties}

    def create(self, desired):
        self.aws.sent.append(dict(desired.properties))
        self.aws.intents.append(desired.intent)
        same = [each for each in self.aws.things.values() if self._same(each, desired)]
        if self.overwrites and same:
            self.aws.said.append("overwrite")
            same[0].properties = dict(desired.properties)
            return same[0].id
        if self.unique and same:
            self.aws.said.append("create again")
            raise refusal("ThingAlreadyExists")
        return self.aws.do(
            "create",
            desired.tags.get("Name") or desired.properties.get(self.naming),
            lambda: self.aws.make(self.kind, dict(desired.properties), desired.tags),
        )

    def _same(self, thing, desired):
        return thing.kind == self.kind and all(
            thing.properties.get(name) == desired.properties.get(name) for name in self.key
        )

    def update(self, change):
        self.aws.sent.append(dict(change.wanted))
        thing = self.aws.things[change.observed.id]
        self.aws.do("update", thing.id, lambda: setattr(thing, "properties", dict(change.wanted)))

    def tag(self, observed, wanted):
        thing = self.aws.things[observed.id]
        self.aws.do("tag", thing.id, lambda: setattr(thing, "tags", dict(wanted)))

    def delete(self, observed):
        self.aws.do("delete", observed.id, lambda: self.aws.things.pop(observed.id, None))


class Net(Made):
    """Nameless, may be there twice, and asked twice AWS makes two."""

    kind = "shop.net"
    key = ("tag:Name",)
    unique = False
    repeatable = False
    immutable = {"Range"}
    outputs = {"NetId"}


class Store(Made):
    """Named, one of each name."""

    kind = "shop.store"
    naming = "storeName"
    key = ("storeName",)
    immutable = {"kind"}
    deferred = {"rules"}
    loose = {"near", "shelf.note"}
    proven_by = {"shop.book"}
    noticed_within = 60
    disruptive = {"size", "engine.version"}
    outputs = {"storeArn", "revision"}
    moved = {"revision"}
    secret = {"labels"}
    lists = {"rules": ("id",), "names": SET}

    def within(self, desired, view):
        """Is closed until somebody has brought the goods."""
        if "open" not in desired.properties or any(each.get("goods") for each in view("shop.page")):
            return {}
        return {"open": Rest("the carrier", value=False, wait=CARRIER)}


class Clerk(Made):
    """Has no tags: it belongs to its store."""

    kind = "shop.clerk"
    naming = "clerkName"
    key = ("clerkName", "store")
    parent = "store"
    tagging = None
    after = {"shop.page"}


class Page(Made):
    """Known by any of its aliases."""

    kind = "shop.page"
    naming = "title"
    key = ("aliases",)
    lists = {"aliases": SET}


class Vault(Made):
    """Holds what people stored in it."""

    kind = "shop.vault"
    naming = "vaultName"
    key = ("vaultName",)
    holds_data = True


class Book(Made):
    """A list that others write to as well."""

    kind = "shop.book"
    naming = "bookName"
    key = ("bookName",)
    parent = "bookName"
    tagging = None
    shared = "entries"
    deferred = {"entries"}
    lists = {"entries": ("id",)}

    def delete(self, observed):
        """Nothing: a book stays, with what others wrote."""


HANDLERS = {each.kind: each for each in (Net, Store, Clerk, Page, Vault, Book)}


def resource(address, properties=None, **more) -> Resource:
    """One entry of the YAML, as the loader would give it."""
    kind, name = address.split("/", 1)
    naming = HANDLERS[kind].naming
    tagged = naming.startswith("tag:")
    named = {} if tagged else {naming: name}
    tags = {**({"Name": name} if tagged else {}), **more.pop("tags", {})}
    source = Source("shop.yaml", 1)
    return Resource(address, REGION, {**named, **(properties or {})}, source, tags, **more)


def environment(**more) -> Environment:
    about = {"region": REGION, "regions": {"main": REGION}, "exact": True, **more}
    source = Source("environment.yaml", 1)
    return Environment("test", Path("test"), Shop.account, source=source, **about)


class Clock:
    """Time that passes only a little with every look at it, and else when it is told to."""

    def __init__(self):
        self.now = 10_000.0

    def __call__(self):
        self.now += 0.001
        return self.now

    def passes(self, seconds):
        self.now += seconds


@pytest.fixture
def shop(monkeypatch):
    """An empty account, whose types are all that there are."""
    monkeypatch.setattr(registry, "types", lambda: tuple(sorted(HANDLERS)))
    monkeypatch.setattr(registry, "handler", HANDLERS.__getitem__)
    return Shop()


@pytest.fixture
def clock(monkeypatch):
    """Nothing sleeps: whoever asks for the time gets ours."""
    clock = Clock()
    monkeypatch.setattr("time.monotonic", clock)
    return clock


@pytest.fixture
def estate(shop):
    """One environment of these resources in that account; inputs are not given."""

    def build(*resources, given=Asked, **more):
        declared = Declared(environment(**more), {each.address: each for each in resources})
        return Estate(declared, shop, "run", given)

    return build
