"""What pipelines, their builds and connections send, and what they leave to others."""

import json
from types import SimpleNamespace

import pytest
from moto.codepipeline.models import codepipeline_backends

from reconciler.errors import Denied
from reconciler.model import Action, Desired, Found, Status
from reconciler.registry import handler
from reconciler.report.secrets import Masker
from reconciler.result import Fate
from reconciler.sandbox.codeconnections import connections
from reconciler.sandbox.people import people
from resources.codebuild.project import Project
from resources.codeconnections.connection import Connection
from resources.codepipeline.pipeline import Pipeline
from tests.conftest import ACCOUNT, REGION
from tests.handlers import steps
from tests.living import actions, failures, loaded, run, written

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "codepipeline.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
NAMES = ["Source", "Approval", "Build", "AzureBlob", "Deploy"]
KINDS = {
    "Source": ("Source", "CodeStarSourceConnection"),
    "Approval": ("Approval", "Manual"),
    "Build": ("Build", "CodeBuild"),
    "AzureBlob": ("Invoke", "Lambda"),
    "Deploy": ("Deploy", "ECS"),
}
ARN = f"arn:aws:codeconnections:{REGION}:{ACCOUNT}:connection/1"


def stage(name, **more):
    category, provider = KINDS[name]
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "actions": [{"name": name, "actionTypeId": kind, **more}]}


def bare(names=NAMES):
    """What a report states of a pipeline: its stages, their order, and who acts in them."""
    return [stage(name) for name in names]


def full(names=NAMES):
    """The same with what AWS knows besides."""
    more = {
        "Source": {"configuration": {"ConnectionArn": ARN, "BranchName": "main"}},
        "Deploy": {"configuration": {"ClusterName": "Production"}, "runOrder": 3},
    }
    return [stage(name, namespace=f"{name}Variables", **more.get(name, {})) for name in names]


@pytest.fixture
def pipelines(aws):
    return Pipeline(aws, REGION)


@pytest.fixture
def role(aws):
    iam = aws.client("iam", REGION)
    document = json.dumps(TRUST)
    return iam.create_role(RoleName="it", AssumeRolePolicyDocument=document)["Role"]["Arn"]


@pytest.fixture
def make(pipelines, role):
    """A pipeline of these stages that stands in AWS."""

    def make(stages, **more):
        store = {"type": "S3", "location": "muvi-artifacts"}
        pipeline = {"name": "it", "roleArn": role, "artifactStore": store, "stages": stages}
        return pipelines.create(Desired({**pipeline, **more}))

    return make


@pytest.fixture
def sent(aws):
    return steps.sent(aws.client("codepipeline", REGION))


def shown(pipelines):
    return [each["name"] for each in steps.look(pipelines, "it")["stages"]]


def test_a_gate_that_is_missing_is_put_before_the_build_in_one_write(pipelines, make, sent):
    make(full([name for name in NAMES if name != "Approval"]))
    sent.clear()
    assert steps.update(pipelines, "it", {"name": "it", "stages": bare()}) == ()
    assert shown(pipelines) == NAMES
    assert [operation for operation, _ in sent] == ["UpdatePipeline"]


def test_an_update_sends_all_of_it_and_nothing_that_aws_makes(pipelines, make, sent):
    make(full(), variables=[{"name": "reason", "defaultValue": "a push"}], pipelineType="V2")
    sent.clear()
    steps.update(pipelines, "it", {"name": "it", "executionMode": "QUEUED"})
    ((_, request),) = sent
    assert request["pipeline"]["executionMode"] == "QUEUED"
    assert request["pipeline"]["variables"][0]["name"] == "reason"
    assert request["pipeline"]["stages"][-1]["actions"][0]["runOrder"] == 3
    assert "pipelineArn" not in request["pipeline"]


def test_of_two_kinds_of_store_the_one_that_is_asked_for_is_sent(pipelines, make, sent):
    make(full())
    sent.clear()
    several = {REGION: {"type": "S3", "location": "muvi-artifacts"}}
    steps.update(pipelines, "it", {"name": "it", "artifactStores": several})
    assert {"artifactStore", "artifactStores"} & sent[0][1]["pipeline"].keys() == {"artifactStores"}


