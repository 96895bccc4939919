"""Written from the CodeBuild API reference: what a project keeps, and what an update replaces."""

import pytest
from botocore.exceptions import ClientError

from tests.conftest import ACCOUNT, REGION

PROJECT = {
    "name": "web",
    "serviceRole": f"arn:aws:iam::{ACCOUNT}:role/builds",
    "source": {"type": "CODEPIPELINE"},
    "artifacts": {"type": "CODEPIPELINE"},
    "environment": {
        "type": "LINUX_CONTAINER",
        "image": "aws/codebuild/standard:7.0",
        "computeType": "BUILD_GENERAL1_SMALL",
        "environmentVariables": [{"name": "STAGE", "value": "uat"}],
    },
    "tags": [{"key": "owner", "value": "muvi"}],
}
MORE = {
    "description": "Builds",
    "concurrentBuildLimit": 2,
    "encryptionKey": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1",
    "vpcConfig": {"vpcId": "vpc-1", "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]},
}


@pytest.fixture
def builds(moto):
    return moto("codebuild", REGION)


def shown(builds):
    return builds.batch_get_projects(names=["web"])["projects"][0]


# https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html
def test_what_builds_for_pipelines_has_no_location_and_all_of_it_stays(builds):
    builds.create_project(**PROJECT, **MORE, badgeEnabled=True)
    known = shown(builds)
    assert {name: known[name] for name in MORE} == MORE
    assert known["badge"]["badgeEnabled"]
    assert known["timeoutInMinutes"] == 60
    assert known["environment"]["environmentVariables"][0]["type"] == "PLAINTEXT"


# https://docs.aws.amazon.com/codebuild/latest/APIReference/API_UpdateProject.html
def test_an_update_replaces_what_it_names_and_empty_takes_away(builds):
    builds.create_project(**PROJECT, **MORE)
    empty = {"description": "", "concurrentBuildLimit": -1, "vpcConfig": {}}
    builds.update_project(name="web", sourceVersion="main", **empty, tags=PROJECT["tags"])
    known = shown(builds)
    assert known["sourceVersion"] == "main"
    assert empty.keys() & known.keys() == set()
    assert (known["encryptionKey"], known["tags"]) == (MORE["encryptionKey"], PROJECT["tags"])


def test_an_update_without_tags_takes_them_away(builds):
    builds.create_project(**PROJECT)
    builds.update_project(name="web", description="Builds")
    assert shown(builds)["tags"] == []


def test_what_is_not_there_is_not_updated(builds):
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        builds.update_project(name="web", description="Builds")


@pytest.mark.parametrize(
    "wrong",
    [
        {"artifacts": {"type": "NO_ARTIFACTS"}},
        {"source": {"type": "NO_SOURCE"}, "artifacts": {"type": "NO_ARTIFACTS"}},
        {"source": {"type": "GITHUB"}, "artifacts": {"type": "NO_ARTIFACTS"}},
    ],
)
def test_what_does_not_fit_is_refused_at_birth_and_later(builds, wrong):
    builds.create_project(**PROJECT)
    with pytest.raises(ClientError, match="InvalidInputException"):
        builds.create_project(**{**PROJECT, **wrong, "name": "other"})
    with pytest.raises(ClientError, match="InvalidInputException"):
        builds.update_project(name="web", **wrong)
