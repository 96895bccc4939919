"""Whatever a handler can make can be discovered, says all of itself, and then plans empty."""

from __future__ import annotations

import time

import pytest

from reconciler import registry
from reconciler.load import facts
from tests.discover.conftest import QUIET, forget
from tests.test_conformance import CASES, Life

LEFT = {"rds.db_cluster": {"KmsKeyId"}}
"""What moto answers so that AWS would not take it back: a key that no AWS has."""


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def life(request, aws, tmp_path):
    return Life(request.param, aws, tmp_path / "made")


def test_what_somebody_made_is_discovered_and_then_nothing_is_to_be_done(life, home):
    made = life.converge("create")
    types = sorted({address.split("/")[0] for address in made.resources})
    made.begin_anew()
    forget(made)

    found = home.write(*types)
    assert found.unread == {}
    mine = _draft(found, made, life.address)
    assert set(mine.left) == LEFT.get(life.kind, set()), mine.left

    plan = home.plan(*types)
    assert {a: (e.reason, e.diff) for a, e in plan.items() if e.action not in QUIET} == {}
    assert mine.address in plan

    before = home.texts()
    assert home.write(*types).drafts == ()
    assert home.texts() == before


def test_it_says_every_property_that_was_chosen(life, home):
    made = life.converge("create")
    types = sorted({address.split("/")[0] for address in made.resources})
    made.begin_anew()
    forget(made)
    mine = _draft(home.discover(*types), made, life.address)
    known, schema = facts.properties(life.kind), facts.schema(life.kind)
    hidden = mine.handler.write_only | mine.handler.secret
    asked = set(life.case["create"]) - hidden - {"$initial", "Tags"}
    said = {name for name in asked if name in mine.properties}
    default = {name for name in asked - said if "'default': " in str(known[name])}
    assert asked - said - default - set(schema.get("required", ())) == set()


def _draft(found, made, address):
    """The draft of the object that the case is about."""
    observed = made.look(address, time.monotonic())
    kind = address.split("/")[0]
    aside = [(each.kind, each.id, each.why) for each in found.aside if each.kind == kind]
    drafts = [each for each in found.drafts if each.kind == kind]
    mine = [each for each in drafts if each.observed.id == observed.id]
    assert mine, (aside, [each.observed.id for each in drafts])
    return mine[0]


def test_every_type_has_a_section():
    from reconciler.discover.sections import SECTIONS, section

    kinds = {kind for kinds in SECTIONS.values() for kind in kinds}
    assert {
        k for k in registry.types() if k.partition(".")[0] not in kinds and k not in kinds
    } == set()
    assert section("ecs.service") == "02-compute"
