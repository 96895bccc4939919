"""When AWS cannot be asked at all: one clear message, and nothing was done."""

from __future__ import annotations

import os

import pytest
from botocore.exceptions import ClientError

from tests.command.running import ENVIRONMENT, denied

SOME = "ecr.repository: {one: {}}"

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
    asked = {"GetCallerIdentity", "GetRegionOptStatus", "AssumeRole"}
    assert {call.operation for call in ran.calls} <= asked
    return ran.err


def answering(operation, code, words):
    """A fault: AWS answers this operation with this error."""
    error = {"Error": {"Code": code, "Message": words}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    return lambda call: ClientError(error, operation) if call.operation == operation else None


def refused(call):
    return denied(call) if call.operation == "AssumeRole" else None


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
    message = told(lab.elsewhere(fault=refused))
    assert "AssumeRole" in message
    assert "is not authorized to perform" in message


@pytest.mark.usefixtures("user")
def test_without_a_network(lab, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    message = told(lab.elsewhere())
    assert "AWS cannot be reached" in message
    assert "check the network" in message
