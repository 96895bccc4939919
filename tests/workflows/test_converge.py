"""docs/workflows/converge.yaml and reconcile.yaml: what was approved, and what the clock mends."""

from __future__ import annotations

import shutil

import pytest

from reconciler.lease import Lease, Store
from reconciler.load import load
from reconciler.stop import Stop
from tests.workflows.conftest import ENVIRONMENT
from tests.workflows.running import ROOT, commit, workflow


@pytest.fixture
def kept(host):
    """Artifacts, from job to job; each job begins with an empty workspace."""
    folder = host.folder / "artifacts"
    folder.mkdir()

    def upload(given):
        shutil.copy(host.workspace / given["path"], folder / given["name"])

    def download(given):
        # GitHub keeps no modes.
        shutil.copyfile(folder / given["name"], host.workspace / "plan.json")

    host.actions["actions/upload-artifact"] = upload
    host.actions["actions/download-artifact"] = download
    return folder


def job(host, name, part):
    """A job on a machine of its own."""
    shutil.rmtree(host.workspace)
    host.workspace.mkdir()
    return host.run(name, part)


def test_what_was_looked_at_is_done_and_nothing_else(cloud, host, kept):
    cloud.group("/a", 1)
    assert job(host, "converge", "plan") == 0, host.log
    assert "create 1" in host.summary
    assert host.contexts["steps"]["plan"]["outputs"] == {"differences": "true"}
    assert cloud.days() == {"/a": 1}

    assert job(host, "converge", "apply") == 0, host.log
    assert cloud.days() == {"/a": 7, "/b": 7}
    assert [each["role-to-assume"] for each in host.allowed] == [
        "value of MUVI_UAT_PLAN_ROLE",
        "value of MUVI_UAT_CONVERGE_ROLE",
    ]

    # Somebody is at work meanwhile: the plan that was approved is no more what would be done.
    cloud.logs.put_retention_policy(logGroupName="/b", retentionInDays=3)
    assert job(host, "converge", "apply") == 3
    assert "run all jobs again" in host.log
    assert cloud.days() == {"/a": 7, "/b": 3}


def test_nobody_has_to_approve_nothing(cloud, host, kept, repository):
    commit(repository, **{"desired/uat/groups.yaml": "logs.log_group: {/a: {$absent: true}}\n"})
    assert job(host, "converge", "plan") == 0, host.log
    assert host.contexts["steps"]["plan"]["outputs"] == {}
    assert [*kept.iterdir()] == []
    assert "needs.plan.outputs.differences == 'true'" in workflow("converge")["jobs"]["apply"]["if"]


def test_the_clock_mends_what_was_converged(cloud, host):
    cloud.group("/a", 1)
    (host.folder / "answer").write_text("success\n")
    assert job(host, "reconcile", "reconcile") == 0, host.log
    assert cloud.days() == {"/a": 7, "/b": 7}
    assert host.summary.startswith("Exit code 0: as declared.\n\n### muvi-converge uat")


def test_the_clock_only_looks_at_what_nobody_approved(cloud, host):
    cloud.group("/a", 1)
    assert job(host, "reconcile", "reconcile") == 0, host.log
    assert cloud.days() == {"/a": 1}
    assert host.summary.startswith(
        "Looked only: the last merge is not converged (open).\n"
        "Exit code 2: differences remain that this run was not to make.\n"
    )


@pytest.fixture
def held(cloud):
    """Another run is at work."""
    store = Store(cloud.s3, "muvi-uat-state", "uat")
    lease = Lease(store, "0123456789ab", "somebody@laptop", Stop(), print)
    lease.look()
    lease.take()
    yield
    lease.release()


def test_a_run_beside_the_clock_is_no_failure(held, cloud, host):
    (host.folder / "answer").write_text("success\n")
    assert job(host, "reconcile", "reconcile") == 0, host.log
    assert "Exit code 3: another run was at work, so this one left it alone." in host.summary
    assert "somebody@laptop" in host.log
    assert cloud.days() == {}


def test_another_refusal_is(cloud, host, repository):
    (host.folder / "answer").write_text("success\n")
    cloud.group("/a", 1)
    commit(repository, **{"desired/uat/environment.yaml": ENVIRONMENT + "limits: {change: 0}\n"})
    assert job(host, "reconcile", "reconcile") == 3
    assert "Exit code 3: refused before any change." in host.summary


@pytest.mark.parametrize("name", ["converge", "reconcile"])
def test_every_input_of_uat_is_given(name):
    uat = load(ROOT / "desired", "uat").environment
    whole = str(workflow(name))
    given = [each.variable for each in uat.inputs.values() if f"'{each.variable}': " in whole]
    needed = [each.variable for each in uat.inputs.values() if each.default is None]
    assert {*needed} <= {*given}


@pytest.mark.parametrize("name", ["plan", "converge", "reconcile"])
def test_it_is_of_the_account_and_region_that_uat_declares(name):
    uat, said = load(ROOT / "desired", "uat").environment, workflow(name)["env"]
    assert (said["ENVIRONMENT"], said["ACCOUNT"], said["REGION"]) == (
        uat.name,
        uat.account,
        uat.region,
    )


def test_secrets_reach_the_step_that_needs_them_only():
    for name in ("converge", "reconcile"):
        for part in workflow(name)["jobs"].values():
            holders = [step.get("name") for step in part["steps"] if "secrets." in str(step)]
            assert holders in ([], ["Do what was planned"], ["Reconcile"])
            assert "secrets." not in str({k: v for k, v in part.items() if k != "steps"})


def test_merges_wait_for_each_other_and_none_is_ended_in_the_middle():
    for name in ("converge", "reconcile"):
        assert isinstance(workflow(name)["concurrency"], str)
    assert workflow("converge")["jobs"]["apply"]["environment"] == "uat"
    assert workflow("reconcile")["jobs"]["reconcile"]["environment"] == "uat-scheduled"
    assert "environment" not in workflow("converge")["jobs"]["plan"]
