"""What a script learns from the command's exit code; the worst applies: 1, 3, 2, 4, 0."""

from __future__ import annotations

import pytest
from moto.acm.models import acm_backends

from tests.command.running import ACCOUNT, ENVIRONMENT, REGION, denied

INPUTS = """
inputs:
  certificate: {env: MUVI_TEST_CERTIFICATE, sandbox: certificate for www.muvi.example}
  key: {env: MUVI_TEST_KEY, sandbox: its key}
"""
CERTIFICATE = """
acm.certificate:
  www.muvi.example: {Certificate: '${input.certificate}', PrivateKey: '${input.key}'}
"""
CLUSTER = "ecs.cluster: {one: {}}\n"
REFUSING = "policy: {all: apply, ecs.cluster: {update: refuse}}\n"
CHANGED = "ecs.cluster: {one: {settings: [{name: containerInsights, value: enabled}]}}\n"


def no_cluster(call):
    return denied(call) if call.operation == "CreateCluster" else None


def no_repository(call):
    return denied(call) if call.operation == "CreateRepository" else None


@pytest.fixture
def expired(lab):
    """A certificate that only its owner can renew, and a cluster."""
    lab.declare(ENVIRONMENT + INPUTS, it=CERTIFICATE + CLUSTER)
    assert lab.json().code == 0
    (certificate,) = acm_backends[ACCOUNT][REGION]._certificates.values()
    certificate.status = "EXPIRED"
    return lab


def test_0_once_moved_there_and_0_once_there(lab):
    lab.declare(it=CLUSTER)
    assert [lab.run().code, lab.run().code, lab.run("--dry-run").code] == [0, 0, 0]


def test_1_where_something_failed_and_the_rest_is_done(lab):
    lab.declare(it=CLUSTER + "ecr.repository: {one: {}}")
    ran = lab.json(fault=no_cluster)
    assert ran.code == 1
    fates = {address: each["status"] for address, each in ran.resources.items()}
    assert fates == {"ecs.cluster/one": "failed", "ecr.repository/one": "done"}


def test_2_where_a_dry_run_sees_differences(lab):
    lab.declare(it=CLUSTER)
    assert lab.run("--dry-run").code == 2


def test_3_where_the_account_is_another(lab, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", lab.endpoint)
    lab.declare(ENVIRONMENT.replace(ACCOUNT, "999999999999"), it=CLUSTER)
    ran = lab.elsewhere()
    assert (ran.code, ran.out) == (3, "")
    assert [call.operation for call in ran.calls] == ["GetCallerIdentity"]
    assert f"these credentials are of account {ACCOUNT}" in ran.err
    assert "environment.yaml is for 999999999999: nothing was read or changed" in ran.err


def test_4_where_only_people_can_go_on(expired):
    ran = expired.json()
    assert (ran.code, ran.writes) == (4, [])
    (wait,) = ran.document["waiting"]
    assert wait["who"] == "who owns the domain"
    assert wait["what"] == "give a renewed certificate and its key as inputs"
    assert wait["unblocks"] == "TLS for www.muvi.example"
    assert expired.plan().code == 4


def test_a_difference_that_remains_is_worse_than_people_who_are_waited_for(expired):
    expired.declare(ENVIRONMENT + INPUTS + REFUSING, it=CERTIFICATE + CHANGED)
    assert expired.json("--policy").code == 2


def test_a_failure_is_worse_than_a_difference_that_remains(expired):
    more = "ecr.repository: {one: {}}"
    expired.declare(ENVIRONMENT + INPUTS + REFUSING, it=CERTIFICATE + CHANGED + more)
    assert expired.json("--policy", fault=no_repository).code == 1


def test_what_only_aws_is_waited_for_is_not_people(lab, monkeypatch):
    monkeypatch.setattr("resources.acm.certificate.unseen", lambda _: [])  # it names no record yet
    lab.declare(it="acm.certificate: {www.muvi.test: {$settles_within: 0.2}}")
    first, plan, second = lab.json(), lab.plan(), lab.json()
    assert [first.code, plan.code, second.code] == [1, 0, 1]  # to wait for AWS is no difference
    assert plan.actions == {"acm.certificate/www.muvi.test": "wait"}
    assert plan.document["waiting"] == second.document["waiting"] == []
    told = second.resources["acm.certificate/www.muvi.test"]["error"]
    assert "AWS does not see its validation record yet" in told
    assert "Nothing is lost: the next run takes up from here" in told
    assert (first.writes, second.writes) == (["RequestCertificate"], [])


def test_a_certificate_that_nobody_validates_waits_for_whoever_runs_the_dns(lab):
    lab.declare(it="acm.certificate: {www.muvi.test: {}}")
    first, plan, second = lab.json(), lab.plan(), lab.json()
    assert [first.code, plan.code, second.code] == [4, 4, 4]
    (asked,) = second.document["waiting"]
    assert asked["who"] == "who runs the DNS of www.muvi.test"
    assert "CNAME" in asked["what"]
    assert (first.writes, second.writes) == (["RequestCertificate"], [])