@pytest.mark.parametrize("status", ["InProgress", "Stopping"])
def test_what_runs_is_not_cut_short(pipelines, make, aws, status):
    make(full())
    client = aws.client("codepipeline", REGION)
    execution = client.start_pipeline_execution(name="it")["pipelineExecutionId"]
    pipeline = codepipeline_backends[ACCOUNT][REGION].pipelines["it"]
    pipeline.executions[execution].status = status
    with pytest.raises(Denied, match=rf"{execution} is running.*approve or reject"):
        steps.update(pipelines, "it", {"name": "it", "executionMode": "QUEUED"})
    assert pipeline.pipeline["version"] == 1
    pipeline.executions[execution].status = "Succeeded"
    assert steps.update(pipelines, "it", {"name": "it", "executionMode": "QUEUED"}) == ()


def test_a_secret_that_nobody_sees_is_not_lost(pipelines, make):
    masked = {"OAuthToken": "****", "Branch": "main"}
    make([stage("Source", configuration=masked), *full()[1:]])
    kept = [stage("Source"), stage("Build"), stage("Deploy", runOrder=4)]
    assert steps.update(pipelines, "it", {"name": "it", "stages": kept}) == ()
    other = [stage("Source", configuration={"Branch": "next"}), *kept[1:]]
    with pytest.raises(Denied, match="Source/Source holds a secret"):
        steps.update(pipelines, "it", {"name": "it", "stages": other})


@pytest.mark.parametrize("service", ["codeconnections", "codestar-connections"])
def test_both_arns_of_a_connection_are_one(pipelines, service):
    desired = Desired({"name": "it", "stages": full()})
    (path, bounds), *others = pipelines.within(desired, lambda _: ()).items()
    assert path == "stages[Source].actions[Source].configuration.ConnectionArn"
    assert others == []
    theirs = ARN.replace("codeconnections", service)
    assert bounds.settle(theirs, ARN) == theirs
    assert bounds.settle(ARN.replace("/1", "/2"), ARN) == ARN


def production(folder, stages, role):
    environment = {"account": ACCOUNT, "region": REGION, "lists": "at_least"}
    initial = {"roleArn": role, "artifactStore": {"type": "S3", "location": "muvi-artifacts"}}
    it = {"codepipeline.pipeline": {"it": {"$initial": initial, "stages": stages}}}
    return loaded(written(folder, environment, it=it))


def plan(declared, aws):
    return run(declared, aws, dry=True, only=("codepipeline.pipeline",))[1]


def theirs():
    stages = full()
    more = {"category": "Invoke", "owner": "AWS", "provider": "Lambda", "version": "1"}
    stages[-1]["actions"].append({"name": "Tell", "actionTypeId": more})
    return [*stages[:3], {"name": "Tests", "actions": stages[2]["actions"]}, *stages[3:]]


def test_where_lists_are_at_least_the_stages_and_their_order_are_all_that_is_wanted(
    aws, tmp_path, make, role
):
    make(theirs())
    found = actions(plan(production(tmp_path, bare(), role), aws))
    assert found == {"codepipeline.pipeline/it": Action.ADOPT}


@pytest.mark.parametrize(
    ("names", "path"),
    [
        (["Source", "Build", "AzureBlob", "Deploy"], "stages[Approval]"),
        (["Source", "Build", "Approval", "AzureBlob", "Deploy"], "stages[]"),
    ],
)
def test_a_gate_that_is_gone_or_comes_too_late_is_drift(aws, tmp_path, make, role, names, path):
    make(full(names))
    result = plan(production(tmp_path, bare(), role), aws)
    (decision,) = [each for each in result.decisions if each.type == "codepipeline.pipeline"]
    assert path in {each.path for each in decision.diff}


def test_what_an_action_is_told_is_hidden_where_it_may_be_secret():
    decision = SimpleNamespace(
        address="codepipeline.pipeline/it", secret=handler("codepipeline.pipeline").secret
    )
    assert {each.rpartition(".")[2] for each in decision.secret} == {
        "EnvironmentVariables",
        "OAuthToken",
        "UserParameters",
        "defaultValue",
        "value",
    }


