"""The workflows that are ready to copy speak of what desired/uat declares."""

from pathlib import Path

import pytest
import yaml

from reconciler.load import load

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs/workflows/deploy-service.yaml"


@pytest.fixture(scope="module")
def workflow():
    return yaml.load(FILE.read_text(), yaml.BaseLoader)


@pytest.fixture(scope="module")
def uat():
    return load(ROOT / "desired", "uat")


@pytest.fixture(scope="module")
def steps(workflow):
    return workflow["jobs"]["deploy"]["steps"]


def test_it_names_what_uat_declares(workflow, uat):
    names = workflow["env"]
    assert names["REGION"] == uat.environment.region
    assert names["ROLE"] == f"arn:aws:iam::{uat.environment.account}:role/muvi-uat-github"
    for address in (
        "iam.role/muvi-uat-github",
        f"ecs.cluster/{names['CLUSTER']}",
        f"ecs.service/{names['SERVICE']}",
        f"ecr.repository/{names['REPOSITORY']}",
    ):
        assert address in uat.resources


def test_it_keeps_no_key_and_is_of_the_environment_that_the_role_trusts(workflow, uat):
    assert workflow["permissions"] == {"contents": "read", "id-token": "write"}
    assert "secrets." not in FILE.read_text()
    trust = str(uat.resources["iam.role/muvi-uat-github"].properties["AssumeRolePolicyDocument"])
    assert f":environment:{workflow['jobs']['deploy']['environment']}'" in trust


def test_the_new_image_goes_into_the_revision_that_runs(steps):
    fetch = next(each for each in steps if each.get("name", "").startswith("Fetch"))
    assert "describe-services" in fetch["run"]
    assert '--task-definition "$running"' in fetch["run"]
    render, deploy = steps[-2:]
    assert render["with"]["image"] == "${{ steps.image.outputs.name }}"
    assert deploy["with"]["task-definition"] == "${{ steps.revision.outputs.task-definition }}"
    assert deploy["with"]["wait-for-service-stability"] == "true"


def test_two_deployments_never_run_at_a_time(workflow):
    assert workflow["concurrency"]
