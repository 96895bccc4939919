"""That the periodic run has reported, and how much differs, as metrics that alarms can watch.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from reconciler.notify.channels import Undelivered

NAMESPACE = "MuviConverge"


def metrics(client: Any, environment: str, drifts: int, seconds: float) -> None:
    """Raises Undelivered."""
    told = {
        "Reported": (1.0, "Count"),
        "Drifts": (drifts, "Count"),
        "Seconds": (seconds, "Seconds"),
    }
    data = [
        {
            "MetricName": name,
            "Dimensions": [{"Name": "Environment", "Value": environment}],
            "Value": value,
            "Unit": unit,
        }
        for name, (value, unit) in told.items()
    ]
    try:
        client.put_metric_data(Namespace=NAMESPACE, MetricData=data)
    except (ClientError, BotoCoreError) as error:
        raise Undelivered(f"CloudWatch took no metrics of this run ({error})") from error
