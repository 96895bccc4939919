"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html"""

import pytest

from reconciler.errors import Undelivered
from reconciler.load import load
from reconciler.notify import metrics
from reconciler.notify.metrics import NAMESPACE
from reconciler.permissions.engine import METRICS
from tests.permissions.verdicts import DESIRED

WHERE = [{"Name": "Environment", "Value": "uat"}]
SENT = {
    "Namespace": "MuviConverge",
    "MetricData": [
        {"MetricName": "Drifts", "Dimensions": WHERE, "Value": 3.0, "Unit": "Count"},
        {"MetricName": "Reported", "Dimensions": WHERE, "Value": 1.0, "Unit": "Count"},
        {"MetricName": "Seconds", "Dimensions": WHERE, "Value": 4.5, "Unit": "Seconds"},
    ],
}


def test_a_run_reports_in_the_shape_that_cloudwatch_takes(stubbed):
    client, stub = stubbed("cloudwatch")
    stub.add_response("put_metric_data", {}, SENT)
    metrics(client, "uat", 3, 4.5)


def test_a_refusal_says_what_is_needed(stubbed):
    client, stub = stubbed("cloudwatch")
    stub.add_client_error("put_metric_data", "AccessDenied", "not you", 403)
    with pytest.raises(Undelivered, match=r"uat.*not you.*cloudwatch:PutMetricData.*MuviConverge"):
        metrics(client, "uat", 3, 4.5)


def test_the_alarm_of_uat_looks_where_runs_report():
    alarm = load(DESIRED, "uat").resources["cloudwatch.alarm/muvi-uat-converge-silent"].properties
    assert {
        "Namespace": alarm["Namespace"],
        "MetricName": alarm["MetricName"],
        "Dimensions": alarm["Dimensions"],
    } == {"Namespace": SENT["Namespace"], "MetricName": "Reported", "Dimensions": WHERE}
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 3 * 60 * 60
    assert alarm["TreatMissingData"] == "breaching"


def test_the_permission_is_for_the_namespace_that_is_written():
    assert METRICS == (("StringEquals", "cloudwatch:namespace", (NAMESPACE,)),)
