"""CloudWatch: alarms that moto takes though AWS would not, and tags that it mixes up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.cloudwatch.exceptions import (
    InvalidParameterCombination,
    ResourceNotFound,
    ResourceNotFoundException,
    ValidationError,
)
from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse

from reconciler.sandbox.corrections import Method, corrects

ONE_METRIC = {
    "dimensions": "Dimensions",
    "extended_statistic": "ExtendedStatistic",
    "metric_name": "MetricName",
    "namespace": "Namespace",
    "period": "Period",
    "statistic": "Statistic",
    "unit": "Unit",
}
HOUR, DAY = 3600, 86400
SHORT = (10, 20, 30)


@corrects(CloudWatchBackend, "put_metric_alarm")
def put_metric_alarm(original: Method, self: Any, name: str, **given: Any) -> Any:
    """moto takes what contradicts itself, knows percentiles only, and writes tags over those of
    an alarm that stands. API_PutMetricAlarm.html"""
    _refuse_contradictions(given)
    _refuse_periods(given)
    extended = given.pop("extended_statistic", None)
    tags = None if name in self.alarms else given.pop("tags", None)
    alarm = original(self, name=name, **{**given, "tags": tags})
    alarm.extended_statistic = extended
    return alarm


@corrects(CloudWatchResponse, "put_metric_alarm")
def put_with_accounts(original: Method, self: Any) -> Any:
    """moto forgets in whose account a metric is. API_MetricDataQuery.html"""
    answer = original(self)
    alarm = self.cloudwatch_backend.alarms[self._get_param("AlarmName")]
    given = self._get_param("Metrics", [])
    for query, said in zip(alarm.metric_data_queries, given, strict=True):
        query.account_id = said.get("AccountId")
    return answer


@corrects(CloudWatchResponse, "delete_alarms")
def delete_alarms(original: Method, self: Any) -> Any:
    """moto deletes what is not there. API_DeleteAlarms.html"""
    there = self.cloudwatch_backend.alarms
    if missing := [name for name in self._get_param("AlarmNames", []) if name not in there]:
        raise ResourceNotFound(f"There is no alarm {', '.join(missing)}.")
    return original(self)


@corrects(CloudWatchBackend, "delete_alarms")
def delete_with_tags(original: Method, self: Any, alarm_names: list[str]) -> None:
    """moto leaves the tags to the next alarm of that name. API_DeleteAlarms.html"""
    for name in alarm_names:
        if name in self.alarms:
            self.tagger.delete_all_tags_for_resource(self.alarms[name].alarm_arn)
    original(self, alarm_names)


@corrects(CloudWatchBackend, "list_tags_for_resource")
def list_tags_for_resource(original: Method, self: Any, arn: str) -> Any:
    """moto shows no tags of what is not there. API_ListTagsForResource.html"""
    _refuse_missing(self, arn)
    return original(self, arn)


@corrects(CloudWatchBackend, "untag_resource")
def untag_resource(_: Method, self: Any, arn: str, tag_keys: list[str]) -> None:
    """moto does not know an alarm that has no tags. API_UntagResource.html"""
    _refuse_missing(self, arn)
    self.tagger.untag_resource_using_names(arn, tag_keys)


def _refuse_missing(self: Any, arn: str) -> None:
    known = {*self.tagger.tags, *(alarm.alarm_arn for alarm in self.alarms.values())}
    if arn not in known:
        raise ResourceNotFoundException(f"There is no alarm {arn}.")


def _refuse_contradictions(given: Mapping[str, Any]) -> None:
    said = [name for name in ONE_METRIC if given.get(name)]
    if given.get("metric_data_queries") and said:
        raise ValidationError(f"{ONE_METRIC[said[0]]} should not be set if list of Metrics is set.")
    if not given.get("metric_data_queries") and not given.get("rule") and "metric_name" not in said:
        raise ValidationError("MetricName must not be null")
    if given.get("threshold") is not None and given.get("threshold_metric_id"):
        raise ValidationError("Threshold and ThresholdMetricId cannot both be set")
    if given.get("statistic") and given.get("extended_statistic"):
        raise InvalidParameterCombination(
            "The parameters Statistic and ExtendedStatistic are mutually exclusive and you have "
            "specified both."
        )


def _refuse_periods(given: Mapping[str, Any]) -> None:
    period = given.get("period") or 0
    if period % 60 and period not in SHORT:
        raise ValidationError("Metric alarm period must be 10, 20, 30 or a multiple of 60.")
    most = 7 * DAY if period >= HOUR else DAY
    if period * (given.get("evaluation_periods") or 0) > most:
        raise ValidationError(
            f"Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be "
            f"<= {most})."
        )
