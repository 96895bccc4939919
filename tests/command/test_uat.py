"""The life of UAT through the command, from an account that holds only a stranger's things."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from reconciler.sandbox.server import serve
from tests.command import strangers
from tests.command.drift import DRIFTED, REGION, drift, theirs
from tests.command.lab import Lab
from tests.faults.census import difference, take
from tests.permissions.verdicts import hold

ACCOUNT = "739991759290"
STATE = "s3.bucket/muvi-uat-tool-state"
ROOT = Path(__file__).parents[2]
DESIRED, READS = ROOT / "desired", ROOT / "docs/reads.md"


def _of(ran, file):
    """The addresses that a file declares."""
    resources = ran.resources.items()
    return {address for address, each in resources if f"/{file}:" in str(each["source"])}


def _census(lab):
    """AWS shows deleted clusters for a while, as INACTIVE: those are gone."""
    census = take(lab.client, REGION, "us-east-1")
    alive = (
        each
        for each in census.things
        if '"status": "INACTIVE"' not in json.dumps(each.raw, default=str)
    )
    return replace(census, things=tuple(alive))


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """Every run of one life, in its order."""
    folder = tmp_path_factory.mktemp("desired")
    shutil.copytree(DESIRED / "uat", folder / "uat")
    with serve(ACCOUNT) as endpoint:
        lab = Lab(folder, endpoint, "uat", whole=True)
        told = SimpleNamespace(folder=folder)
        strangers.settle(lab, REGION)
        told.before = _census(lab)
        plan = str(tmp_path_factory.mktemp("plans") / "plan.json")
        told.planned = lab.json("--dry-run", "--save", plan)
        told.built, told.again = lab.json("--plan", plan), lab.json("--plan", plan)
        drift(lab)
        told.seen, told.repaired, told.settled = lab.plan(), lab.json(), lab.plan()
        told.theirs = theirs(lab)
        (folder / "uat" / "60-functions.yaml").unlink()
        told.pruned, told.left = lab.json(), lab.plan()
        told.destroyed = lab.json("destroy", "--confirm", "uat")
        told.after = _census(lab)
        yield told


def test_an_empty_account_becomes_uat(life):
    assert life.built.code == 0, life.built.err
    assert {*life.built.actions.values()} == {"create"}
    assert len(life.built.actions) == len(life.built.resources) > 240
    assert all(life.built.document["outputs"].values())


def test_it_is_built_exactly_as_it_was_planned(life):
    assert (life.planned.code, life.planned.writes) == (2, [])
    assert life.planned.actions == life.built.actions


def test_no_secret_is_ever_asked_for(life):
    asked = {call.operation for call in (*life.built.calls, *life.repaired.calls)}
    assert asked & {"GetSecretValue", "BatchGetSecretValue", "GetParametersByPath"} == set()
    read = [call for call in life.again.calls if call.operation == "GetParameters"]
    assert [call.parameters for call in read if call.parameters.get("WithDecryption")] == []


def test_then_there_is_nothing_to_do(life):
    assert (life.again.code, life.again.actions, life.again.writes) == (0, {}, [])


def test_what_it_reads_then_is_what_the_page_says(life):
    table = re.findall(r"^\| ([a-z0-9-]+) \| ([A-Z]\w+) \|", READS.read_text(), re.MULTILINE)
    assert {(call.service, call.operation) for call in life.again.calls} == {*table}


def test_a_dry_run_names_exactly_what_drifted(life):
    assert (life.seen.code, life.seen.actions, life.seen.writes) == (2, DRIFTED, [])


def test_drift_is_repaired_and_nothing_else_written(life):
    assert (life.repaired.code, life.repaired.actions) == (0, DRIFTED)
    assert (life.settled.code, life.settled.actions) == (0, {})


def test_what_others_do_within_their_bounds_stays(life):
    assert life.theirs == (2, ["stays"])


def test_what_a_removed_file_declared_is_pruned_and_only_that(life):
    assert life.pruned.code == 0
    functions = _of(life.built, "60-functions.yaml")
    assert len(functions) == 1 + 3 * 11
    assert life.pruned.actions == dict.fromkeys(functions, "delete")
    assert (life.left.code, life.left.actions) == (0, {})


def test_users_are_pruned_before_what_they_use(life):
    place = life.pruned.place
    assert place("RemoveTargets") < place("DeleteRule")
    assert place("RemoveTargets") < place("DeleteFunction") < place("DeleteRole")
    assert place("DeleteFunction") < place("DeleteLogGroup")


def test_destroyed_nothing_of_ours_is_left(life):
    assert life.destroyed.code == 2, life.destroyed.err
    assert {*life.destroyed.actions.values()} == {"delete"}
    left = {a for a, each in life.destroyed.resources.items() if each["status"] != "done"}
    assert left == {STATE}  # the lease is in it
    assert life.after.ours("uat").counts == {"s3.bucket": 1}


def test_destroyed_everything_of_a_stranger_is_as_it_was(life):
    assert life.before.counts["ecr.repository"] == life.before.counts["lambda.function"] == 1
    (kept,) = difference(life.before, life.after)
    assert kept.startswith("+")
    assert "muvi-uat-tool-state" in kept


def test_the_policies_that_are_printed_for_it_are_enough(life):
    runs = (life.built, life.again, life.repaired, life.pruned, life.destroyed)
    read = (*life.planned.calls, *life.seen.calls)
    hold("uat", [call for ran in runs for call in ran.calls], read)
