"""The roles that README.md sets up trust the jobs that ask for them, and no others."""

from __future__ import annotations

import json
import re

import pytest

from reconciler.load import load
from tests.workflows.running import ROOT, WORKFLOWS, workflow

CONDITION = "token.actions.githubusercontent.com"
JOBS = [
    (whole, job)
    for name in ("plan", "converge", "reconcile")
    for whole in [workflow(name)]
    for job in whole["jobs"].values()
]
README = (WORKFLOWS / "README.md").read_text()


def subject(whole, job):
    """As whom GitHub vouches for a job.

    https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims"""
    if "environment" in job:
        return f"environment:{job['environment']}"
    return "pull_request" if "pull_request" in whole["on"] else "ref:refs/heads/main"


@pytest.mark.parametrize("role", ["plan", "converge"])
def test_a_role_trusts_who_asks_for_it(role):
    (statement,) = json.loads((WORKFLOWS / f"trust-{role}.json").read_text())["Statement"]
    asking = {
        f"repo:muvi-example/infrastructure:{subject(whole, job)}"
        for whole, job in JOBS
        if f"vars.MUVI_UAT_{role.upper()}_ROLE" in str(job)
    }
    equal = statement["Condition"]["StringEquals"]
    assert {*equal[f"{CONDITION}:sub"]} == asking
    assert equal[f"{CONDITION}:aud"] == "sts.amazonaws.com"
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"


def test_the_provider_is_the_one_that_uat_declares():
    uat = load(ROOT / "desired", "uat")
    arn = f"arn:aws:iam::{uat.environment.account}:oidc-provider/{CONDITION}"
    assert f"iam.open_id_connect_provider/{CONDITION}" in uat.resources
    for role in ("plan", "converge"):
        assert arn in (WORKFLOWS / f"trust-{role}.json").read_text()


def test_sessions_last_as_long_as_the_role_lets_them():
    (longest,) = re.findall(r"--max-session-duration (\d+)", README)
    asked = {
        step.get("with", {}).get("role-duration-seconds") for _, j in JOBS for step in j["steps"]
    }
    assert asked == {None, longest}
    assert max(int(job["timeout-minutes"]) * 60 for _, job in JOBS) <= int(longest)


def test_every_file_that_is_ready_to_copy_is_told_of():
    names = {each.name for each in WORKFLOWS.iterdir()} - {"README.md"}
    assert [each for each in sorted(names) if each not in README] == []
