"""An empty AWS for every test."""

from __future__ import annotations

import gc
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from datetime import date
from pathlib import PurePath
from typing import Any

import boto3
import hypothesis
import pytest
from botocore.client import ClientCreator
from moto import mock_aws
from moto.core import models as mocks
from moto.iam import models as iam_models
from xdist.scheduler import LoadScopeScheduling

from reconciler.aws import Aws
from reconciler.sandbox.corrections import corrected

ACCOUNT = "123456789012"  # moto's own
REGION = "eu-central-1"
ATTACHED = {
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AmazonDynamoDBFullAccess",
    "AmazonECSTaskExecutionRolePolicy",
    "AmazonS3FullAccess",
    "AmazonSSMReadOnlyAccess",
    "CloudWatchAgentServerPolicy",
    "PowerUserAccess",
}

STATE = tempfile.TemporaryDirectory(prefix="muvi-converge-tests-")
"""Where runs of the tests keep their journals."""
os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_EC2_METADATA_DISABLED="true",
    XDG_STATE_HOME=STATE.name,
    MOTO_IAM_LOAD_MANAGED_POLICIES="true",
    MOTO_ACM_VALIDATION_WAIT="0",
    MOTO_EC2_LOAD_DEFAULT_AMIS="false",
)
# Reading all 1,600 of AWS's own policies takes a second per test; these are the ones we attach.
iam_models.aws_managed_policies_data = json.dumps(
    {
        name: policy
        for name, policy in json.loads(iam_models.aws_managed_policies_data).items()
        if name in ATTACHED
    }
)
# Moto puts a thousand patterns in the way of `requests`, per test; we speak through botocore alone.
mocks.RESPONSES_METHODS = []


def _once(make: Callable[..., Any]) -> Callable[..., Any]:
    """Makes what depends on nothing but the service once, for all clients of the service."""
    made: dict[str, Any] = {}

    def shared(creator: ClientCreator, service: str, *more: Any) -> Any:
        if service not in made:
            made[service] = make(creator, service, *more)
        return made[service]

    return shared


# The most of what it takes to make a client is to write its class, with a method per operation.
ClientCreator._load_service_model = _once(ClientCreator._load_service_model)
ClientCreator._create_client_class = _once(ClientCreator._create_client_class)


def pytest_collection_finish():
    """What is there by now stays, botocore's models above all: no use to search it for garbage."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request):
    """Compares a text with a file in golden/ beside the test, or writes it (`--update-golden`)."""

    def same(name: str, text: str) -> None:
        file = request.path.parent / "golden" / name
        if request.config.getoption("--update-golden"):
            file.write_text(text, encoding="utf-8")
        assert file.exists(), f"no {file}: write it with --update-golden, and read it"
        assert file.read_text(encoding="utf-8") == text

    return same


SHARING = {"test_production"}
"""Files elsewhere whose tests share an account, which takes long to make."""

hypothesis.settings.register_profile("busy", deadline=None)  # a shared machine pauses at will
hypothesis.settings.load_profile("busy")


@pytest.fixture(scope="session")
def session():
    """Reading botocore's models is dear, so all tests share one session."""
    return boto3.Session(region_name=REGION)


@pytest.fixture
def november(monkeypatch):
    """The sandbox ends runtimes by date: tests shall pass for longer than the runtimes they use."""
    monkeypatch.setattr("reconciler.sandbox.lambda_.today", lambda: date(2026, 11, 22))


@pytest.fixture
def aws(session, november):
    """One account on moto with our corrections, as handlers see it."""
    with corrected(), mock_aws():
        yield Aws(session, ACCOUNT, throttled=False)


@pytest.fixture(
    params=[
        "corrected",
        pytest.param("plain", marks=pytest.mark.xfail(strict=True, reason="moto's own fault")),
    ]
)
def moto(request, session, november):
    """For tests of corrections: each must pass on ours and fail on plain moto."""
    with ExitStack() as stack:
        stack.enter_context(corrected() if request.param == "corrected" else nullcontext())
        stack.enter_context(mock_aws())
        yield session.client


class Together(LoadScopeScheduling):
    """The tests of some files share an account, so one process takes them all, in order."""

    def _split_scope(self, nodeid):
        file = PurePath(nodeid.partition("::")[0])
        shared = file.parent.name in ("command", "faults", "workflows") or file.stem in SHARING
        return str(file) if shared else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Groups by mark, which xdist has for this, do nothing under pytest 9.2."""
    return Together(config, log)
