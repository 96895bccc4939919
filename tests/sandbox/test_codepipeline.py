"""Written from the CodePipeline API reference and its page about the structure of pipelines."""

import copy
import json

import pytest
from botocore.exceptions import ClientError

from tests.conftest import REGION

SERVICE = "codepipeline.amazonaws.com"


def action(name, category, provider, **more):
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "actionTypeId": kind, **more}


STAGES = [
    {
        "name": "Source",
        "actions": [action("Code", "Source", "S3", outputArtifacts=[{"name": "a"}])],
    },
    {
        "name": "Build",
        "actions": [action("B", "Build", "CodeBuild", inputArtifacts=[{"name": "a"}])],
    },
]


@pytest.fixture
def pipelines(moto):
    return moto("codepipeline", REGION)


def role(moto, services):
    trust = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    return moto("iam").create_role(RoleName="it", AssumeRolePolicyDocument=document)["Role"]["Arn"]


def declared(arn):
    store = {"type": "S3", "location": "muvi-artifacts"}
    stages = copy.deepcopy(STAGES)
    return {"name": "it", "roleArn": arn, "artifactStore": store, "stages": stages}


@pytest.fixture
def whole(moto):
    return declared(role(moto, SERVICE))


# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_CreatePipeline.html
def test_a_role_may_be_trusted_by_several_services_and_tags_stay(moto, pipelines):
    whole = declared(role(moto, ["codebuild.amazonaws.com", SERVICE]))
    pipelines.create_pipeline(pipeline=whole, tags=[{"key": "owner", "value": "muvi"}])
    arn = pipelines.get_pipeline(name="it")["metadata"]["pipelineArn"]
    listed = pipelines.list_tags_for_resource(resourceArn=arn)["tags"]
    assert listed == [{"key": "owner", "value": "muvi"}]


def test_a_name_that_is_taken_is_refused_by_its_own_code(pipelines, whole):
    pipelines.create_pipeline(pipeline=whole)
    with pytest.raises(ClientError, match=r"PipelineNameInUseException.*already exists"):
        pipelines.create_pipeline(pipeline=whole)


# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineDeclaration.html
def test_type_and_mode_are_always_shown(pipelines, whole):
    pipelines.create_pipeline(pipeline=whole)
    shown = pipelines.get_pipeline(name="it")["pipeline"]
    assert (shown["pipelineType"], shown["executionMode"]) == ("V1", "SUPERSEDED")


def _backwards(stages):
    stages.reverse()


def _source_later(stages):
    stages[1]["actions"].append(action("More", "Source", "S3"))


def _twice(stages):
    stages[1]["name"] = "Source"


def _same_action(stages):
    stages[1]["actions"].append(action("B", "Approval", "Manual"))


def _unmade(stages):
    stages[1]["actions"][0]["inputArtifacts"] = [{"name": "b"}]


def _made_twice(stages):
    stages[1]["actions"][0]["outputArtifacts"] = [{"name": "a"}]


BREAKS = [_backwards, _source_later, _twice, _same_action, _unmade, _made_twice]


# https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
@pytest.mark.parametrize("breaks", BREAKS)
def test_a_structure_that_does_not_fit_is_refused_at_birth_and_later(pipelines, whole, breaks):
    wrong = copy.deepcopy(whole)
    breaks(wrong["stages"])
    pipelines.create_pipeline(pipeline=whole)
    for call, name in ((pipelines.create_pipeline, "other"), (pipelines.update_pipeline, "it")):
        with pytest.raises(ClientError, match="InvalidStructureException"):
            call(pipeline={**wrong, "name": name})


@pytest.mark.parametrize(
    "stores", [{}, {"artifactStores": {REGION: {"type": "S3", "location": "b-1"}}}]
)
def test_there_is_one_kind_of_store(pipelines, whole, stores):
    store = whole.pop("artifactStore")
    given = {"artifactStore": store, **stores} if stores else {}
    with pytest.raises(ClientError, match="InvalidStructureException"):
        pipelines.create_pipeline(pipeline={**whole, **given})
