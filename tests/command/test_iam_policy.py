"""The policies that are printed name nothing that no run does, and no stranger's object.

That they allow what runs do, test_uat.py and test_rebuild.py show by the calls of whole lives."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from reconciler import registry
from reconciler.load import load
from reconciler.permissions import tables
from reconciler.permissions.documents import LONGEST, size
from reconciler.permissions.engine import ACTIONS
from reconciler.permissions.operations import LOOKING, operations
from tests.command.running import command
from tests.permissions.verdicts import ACCOUNTS, DESIRED, printed

NAMED = {  # what a stranger's object would be called, and who must not be let near
    "ecr:DeleteRepository": "ecr:{region}:{account}:repository/stranger",
    "iam:PutRolePolicy": "iam::{account}:role/administrator",
    "lambda:UpdateFunctionCode": "lambda:{region}:{account}:function:stranger",
    "logs:DeleteLogGroup": "logs:{region}:{account}:log-group:stranger",
    "secretsmanager:UpdateSecret": "secretsmanager:{region}:{account}:secret:stranger-AbCdEf",
    "sns:DeleteTopic": "sns:{region}:{account}:stranger",
}


@pytest.fixture(scope="module", params=ACCOUNTS)
def held(request):
    env = request.param
    declared = load(DESIRED, env)
    return SimpleNamespace(
        env=env,
        environment=declared.environment,
        types={each.type for each in declared.resources.values()},
        whole=printed(env),
        reading=printed(env, "--read-only"),
    )


def test_each_is_as_long_as_aws_takes_one_and_few_enough_for_one_role(held):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    for policies in (held.whole.documents, held.reading.documents):
        assert all(size(each) <= LONGEST for each in policies.values())
        assert len(policies) <= 10
    assert set(held.whole.documents).isdisjoint(held.reading.documents)


def test_every_action_is_needed(held):
    """By what a handler of a declared type may call, by a look, or by AWS in our name."""
    called = {each for kind in held.types for each in operations(kind)}
    looked = {each for kind in registry.types() for each in operations(kind, LOOKING)}
    may = {action for each in called | looked for action in tables.actions(each)}
    may |= {a for each in tables.also() if each.type in held.types for a in each.actions}
    passes = {"iam:PassRole"} if held.types & tables.passed().keys() else set()
    assert held.whole.actions <= may | passes | ACTIONS | {"iam:CreateServiceLinkedRole"}
    assert held.reading.actions <= held.whole.actions


def test_no_action_is_a_pattern(held):
    assert not any("*" in action for action in held.whole.actions | held.reading.actions)


def test_any_resource_is_meant_only_where_a_region_is_said_or_aws_knows_none(held):
    for each in held.whole.statements:
        if "*" in each["Resource"] and "Condition" not in each:
            assert all(map(tables.anywhere, each["Action"])), each


@pytest.mark.parametrize("action", NAMED)
def test_a_strangers_object_is_not_touched(held, action):
    environment = held.environment
    arn = NAMED[action].format(region=environment.region, account=environment.account)
    assert action in held.whole.actions or held.env == "prod"
    unnamed = {r.type for r in load(DESIRED, held.env).resources.values() if r.unnamed}
    kinds = {k for k in held.types if action in _actions(k)}
    if not kinds & unnamed:
        assert not held.whole.allow(action, f"arn:aws:{arn}", environment.region)


def _actions(kind):
    return {action for each in operations(kind) for action in tables.actions(each)}


def test_it_is_one_json_document_that_names_its_policies(held):
    text = json.dumps(held.whole.documents)
    assert all(name.startswith(f"muvi-converge-{held.env}-") for name in json.loads(text))


def test_without_an_environment_it_asks_for_one():
    ran = command("iam-policy")
    assert ran.code == 1
    assert "--env" in ran.err
