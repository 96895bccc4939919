"""Every handler lives the same life, whatever else lives beside it."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator

from reconciler import registry
from reconciler.aws import Aws
from reconciler.aws.models import identified
from reconciler.aws.ownership import ADDRESS, ENVIRONMENT, PROTECT
from reconciler.model import Action, Change
from reconciler.overlay import Overlay, differences, same
from reconciler.permissions.engine import SWEEP
from reconciler.permissions.operations import LOOKING, Operation, operations
from reconciler.plan.estate import Estate
from tests.conftest import ACCOUNT, REGION
from tests.living import actions, failures, loaded, read, run, written

CASES = sorted(Path(__file__).parent.glob("resources/*.yaml"))
CHANGED = {Action.UPDATE, Action.DISRUPT}
OURS = {ADDRESS, ENVIRONMENT, PROTECT}


class Life:
    """One case, and the object it brings into the world."""

    def __init__(self, path, aws, folder):
        self.kind, self.case, self.aws, self.folder = path.stem, read(path), aws, folder
        self.address = f"{self.kind}/it"
        self.facts = registry.handler(self.kind)

    def declared(self, *parts, lists="exact"):
        """The case's parts laid over each other, through the loader."""
        properties: Any = {}
        for part in parts:
            properties = Overlay(self.facts.compared()).lay(properties, self.case[part])
        environment = {"account": ACCOUNT, "region": REGION, "lists": lists, **ENV}
        it = {self.kind: {"it": properties}}
        files = {"needs": self.case["needs"]} if self.case.get("needs") else {}
        return loaded(written(self.folder, environment, it=it, **files))

    def plan(self, *parts, **more):
        return self.run(self.declared(*parts, **more), dry=True)[1]

    def run(self, declared, **request):
        """A run that reads the case's own types only: there are 30 others."""
        types = {address.split("/")[0] for address in declared.resources}
        return run(declared, self.aws, only=tuple(sorted(types)), **request)

    def note(self):
        """Every operation that is asked for from now on."""
        asked = set()
        self.aws.note = asked.add
        return asked

    def may_ask(self):
        """What the handlers of the case's types may ask for, as their code says."""
        types = {self.kind, *self.case.get("needs", {})}
        called = {each for kind in types for each in operations(kind)} | {SWEEP}
        called |= {each for kind in registry.types() for each in operations(kind, LOOKING)}
        linked = {Operation("iam", "CreateServiceLinkedRole")}
        return {f"{identified(each.service)}.{each.name}" for each in called | linked}

    def converge(self, *parts, **more):
        one, result = self.run(self.declared(*parts, **more))
        assert failures(result) == {}
        return one.estate

    def behind(self, estate, step):
        """Somebody changes the object without asking us, once AWS takes changes of it."""
        observed = estate.look(self.address, time.monotonic())
        handler = estate.handler(self.address)
        if "edit" in step:
            edit = estate._resolved(_named(step["edit"], observed.id))
            self._edited(handler, observed, _like(edit, observed.properties))
            return
        given = estate._resolved(_named(step.get("with", {}), observed.id))
        service = step.get("service", handler.client.meta.service_model.service_name)
        client = self.aws.client(service, handler.home)
        getattr(client, step["call"])(**_typed(client, step["call"], given))
        estate.made.pop(self.address, None)  # they may have made another object of it

    def _edited(self, handler, observed, edit):
        """A document that is written whole: read it, edit it, write it back."""
        lists = handler.compared()
        wanted = Overlay(lists, exact=False).lay(observed.properties, edit)
        fields = tuple(differences(observed.properties, wanted, lists))
        handler.update(Change(observed, wanted, observed.tags, fields, "behind"))

    def stands(self, estate, step):
        """What somebody else wrote is still there."""
        handler, stays = estate.handler(self.address), estate._resolved(step["stays"])
        observed = estate.look(self.address, time.monotonic())
        found = estate.index(self.kind, handler.home).ids[observed.id]
        whole = estate.complete(handler, found, {*stays, *self.case["create"]}).properties
        stays = _like(stays, whole)
        assert same(whole, Overlay(handler.compared(), exact=False).lay(whole, stays)), step


ENV = {"tags": {"owner": "muvi"}}


