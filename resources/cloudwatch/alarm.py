"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import SET, Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties

PUT = "put_metric_alarm"
AUTOSCALING = ("TargetTracking-", "awsapplicationautoscaling")
"""How the names of those alarms begin that scaling policies make for themselves."""
ONE_METRIC = {
    "Dimensions",
    "ExtendedStatistic",
    "MetricName",
    "Namespace",
    "Period",
    "Statistic",
    "Unit",
}
INSTEAD = {
    "ExtendedStatistic": {"Statistic"},
    "MetricName": {"Metrics"},
    "Metrics": ONE_METRIC,
    "Statistic": {"ExtendedStatistic"},
    "Threshold": {"ThresholdMetricId"},
    "ThresholdMetricId": {"Threshold"},
}
"""What AWS refuses beside a property: it takes one or the other."""


class Alarm(Handler):
    """An alarm: a metric, or an expression of several, a threshold, and whom to call."""

    key = ("AlarmName",)
    naming = "AlarmName"
    immutable = {"AlarmName"}
    lists = {
        "AlarmActions": SET,
        "Dimensions": ("Name",),
        "InsufficientDataActions": SET,
        "Metrics": ("Id",),
        "Metrics.MetricStat.Metric.Dimensions": ("Name",),
        "OKActions": SET,
    }
    outputs = {"AlarmArn"}
    tagging = Tagging(id="ResourceARN", of="AlarmArn", tags="Tags", erased="TagKeys")
    overwrites = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        most = {"AlarmTypes": ["MetricAlarm"], "MaxRecords": 100}
        for alarm in self.listing("describe_alarms", since, "MetricAlarms", **most):
            name = alarm["AlarmName"]
            owner = "Application Auto Scaling" if name.startswith(AUTOSCALING) else ""
            yield Found(name, alarm, arn=alarm["AlarmArn"], managed_by=owner)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        if found.tags is not None:
            return Observed(found.id, found.properties, found.tags)
        with missing("ResourceNotFoundException"):
            tags = self.client.list_tags_for_resource(ResourceARN=found.arn)["Tags"]
            return Observed(found.id, found.properties, self.tagging.from_aws(tags))
        return None

    def create(self, desired: Desired) -> str:
        self._put(desired.properties, Tags=self.tagging.to_aws(desired.tags))
        return str(desired["AlarmName"])

    def update(self, change: Change) -> None:
        # Whole, since AWS forgets what is left out.
        given = {name for name in change.names if change.wanted.get(name) is not None}
        displaced = set().union(*(INSTEAD.get(name, ()) for name in given))
        self._put({n: v for n, v in change.wanted.items() if n not in displaced})

    def delete(self, observed: Observed) -> None:
        with missing("ResourceNotFound"):
            self.client.delete_alarms(AlarmNames=[observed.id])

    def _put(self, properties: Properties, **tags: Any) -> None:
        """Make it, or change it: AWS has one call for both, and ignores tags in the second."""
        self.client.put_metric_alarm(**self.accepted(PUT, properties), **tags)
