"""CodePipeline: moto takes pipelines that AWS refuses, and does not say what AWS fills in.

https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.codepipeline.exceptions import InvalidStructureException
from moto.codepipeline.models import CodePipeline, CodePipelineBackend
from moto.core.exceptions import JsonRESTError
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.principals import principals, statements

PRINCIPAL = "codepipeline.amazonaws.com"
FILLED_IN = {"executionMode": "SUPERSEDED", "pipelineType": "V1"}


@corrects(CodePipelineBackend, "create_pipeline")
def create_pipeline(original: Method, self: Any, pipeline: dict[str, Any], tags: Any) -> Any:
    """Moto stumbles over trust in several services, and names a name in use otherwise.
    API_CreatePipeline.html"""
    name = pipeline["name"]
    if name in self.pipelines:
        what = f"A pipeline with the name '{name}' already exists in account '{self.account_id}'"
        raise JsonRESTError("PipelineNameInUseException", what)
    _refuse(self, pipeline)
    made = self.pipelines[name] = CodePipeline(self.account_id, self.region_name, pipeline)
    made.validate_tags(tags or [])
    made.tags.update({tag["key"]: tag["value"] for tag in tags or []})
    return made.pipeline, tags or []


@corrects(CodePipelineBackend, "update_pipeline")
def update_pipeline(original: Method, self: Any, pipeline: dict[str, Any]) -> Any:
    """Moto takes any structure. API_UpdatePipeline.html"""
    _refuse(self, pipeline)
    return original(self, pipeline)


@corrects(CodePipeline, "add_default_values")
def add_default_values(original: Method, self: Any, pipeline: dict[str, Any]) -> Any:
    """Moto says nothing of type and mode if it was not told. API_PipelineDeclaration.html"""
    return {**FILLED_IN, **original(self, pipeline)}


def _refuse(backend: Any, pipeline: dict[str, Any]) -> None:
    if not _trusted(backend, pipeline["roleArn"]):
        raise InvalidStructureException(
            f"CodePipeline is not authorized to perform AssumeRole on role {pipeline['roleArn']}"
        )
    for what in _wrong(pipeline):
        raise InvalidStructureException(what)


def _trusted(backend: Any, arn: str) -> bool:
    try:
        role = iam_backends[backend.account_id][backend.partition].get_role_by_arn(arn)
    except NotFoundException:
        return False
    trusting = statements(role.assume_role_policy_document)
    return any(PRINCIPAL in principals(each, "Service") for each in trusting)


def _wrong(pipeline: dict[str, Any]) -> Iterator[str]:
    stages = pipeline["stages"]
    if len(stages) < 2:
        yield (
            f"Pipeline has only {len(stages)} stage(s). There should be a minimum of 2 stages in "
            "a pipeline"
        )
    if ("artifactStore" in pipeline) is ("artifactStores" in pipeline):
        yield "Specify either artifactStore or artifactStores"
    if len({each["name"] for each in stages}) < len(stages):
        yield "Stage names must be unique within a pipeline"
    for number, stage in enumerate(stages):
        sources = {each["actionTypeId"]["category"] == "Source" for each in stage["actions"]}
        if sources != {number == 0}:
            yield "The first stage, and no other, must contain source actions only"
        if len({each["name"] for each in stage["actions"]}) < len(stage["actions"]):
            yield "Action names must be unique within a stage"
    yield from _artifacts(stages)


def _artifacts(stages: list[Any]) -> Iterator[str]:
    made: set[str] = set()
    actions = (
        each
        for stage in stages
        for each in sorted(stage["actions"], key=lambda action: action.get("runOrder") or 1)
    )
    for action in actions:
        for each in action.get("inputArtifacts") or ():
            if each["name"] not in made:
                yield (
                    f"Input Artifact Bundle {each['name']} in action {action['name']} is not "
                    "declared as Output Artifact Bundle in any of the preceding actions"
                )
        for each in action.get("outputArtifacts") or ():
            if each["name"] in made:
                yield f"Output Artifact Bundle name {each['name']} has been used more than once"
            made.add(each["name"])
