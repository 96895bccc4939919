"""Metric filters as their API reference describes them.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html"""

import pytest

NAMED = {"logGroupName": "/web", "filterName": "errors"}
METRIC = {"metricName": "Errors", "metricNamespace": "Web", "metricValue": "1"}


@pytest.fixture
def logs(moto):
    logs = moto("logs")
    logs.create_log_group(logGroupName="/web")
    return logs


def put(logs, pattern="ERROR", metric=METRIC, **more):
    named = {**NAMED, "filterPattern": pattern, **more}
    logs.put_metric_filter(**{**named, "metricTransformations": [metric]})


def test_a_second_put_changes_the_first(logs):
    put(logs)
    put(logs, "FATAL")
    (only,) = logs.describe_metric_filters()["metricFilters"]
    assert only["filterPattern"] == "FATAL"


def test_what_a_filter_selects_by_is_remembered(logs):
    put(logs, fieldSelectionCriteria='@aws.region = "eu-central-1"', applyOnTransformedLogs=True)
    (only,) = logs.describe_metric_filters()["metricFilters"]
    assert only["fieldSelectionCriteria"] == '@aws.region = "eu-central-1"'
    assert only["applyOnTransformedLogs"] is True


def test_what_is_no_group_has_no_filters(logs):
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        put(logs, logGroupName="/other")


def test_what_is_no_filter_is_not_deleted(logs):
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.delete_metric_filter(**NAMED)


def test_dimensions_take_no_default_value(logs):
    both = {**METRIC, "defaultValue": 0, "dimensions": {"Path": "$.path"}}
    with pytest.raises(logs.exceptions.InvalidParameterException):
        put(logs, metric=both)


def test_a_group_takes_its_filters_with_it(logs):
    put(logs)
    logs.delete_log_group(logGroupName="/web")
    assert logs.describe_metric_filters()["metricFilters"] == []