def _named(value, id):
    match value:
        case str():
            return value.replace("${id}", id)
        case dict():
            return {_named(name, id): _named(each, id) for name, each in value.items()}
        case list():
            return [_named(each, id) for each in value]
    return value


def _typed(client, call, given):
    """Text as YAML reads it -> the types that botocore's model wants."""
    model = client.meta.service_model
    shape = model.operation_model(client.meta.method_to_api_mapping[call]).input_shape
    return _cast(shape, given)


def _cast(shape, value):
    match shape.type_name:
        case "structure" if isinstance(value, dict):
            if shape.is_document_type:
                return value
            return {
                n: _cast(shape.members[n], v) if n in shape.members else v for n, v in value.items()
            }
        case "list" if isinstance(value, list):
            return [_cast(shape.member, each) for each in value]
        case "map" if isinstance(value, dict):
            return {name: _cast(shape.value, each) for name, each in value.items()}
        case "integer" | "long":
            return int(value)
        case "float" | "double":
            return float(value)
        case "boolean":
            return value if isinstance(value, bool) else value == "true"
        case "blob":
            return value.encode() if isinstance(value, str) else value
    return value


def _like(wanted, observed):
    """Text as YAML reads it -> the types that AWS answers with, where both speak of one thing."""
    match wanted, observed:
        case dict(), dict():
            return {name: _like(each, observed.get(name)) for name, each in wanted.items()}
        case list(), list():
            return [_best(each, observed) for each in wanted]
        case str(), bool():
            return wanted == "true" if wanted in ("true", "false") else wanted
        case str(), int() | float():
            return type(observed)(wanted)
    return wanted


def _best(wanted, members):
    """A member typed like the observed one that it is most like."""
    typed = [(_like(wanted, each), each) for each in members] or [(wanted, None)]
    return max(typed, key=lambda pair: _alike(*pair))[0]


def _alike(one, other):
    if isinstance(one, dict) and isinstance(other, dict):
        return sum(_alike(each, other.get(name)) for name, each in one.items())
    return int(same(one, other))


def only(result):
    """The one action that a plan has for the object, and none for what it stands on."""
    found = actions(result)
    assert len(found) <= 1, found
    return next(iter(found.values()), Action.NO_OP)


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def life(request, aws, tmp_path):
    return Life(request.param, aws, tmp_path)


def test_created_then_left_alone_then_updated_then_left_alone_then_replaced_then_gone(life):
    asked = life.note()
    assert actions(life.plan("create"))[life.address] is Action.CREATE
    estate = life.converge("create")
    if life.facts.marked() and life.facts.tagging:
        assert estate.look(life.address).tags["owner"] == "muvi"
    assert only(life.plan("create")) is Action.NO_OP

    if "update" in life.case:
        assert only(life.plan("create", "update")) in CHANGED
        life.converge("create", "update")
        assert only(life.plan("create", "update")) is Action.NO_OP
    if "replace" in life.case:
        assert actions(life.plan("create", "replace"))[life.address] is Action.REPLACE

    last = ("create", "update") if "update" in life.case else ("create",)
    _, gone = life.run(life.declared(*last), destroy=True)
    assert failures(gone) == {}
    assert actions(life.plan("create"))[life.address] is Action.CREATE
    assert asked <= life.may_ask(), "the policies that we print would not allow it"


def test_every_updatable_property_is_updated(life):
    properties = set(_schema(life.kind)["properties"]) - {"Tags"}
    fixed = life.facts.immutable | life.facts.write_only
    excused = set(life.case.get("not_updated") or {})
    assert properties - fixed - excused - set(life.case.get("update", {})) == set()


def test_drift_is_repaired(life):
    for step in life.case.get("drift", []):
        estate = life.converge("create")
        life.behind(estate, step)
        assert only(life.plan("create")) in CHANGED, step
        life.converge("create")
        assert only(life.plan("create")) is Action.NO_OP, step


