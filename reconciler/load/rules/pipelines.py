"""What CodePipeline, CodeBuild and connections refuse: structures that do not fit together.

https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.load.problems import Finding
from reconciler.load.rules.place import Place

SOURCE = "Source"
OURS = "CODEPIPELINE"
PROJECT = "configuration.ProjectName"
NEEDED: Mapping[str, tuple[str, ...]] = {
    "CodeBuild": ("ProjectName",),
    "CodeStarSourceConnection": ("ConnectionArn", "FullRepositoryId", "BranchName"),
    "ECS": ("ClusterName", "ServiceName"),
}
"""What an action must be told, by who acts."""


def structure(pipeline: Place) -> Iterator[Finding]:
    """Two stages or more, of which the first, and no other, takes code from its source."""
    stages = list(pipeline.at("stages"))
    if len(stages) == 1:
        yield stages[0].wrong(
            "is the only stage, but AWS takes a pipeline of two or more; add what happens next",
            sure=False,
        )
    for number, stage in enumerate(stages):
        for action in stage.at("actions"):
            category = action.at("actionTypeId.category")
            if category.text and (category.text == SOURCE) is not (number == 0):
                yield category.wrong(
                    f"is {category.text} in stage {number + 1}, but the first stage of a pipeline, "
                    "and no other, consists of Source actions, so AWS would refuse it; move it",
                    sure=number > 0,
                )


def named_once(pipeline: Place) -> Iterator[Finding]:
    """Stages, and the actions of a stage, are told apart by their names."""
    yield from _once(pipeline.at("stages"), "stage")
    for stage in pipeline.at("stages"):
        yield from _once(stage.at("actions"), "action")


def _once(members: Place, what: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for name in (each.at("name") for each in members):
        if name.text and name.text in seen:
            yield name.wrong(
                f"is {name.text}, as another {what} before it is called, so AWS would refuse the "
                "pipeline; rename one of the two"
            )
        seen.add(name.text)


def artifacts(pipeline: Place) -> Iterator[Finding]:
    """What an action takes was made before, and nothing is made twice."""
    made: set[str] = set()
    for stage in pipeline.at("stages"):
        for action in sorted(stage.at("actions"), key=_turn):
            for name in action.all("inputArtifacts.name"):
                if name.text and name.text not in made:
                    yield name.wrong(
                        f"is {name.text}, which no action before makes, so AWS would refuse the "
                        "pipeline; add it to the outputArtifacts of the one that does",
                        sure=False,
                    )
            for name in action.all("outputArtifacts.name"):
                if name.text and name.text in made:
                    yield name.wrong(
                        f"is {name.text}, which another action makes already, so AWS would refuse "
                        "the pipeline; give one of the two another name"
                    )
                made.add(name.text)


def _turn(action: Place) -> int:
    order = action.at("runOrder").value
    return order if isinstance(order, int) else 1


def configured(pipeline: Place) -> Iterator[Finding]:
    """An action is told what it acts on; and no token of anybody."""
    for action in pipeline.all("stages.actions"):
        said = action.at("configuration")
        if said.at("OAuthToken").text:
            yield said.at("OAuthToken").wrong(
                "is a token, which anybody who reads the YAML could use; take the code by a "
                "codeconnections.connection instead (provider CodeStarSourceConnection)"
            )
        for name in NEEDED.get(action.at("actionTypeId.provider").text, ()):
            if not said.missing and not said.open and said.at(name).missing:
                yield said.wrong(f"lacks {name}, without which AWS refuses the action", sure=False)


def stored(pipeline: Place) -> Iterator[Finding]:
    """What stages hand on lies in a bucket of the pipeline's region."""
    one, several = pipeline.at("artifactStore"), pipeline.at("artifactStores")
    if _given(one) and _given(several):
        yield several.wrong("stands beside artifactStore, and AWS takes one of the two; drop one")
    if one.missing and several.missing:
        yield pipeline.wrong(
            "has neither artifactStore nor artifactStores, so AWS would refuse it; add "
            "artifactStore: {type: S3, location: a bucket}",
            sure=False,
        )
    bucket = one.at("location").of("s3.bucket")
    if bucket and bucket.resource.region != pipeline.resource.region:
        yield one.at("location").wrong(
            f"is {bucket.resource.address}, which stands in {bucket.resource.region}, but a "
            f"pipeline in {pipeline.resource.region} stores in its own region; make a bucket there"
        )


def second_type(pipeline: Place) -> Iterator[Finding]:
    """Triggers, variables and queues are for pipelines of type V2."""
    kind = pipeline.at("pipelineType")
    mode = pipeline.at("executionMode")
    later = [pipeline.at(name) for name in ("triggers", "variables")]
    used = [each for each in later if _given(each)]
    used += [mode] if mode.text in ("QUEUED", "PARALLEL") else []
    if used and (kind.missing or kind.text == "V1"):
        yield used[0].wrong(
            "needs a pipeline of type V2, so AWS would refuse it; write pipelineType: V2",
            sure=not kind.missing,
        )


def built(pipeline: Place) -> Iterator[Finding]:
    """A project that a pipeline calls takes its source from it."""
    for place in pipeline.all(f"stages.actions.{PROJECT}"):
        project = place.of("codebuild.project")
        source = project.at("source.type") if project else place
        if project and source.text and source.text != OURS:
            yield place.wrong(
                f"is {project.resource.address}, whose source is {source.text}, so that what the "
                f"pipeline hands it would not be built; make its source and artifacts {OURS}"
            )


def in_and_out(project: Place) -> Iterator[Finding]:
    """What builds for a pipeline takes from it and gives to it; other code lies somewhere."""
    source, out = project.at("source.type"), project.at("artifacts.type")
    if source.text and out.text and (source.text == OURS) is not (out.text == OURS):
        yield out.wrong(
            f"is {out.text}, but the source's type is {source.text}, and AWS takes {OURS} for both "
            "or none; change one"
        )
    place = project.at("source.location")
    if source.text not in ("", OURS, "NO_SOURCE") and place.missing:
        yield source.wrong(
            f"is {source.text} without a location, so AWS would refuse it; add source.location",
            sure=False,
        )
    if source.text == "NO_SOURCE" and project.at("source.buildspec").missing:
        yield source.wrong(
            "is NO_SOURCE without a buildspec, so AWS would refuse it; add source.buildspec",
            sure=False,
        )


def provided(connection: Place) -> Iterator[Finding]:
    """A connection leads to a provider that AWS knows, or to a host of one's own."""
    provider, host = connection.at("ProviderType"), connection.at("HostArn")
    if (_given(provider) and _given(host)) or (provider.missing and host.missing):
        yield connection.wrong(
            "needs either ProviderType or HostArn, and AWS refuses both and none; give one"
        )


def _given(place: Place) -> bool:
    """Whether something stands here, and it is known what."""
    return not place.missing and not place.open
