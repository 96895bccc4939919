"""Written from the CloudWatch API reference: what AWS does with alarms."""

import pytest
from botocore.exceptions import ClientError

ALARM = {
    "AlarmName": "cpu",
    "Namespace": "AWS/ECS",
    "MetricName": "CPUUtilization",
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 5,
    "Threshold": 80,
    "ComparisonOperator": "GreaterThanThreshold",
}
METRIC = {"Namespace": "AWS/ECS", "MetricName": "CPUUtilization"}
QUERY = {
    "Id": "cpu",
    "AccountId": "210987654321",
    "MetricStat": {"Metric": METRIC, "Period": 60, "Stat": "p99"},
}
MATH = {
    "AlarmName": "cpu",
    "Metrics": [QUERY],
    "EvaluationPeriods": 5,
    "Threshold": 80,
    "ComparisonOperator": "GreaterThanThreshold",
}
OURS = [{"Key": "team", "Value": "media"}]


@pytest.fixture
def watch(moto):
    return moto("cloudwatch")


def without(alarm, *names):
    return {name: value for name, value in alarm.items() if name not in names}


def refusal(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"]


def shown(watch):
    (alarm,) = watch.describe_alarms()["MetricAlarms"]
    return alarm


def tags(watch):
    return watch.list_tags_for_resource(ResourceARN=shown(watch)["AlarmArn"])["Tags"]


@pytest.mark.parametrize(
    "alarm",
    [
        {**MATH, "MetricName": "CPUUtilization"},
        {**MATH, "Unit": "Percent"},
        {**MATH, "Dimensions": [{"Name": "ClusterName", "Value": "main"}]},
        {**MATH, "ThresholdMetricId": "cpu"},
        without(ALARM, "MetricName"),
        {**ALARM, "Period": 45},
        {**ALARM, "Period": 300, "EvaluationPeriods": 289},
        {**ALARM, "Period": 3600, "EvaluationPeriods": 169},
    ],
)
def test_what_contradicts_itself_or_lasts_too_long_is_refused(watch, alarm):
    assert refusal(watch.put_metric_alarm, **alarm) == "ValidationError"


def test_one_statistic_is_enough(watch):
    both = {**ALARM, "ExtendedStatistic": "p99"}
    assert refusal(watch.put_metric_alarm, **both) == "InvalidParameterCombination"


@pytest.mark.parametrize("statistic", ["tm90", "IQM", "PR(0:300)"])
def test_there_are_more_statistics_than_percentiles(watch, statistic):
    watch.put_metric_alarm(**without(ALARM, "Statistic"), ExtendedStatistic=statistic)
    assert shown(watch)["ExtendedStatistic"] == statistic


def test_a_metric_may_be_somebody_elses(watch):
    watch.put_metric_alarm(**MATH)
    assert shown(watch)["Metrics"][0]["AccountId"] == "210987654321"


def test_tags_count_only_for_what_is_new(watch):
    watch.put_metric_alarm(**ALARM, Tags=OURS)
    watch.put_metric_alarm(**ALARM, Tags=[{"Key": "more", "Value": "1"}])
    assert tags(watch) == OURS


def test_tags_go_with_their_alarm(watch):
    watch.put_metric_alarm(**ALARM, Tags=OURS)
    watch.delete_alarms(AlarmNames=["cpu"])
    watch.put_metric_alarm(**ALARM)
    assert tags(watch) == []


def test_a_tag_that_is_not_there_may_be_taken_away(watch):
    watch.put_metric_alarm(**ALARM)
    arn = shown(watch)["AlarmArn"]
    watch.untag_resource(ResourceARN=arn, TagKeys=["team"])
    assert tags(watch) == []


def test_what_is_not_there_is_not_deleted_nor_what_is_named_beside_it(watch):
    watch.put_metric_alarm(**ALARM)
    assert refusal(watch.delete_alarms, AlarmNames=["cpu", "memory"]) == "ResourceNotFound"
    assert shown(watch)["AlarmName"] == "cpu"


def test_what_is_not_there_has_no_tags(watch):
    watch.put_metric_alarm(**ALARM)
    nothing = f"{shown(watch)['AlarmArn']}-not"
    assert refusal(watch.list_tags_for_resource, ResourceARN=nothing) == "ResourceNotFoundException"
