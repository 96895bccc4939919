"""https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineDeclaration.html"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any

from reconciler.errors import Denied
from reconciler.handler import ORDER, SET, Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Lists, Observed, Properties, View, Within

GONE = "PipelineNotFoundException"
ACTIONS = "stages.actions"
CONFIGURED = f"{ACTIONS}.configuration"
GATES = ("stages.beforeEntry", "stages.onFailure", "stages.onSuccess")
GIT = "triggers.gitConfiguration"
MASKED = re.compile(r"\*{4,}")
# What people write secrets into. The rest of a configuration says who acts on what.
TOLD = ("EnvironmentVariables", "Input", "OAuthToken", "ParameterOverrides", "UserParameters")
STORES = {"artifactStore", "artifactStores"}
RUNNING = {"InProgress", "Stopping"}
CONNECTION = "ConnectionArn"
SERVICES = ("codeconnections", "codestar-connections")


def _gate(place: str) -> Lists:
    """How the lists of what opens or closes a stage compare."""
    rules = f"{place}.conditions.rules"
    return {
        f"{place}.conditions": ORDER,
        rules: ("name",),
        f"{rules}.commands": ORDER,
        f"{rules}.inputArtifacts": ("name",),
    }


def _filters(place: str, *names: str) -> Lists:
    """How the lists of what starts a pipeline compare."""
    some = (f"{place}.{name}.{which}" for name in names for which in ("includes", "excludes"))
    return {place: SET, **dict.fromkeys(some, SET)}


class Pipeline(Handler):
    """What happens from a push to what runs, stage by stage.

    Its executions are no part of it: none is drift, and none is cut short."""

    key = ("name",)
    naming = "name"
    immutable = {"name"}
    lists = {
        "stages": (ORDER, "name"),
        ACTIONS: ("name",),
        f"{ACTIONS}.commands": ORDER,
        f"{ACTIONS}.environmentVariables": ("name",),
        f"{ACTIONS}.inputArtifacts": ("name",),
        f"{ACTIONS}.outputArtifacts": ("name",),
        f"{ACTIONS}.outputArtifacts.files": SET,
        f"{ACTIONS}.outputVariables": SET,
        **{path: how for place in GATES for path, how in _gate(place).items()},
        "triggers": ("gitConfiguration.sourceActionName",),
        **_filters(f"{GIT}.push", "branches", "filePaths", "tags"),
        **_filters(f"{GIT}.pullRequest", "branches", "filePaths"),
        f"{GIT}.pullRequest.events": SET,
        "variables": ("name",),
    }
    secret = {
        f"{ACTIONS}.environmentVariables.value",
        *(f"{CONFIGURED}.{name}" for name in TOLD),
        *(f"{place}.conditions.rules.configuration.{name}" for place in GATES for name in TOLD),
        "variables.defaultValue",
    }
    outputs = {"pipelineArn"}
    tagging = Tagging(of="pipelineArn", key="key", value="value")

    def listed(self, since: float = 0) -> Iterator[Found]:
        place = f"arn:{self.client.meta.partition}:codepipeline:{self.home}:{self.aws.account}"
        for each in self.listing("list_pipelines", since):
            yield Found(each["name"], {"name": each["name"]}, arn=f"{place}:{each['name']}")

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing(GONE):
            answer = self.client.get_pipeline(name=found.id)
            arn = answer["metadata"]["pipelineArn"]
            tags = found.tags
            if tags is None:
                listed = self.client.list_tags_for_resource(resourceArn=arn)
                tags = self.tagging.from_aws(listed["tags"])
            return Observed(found.id, {**answer["pipeline"], "pipelineArn": arn}, tags)
        return None

    def create(self, desired: Desired) -> str:
        # AWS starts an execution at once: what it takes must be there before.
        tags = self.tagging.to_aws(desired.tags)
        self.client.create_pipeline(pipeline=dict(desired.properties), tags=tags)
        return str(desired["name"])

    def update(self, change: Change) -> None:
        _refuse_to_lose_secrets(change)
        self._refuse_while_running(change.observed.id)
        self.client.update_pipeline(pipeline=self._declaration(change))

    def delete(self, observed: Observed) -> None:
        self.client.delete_pipeline(name=observed.id)

    def within(self, desired: Desired, view: View) -> Mapping[str, Within]:
        """A connection has two ARNs since AWS renamed the service; policies may name either."""
        found = {}
        for stage in desired.properties.get("stages") or ():
            for action in stage.get("actions") or ():
                arn = (action.get("configuration") or {}).get(CONNECTION)
                if isinstance(arn, str) and arn.count(":") >= 5:
                    where = f"stages[{stage.get('name')}].actions[{action.get('name')}]"
                    by = "whoever wrote it: AWS knows the connection by both names"
                    found[f"{where}.configuration.{CONNECTION}"] = Within(by, among=_both(arn))
        return found

    def _declaration(self, change: Change) -> Properties:
        """The whole of it, since AWS forgets what is left out."""
        model = self.client.meta.service_model.operation_model("UpdatePipeline")
        known = model.input_shape.members["pipeline"].members
        # It takes one store, or one per region, and not both.
        former = STORES - change.names if change.wanted.keys() >= STORES else set()
        return {
            name: change.wanted[name] for name in known if name in change.wanted.keys() - former
        }

    def _refuse_while_running(self, name: str) -> None:
        # AWS ends the running actions of a pipeline that is changed, then fails the execution:
        # https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-edit.html
        answer = self.client.list_pipeline_executions(pipelineName=name, maxResults=100)
        for each in answer["pipelineExecutionSummaries"]:
            if each["status"] in RUNNING:
                raise Denied(
                    f"execution {each['pipelineExecutionId']} is running, and AWS would fail it; "
                    "let it finish, or approve or reject what it waits for, then run again"
                )


def _refuse_to_lose_secrets(change: Change) -> None:
    # https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionConfigurationProperty.html
    before, after = _actions(change.observed.properties), _actions(change.wanted)
    for name in before.keys() & after.keys():
        values = (before[name].get("configuration") or {}).values()
        if before[name] != after[name] and any(MASKED.fullmatch(str(each)) for each in values):
            raise Denied(
                f"action {name} holds a secret that AWS shows to nobody and forgets if anything "
                "else of the action changes: change this action by hand, with its secret"
            )


def _actions(pipeline: Properties) -> Mapping[str, Any]:
    stages = pipeline.get("stages") or ()
    return {f"{one['name']}/{each['name']}": each for one in stages for each in one["actions"]}


def _both(arn: str) -> tuple[str, ...]:
    """The ARN under the service's name of today, and under its former one."""
    prefix, partition, _, rest = arn.split(":", 3)
    return tuple(f"{prefix}:{partition}:{name}:{rest}" for name in SERVICES)
