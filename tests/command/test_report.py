"""What a run prints: a plan as people read it, and as programs do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from tests.command.running import ENVIRONMENT, Ran, denied

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "output.json").read_text())
BEFORE = """
ecr.repository:
  kept: {}
  changed: {imageTagMutability: MUTABLE}
  replaced: {encryptionConfiguration: {encryptionType: AES256}}
ecs.cluster: {pruned: {}, tombstone: {}}
"""
AFTER = """
ecr.repository:
  kept: {}
  changed: {imageTagMutability: IMMUTABLE, Tags: {team: ticketing}}
  replaced: {encryptionConfiguration: {encryptionType: KMS}}
  adopted: {imageTagMutability: IMMUTABLE}
ecs.cluster:
  tombstone: {$absent: true}
ecs.task_definition:
  created:
    containerDefinitions: [{name: it, image: '${ecr.repository/kept.repositoryUri}:1', memory: 64}]
"""
OUTPUTS = "outputs: {uri: '${ecr.repository/kept.repositoryUri}'}"
VARYING = (
    (r"left [\d,]+ that", "left N that"),
    (r"Found (?s:.)*?\n(?=[\d,]+ API)", "Found N objects that nothing declares: …\n"),
    (r"run [0-9a-f]{12}", "run RUN"),
    (r" · commit [0-9a-f]+", ""),
    (r"\d[\d,]* API calls:[^;]*; [\d.]+ s", "N API calls: …; N s"),
)


@pytest.fixture
def lab(lab, monkeypatch):
    """An account to which every kind of change is to be made."""
    monkeypatch.chdir(lab.folder)
    lab.folder = Path()
    lab.declare(it=BEFORE)
    assert lab.json().code == 0
    lab.client("ecr").create_repository(repositoryName="adopted")
    lab.declare(f"{ENVIRONMENT}{OUTPUTS}\npolicy: {{adopt: refuse}}", it=AFTER)
    return lab


def steady(text):
    """Without what is another in every run, or grows with the types that we know."""
    for pattern, instead in VARYING:
        text = re.sub(pattern, instead, text)
    return text


def test_the_text_of_a_plan(lab, golden):
    ran = lab.run("--dry-run", "--policy")
    assert (ran.code, ran.writes) == (2, [])
    golden("plan.txt", steady(ran.out))


def test_every_run_prints_what_the_schema_promises(lab):
    lab_runs: list[Ran] = [
        lab.plan(),
        lab.plan("--policy"),
        lab.json(fault=lambda call: denied(call) if call.operation == "CreateRepository" else None),
        lab.json(fault=lambda call: denied(call) if call.service == "ecs" else None),
        lab.json(),
        lab.json("destroy", "--confirm", "test"),
    ]
    assert [ran.code for ran in lab_runs] == [2, 2, 1, 1, 0, 0]
    for ran in lab_runs:
        jsonschema.validate(ran.document, SCHEMA, jsonschema.Draft202012Validator)


def test_what_is_lost_stands_first(lab):
    actions = [each["action"] for each in lab.plan().document["resources"]]
    assert actions[:3] == ["delete", "delete", "replace"]


def test_a_run_tells_what_it_looked_at_and_asked(lab):
    document = lab.plan().document
    declared = {"ecr.repository": 4, "ecs.cluster": 1, "ecs.task_definition": 1}
    assert document["coverage"]["declared"] == declared
    assert document["coverage"]["undeclared"] == {"ecs.cluster": 1}
    assert document["api_calls"]["total"] == sum(document["api_calls"]["by_service"].values()) > 0
    assert document["outputs"]["uri"].endswith("/kept")
    assert document["resources"][0]["source"] is None
    assert document["resources"][-1]["source"] == "test/it.yaml:3"


def test_markdown_names_the_same_changes(lab):
    ran = lab.run("--dry-run", "--output", "markdown")
    assert ran.code == 2
    for address in lab.plan().actions:
        assert address in ran.out


def test_logs_are_json_away_from_a_terminal_and_the_report_stands_alone(lab):
    ran = lab.json()
    assert ran.code == 0
    events = [json.loads(line) for line in ran.err.splitlines()]
    assert {"begin", "started", "ended", "end"} <= {each["event"] for each in events}
    assert ran.document["summary"]["create"] == 1
