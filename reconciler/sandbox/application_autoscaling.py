"""Application Auto Scaling: tags that moto lacks, and policies that it makes anew."""

from __future__ import annotations

import json
from typing import Any

from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.models import (
    ApplicationAutoscalingBackend,
    FakeApplicationAutoscalingPolicy,
)
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.exceptions import JsonRESTError

from reconciler.sandbox.corrections import Method, corrects

AWAKE = {
    "DynamicScalingInSuspended": False,
    "DynamicScalingOutSuspended": False,
    "ScheduledScalingSuspended": False,
}
ROLES = {
    "dynamodb": "DynamoDBTable",
    "ecs": "ECSService",
    "lambda": "LambdaConcurrency",
    "rds": "RDSCluster",
}


@corrects(ApplicationAutoscalingBackend, "register_scalable_target")
def register_scalable_target(
    original: Method, self: Any, namespace: str, r_id: str, dimension: str, **given: Any
) -> Any:
    """moto takes bounds the wrong way round, and answers with neither the service-linked role
    nor what is not suspended. API_RegisterScalableTarget.html"""
    there = self.targets.get(dimension, {}).get(r_id)
    low, high = (
        getattr(there, name, None) if given[name] is None else given[name]
        for name in ("min_capacity", "max_capacity")
    )
    if low is None or high is None or low > high:
        raise AWSValidationException("Maximum capacity cannot be less than minimum capacity")
    before = getattr(there, "suspended_state", AWAKE)
    target = original(self, namespace, r_id, dimension, **given)
    target.suspended_state = {**before, **(given["suspended_state"] or {})}
    target.role_arn = (
        f"arn:aws:iam::{self.account_id}:role/aws-service-role/"
        f"{namespace}.application-autoscaling.amazonaws.com/"
        f"AWSServiceRoleForApplicationAutoScaling_{ROLES.get(namespace, namespace)}"
    )
    return target


@corrects(ApplicationAutoscalingBackend, "_ecs_service_exists_for_target")
def _ecs_service_exists_for_target(original: Method, self: Any, r_id: str) -> bool:
    """moto scales deleted services; AWS does not know them. API_RegisterScalableTarget.html"""
    _, cluster, service = r_id.split("/")
    there = self.ecs_backend.services.get(f"{cluster}:{service}")
    if there and there.status == "INACTIVE":
        raise AWSValidationException(f"ECS service doesn't exist: {r_id}")
    return bool(original(self, r_id))


@corrects(ApplicationAutoscalingBackend, "deregister_scalable_target")
def deregister_scalable_target(
    original: Method, self: Any, namespace: str, r_id: str, dimension: str
) -> None:
    """moto leaves the target's policies behind. API_DeregisterScalableTarget.html"""
    _registered(self, namespace, r_id, dimension)
    original(self, namespace, r_id, dimension)
    for each in list(self.policies.values()):
        if (each.resource_id, each.scalable_dimension) == (r_id, dimension):
            self.delete_scaling_policy(each.policy_name, namespace, r_id, dimension)


@corrects(ApplicationAutoscalingBackend, "put_scaling_policy")
def put_scaling_policy(original: Method, self: Any, **given: Any) -> Any:
    """moto answers an update with another ARN, leaves the old alarms behind, and takes policies
    for what is no target. API_PutScalingPolicy.html"""
    of = {name: given[name] for name in ("service_namespace", "resource_id", "scalable_dimension")}
    _registered(self, *of.values())
    key = FakeApplicationAutoscalingPolicy.formulate_key(**of, policy_name=given["policy_name"])
    there = self.policies.get(key)
    if there:
        there.delete_alarms(self.account_id, self.region_name)
    made = original(self, **given)
    if there:
        made.policy_arn, made.creation_time = there.policy_arn, there.creation_time
    return made


@corrects(ApplicationAutoscalingBackend, "delete_scaling_policy")
def delete_scaling_policy(original: Method, self: Any, *which: str, **named: str) -> None:
    """moto says ValidationException where AWS says that there is none.
    API_DeleteScalingPolicy.html"""
    try:
        original(self, *which, **named)
    except AWSValidationException as error:
        raise _not_found(error.message) from error


@corrects(ApplicationAutoScalingResponse, "describe_scaling_policies")
def describe_scaling_policies(original: Method, self: Any) -> str:
    """moto ignores PolicyNames. API_DescribeScalingPolicies.html"""
    answer, names = json.loads(original(self)), self._get_param("PolicyNames")
    policies = [
        each for each in answer["ScalingPolicies"] if not names or each["PolicyName"] in names
    ]
    return json.dumps({**answer, "ScalingPolicies": policies})


@corrects(ApplicationAutoScalingResponse, "register_scalable_target")
def register_with_tags(original: Method, self: Any) -> str:
    """moto forgets a target's tags. API_RegisterScalableTarget.html"""
    answer, tags = str(original(self)), self._get_param("Tags")
    if tags:
        _tagged(self, json.loads(answer)["ScalableTargetARN"]).update(tags)
    return answer


@corrects(ApplicationAutoScalingResponse, "list_tags_for_resource")
def list_tags_for_resource(_: Method, self: Any) -> str:
    """moto lacks it. API_ListTagsForResource.html"""
    return json.dumps({"Tags": _tagged(self, self._get_param("ResourceARN"))})


@corrects(ApplicationAutoScalingResponse, "tag_resource")
def tag_resource(_: Method, self: Any) -> str:
    """moto lacks it. API_TagResource.html"""
    _tagged(self, self._get_param("ResourceARN")).update(self._get_param("Tags"))
    return "{}"


@corrects(ApplicationAutoScalingResponse, "untag_resource")
def untag_resource(_: Method, self: Any) -> str:
    """moto lacks it. API_UntagResource.html"""
    tags = _tagged(self, self._get_param("ResourceARN"))
    for name in self._get_param("TagKeys"):
        tags.pop(name, None)
    return "{}"


def _registered(self: Any, namespace: str, r_id: str, dimension: str) -> None:
    if r_id not in self.targets.get(dimension, {}):
        raise _not_found(
            f"No scalable target registered for service namespace: {namespace}, "
            f"resource ID: {r_id}, scalable dimension: {dimension}"
        )


def _tagged(self: Any, arn: str) -> dict[str, str]:
    """The tags of a target, which hang on it for as long as it lives."""
    below = self.applicationautoscaling_backend.targets.values()
    for target in (target for targets in below for target in targets.values()):
        if target.arn == arn:
            tags: dict[str, str] = target.__dict__.setdefault("tags", {})
            return tags
    raise JsonRESTError("ResourceNotFoundException", f"There is no scalable target {arn}.")


def _not_found(message: str) -> JsonRESTError:
    return JsonRESTError("ObjectNotFoundException", message)
