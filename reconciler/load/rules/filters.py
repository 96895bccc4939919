"""What a metric filter cannot say of one metric.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.load.problems import Finding
from reconciler.load.rules.place import Place


def default_alone(each: Place) -> Iterator[Finding]:
    """A metric has dimensions or a value for times without lines, and not both."""
    for metric in each.all("metricTransformations"):
        if metric.at("dimensions").value and not metric.at("defaultValue").missing:
            yield metric.at("defaultValue").wrong(
                "stands beside dimensions, and AWS takes one of the two; leave it out"
            )
