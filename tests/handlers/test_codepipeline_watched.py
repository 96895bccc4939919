"""A pipeline of which little is known: its stages by name, their order, and who acts in them.

All else stands under `$initial`, for a creation."""

import json

import pytest
from moto.codepipeline.models import codepipeline_backends

from reconciler.model import Action
from tests.conftest import ACCOUNT, REGION
from tests.handlers import steps
from tests.handlers.pipelines import NAMES, TRUST, full, stage
from tests.living import actions, failures, loaded, run, written

IT = "codepipeline.pipeline/Production-Gateway"
TYPES = ("codepipeline.pipeline", "codeconnections.connection", "iam.role", "s3.bucket")
BUCKET = f"codepipeline-{REGION}-288456816626"
NEEDS = {
    "iam.role": {"pipelines": {"AssumeRolePolicyDocument": TRUST}},
    "s3.bucket": {BUCKET: {}},
    "codeconnections.connection": {"muvi-github": {"ProviderType": "GitHub"}},
}
INITIAL = {
    "roleArn": "${iam.role/pipelines.Arn}",
    "artifactStore": {"type": "S3", "location": f"${{s3.bucket/{BUCKET}.Bucket}}"},
}
CODE, IMAGE = [{"name": "code"}], [{"name": "image"}]
BEGINNINGS = {
    "Source": {
        "configuration": {
            "ConnectionArn": "${codeconnections.connection/muvi-github.ConnectionArn}",
            "FullRepositoryId": "muvi/gateway",
            "BranchName": "main",
        },
        "outputArtifacts": CODE,
    },
    "Build": {
        "configuration": {"ProjectName": "gateway"},
        "inputArtifacts": CODE,
        "outputArtifacts": IMAGE,
    },
    "AzureBlob": {"configuration": {"FunctionName": "S3_to_Blob"}, "inputArtifacts": IMAGE},
    "Deploy": {
        "configuration": {"ClusterName": "Production", "ServiceName": "gateway"},
        "inputArtifacts": IMAGE,
    },
}


def stated(name):
    """One stage, as production's YAML writes it."""
    whole = stage(name, **({"$initial": BEGINNINGS[name]} if name in BEGINNINGS else {}))
    kind = whole["actions"][0]["actionTypeId"]
    kind["$initial"] = {"version": kind.pop("version")}
    return whole


@pytest.fixture
def declared(tmp_path):
    environment = {"account": ACCOUNT, "region": REGION, "lists": "at_least"}
    pipeline = {"$initial": INITIAL, "stages": [stated(name) for name in NAMES]}
    it = {**NEEDS, "codepipeline.pipeline": {"Production-Gateway": pipeline}}
    return loaded(written(tmp_path, environment, it=it))


@pytest.fixture
def client(aws):
    return aws.client("codepipeline", REGION)


@pytest.fixture
def theirs(aws, client):
    """A pipeline that people made: these stages, with what they put between and beside them."""

    def theirs(names=NAMES):
        document = json.dumps(TRUST)
        made = aws.client("iam", REGION).create_role(
            RoleName="theirs", AssumeRolePolicyDocument=document
        )
        stages = full(names)
        stages[-1]["actions"].append({**stage("AzureBlob")["actions"][0], "name": "Tell"})
        gate = {**stage("Approval"), "name": "Security"}
        client.create_pipeline(
            pipeline={
                "name": "Production-Gateway",
                "roleArn": made["Role"]["Arn"],
                "artifactStore": {"type": "S3", "location": "theirs"},
                "pipelineType": "V2",
                "executionMode": "QUEUED",
                "variables": [{"name": "reason", "defaultValue": "a push"}],
                "stages": [*stages[:-1], gate, stages[-1]],
            }
        )
        return client.get_pipeline(name="Production-Gateway")["pipeline"]

    return theirs


def start(client):
    """An execution that waits for its approval."""
    execution = client.start_pipeline_execution(name="Production-Gateway")["pipelineExecutionId"]
    pipeline = codepipeline_backends[ACCOUNT][REGION].pipelines["Production-Gateway"]
    pipeline.executions[execution].status = "InProgress"
    return execution


def plan(declared, aws):
    return run(declared, aws, dry=True, only=TYPES)[1]


def drift(declared, aws):
    paths = [each.path for each in steps.shown(plan(declared, aws), IT)]
    return [each for each in paths if not each.startswith("tags.")]


def named(client):
    stages = client.get_pipeline(name="Production-Gateway")["pipeline"]["stages"]
    return {each["name"]: [action["name"] for action in each["actions"]] for each in stages}


