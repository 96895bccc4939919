"""https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ScalingPolicy.html"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.handler import Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties
from resources.application_autoscaling import described

KEY = ("ServiceNamespace", "ResourceId", "ScalableDimension", "PolicyName")
PUT = "put_scaling_policy"
STEPS = "StepScalingPolicyConfiguration"
TRACKING = "TargetTrackingScalingPolicyConfiguration"
CUSTOM = f"{TRACKING}.CustomizedMetricSpecification"


class ScalingPolicy(Handler):
    """When to scale a target, and how far. The alarms that tell it are AWS's own."""

    key = KEY
    naming = "PolicyName"
    immutable = {*KEY, "PolicyType"}
    after = {"application_autoscaling.scalable_target"}
    lists = {
        f"{STEPS}.StepAdjustments": ("MetricIntervalLowerBound", "MetricIntervalUpperBound"),
        f"{CUSTOM}.Dimensions": ("Name",),
        f"{CUSTOM}.Metrics": ("Id",),
        f"{CUSTOM}.Metrics.MetricStat.Metric.Dimensions": ("Name",),
    }
    outputs = {"PolicyARN"}
    parent = "ResourceId"
    overwrites = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        for policy in described(self, "describe_scaling_policies", since):
            yield Found(policy["PolicyARN"], policy, tags={})

    def create(self, desired: Desired) -> str:
        return self._put(desired.properties)

    def update(self, change: Change) -> None:
        self._put(change.wanted)

    def delete(self, observed: Observed) -> None:
        with missing("ObjectNotFoundException"):
            self.client.delete_scaling_policy(**{name: observed[name] for name in KEY})

    def _put(self, properties: Properties) -> str:
        """Make it, or change it: AWS has one call for both."""
        return str(self.client.put_scaling_policy(**self.accepted(PUT, properties))["PolicyARN"])
