"""What Application Auto Scaling is asked."""

import pytest

from reconciler.model import Change, Desired, FieldChange, Observed
from resources.application_autoscaling.scalable_target import ScalableTarget
from resources.application_autoscaling.scaling_policy import ScalingPolicy
from tests.conftest import REGION
from tests.handlers import steps

KEY = {
    "ServiceNamespace": "dynamodb",
    "ResourceId": "table/locks",
    "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
}
METRIC = {
    "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"}
}
POLICY = {
    **KEY,
    "PolicyName": "reads",
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 70, **METRIC},
}


@pytest.fixture
def sent(aws):
    """Every write from now on, and every reading of tags, as (operation, parameters)."""
    return steps.sent(aws.client("application-autoscaling", REGION), "ListTagsForResource")


@pytest.fixture
def target(aws):
    handler = ScalableTarget(aws, REGION)
    handler.create(Desired({**KEY, "MinCapacity": 1, "MaxCapacity": 5}, {"owner": "muvi"}))
    (found,) = handler.listed()
    return handler, handler.get(found, set())


def test_a_target_is_registered_with_its_tags(aws, target):
    assert target[1].tags == {"owner": "muvi"}


def test_a_target_is_changed_whole_without_role_and_tags(aws, target, sent):
    handler, observed = target
    wanted = {**observed.properties, "MaxCapacity": 9}
    handler.update(Change(observed, wanted, observed.tags, (FieldChange("MaxCapacity", 5, 9),)))
    awake = {f"{each}Suspended" for each in ("DynamicScalingIn", "DynamicScalingOut")}
    name, params = sent[-1]
    assert name == "RegisterScalableTarget"
    assert params.keys() == {*KEY, "MinCapacity", "MaxCapacity", "SuspendedState"}
    assert (params["MinCapacity"], params["MaxCapacity"]) == (1, 9)
    assert awake < params["SuspendedState"].keys()


def test_tags_that_are_known_are_not_read_again(aws, target, sent):
    handler, _ = target
    (found,) = handler.listed()
    sent.clear()
    handler.get(type(found)(found.id, found.properties, {"owner": "muvi"}), set())
    assert sent == []


def test_a_target_that_is_gone_is_none(aws, target):
    handler, observed = target
    (found,) = handler.listed()
    handler.delete(observed)
    assert handler.get(found, set()) is None
    handler.delete(observed)


def test_a_policy_is_put_whole_under_its_own_name(aws, target, sent):
    handler = ScalingPolicy(aws, REGION)
    created = handler.create(Desired(POLICY))
    (found,) = handler.listed()
    wanted = {
        **found.properties,
        "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 5.5, **METRIC},
    }
    handler.update(Change(Observed(found.id, found.properties), wanted, {}))
    name, params = sent[-1]
    assert (name, params.keys()) == ("PutScalingPolicy", POLICY.keys())
    assert params["TargetTrackingScalingPolicyConfiguration"] == {"TargetValue": 5.5, **METRIC}
    assert found.id == created


def test_deleting_a_policy_twice_is_fine(aws, target):
    handler = ScalingPolicy(aws, REGION)
    handler.create(Desired(POLICY))
    (found,) = handler.listed()
    for _ in range(2):
        handler.delete(Observed(found.id, found.properties))
    aws.listings._shared._calls.clear()
    assert list(handler.listed()) == []
