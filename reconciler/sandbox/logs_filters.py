"""Metric filters: moto adds a second one where AWS changes the first, and takes any group."""

from __future__ import annotations

from typing import Any

from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogsBackend
from moto.logs.responses import LogsResponse

from reconciler.sandbox.corrections import Method, corrects

MORE = ("applyOnTransformedLogs", "fieldSelectionCriteria", "emitSystemFieldDimensions")


@corrects(LogsResponse, "put_metric_filter")
def put_metric_filter(original: Method, self: Any) -> str:
    """moto forgets what came to filters later. API_PutMetricFilter.html"""
    answer = str(original(self))
    (kept,) = _named(self.logs_backend, self._get_param("logGroupName"), _name(self))
    given = {name: self._get_param(name) for name in MORE}
    kept.update({name: value for name, value in given.items() if value is not None})
    return answer


@corrects(LogsBackend, "put_metric_filter")
def put_once(original: Method, self: Any, name: str, pattern: str, group: str, made: Any) -> None:
    """moto keeps the old one beside the new, without a group too. API_PutMetricFilter.html"""
    _refuse_missing(self, group)
    if any("defaultValue" in each and each.get("dimensions") for each in made):
        raise InvalidParameterException(
            constraint="Member must not have dimensions and a default value",
            parameter="metricTransformations",
            value=made,
        )
    self.filters.delete_filter(name, group)
    original(self, name, pattern, group, made)


@corrects(LogsBackend, "delete_metric_filter")
def delete_metric_filter(original: Method, self: Any, name: str, group: str) -> None:
    """moto deletes what is not there. API_DeleteMetricFilter.html"""
    _refuse_missing(self, group)
    if not _named(self, group, name):
        raise ResourceNotFoundException("The specified metric filter does not exist.")
    original(self, name, group)


def forget_filters(logs: Any, group: str) -> None:
    """A group takes its filters with it. API_DeleteLogGroup.html"""
    kept = [each for each in logs.filters.metric_filters if each["logGroupName"] != group]
    logs.filters.metric_filters = kept


def _refuse_missing(logs: Any, group: str) -> None:
    if group not in logs.groups:
        raise ResourceNotFoundException


def _named(logs: Any, group: str, name: str) -> list[dict[str, Any]]:
    both = {"logGroupName": group, "filterName": name}
    return [each for each in logs.filters.metric_filters if both.items() <= each.items()]


def _name(self: Any) -> str:
    return str(self._get_param("filterName"))
