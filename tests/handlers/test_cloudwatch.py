"""What CloudWatch is asked."""

from dataclasses import replace

import pytest

from reconciler.model import Desired
from resources.cloudwatch.alarm import Alarm
from tests.conftest import REGION
from tests.handlers.steps import change, create, look, sent, update

TOPIC = "arn:aws:sns:eu-central-1:123456789012:alarms"
NIGHT = "arn:aws:sns:eu-central-1:123456789012:night"
WHEN = {"EvaluationPeriods": 5, "Threshold": 80, "ComparisonOperator": "GreaterThanThreshold"}
METRIC = {
    "Namespace": "AWS/ECS",
    "MetricName": "CPUUtilization",
    "Dimensions": [
        {"Name": "ClusterName", "Value": "main"},
        {"Name": "ServiceName", "Value": "web"},
    ],
    "Statistic": "Average",
    "Period": 60,
}
CPU = {"AlarmName": "cpu", **METRIC, **WHEN, "AlarmActions": [TOPIC, NIGHT]}
MATH = {
    "Metrics": [
        {
            "Id": "busy",
            "ReturnData": False,
            "MetricStat": {
                "Metric": {name: METRIC[name] for name in ("Namespace", "MetricName")},
                "Period": 60,
                "Stat": "Average",
            },
        },
        {"Id": "half", "Expression": "busy / 2", "ReturnData": True},
    ]
}


@pytest.fixture
def alarms(aws):
    handler = Alarm(aws, REGION)
    create(handler, Desired(CPU, {"owner": "muvi"}))
    return handler


@pytest.fixture
def calls(alarms):
    """Every write from now on, and every reading of tags."""
    return sent(alarms.client, "ListTagsForResource")


def put(calls):
    (parameters,) = [given for operation, given in calls if operation == "PutMetricAlarm"]
    return parameters


def test_an_alarm_is_made_with_its_tags(aws):
    handler = Alarm(aws, REGION)
    calls = sent(handler.client)
    assert create(handler, Desired(CPU, {"owner": "muvi"})) == "cpu"
    whole = {**CPU, "Tags": [{"Key": "owner", "Value": "muvi"}]}
    assert calls == [("PutMetricAlarm", whole)]
    assert look(handler, "cpu").tags == {"owner": "muvi"}


def test_an_alarm_is_changed_whole_and_without_tags(alarms, calls):
    assert update(alarms, "cpu", {"Threshold": 90, "AlarmActions": [NIGHT]}) == ()
    changed = put(calls)
    assert changed == {**CPU, **changed, "Threshold": 90, "AlarmActions": [NIGHT]}
    assert "Tags" not in changed
    assert look(alarms, "cpu").tags == {"owner": "muvi"}


def test_another_order_and_another_spelling_of_a_number_are_no_difference(alarms):
    turned = {name: CPU[name][::-1] for name in ("Dimensions", "AlarmActions")}
    observed = look(alarms, "cpu")
    assert isinstance(observed["Threshold"], float)
    assert change(alarms, observed, {**CPU, **turned, "Threshold": 80}).fields == ()


def test_a_dimension_beside_ours_is_another_metric(alarms, calls):
    other = [{"Name": "ServiceName", "Value": "api"}]
    assert update(alarms, "cpu", {"Dimensions": other}) == ()
    assert put(calls)["Dimensions"] == other


def test_a_percentile_takes_the_place_of_a_statistic_and_goes_again(alarms, calls):
    assert update(alarms, "cpu", {"ExtendedStatistic": "p99"}) == ()
    assert "Statistic" not in put(calls)
    calls.clear()
    assert update(alarms, "cpu", {"Statistic": "Maximum"}) == ()
    assert "ExtendedStatistic" not in put(calls)


def test_an_expression_takes_the_place_of_a_metric_and_goes_again(alarms, calls):
    assert update(alarms, "cpu", MATH) == ()
    assert put(calls).keys() & METRIC.keys() == set()
    assert put(calls)["AlarmActions"] == [TOPIC, NIGHT]
    calls.clear()
    assert update(alarms, "cpu", METRIC) == ()
    assert "Metrics" not in put(calls)


def test_a_band_takes_the_place_of_a_threshold(alarms, calls):
    update(alarms, "cpu", MATH)
    calls.clear()
    band = {"ThresholdMetricId": "half", "ComparisonOperator": "GreaterThanUpperThreshold"}
    assert update(alarms, "cpu", band) == ()
    assert "Threshold" not in put(calls)


def test_an_alarm_of_a_scaling_policy_is_not_ours(alarms):
    scaling = {**CPU, "AlarmName": "TargetTracking-service/main/web-AlarmHigh-1f2e"}
    alarms.client.put_metric_alarm(**scaling)
    owners = {each.id: each.managed_by for each in alarms.listed()}
    assert owners == {"cpu": "", scaling["AlarmName"]: "Application Auto Scaling"}


def test_alarms_are_listed_a_hundred_a_page_without_composite_ones(alarms):
    calls = sent(alarms.client, "DescribeAlarms")
    list(alarms.listed())
    most = {"AlarmTypes": ["MetricAlarm"], "MaxRecords": 100}
    assert calls == [("DescribeAlarms", most)]


def test_tags_that_are_known_are_not_read_again(alarms, calls):
    (found,) = alarms.listed()
    alarms.get(replace(found, tags={"owner": "muvi"}), set())
    assert calls == []
    alarms.get(found, set())
    assert calls == [("ListTagsForResource", {"ResourceARN": found.arn})]


def test_tags_are_written_to_the_arn(alarms, calls):
    alarms.tag(look(alarms, "cpu"), {"owner": "films"})
    (found,) = alarms.listed()
    tags = [{"Key": "owner", "Value": "films"}]
    assert calls[-1] == ("TagResource", {"ResourceARN": found.arn, "Tags": tags})


def test_deleting_an_alarm_twice_is_fine(alarms):
    observed = look(alarms, "cpu")
    (found,) = alarms.listed()
    for _ in range(2):
        alarms.delete(observed)
    assert alarms.get(found, set()) is None
