"""The calls behind docs/strictness.md: pipelines, and what builds for them."""

import json

CALLS = {}
PIPELINES = "codepipeline.amazonaws.com"
PROJECT = {
    "name": "web",
    "serviceRole": "arn:aws:iam::123456789012:role/builds",
    "source": {"type": "CODEPIPELINE"},
    "artifacts": {"type": "CODEPIPELINE"},
    "environment": {
        "type": "LINUX_CONTAINER",
        "image": "aws/codebuild/standard:7.0",
        "computeType": "BUILD_GENERAL1_SMALL",
    },
}
ELSEWHERE = {"type": "S3", "location": "muvi-artifacts"}


def row(what):
    def keep(call):
        CALLS[what] = call
        return call

    return keep


def action(name, category, provider, **more):
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "actionTypeId": kind, **more}


def code():
    return action("Code", "Source", "S3", outputArtifacts=[{"name": "code"}])


def build(**more):
    return action("Build", "Build", "CodeBuild", **{"inputArtifacts": [{"name": "code"}], **more})


def pipeline(moto, *second, first=(), name="Build", services=PIPELINES, **more):
    """A pipeline that fits together, but for what is said."""
    trust = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    made = moto("iam").create_role(RoleName="it", AssumeRolePolicyDocument=document)
    stages = [
        {"name": "Source", "actions": [*(first or (code(),))]},
        {"name": name, "actions": [*(second or (build(),))]},
    ]
    whole = {"name": "it", "roleArn": made["Role"]["Arn"], "artifactStore": ELSEWHERE, **more}
    pipeline = {name: each for name, each in {"stages": stages, **whole}.items() if each}
    moto("codepipeline").create_pipeline(pipeline=pipeline)
    return moto("codepipeline").get_pipeline(name="it")["pipeline"]


def project(moto, **more):
    made = moto("codebuild").create_project(**{**PROJECT, **more})
    return made["project"]


@row("a second pipeline of the same name")
def _(moto):
    moto("codepipeline").create_pipeline(pipeline=pipeline(moto))


@row("the type of a pipeline that says none")
def _(moto):
    return pipeline(moto).get("pipelineType")


@row("the version of a pipeline whose role trusts several services")
def _(moto):
    return pipeline(moto, services=[PIPELINES, "codebuild.amazonaws.com"])["version"]


@row("a pipeline that takes code in its second stage too")
def _(moto):
    pipeline(moto, build(), action("More", "Source", "S3", outputArtifacts=[{"name": "more"}]))


@row("a pipeline that asks for approval before it has code")
def _(moto):
    pipeline(moto, first=(action("Approval", "Approval", "Manual"),))


@row("two stages of one name")
def _(moto):
    pipeline(moto, name="Source")


@row("two actions of one name in a stage")
def _(moto):
    pipeline(moto, build(), action("Build", "Approval", "Manual"))


@row("an action that takes what none before makes")
def _(moto):
    pipeline(moto, build(inputArtifacts=[{"name": "image"}]))


@row("two actions that make one artifact")
def _(moto):
    pipeline(moto, build(outputArtifacts=[{"name": "code"}]))


@row("a pipeline that stores nowhere")
def _(moto):
    pipeline(moto, artifactStore=None)


@row("a pipeline with both kinds of store")
def _(moto):
    pipeline(moto, artifactStores={"eu-central-1": ELSEWHERE})


@row("a pipeline is changed to one that does not fit together")
def _(moto):
    first, second = pipeline(moto)["stages"]
    whole = {"name": "it", "roleArn": "arn:aws:iam::123456789012:role/it"}
    stages = [second, first]
    moto("codepipeline").update_pipeline(
        pipeline={**whole, "artifactStore": ELSEWHERE, "stages": stages}
    )


@row("the source of a project that builds for pipelines")
def _(moto):
    return project(moto)["source"]["type"]


@row("the limit of builds at a time that a project has")
def _(moto):
    source = {"type": "S3", "location": "muvi-code/web.zip"}
    project(moto, source=source, artifacts=ELSEWHERE, concurrentBuildLimit=2)
    shown = moto("codebuild").batch_get_projects(names=["web"])["projects"][0]
    return shown.get("concurrentBuildLimit")


@row("the tags of a project that is changed without them")
def _(moto):
    source = {"type": "S3", "location": "muvi-code/web.zip"}
    tags = [{"key": "owner", "value": "muvi"}]
    project(moto, source=source, artifacts=ELSEWHERE, tags=tags)
    return moto("codebuild").update_project(name="web", description="Builds")["project"]["tags"]
