"""A repository with an environment, and an account that is as it says."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from reconciler.aws.ownership import marks
from reconciler.sandbox.server import forget, serve, session
from tests.command.running import shared_models
from tests.workflows.running import SETUP, Host, commit, git, workflow

REGION = "me-central-1"
ACCOUNT = workflow("plan")["env"]["ACCOUNT"]
ENVIRONMENT = f"""account: '{ACCOUNT}'
region: {REGION}
lists: exact
state: {{bucket: muvi-uat-state}}
heal: {{all: apply, classes: {{other: 0h}}}}
"""
GROUPS = "logs.log_group:\n  /a: {retentionInDays: 7}\n  /b: {retentionInDays: 7}\n"
FILES = {
    "scripts/setup": SETUP,
    "desired/uat/environment.yaml": ENVIRONMENT,
    "desired/uat/groups.yaml": GROUPS,
}


@pytest.fixture(scope="module")
def endpoint():
    with serve(ACCOUNT) as url:
        yield url


@pytest.fixture
def cloud(endpoint):
    """The account, and a way to make what a run of ours has left there."""
    forget()
    with shared_models():
        logs, s3 = (session(endpoint).client(each, REGION) for each in ("logs", "s3"))
        where = {"LocationConstraint": REGION}
        s3.create_bucket(Bucket="muvi-uat-state", CreateBucketConfiguration=where)

    def group(name, days):
        logs.create_log_group(logGroupName=name, tags=marks("uat", f"logs.log_group/{name}"))
        logs.put_retention_policy(logGroupName=name, retentionInDays=days)

    def days():
        groups = logs.describe_log_groups()["logGroups"]
        return {each["logGroupName"]: each["retentionInDays"] for each in groups}

    return SimpleNamespace(group=group, days=days, s3=s3, logs=logs)


@pytest.fixture
def repository(tmp_path):
    """The repository, on its branch `main`."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    commit(folder, **FILES)
    return folder


@pytest.fixture
def host(tmp_path, endpoint, repository):
    """A runner for this repository's jobs; AWS lets everybody in."""
    host = Host(tmp_path / "host", endpoint)
    host.allowed = []
    host.contexts = {
        "github": {"token": "t0ken", "repository_owner": "muvi", "event": {}},
        "vars": _anything("value of"),
        "secrets": _anything("secret"),
    }

    def checkout(given):
        assert given["persist-credentials"] == "false"
        into = host.workspace / given.get("path", "")
        git(host.workspace, "clone", "--quiet", "--no-local", str(repository), str(into))

    host.actions = {
        "actions/checkout": checkout,
        "aws-actions/configure-aws-credentials": host.allowed.append,
    }
    return host


def _anything(word):
    class Anything(dict):
        def __missing__(self, name):
            return f"{word} {name}"

    return Anything()
