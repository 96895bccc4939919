"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricFilter.html"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.handler import ORDER, Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties

KEY = ("logGroupName", "filterName")
PUT = "put_metric_filter"


class MetricFilter(Handler):
    """What of a log group's lines is counted, and as which metric."""

    key = KEY
    naming = "filterName"
    immutable = set(KEY)
    lists = {"metricTransformations": ORDER}  # AWS takes one
    parent = "logGroupName"
    overwrites = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        for each in self.listing("describe_metric_filters", since):
            yield Found(_id(each), each, tags={})

    def create(self, desired: Desired) -> str:
        self._put(desired.properties)
        return _id(desired.properties)

    def update(self, change: Change) -> None:
        # Whole, since AWS forgets what is left out.
        self._put(change.wanted)

    def delete(self, observed: Observed) -> None:
        with missing("ResourceNotFoundException"):
            self.client.delete_metric_filter(**{name: observed[name] for name in KEY})

    def _put(self, properties: Properties) -> None:
        """Make it, or change it: AWS has one call for both."""
        whole = {"filterPattern": "", **properties}  # none is empty, and AWS wants to hear it
        self.client.put_metric_filter(**self.accepted(PUT, whole))


def _id(properties: Properties) -> str:
    """A group's name holds no colon."""
    return ":".join(str(properties[name]) for name in KEY)
