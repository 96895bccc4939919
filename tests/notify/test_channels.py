"""Messages arrive, or what is said of it names no secret."""

from __future__ import annotations

from unittest.mock import patch

import boto3
import pytest
import urllib3
from botocore.stub import Stubber

from reconciler.notify import Message, Topic, Webhook, metrics, send
from reconciler.notify.channels import Undelivered

URL = "https://hooks.example.com/services/T000/B000/hunter2"
NEWS = Message("muvi-converge test: 1 new", ("new: <update> & more", "two"))


def client(service):
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    return boto3.client(service, region_name="eu-central-1", **keys)


def posted(status, message=NEWS):
    """What a webhook is sent, where it answers so."""
    sent = []

    def request(pool, method, url, **more):
        sent.append((method, url, more))
        return urllib3.HTTPResponse(status=status)

    with patch.object(urllib3.PoolManager, "request", request):
        Webhook(URL).send(message)
    return sent


def test_a_webhook_gets_text_that_means_nothing_to_slack(monkeypatch):
    ((method, url, more),) = posted(200)
    assert (method, url) == ("POST", URL)
    body = more["body"].decode()
    assert "new: &lt;update&gt; &amp; more" in body
    assert more["retries"].redirect == 0
    assert more["timeout"].read_timeout == 10


@pytest.mark.parametrize("status", [301, 403, 404, 500])
def test_what_a_webhook_refuses_is_undelivered(status):
    with pytest.raises(Undelivered, match=str(status)) as told:
        posted(status)
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize(
    "failure",
    [
        urllib3.exceptions.ConnectTimeoutError(None, URL, "slow"),
        urllib3.exceptions.MaxRetryError(None, URL),
        urllib3.exceptions.LocationParseError(URL),
    ],
)
def test_a_webhook_that_does_not_answer_is_not_named(failure):
    with patch.object(urllib3.PoolManager, "request", side_effect=failure):
        (told,) = send([Webhook(URL)], NEWS)
    assert "the webhook did not answer" in told
    assert "hunter2" not in told


def test_a_webhook_without_tls_is_sent_nothing():
    with patch.object(urllib3.PoolManager, "request", side_effect=AssertionError):
        (told,) = send([Webhook(URL.replace("https", "http"))], NEWS)
    assert "no https URL" in told
    assert "hunter2" not in told


def test_a_message_of_many_lines_is_cut_and_says_so():
    text = Message("x", tuple(f"line {n}" for n in range(10_000))).text(1_000)
    assert len(text) <= 1_000
    assert text.splitlines()[-1] == f"… and {10_000 - len(text.splitlines()) + 1} lines more"


def test_a_topic_gets_a_subject_that_it_takes():
    sns = client("sns")
    with Stubber(sns) as stub:
        stub.add_response(
            "publish",
            {},
            {"TopicArn": "arn", "Subject": "x?" + "y" * 98, "Message": NEWS.text(1_000)},
        )
        Topic(sns, "arn").send(Message("x…" + "y" * 200, NEWS.lines))
        stub.assert_no_pending_responses()


def test_one_channel_that_fails_keeps_no_other_from_being_told():
    sns = client("sns")
    with Stubber(sns) as stub:
        stub.add_client_error("publish", "AuthorizationError")
        stub.add_response("publish", {})
        (told,) = send([Topic(sns, "first"), Topic(sns, "second")], NEWS)
        stub.assert_no_pending_responses()
    assert told.startswith("first took no message")


def test_metrics_say_that_it_ran_and_what_is_left():
    cloudwatch = client("cloudwatch")
    with Stubber(cloudwatch) as stub:
        dimensions = [{"Name": "Environment", "Value": "test"}]
        values = {"Reported": (1.0, "Count"), "Drifts": (3.0, "Count"), "Seconds": (2.5, "Seconds")}
        data = [
            {"MetricName": name, "Dimensions": dimensions, "Value": value, "Unit": unit}
            for name, (value, unit) in values.items()
        ]
        stub.add_response("put_metric_data", {}, {"Namespace": "MuviConverge", "MetricData": data})
        metrics(cloudwatch, "test", 3, 2.5)
        stub.assert_no_pending_responses()
