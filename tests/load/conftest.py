"""A small shop of made-up types, so that these tests know every schema that they rely on."""

from __future__ import annotations

from textwrap import dedent

import pytest

from reconciler.errors import InvalidDesired
from reconciler.handler import SET, Handler, Tagging
from reconciler.load import facts, load

ENVIRONMENT = """
    account: "123456789012"
    region: eu-central-1
    regions: {edge: us-east-1}
    zones: [eu-central-1a, eu-central-1b]
    tags: {Environment: test}
    inputs: {tag: {env: MUVI_SHOP_TAG}}
    tables:
      shops: {north: {size: 3, inner: {a-b: deep}}, south: {size: 4, zone: eu-central-1b}}
"""

REFERENCE = r"\$\{"
TEXT = {"type": ["string", "null"]}
OURS = {r"^\$(initial|within|exact|absent)$": True}


def one(kind, **more):
    return {"type": [kind, "string", "null"], "pattern": REFERENCE, **more}


def structure(**properties):
    return one("object", properties=properties, patternProperties=OURS, additionalProperties=False)


def patterned(pattern, says, **more):
    return {**TEXT, "pattern": f"{pattern}|{REFERENCE}", "patternErrorMessage": says, **more}


SHAPES = {
    "shop.net": {"Range": TEXT, "Public": one("boolean"), "Version": TEXT},
    "shop.store": {
        "storeName": patterned("^[a-z-]{3,20}$", "3-20 small letters and hyphens"),
        "netId": TEXT,
        "size": one("integer", minimum=1, maximum=9),
        "weight": one("number"),
        "kind": patterned("^(GROCERY|BAKERY)$", "one of GROCERY, BAKERY", examples=["GROCERY"]),
        "peer": TEXT,
        "opens": {**TEXT, "format": "schedule"},
        "shelves": one("array", items={"$ref": "#/$defs/Shelf"}, maxItems=3),
        "labels": one("object", additionalProperties=TEXT, patternProperties=OURS),
        "Tags": one("object", additionalProperties=TEXT, patternProperties=OURS),
    },
    "shop.clerk": {
        "clerkName": TEXT,
        "store": TEXT,
        "Policy": one("object"),
        "plan": one("object"),
        "Code": structure(Folder=TEXT, Runtime=TEXT),
    },
}
REQUIRED = {"shop.net": ["Range"], "shop.store": ["size"], "shop.clerk": []}


class Made(Handler):
    def listed(self, since=0):
        return iter(())

    def create(self, desired):
        raise NotImplementedError

    def delete(self, observed):
        raise NotImplementedError


class Net(Made):
    unique = False
    key = ("tag:Name",)
    outputs = {"NetId"}
    tagging = Tagging()


class Store(Made):
    naming = "storeName"
    key = ("storeName",)
    outputs = {"storeArn"}
    lists = {"shelves": ("id",)}
    tagging = Tagging()


class Clerk(Made):
    naming = "clerkName"
    key = ("clerkName", "store")
    outputs = {"clerkArn"}
    policies = {"Policy"}
    documents = {"plan"}
    region = "us-east-1"
    lists = {"plan.*": SET}


HANDLERS = {"shop.net": Net, "shop.store": Store, "shop.clerk": Clerk}


def shape(kind):
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://example.com/{kind}.json",
        "type": "object",
        "additionalProperties": False,
        "patternProperties": OURS,
        "properties": SHAPES[kind],
        "required": REQUIRED[kind],
        "$defs": {"Shelf": structure(id=TEXT, width=one("integer"), parts=one("array"))},
    }


@pytest.fixture(autouse=True)
def shop(monkeypatch):
    shipped = facts.shipped
    monkeypatch.setattr(facts, "types", lambda: tuple(HANDLERS))
    monkeypatch.setattr(facts, "handler", HANDLERS.__getitem__)
    monkeypatch.setattr(
        facts,
        "shipped",
        lambda *path: shape(".".join(path)) if path[0] == "shop" else shipped(*path),
    )


@pytest.fixture
def declared(tmp_path, monkeypatch):
    """Loads one environment from the text of its files; their names are paths below it."""
    monkeypatch.chdir(tmp_path)
    return lambda text="", environment=ENVIRONMENT, **files: _load(
        tmp_path, {"environment.yaml": environment, "shop.yaml": text, **files}
    )


@pytest.fixture
def problems(declared):
    """Everything wrong with one environment, as people read it."""

    def found(*args, **files):
        with pytest.raises(InvalidDesired) as caught:
            declared(*args, **files)
        return str(caught.value)

    return found


def _load(folder, files):
    home = folder / "desired" / "test"
    for name, text in files.items():
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
    return load((folder / "desired").relative_to(folder), "test")
