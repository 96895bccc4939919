"""What machines read."""

import json as standard
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.model import UNKNOWN, Action
from reconciler.report import json
from reconciler.report.entries import NOT_REACHED
from reconciler.result import Coverage, Fate, Outcome
from tests.report import runs
from tests.report.runs import decision, result

SCHEMA = standard.loads((Path(__file__).parents[2] / "schemas/output.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.fixture
def document():
    return json.document(runs.safe(runs.everything()))


@pytest.mark.parametrize(
    "run", [runs.everything(), runs.everything(dry=True), runs.quiet(), runs.large(), result()]
)
def test_every_run_is_as_the_schema_says(run):
    VALIDATOR.validate(standard.loads(json.render(run)))


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_is_strict(document):
    assert list(_loose(SCHEMA)) == []
    assert not VALIDATOR.is_valid({**document, "more": 1})
    assert not VALIDATOR.is_valid({name: document[name] for name in document if name != "env"})
    document["resources"][0]["status"] = "nearly"
    assert not VALIDATOR.is_valid(document)


def test_the_schema_knows_every_action_and_status():
    resource = SCHEMA["$defs"]["resource"]["properties"]
    assert set(resource["action"]["enum"]) == {each.value for each in Action}
    assert set(resource["status"]["enum"]) == {*(each.value for each in Fate), NOT_REACHED}


def test_it_looks_as_it_did(golden, document):
    golden("applied.json", standard.dumps(document, indent=2, ensure_ascii=False) + "\n")


def test_deletes_come_first_and_no_ops_last(document):
    actions = [each["action"] for each in document["resources"]]
    assert actions[:2] == ["delete", "delete"]
    assert actions[-2:] == ["no-op", "no-op"]


def test_the_summary_counts_actions_and_what_became_of_them(document):
    assert document["summary"] == {
        "no-op": 2,
        "adopt": 1,
        "create": 4,
        "update": 5,
        "disrupt": 1,
        "replace": 1,
        "delete": 2,
        "refused": 3,
        "failed": 1,
        "skipped": 2,
        "waiting": 2,
        "busy": 0,
    }


def test_what_holds_a_change_is_its_error(document):
    held = _named(document, "rds.db_instance/old")
    assert (held["status"], held["error"]) == ("refused", runs.PROTECTED)


def test_what_was_made_has_its_new_id(document):
    assert _named(document, "acm.certificate/cdn")["id"] == "arn:cert"


def test_what_there_is_not_is_null(document):
    removed = _named(document, "ec2.security_group/old-web")
    assert (removed["source"], removed["error"]) == (None, None)
    assert _named(document, "ec2.vpc/main")["id"] is None


def test_a_source_is_a_file_and_a_line(document):
    assert _named(document, "ec2.vpc/main")["source"] == "desired/uat/20-network.yaml:4"


def test_what_the_run_did_not_reach_says_so(document):
    assert _named(document, runs.NEVER_REACHED)["status"] == "not reached"


def test_a_dry_run_says_what_would_be_refused():
    document = json.document(runs.everything(dry=True))
    assert _named(document, "ecs.service/muvi-uat-api")["status"] == "refused"
    assert _named(document, "ec2.vpc/main")["status"] == "planned"
    assert document["summary"]["failed"] == 0


def test_values_that_json_lacks_are_told_in_words():
    changed = decision("sqs.queue/a", Action.UPDATE, "", ("Nested", {"set": {3, 1}}, [UNKNOWN]))
    (shown,) = json.document(result(changed))["resources"][0]["diff"]
    assert shown == {"path": "Nested", "before": {"set": [1, 3]}, "after": ["‹known after apply›"]}


def test_people_are_asked_once(document):
    assert document["waiting"] == [
        {"who": runs.DNS.who, "what": runs.DNS.what, "unblocks": runs.DNS.unblocks}
    ]


def test_calls_are_added_up(document):
    assert document["api_calls"] == {
        "total": 204,
        "by_service": {"cloudfront": 3, "ec2": 120, "ecs": 80, "kms": 1},
    }


def test_seconds_are_the_outcome_s(document):
    assert _named(document, "ec2.vpc/main")["seconds"] == 2.5


def test_a_run_without_anything_is_still_a_document():
    empty = json.document(result(coverage=Coverage({}, {}), outcomes={"a.b/c": Outcome(Fate.DONE)}))
    assert empty["resources"] == []


def _named(document, address):
    (found,) = (each for each in document["resources"] if each["address"] == address)
    return found


def _loose(schema, path="$"):
    """Objects with fixed properties that let in others, or leave some out."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict) and "type" in schema:
            closed = schema.get("additionalProperties") is False
            if not closed or set(schema["required"]) != set(schema["properties"]):
                yield path
        for name, each in schema.items():
            yield from _loose(each, f"{path}.{name}")
