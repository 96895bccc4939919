"""Metrics of a run: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html

`Reported` is there for its absence: an alarm on it tells of runs that did not take place."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from reconciler.errors import Undelivered

NAMESPACE = "MuviConverge"


def metrics(client: Any, environment: str, drifts: int, seconds: float) -> None:
    """Tell CloudWatch that a run reported, how many drifts it saw, and how long it took.

    Raises Undelivered."""
    measured = (
        ("Drifts", float(drifts), "Count"),
        ("Reported", 1.0, "Count"),
        ("Seconds", float(seconds), "Seconds"),
    )
    where = [{"Name": "Environment", "Value": environment}]
    data = [
        {"MetricName": name, "Dimensions": where, "Value": value, "Unit": unit}
        for name, value, unit in measured
    ]
    try:
        client.put_metric_data(Namespace=NAMESPACE, MetricData=data)
    except (ClientError, BotoCoreError, HTTPClientError) as error:
        need = f"this run's role needs cloudwatch:PutMetricData in the namespace {NAMESPACE}"
        raise Undelivered(
            f"the metrics of {environment} were not taken ({error}); {need}"
        ) from error