def test_a_richer_pipeline_is_taken_over_as_it_stands(aws, client, declared, theirs):
    before = theirs()
    start(client)
    sent = steps.sent(client)
    result = run(declared, aws, only=TYPES)[1]
    assert failures(result) == {}
    assert drift(declared, aws) == []
    assert [operation for operation, _ in sent] == ["TagResource"]
    assert client.get_pipeline(name="Production-Gateway")["pipeline"] == before
    assert actions(plan(declared, aws)) == {}


def test_what_would_be_changed_while_it_runs_fails_and_says_what_to_do(
    aws, client, declared, theirs
):
    theirs([name for name in NAMES if name != "Approval"])
    execution = start(client)
    failed = failures(run(declared, aws, only=TYPES)[1])
    assert failed.keys() == {IT}
    assert f"execution {execution} is running" in failed[IT]
    assert "Approval" not in named(client)


@pytest.mark.parametrize(
    ("names", "path"),
    [
        (["Source", "Build", "AzureBlob", "Deploy"], "stages[Approval]"),
        (["Source", "Build", "Approval", "AzureBlob", "Deploy"], "stages[]"),
    ],
)
def test_a_gate_that_is_gone_or_comes_too_late_is_drift(aws, client, declared, theirs, names, path):
    theirs(names)
    assert path in drift(declared, aws)
    assert failures(run(declared, aws, only=TYPES)[1]) == {}
    once = {name: [name] for name in NAMES[:-1]}
    assert named(client) == {**once, "Security": ["Approval"], "Deploy": ["Deploy", "Tell"]}
    assert list(named(client)) == [*NAMES[:-1], "Security", "Deploy"]


def test_another_who_acts_is_drift(aws, client, declared, theirs):
    pipeline = theirs()
    pipeline["stages"][2]["actions"][0]["actionTypeId"]["provider"] = "Jenkins"
    client.update_pipeline(pipeline=pipeline)
    assert drift(declared, aws) == ["stages[Build].actions[Build].actionTypeId.provider"]


def test_what_is_not_there_is_made_whole_and_then_left_to_people(aws, client, declared):
    assert failures(run(declared, aws, only=TYPES)[1]) == {}
    made = client.get_pipeline(name="Production-Gateway")["pipeline"]
    assert made["roleArn"].endswith(":role/pipelines")
    assert made["artifactStore"] == {"type": "S3", "location": BUCKET}
    code, _, build, *_ = (each["actions"][0] for each in made["stages"])
    assert build["configuration"] == {"ProjectName": "gateway"}
    assert build["actionTypeId"]["version"] == "1"
    assert code["configuration"]["ConnectionArn"].startswith("arn:aws:")
    assert actions(plan(declared, aws)) == {}

    build["configuration"] = {"ProjectName": "gateway-2"}
    made["artifactStore"]["location"] = "theirs"
    client.update_pipeline(pipeline=made)
    assert actions(plan(declared, aws)) == {}


def test_nothing_that_is_there_is_made_again(aws, declared, theirs):
    theirs()
    assert actions(plan(declared, aws))[IT] is Action.ADOPT


TOLD = {
    "Source": {"BranchName": "main"},
    "Build": {"EnvironmentVariables": '[{"name": "TOKEN", "value": "hunter2"}]'},
    "AzureBlob": {"UserParameters": "hunter2"},
    "Deploy": {"ParameterOverrides": '{"Password": "hunter2"}'},
}


def test_what_an_action_is_told_is_shown_to_nobody(aws, client, theirs, tmp_path):
    pipeline = theirs()
    wanted = [stated(name) for name in TOLD]
    by_name = {each["name"]: each["actions"][0] for each in pipeline["stages"]}
    for name, told in TOLD.items():
        by_name[name]["configuration"] = told
        ((what, value),) = told.items()
        stage_wanted = next(each for each in wanted if each["name"] == name)
        stage_wanted["actions"][0]["configuration"] = {what: f"{value}, too"}
    client.update_pipeline(pipeline=pipeline)
    environment = {"account": ACCOUNT, "region": REGION, "lists": "at_least"}
    it = {"Production-Gateway": {"$initial": INITIAL, "stages": wanted}}
    files = {**NEEDS, "codepipeline.pipeline": it}
    diff = steps.shown(plan(loaded(written(tmp_path, environment, it=files)), aws), IT)
    shown = {each.path.rpartition(".")[2]: (each.before, each.after) for each in diff}
    assert shown["BranchName"] == ("main", "main, too")
    assert "hunter2" not in str(diff)
    for name in ("EnvironmentVariables", "ParameterOverrides", "UserParameters"):
        before, after = shown[name]
        assert before != after
        assert before.startswith("‹hidden")
