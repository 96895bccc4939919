"""When AWS cannot be asked, or does not let us: one clear message, and the rest is converged."""

from __future__ import annotations

import os

import pytest
from botocore.exceptions import ClientError

from tests.command.running import ENVIRONMENT, denied

SOME = """
ecr.repository: {one: {}}
ecs.cluster: {one: {}}
ecs.task_definition:
  one:
    containerDefinitions: [{name: main, image: '${ecr.repository/one.repositoryUri}:1', memory: 64}]
"""

ROLE = "role: arn:aws:iam::123456789012:role/converge"


@pytest.fixture
def lab(lab, monkeypatch):
    """As if the sandbox were AWS itself, and all that names a user taken away."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", lab.endpoint)
    lab.declare(it=SOME)
    return lab


@pytest.fixture
def user(lab, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


def told(ran):
    """The one message of a run that could not begin."""
    assert (ran.code, ran.out, ran.writes) == (1, "", [])
    assert "Traceback" not in ran.err
    assert len(ran.err.strip().splitlines()) == 1, ran.err
    assert "nothing was read or changed" in ran.err
    assert {call.operation for call in ran.calls} <= {"GetCallerIdentity", "AssumeRole"}
    return ran.err


def answering(operation, code, words):
    """A fault: AWS answers this operation with this error."""
    error = {"Error": {"Code": code, "Message": words}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    return lambda call: ClientError(error, operation) if call.operation == operation else None


def refusing(*operations):
    return lambda call: denied(call) if call.operation in operations else None


def test_without_credentials(lab):
    message = told(lab.elsewhere())
    assert message.startswith("AWS does not know us")
    assert "--sandbox" in message


def test_without_credentials_that_could_assume_the_role(lab):
    lab.declare(ENVIRONMENT + ROLE, it=SOME)
    assert told(lab.elsewhere()).startswith("AWS does not know us")


def test_with_a_profile_that_there_is_not(lab, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "of-somebody-else")
    assert "of-somebody-else" in told(lab.elsewhere())


@pytest.mark.usefixtures("user")
def test_with_credentials_that_have_expired(lab):
    fault = answering("GetCallerIdentity", "ExpiredToken", "The security token is expired")
    message = told(lab.elsewhere(fault=fault))
    assert "the credentials have expired" in message
    assert "GetCallerIdentity" in message
    assert "log in again" in message


@pytest.mark.usefixtures("user")
def test_with_a_role_that_may_not_be_assumed(lab):
    lab.declare(ENVIRONMENT + ROLE, it=SOME)
    message = told(lab.elsewhere(fault=refusing("AssumeRole")))
    assert "AssumeRole" in message
    assert "is not authorized to perform" in message


@pytest.mark.usefixtures("user")
def test_without_a_network(lab, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    message = told(lab.elsewhere())
    assert "AWS cannot be reached" in message
    assert "check the network" in message


def test_denied_to_create_one_the_others_are_converged(lab):
    ran = lab.json(fault=refusing("CreateRepository"))
    assert ran.code == 1
    one = ran.resources["ecr.repository/one"]
    assert one["status"] == "failed"
    assert "AccessDeniedException" in one["error"]
    assert "CreateRepository" in one["error"]
    assert one["source"].endswith("test/it.yaml:2")
    assert ran.resources["ecs.cluster/one"]["status"] == "done"
    skipped = ran.resources["ecs.task_definition/one"]
    assert skipped["status"] == "skipped"
    assert skipped["error"] == "it needs ecr.repository/one, which failed"
    assert lab.json().actions.keys() == {"ecr.repository/one", "ecs.task_definition/one"}


def test_denied_to_list_one_type_the_others_are_converged(lab):
    ran = lab.json(fault=refusing("DescribeRepositories"))
    assert ran.code == 1
    assert ran.resources["ecs.cluster/one"]["status"] == "done"
    repository, task = (ran.resources[f"{kind}/one"] for kind in
                        ("ecr.repository", "ecs.task_definition"))  # fmt: skip
    assert (repository["action"], repository["status"]) == ("unknown", "skipped")
    assert "DescribeRepositories" in repository["reason"]
    assert task["reason"] == "it stands on ecr.repository/one, which could not be read"
    (unread,) = (why for what, why in ran.document["coverage"]["unread"].items() if "/" not in what)
    assert "AccessDeniedException" in unread
    assert "CreateRepository" not in ran.writes


def test_denied_to_change_one_the_others_are_converged(lab):
    assert lab.json().code == 0
    lab.declare(it="ecr.repository: {one: {imageTagMutability: IMMUTABLE}}\necs.cluster: {two: {}}")
    ran = lab.json(fault=refusing("PutImageTagMutability"))
    assert ran.code == 1
    assert "PutImageTagMutability" in ran.resources["ecr.repository/one"]["error"]
    assert ran.resources["ecs.cluster/two"]["status"] == "done"
    assert ran.resources["ecs.cluster/one"]["status"] == "done"  # pruned


def test_denied_to_delete_one_the_others_are_pruned(lab):
    assert lab.json().code == 0
    lab.declare(it="logs.log_group: {stays: {}}")
    ran = lab.json(fault=refusing("DeleteRepository"))
    assert ran.code == 1
    assert "DeleteRepository" in ran.resources["ecr.repository/one"]["error"]
    assert ran.resources["ecs.cluster/one"]["status"] == "done"


def test_the_text_names_operation_and_address_once(lab):
    ran = lab.run(fault=refusing("CreateRepository"))
    failed = ran.out[ran.out.index("Failed 1") : ran.out.index("Not tried")]
    assert "ecr.repository/one" in failed
    assert failed.count("CreateRepository operation") == 1
    assert "Traceback" not in ran.out + ran.err


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_what_aws_does_not_offer_is_refused_before_anything_is_written(lab, arguments):
    lab.declare(
        it="""
        ecs.task_definition:
          small:
            requiresCompatibilities: [FARGATE]
            networkMode: awsvpc
            cpu: '512'
            memory: '512'
            containerDefinitions: [{name: it, image: it}]
        """
    )
    ran = lab.run(*arguments)
    assert (ran.code, ran.out, ran.writes) == (1, "", [])
    assert "test/it.yaml:7:13: ecs.task_definition/small: cpu 512 with memory 512" in ran.err
