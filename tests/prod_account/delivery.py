"""§11: repositories, pipelines and what they build with."""

from __future__ import annotations

from typing import Any

from tests.prod_account.account import Account
from tests.prod_account.planted import planted
from tests.prod_account.tables import fact, table

STORE = "codepipeline-eu-central-1-288456816626"
VARIABLE = {"name": "NPM_TOKEN", "value": planted("build-variable"), "type": "PLAINTEXT"}


def fill(account: Account) -> None:
    for row in table(11, "repositories"):
        account("ecr").create_repository(repositoryName=row["name"])
    connection = account("codeconnections").create_connection(
        ConnectionName="muvi", ProviderType="GitLab"
    )["ConnectionArn"]
    for row in table(11, "pipelines"):
        _project(account, row["name"])
        _pipeline(account, row, connection)


def _project(account: Account, name: str) -> None:
    account("codebuild").create_project(
        name=name,
        source={"type": "CODEPIPELINE"},
        artifacts={"type": "CODEPIPELINE"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
            "environmentVariables": [VARIABLE],
        },
        serviceRole=account.role,
    )


def _pipeline(account: Account, row: dict[str, Any], connection: str) -> None:
    stages = [
        {"name": stage.title(), "actions": [_action(account, stage, row, connection)]}
        for stage in row["stages"]
    ]
    account("codepipeline").create_pipeline(
        pipeline={
            "name": row["name"],
            "roleArn": account.role,
            "artifactStore": {"type": "S3", "location": STORE},
            "stages": stages,
        }
    )


def _action(account: Account, stage: str, row: dict[str, Any], connection: str) -> dict[str, Any]:
    said = fact(11, "stages")[stage]
    kind = {
        "category": said["category"] or "Invoke",
        "provider": said["provider"] or "Lambda",
        "owner": "AWS",
        "version": "1",
    }
    action = {"name": stage.title(), "actionTypeId": kind, "runOrder": 1}
    match stage:
        case "source":
            configuration = {
                "ConnectionArn": connection,
                "FullRepositoryId": f"muvi/{row['name'].lower()}",
                "BranchName": "main",
            }
            return {**action, "configuration": configuration, "outputArtifacts": [{"name": "Src"}]}
        case "build":
            configuration = {"ProjectName": row["name"]}
            ends = {"inputArtifacts": [{"name": "Src"}], "outputArtifacts": [{"name": "Built"}]}
            return {**action, "configuration": configuration, **ends}
        case "blob":
            given = planted("pipeline-configuration")
            configuration = {"FunctionName": "S3_to_Blob", "UserParameters": given}
        case "ecs":
            configuration = {"ClusterName": "Muvi-Production", "ServiceName": row["service"]}
        case "s3":
            configuration = {"BucketName": "muvi-cms-prod", "Extract": "true"}
        case _:
            return action
    return {**action, "configuration": configuration, "inputArtifacts": [{"name": "Built"}]}
