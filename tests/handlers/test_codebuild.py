"""What build projects send, keep and hide."""

import pytest

from reconciler.model import Desired
from resources.codebuild.project import Project
from tests.conftest import ACCOUNT, REGION
from tests.handlers import steps
from tests.living import loaded, run, written

BUILD = {
    "name": "web",
    "serviceRole": f"arn:aws:iam::{ACCOUNT}:role/builds",
    "source": {"type": "CODEPIPELINE", "buildspec": "buildspec.yml"},
    "artifacts": {"type": "CODEPIPELINE"},
    "environment": {
        "type": "LINUX_CONTAINER",
        "image": "aws/codebuild/standard:7.0",
        "computeType": "BUILD_GENERAL1_SMALL",
        "environmentVariables": [{"name": "TOKEN", "value": "hunter2", "type": "PLAINTEXT"}],
    },
    "description": "Builds",
    "vpcConfig": {"vpcId": "vpc-1", "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]},
    "concurrentBuildLimit": 2,
}


@pytest.fixture
def projects(aws):
    return Project(aws, REGION)


def test_an_update_of_a_project_keeps_its_tags_and_sends_structures_whole(projects, aws):
    projects.create(Desired(BUILD, {"owner": "muvi"}))
    sent = steps.sent(aws.client("codebuild", REGION))
    wanted = {**BUILD, "environment": {"image": "aws/codebuild/standard:8.0"}}
    assert steps.update(projects, "web", wanted) == ()
    ((_, request),) = sent
    assert request["environment"]["environmentVariables"][0]["value"] == "hunter2"
    assert request.keys() == {"name", "environment", "tags"}
    assert steps.look(projects, "web").tags == {"owner": "muvi"}


def test_null_takes_away_what_a_project_has(projects):
    projects.create(Desired(BUILD))
    gone = dict.fromkeys(["description", "vpcConfig", "concurrentBuildLimit", "cache"])
    assert steps.update(projects, "web", {"name": "web", **gone}) == ()
    assert gone.keys() & steps.look(projects, "web").properties.keys() == {"cache"}


def test_projects_are_read_a_hundred_at_a_time(projects, aws):
    for number in range(101):
        projects.create(Desired({**BUILD, "name": f"web-{number}"}))
    client = aws.client("codebuild", REGION)
    asked = steps.sent(client, "BatchGetProjects")
    assert len(list(projects.listed())) == 101
    assert [len(request["names"]) for _, request in asked] == [100, 1]


def test_what_a_variable_of_a_build_holds_is_shown_to_nobody(projects, aws, tmp_path):
    projects.create(Desired(BUILD))
    variables = [{"name": "TOKEN", "value": "declared", "type": "PLAINTEXT"}]
    initial = {name: BUILD[name] for name in ("source", "artifacts", "serviceRole")}
    wanted = {"$initial": initial, "environment": {"environmentVariables": variables}}
    environment = {"account": ACCOUNT, "region": REGION, "lists": "at_least"}
    declared = loaded(written(tmp_path, environment, it={"codebuild.project": {"web": wanted}}))
    result = run(declared, aws, dry=True, only=("codebuild.project",))[1]
    change, *_tags = steps.shown(result, "codebuild.project/web")
    assert change.path == "environment.environmentVariables[TOKEN].value"
    assert change.before != change.after
    assert change.before.startswith("‹hidden")
    assert change.after.startswith("‹hidden")
