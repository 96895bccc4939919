"""Application Auto Scaling as its API reference describes it.

https://docs.aws.amazon.com/autoscaling/application/APIReference/"""

import pytest
from botocore.exceptions import ClientError

KEY = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/main/web",
    "ScalableDimension": "ecs:service:DesiredCount",
}
CPU = {"PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}
POLICY = {
    **KEY,
    "PolicyName": "cpu",
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 70, **CPU},
}


@pytest.fixture
def scaling(moto):
    """A service that can be scaled."""
    ecs = moto("ecs")
    ecs.create_cluster(clusterName="main")
    container = {"name": "web", "image": "nginx:1", "memory": 64}
    ecs.register_task_definition(family="web", containerDefinitions=[container])
    ecs.create_service(cluster="main", serviceName="web", taskDefinition="web", desiredCount=2)
    return moto("application-autoscaling")


@pytest.fixture
def target(scaling):
    answer = scaling.register_scalable_target(**KEY, MinCapacity=1, MaxCapacity=5)
    return answer["ScalableTargetARN"]


def policies(scaling):
    return scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]


def test_bounds_the_wrong_way_round_are_refused(scaling):
    with pytest.raises(scaling.exceptions.ValidationException):
        scaling.register_scalable_target(**KEY, MinCapacity=5, MaxCapacity=1)


def test_a_bound_may_not_cross_the_one_there_is(scaling, target):
    with pytest.raises(scaling.exceptions.ValidationException):
        scaling.register_scalable_target(**KEY, MinCapacity=6)


def test_a_target_has_the_service_linked_role_and_says_that_nothing_is_suspended(scaling, target):
    (found,) = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    assert found["RoleARN"].endswith("/AWSServiceRoleForApplicationAutoScaling_ECSService")
    assert set(found["SuspendedState"].values()) == {False}


def test_what_is_not_said_of_a_suspension_stays(scaling, target):
    scaling.register_scalable_target(**KEY, SuspendedState={"DynamicScalingInSuspended": True})
    scaling.register_scalable_target(**KEY, SuspendedState={"ScheduledScalingSuspended": True})
    (found,) = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    assert found["SuspendedState"] == {
        "DynamicScalingInSuspended": True,
        "DynamicScalingOutSuspended": False,
        "ScheduledScalingSuspended": True,
    }


def test_a_deleted_service_is_not_scaled(scaling, moto):
    moto("ecs").delete_service(cluster="main", service="web", force=True)
    with pytest.raises(scaling.exceptions.ValidationException):
        scaling.register_scalable_target(**KEY, MinCapacity=1, MaxCapacity=5)


def test_tags_are_written_at_registration_added_and_taken_away(scaling):
    tags = {"owner": "muvi", "stage": "uat"}
    answer = scaling.register_scalable_target(**KEY, MinCapacity=1, MaxCapacity=5, Tags=tags)
    named = {"ResourceARN": answer["ScalableTargetARN"]}
    assert scaling.list_tags_for_resource(**named)["Tags"] == tags
    scaling.tag_resource(**named, Tags={"more": "1"})
    scaling.untag_resource(**named, TagKeys=["stage"])
    assert scaling.list_tags_for_resource(**named)["Tags"] == {"owner": "muvi", "more": "1"}


def test_what_is_no_target_has_no_tags(scaling):
    with pytest.raises(scaling.exceptions.ResourceNotFoundException):
        scaling.list_tags_for_resource(ResourceARN="arn:aws:application-autoscaling:x")


def test_a_target_takes_its_policies_and_their_alarms_with_it(scaling, target, moto):
    scaling.put_scaling_policy(**POLICY)
    scaling.deregister_scalable_target(**KEY)
    assert policies(scaling) == []
    assert moto("cloudwatch").describe_alarms()["MetricAlarms"] == []


def test_what_is_no_target_cannot_be_deregistered(scaling):
    with pytest.raises(scaling.exceptions.ObjectNotFoundException):
        scaling.deregister_scalable_target(**KEY)


def test_what_is_no_target_has_no_policy(scaling):
    with pytest.raises(scaling.exceptions.ObjectNotFoundException):
        scaling.put_scaling_policy(**POLICY)


def test_a_changed_policy_is_the_same_policy(scaling, target, moto):
    first = scaling.put_scaling_policy(**POLICY)["PolicyARN"]
    changed = {"TargetTrackingScalingPolicyConfiguration": {"TargetValue": 50, **CPU}}
    assert scaling.put_scaling_policy(**{**POLICY, **changed})["PolicyARN"] == first
    (found,) = policies(scaling)
    assert found["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 50
    alarms = moto("cloudwatch").describe_alarms()["MetricAlarms"]
    assert {each["AlarmName"] for each in alarms} == {e["AlarmName"] for e in found["Alarms"]}


def test_policies_are_found_by_name(scaling, target):
    for name in ("cpu", "memory"):
        scaling.put_scaling_policy(**{**POLICY, "PolicyName": name})
    named = scaling.describe_scaling_policies(ServiceNamespace="ecs", PolicyNames=["cpu"])
    assert [each["PolicyName"] for each in named["ScalingPolicies"]] == ["cpu"]


def test_a_policy_that_is_not_there_is_not_deleted(scaling, target):
    which = {name: POLICY[name] for name in (*KEY, "PolicyName")}
    with pytest.raises(ClientError) as refusal:
        scaling.delete_scaling_policy(**which)
    assert refusal.value.response["Error"]["Code"] == "ObjectNotFoundException"
