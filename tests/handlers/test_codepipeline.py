"""What pipelines send, and what they leave to others."""

import json

import pytest
from moto.codepipeline.models import codepipeline_backends

from reconciler.errors import Denied
from reconciler.model import Desired
from resources.codepipeline.pipeline import Pipeline
from tests.conftest import ACCOUNT, REGION
from tests.handlers import steps
from tests.handlers.pipelines import ARN, NAMES, TRUST, bare, full, stage


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
