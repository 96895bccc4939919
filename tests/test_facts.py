"""The facts of every type, held against its schema, botocore's models and CloudFormation's."""

import os
import re
import subprocess
import sys
from pathlib import Path

import jmespath
import jsonschema
import pytest

from reconciler import registry
from reconciler.model import SET
from reconciler.overlay import how_listed, names
from tests.types.answers import model, operation, readable
from tests.types.cloudformation import DIFFERENT, theirs
from tests.types.schemas import lists, paths, schema

ROOT = Path(__file__).parents[1]
NAMES = {"naming", "parent", "serial"}
SETS = ("immutable", "deferred", "loose", "disruptive", "write_only", "policies", "documents")

# Asked twice, AWS makes two: there is neither a token nor a name that it refuses a second time.
# https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html and the API references
MADE_TWICE = {
    "acm.certificate",  # an import; a request has a token
    "codeconnections.connection",
    "ec2.address",
    "ec2.internet_gateway",
    "ec2.vpc",
    "ecs.task_definition",
    "iam.policy",  # a version; a policy of that name it refuses
    "kms.key",
}
# Asked to create what exists, AWS writes over it (Put...), or answers with it as if it were new.
# The API references of the create calls.
OVERWRITTEN = {
    "application_autoscaling.scaling_policy",
    "cloudwatch.alarm",
    "config.configuration_recorder",
    "config.delivery_channel",
    "devops_guru.resource_collection",
    "ecs.cluster",  # handed over
    "elbv2.listener",  # the same three if all settings are the same
    "elbv2.load_balancer",
    "elbv2.target_group",
    "events.rule",
    "logs.metric_filter",
    "stepfunctions.state_machine",  # handed over
    "s3.bucket",  # in us-east-1, where its ACL is reset
}
TOKENS = {"CallerReference", "ClientRequestToken", "ClientToken", "CreatorRequestId", "clientToken"}


# What can carry no tags and has no parent: a setting of the account, that is never pruned.
NEVER_OURS = {
    "config.delivery_channel",
    "devops_guru.resource_collection",
    "inspector2.enabler",
}


@pytest.fixture(params=registry.types())
def name(request):
    return request.param


@pytest.fixture
def facts(name):
    return registry.handler(name)


@pytest.fixture
def properties(name):
    return schema(name)["properties"]


def test_schemas_are_what_recipes_and_models_make_of_them():
    check = [sys.executable, "-m", "schema_builder.command", "--check"]
    paths = {"PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"}
    done = subprocess.run(
        check, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **paths}
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_a_schema_is_valid_and_says_what_every_property_is_for(name):
    whole = schema(name)
    jsonschema.Draft202012Validator.check_schema(whole)
    assert [each for each, said in whole["properties"].items() if not said["description"]] == []
    assert whole["description"]


@pytest.mark.parametrize("fact", SETS)
def test_a_fact_names_real_properties(facts, name, fact):
    assert getattr(facts, fact) - set(paths(schema(name))) == set()


def test_what_the_facts_say_of_an_object_can_be_read(name, facts, properties):
    known = set(properties) | set(facts.reads) | readable(name, facts)
    said = {*facts.outputs, *facts.moved, facts.parent, facts.serial or ""} - {""}
    every = (facts.key, *facts.other_keys)
    said |= {top for key in every for each in key for top in _tops(each)}
    assert {each.split(".")[0] for each in said} - known == set()


def test_what_an_update_moves_is_an_output(facts):
    assert facts.moved - facts.outputs == set()


def test_the_name_fills_a_property_or_the_tag(facts, properties):
    expected = {"tag:Name"} if facts.tagging else set()
    assert facts.naming in expected | set(properties)
    assert facts.key != ()


def test_what_is_secret_stands_in_the_schema(facts, name):
    known = set(paths(schema(name)))
    assert [each for each in facts.secret if not known & set(_spellings(each))] == []


