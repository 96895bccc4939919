"""CodeBuild: moto refuses what pipelines build, forgets settings, and changes no project."""

from __future__ import annotations

import re
from typing import Any

from moto.codebuild.exceptions import (
    InvalidInputException,
    ResourceAlreadyExistsException,
    ResourceNotFoundException,
)
from moto.codebuild.models import CodeBuild
from moto.codebuild.responses import CodeBuildResponse
from moto.core.responses import ActionResult

from reconciler.sandbox.corrections import Method, corrects

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,149}")
PIPELINE = "CODEPIPELINE"
NOWHERE = {PIPELINE, "NO_SOURCE"}
GIVEN = (
    *("description", "source", "secondarySources", "sourceVersion", "secondarySourceVersions"),
    *("artifacts", "secondaryArtifacts", "cache", "environment", "serviceRole", "tags"),
    *("timeoutInMinutes", "queuedTimeoutInMinutes", "encryptionKey", "vpcConfig", "logsConfig"),
    *("fileSystemLocations", "buildBatchConfig", "concurrentBuildLimit", "autoRetryLimit"),
)
FILLED_IN = {"cache": {"type": "NO_CACHE"}, "timeoutInMinutes": 60, "queuedTimeoutInMinutes": 480}


@corrects(CodeBuildResponse, "create_project")
def create_project(original: Method, self: Any) -> Any:
    """Moto refuses the sources and artifacts of pipelines, and forgets half of the settings.
    API_CreateProject.html"""
    name, known = self._get_param("name"), self.codebuild_backend.codebuild_projects
    if name in known:
        raise ResourceAlreadyExistsException(f"Project already exists: {known[name].arn}")
    given = _given(self)
    _refuse(name, given)
    made = CodeBuild(
        self.current_account,
        self.region,
        project_name=name,
        description=given.get("description"),
        project_source=given["source"],
        artifacts=given["artifacts"],
        environment=given["environment"],
        serviceRole=given["serviceRole"],
    )
    known[name] = made
    self.codebuild_backend.build_history[name] = []
    _write(made, {**FILLED_IN, **given}, self._get_param("badgeEnabled"))
    return ActionResult({"project": made.project_metadata})


@corrects(CodeBuildResponse, "update_project")
def update_project(original: Method, self: Any) -> Any:
    """Moto lacks it. What is named is replaced whole, empty takes away. API_UpdateProject.html"""
    name, known = self._get_param("name"), self.codebuild_backend.codebuild_projects
    if name not in known:
        raise ResourceNotFoundException(f"Project cannot be found: {name}")
    # Tags that are not sent are gone.
    given = {"tags": [], **_given(self)}
    _refuse(name, {**known[name].project_metadata, **given})
    _write(known[name], given, self._get_param("badgeEnabled"))
    return ActionResult({"project": known[name].project_metadata})


def _given(response: Any) -> dict[str, Any]:
    values = {name: response._get_param(name) for name in GIVEN}
    return {name: value for name, value in values.items() if value is not None}


def _write(project: Any, given: dict[str, Any], badge: bool | None) -> None:
    known = {**project.project_metadata, **given}
    gone = {name for name, value in given.items() if value in ({}, [], "", -1) and name != "tags"}
    if badge is not None:
        known["badge"] = {"badgeEnabled": badge}
    for each in known["environment"].get("environmentVariables") or ():
        each.setdefault("type", "PLAINTEXT")
    project.project_metadata = {name: known[name] for name in known if name not in gone}
    project.tags = known["tags"]


def _refuse(name: str, project: dict[str, Any]) -> None:
    source, artifacts = project["source"], project["artifacts"]
    if not NAME.fullmatch(name):
        raise InvalidInputException(
            "Only alphanumeric characters, dash, and underscore are supported"
        )
    if (source["type"] == PIPELINE) is not (artifacts["type"] == PIPELINE):
        raise InvalidInputException(
            "Invalid artifacts: CODEPIPELINE must be the type of both source and artifacts"
        )
    if source["type"] not in NOWHERE and not source.get("location"):
        raise InvalidInputException("Project source location is required")
    if source["type"] == "NO_SOURCE" and not source.get("buildspec"):
        raise InvalidInputException("Project source type NO_SOURCE requires a buildspec")