def test_an_update_leaves_every_neighbour_standing(life):
    if "update" not in life.case:
        return
    estate = life.converge("create", lists="at_least")
    for step in life.case.get("neighbours", []):
        life.behind(estate, step)
    observed = estate.look(life.address, time.monotonic())
    if life.facts.marked() and life.facts.tagging:
        estate.handler(life.address).tag(
            observed, {**observed.tags, **estate.desired(life.address).tags, "cost-centre": "7"}
        )

    assert only(life.plan("create", "update", lists="at_least")) in CHANGED
    estate = life.converge("create", "update", lists="at_least")
    if life.facts.marked() and life.facts.tagging:
        assert estate.look(life.address, time.monotonic()).tags["cost-centre"] == "7"
    for step in life.case.get("neighbours", []):
        life.stands(estate, step)
    assert only(life.plan("create", "update", lists="at_least")) is Action.NO_OP


def test_what_nobody_owns_is_adopted_and_otherwise_left_alone(life):
    estate = life.converge("create", lists="at_least")
    if not life.facts.marked():
        return
    observed = estate.look(life.address, time.monotonic())
    nobodys = {name: value for name, value in observed.tags.items() if name not in OURS}
    estate.handler(life.address).tag(observed, nobodys)
    for step in life.case.get("neighbours", []):
        life.behind(estate, step)
    found = actions(life.plan("create", lists="at_least"))
    assert found == {life.address: Action.ADOPT}
    estate = life.converge("create", lists="at_least")
    for step in life.case.get("neighbours", []):
        life.stands(estate, step)
    assert only(life.plan("create", lists="at_least")) is Action.NO_OP


def test_two_candidates_are_refused(life, monkeypatch):
    life.converge("create")
    listed = life.facts.listed

    def twice(self, since=0):
        for found in listed(self, since):
            yield found
            yield replace(found, id=f"{found.id}-twin")

    monkeypatch.setattr(life.facts, "listed", twice)
    result = life.plan("create")
    (decision,) = [each for each in result.decisions if each.address == life.address]
    assert decision.action is Action.UNKNOWN
    assert "could be any of" in decision.reason


def test_deleting_what_is_gone_is_fine(life):
    estate = life.converge("create")
    observed = estate.look(life.address)
    life.run(life.declared("create"), destroy=True)
    if life.case.get("keeps_its_dead"):  # and says so when asked again
        return
    estate.handler(life.address).delete(observed)


def test_a_real_answer_with_the_defaults_of_aws_is_no_drift(life, tmp_path):
    real = life.case["real"]
    environment = {"account": ACCOUNT, "region": REGION, "lists": "exact"}
    it = {life.kind: {"it": real["desired"]}}
    beside = {"beside": real["beside"]} if "beside" in real else {}  # declared, and not looked at
    declared = loaded(written(tmp_path / "real", environment, it=it, **beside))
    answers = {**real["answers"], "get_resources": {"ResourceTagMappingList": []}}
    one, result = _answered(life, declared, answers)
    assert actions(result) == {}, [each.diff or each.reason for each in result.decisions]
    assert one.estate.seen[life.address] is not None


def _answered(life, declared, answers):
    """A dry-run against canned answers; an operation that has none fails."""
    tags = {}

    def prepare(client):
        service = client.meta.service_model
        shown = {client.meta.method_to_api_mapping.get(op): op for op in answers}

        def answer(model, **_):
            assert model.name in shown, f"{model.name} has no canned answer"
            given = _with_tags(answers[shown[model.name]], life, tags)
            typed = _cast(model.output_shape, given) if model.output_shape else {}
            report = ParamValidator().validate(typed, model.output_shape)
            assert not report.has_errors(), report.generate_report()
            return type("Http", (), {"status_code": 200})(), {**typed, "ResponseMetadata": {}}

        client.meta.events.register(f"before-call.{service.service_id.hyphenize()}", answer)

    aws = Aws(boto3.Session(region_name=REGION), ACCOUNT, prepare=prepare, throttled=False)
    tags.update(Estate(declared, aws, "r", str).desired(life.address).tags)
    return run(declared, aws, dry=True, only=(life.address,))


def _with_tags(value, life, tags):
    match value:
        case "$TAGS":
            return life.facts.tagging.to_aws(tags)
        case dict():
            return {name: _with_tags(each, life, tags) for name, each in value.items()}
        case list():
            return [_with_tags(each, life, tags) for each in value]
    return value


def _schema(kind):
    service, _, name = kind.partition(".")
    return json.loads(Path("schemas", service, f"{name}.json").read_text())
