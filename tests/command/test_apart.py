"""Regions, accounts and the sandbox are never mixed up."""

from __future__ import annotations

import socketserver
import threading

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from tests.command.lab import Lab
from tests.command.running import ACCOUNT, ENVIRONMENT, REGION

EDGE = "us-east-1"
TWINS = """
ecr.repository: {one: {%s}}
---
$region: edge
ecr.repository: {one-at-the-edge: {repositoryName: one, %s}}
"""
FIXED = "imageTagMutability: IMMUTABLE"
OTHER = "210987654321"


@pytest.fixture
def twins(lab):
    """Two repositories of one name, in two regions."""

    def declare(here="", there="", text=TWINS):
        lab.declare(f"{ENVIRONMENT}regions: {{edge: {EDGE}}}", it=text % (here, there))
        return lab

    return declare


def repositories(lab, region):
    return lab.client("ecr", region).describe_repositories()["repositories"]


def test_one_name_in_two_regions_is_two_objects(twins):
    lab = twins()
    ran = lab.json()
    assert (ran.code, len(ran.actions)) == (0, 2)
    for region in (REGION, EDGE):
        (one,) = repositories(lab, region)
        assert one["repositoryArn"] == f"arn:aws:ecr:{region}:{ACCOUNT}:repository/one"
    assert {each["region"] for each in ran.resources.values()} == {REGION, EDGE}
    assert lab.json().actions == {}


def test_a_change_in_one_region_is_made_there_only(twins):
    assert twins().json().code == 0
    ran = twins(there=FIXED).json()
    assert ran.actions == {"ecr.repository/one-at-the-edge": "update"}
    assert {call.region for call in ran.calls if not call.reads} == {EDGE}


def test_what_one_region_loses_the_other_keeps(twins):
    assert twins().json().code == 0
    lab = twins(text="ecr.repository: {one: {%s}}\nlogs.log_group: {more: {%s}}")
    assert lab.json().actions["ecr.repository/one-at-the-edge"] == "delete"
    assert repositories(lab, EDGE) == []
    assert len(repositories(lab, REGION)) == 1


def test_two_accounts_hold_one_name_each(lab, monkeypatch):
    """The second is entered through a role, which moto understands while it is told no account."""
    monkeypatch.delenv("MOTO_ACCOUNT_ID")
    monkeypatch.setenv("AWS_ENDPOINT_URL", lab.endpoint)
    role = f"account: '{OTHER}'\nregion: {REGION}\nrole: arn:aws:iam::{OTHER}:role/converge"
    second = Lab(lab.folder, lab.endpoint, "second")
    lab.declare(it="ecr.repository: {one: {}}")
    second.declare(role, it=f"ecr.repository: {{one: {{{FIXED}}}}}")

    for each, account in ((lab, ACCOUNT), (second, OTHER)):
        ran = each.elsewhere("--output", "json")
        assert ran.code == 0, ran.err
        assert ran.document["account"] == account
        assert ran.actions == {"ecr.repository/one": "create"}
        assert "names no bucket under `state`, so nothing keeps a second run out" in ran.err
    again = lab.elsewhere("--output", "json", "--dry-run")
    assert (again.actions, again.err) == ({}, "")
    (one,) = repositories(lab, REGION)
    assert (one["registryId"], one["imageTagMutability"]) == (ACCOUNT, "MUTABLE")


def test_two_environments_in_one_account_leave_each_other_alone(lab):
    second = Lab(lab.folder, lab.endpoint, "second")
    lab.declare(it="ecr.repository: {one: {}}")
    second.declare(it="ecr.repository: {two: {}}")
    assert [lab.json().code, second.json().code] == [0, 0]
    assert [lab.json().actions, second.json().actions] == [{}, {}]
    assert second.json("destroy", "--confirm", "second").actions == {"ecr.repository/two": "delete"}
    assert len(repositories(lab, REGION)) == 1


def test_what_another_environment_owns_is_refused(lab):
    second = Lab(lab.folder, lab.endpoint, "second")
    for each in (lab, second):
        each.declare(it=f"ecr.repository: {{one: {{}}}}\necs.cluster: {{{each.name}: {{}}}}")
    assert lab.json().code == 0
    ran = second.json()
    assert ran.code == 1
    assert "belongs to environment test" in ran.resources["ecr.repository/one"]["reason"]
    assert ran.resources["ecs.cluster/second"]["status"] == "done"


@pytest.fixture
def trap():
    """A server that must not be asked, and who asked it nevertheless."""
    asked = []

    class Ear(socketserver.BaseRequestHandler):
        def handle(self):
            asked.append(self.client_address)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


def test_endpoints_in_the_environment_do_not_lead_out_of_the_sandbox(lab, trap, monkeypatch):
    url, asked = trap
    for name in ("AWS_ENDPOINT_URL_RDS", "AWS_ENDPOINT_URL_ECR", "AWS_ENDPOINT_URL", "HTTP_PROXY"):
        monkeypatch.setenv(name, url)
    lab.declare(it="ecr.repository: {one: {}}")
    lab.whole = True
    ran = lab.json()
    assert (ran.code, asked) == (0, [])
    assert {"rds", "ecr"} <= {call.service for call in ran.calls}

    monkeypatch.delenv("HTTP_PROXY")
    astray = boto3.client("rds", REGION, config=Config(retries={"total_max_attempts": 1}))
    with pytest.raises(BotoCoreError):
        astray.describe_db_clusters()
    assert asked != []  # the trap works