# Builds


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


def test_variables_of_a_build_are_never_learned_by_anybody():
    masker = Masker(b"salt")
    masker.learn("it", Project, BUILD, {})
    assert "hunter2" not in masker.scrub("it", "AWS says hunter2")


# Connections


def first_day(folder):
    environment = {"account": ACCOUNT, "region": REGION, "lists": "exact"}
    it = {
        "codeconnections.connection": {"muvi-github": {"ProviderType": "GitHub"}},
        "iam.role": {"pipelines": {"AssumeRolePolicyDocument": TRUST}},
        "codepipeline.pipeline": {
            "it": {
                "roleArn": "${iam.role/pipelines.Arn}",
                "artifactStore": {"type": "S3", "location": "muvi-artifacts"},
                "stages": [
                    stage(
                        "Source",
                        configuration={
                            "ConnectionArn": "${codeconnections.connection/muvi-github."
                            "ConnectionArn}",
                            "FullRepositoryId": "muvi/web",
                            "BranchName": "main",
                        },
                    ),
                    stage("Approval"),
                ],
            }
        },
    }
    return loaded(written(folder, environment, it=it))


def test_a_pipeline_waits_until_a_person_has_let_aws_in(aws, tmp_path, monkeypatch):
    monkeypatch.setattr(people, "absent", True)
    types = ("codepipeline.pipeline", "codeconnections.connection", "iam.role")
    result = run(first_day(tmp_path), aws, only=types)[1]
    outcomes = {address: each.fate for address, each in result.outcomes.items()}
    assert outcomes == {
        "iam.role/pipelines": Fate.DONE,
        "codeconnections.connection/muvi-github": Fate.WAITING,
        "codepipeline.pipeline/it": Fate.WAITING,
    }
    (wait,) = result.outcomes["codeconnections.connection/muvi-github"].waits
    (arn,) = connections[ACCOUNT][REGION].connections
    assert wait.who == "an owner of the GitHub organisation"
    console = f"https://{REGION}.console.aws.amazon.com/codesuite/settings/{ACCOUNT}/{REGION}"
    assert f"{console}/codeconnections/connections/{arn.rpartition('/')[2]}" in wait.what

    connections[ACCOUNT][REGION].shake_hands(arn)
    again = run(first_day(tmp_path), aws, only=types)[1]
    assert failures(again) == {}
    assert actions(run(first_day(tmp_path), aws, dry=True, only=types)[1]) == {}


def test_a_connection_that_broke_waits_for_people_and_is_not_made_again(aws):
    handler = Connection(aws, REGION)
    arn = handler.create(Desired({"ConnectionName": "it", "ProviderType": "GitHub"}))
    connections[ACCOUNT][REGION].connections[arn]["ConnectionStatus"] = "ERROR"
    observed = steps.look(handler, arn)
    assert observed.status is Status.WAITING
    assert "connect it anew" in observed.waits[0].what


def test_what_was_made_under_the_former_name_is_found_once(aws):
    former = aws.client("codestar-connections", REGION)
    arn = former.create_connection(ConnectionName="it", ProviderType="GitHub")["ConnectionArn"]
    assert [each.id for each in Connection(aws, REGION).listed()] == [arn]


def test_a_connection_that_is_gone_while_it_is_looked_at_is_gone(aws):
    shown = {"ConnectionName": "it", "ConnectionArn": ARN, "ConnectionStatus": "AVAILABLE"}
    assert Connection(aws, REGION).get(Found(ARN, shown), set()) is None


def test_nobody_asks_for_connections_where_there_are_none(aws, tmp_path):
    environment = {"account": ACCOUNT, "region": "me-central-1", "regions": {"edge": "us-east-1"}}
    declared = loaded(written(tmp_path, environment, it={"sns.topic": {"it": {}}}))
    result = run(declared, aws, dry=True)[1]
    unread = [each for each in result.coverage.unread if "connection" in str(each)]
    assert unread == []
    assert result.calls["codeconnections"] == 1
