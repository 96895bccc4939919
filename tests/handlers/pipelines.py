"""Pipelines in pieces, for the tests that put them together."""

from tests.conftest import ACCOUNT, REGION

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