def test_what_only_an_input_may_give_is_a_property(facts, properties):
    assert set(facts.given) - set(properties) == set()
    for when in facts.given.values():
        jmespath.compile(when)


def test_every_list_has_its_way_to_compare(name, facts):
    free = facts.policies | facts.documents
    unsaid = {path for path, _ in lists(schema(name)) if not how_listed(facts.lists, path, "")}
    assert {path for path in unsaid if path.split(".")[0] not in free} == set()


def test_what_is_compared_as_a_list_is_one(name, facts):
    real = {path for path, _ in lists(schema(name))}
    free = facts.policies | facts.documents
    said = {path for path in {*facts.lists, *facts.additive} - real if not path.endswith(".*")}
    assert {path for path in said if path.split(".")[0] not in free} == set()


def test_what_is_filled_together_is_a_list(name, facts):
    assert facts.shared in {"", *(path for path, _ in lists(schema(name)))}


def test_members_are_named_by_fields_that_they_have(name, facts):
    for path, fields in lists(schema(name)):
        how = facts.lists.get(path, SET)
        used = {part.split(".")[0] for each in names(how) for part in each.split("+")}
        assert used - fields == set(), path


def test_every_property_can_be_read_or_is_write_only(name, facts, properties):
    known = readable(name, facts) | set(facts.reads) | facts.write_only | {"Tags"}
    assert set(properties) - known == set()


def test_what_is_read_under_another_name_is_a_property_or_an_output(facts, properties):
    known = set(properties) | facts.outputs | set(facts.key) | {facts.parent}
    assert set(facts.reads) - known == set()
    for path in facts.reads.values():
        jmespath.compile(path)


def test_tags_are_written_by_operations_that_there_are(name, facts, properties):
    assert ("Tags" in properties) is (facts.tagging is not None)
    if not facts.tagging:
        return
    write, erase = (operation(name, each) for each in (facts.tagging.write, facts.tagging.erase))
    wanted = {facts.tagging.id, facts.tagging.tags, *facts.tagging.more}
    assert wanted - set(write.input_shape.members) == set()
    if not facts.tagging.replaces:
        wanted = {facts.tagging.id, facts.tagging.erased, *facts.tagging.more}
        assert wanted - set(erase.input_shape.members) == set()


def test_without_tags_an_object_is_owned_otherwise(name, facts):
    assert facts.marked() or facts.parent or name in NEVER_OURS


def test_immutable_agrees_with_cloudformation(name, facts, properties):
    said = theirs(name)
    never = {each.lower() for each in said["createOnly"]} - {"tags"}
    always = {each.lower() for each in said["updatable"]}
    excused = DIFFERENT.get(name, {})
    missing = {each for each in properties if each.lower() in never} - facts.immutable
    surplus = {each for each in facts.immutable if each.lower() in always}
    # What makes a revision of every change replaces nothing.
    missing = set() if facts.moved else missing
    assert missing | surplus == set(excused)


def test_what_aws_would_make_twice_is_not_repeatable(name, facts):
    assert facts.repeatable is (name not in MADE_TWICE)


def test_what_a_create_would_write_over_is_looked_for_before(name, facts):
    assert facts.overwrites is (name in OVERWRITTEN)


def test_what_may_be_repeated_has_a_name_or_a_token(name, facts):
    operations = [each.partition(".")[0] for each in schema(name)["recipe"]["operations"]]
    taken = model(name).operation_model(operations[0].partition("=")[0].strip()).input_shape
    tokens = {
        each
        for each, shape in taken.members.items()
        if each in TOKENS or shape.metadata.get("idempotencyToken")
    }
    assert facts.unique or tokens or not facts.repeatable


def _tops(key):
    """The property that a key begins with; a tag is none."""
    return [] if key.startswith("tag:") else re.findall(r"^\w+", key)


def _spellings(path):
    """The path, and the same with one of its names being anybody's choice."""
    parts = path.split(".")
    yield path
    for place in range(1, len(parts)):
        yield ".".join([*parts[:place], "*", *parts[place + 1 :]])
