"""From environment.yaml to channels: whom it names, as far as a run knows where they are."""

from types import SimpleNamespace

import pytest

from reconciler.model import Asked
from reconciler.notify import Message, Topic, Webhook, channels, send
from reconciler.plan.estate import Estate
from tests.conftest import ACCOUNT, REGION
from tests.living import loaded, run, written

URL = "https://hooks.slack.example/services/s3cr3t"
ENV = {"account": ACCOUNT, "region": REGION, "inputs": {"slack": {"env": "MUVI_SLACK"}}}
TOPIC = {"sns.topic": {"alarms": {}}}
ARN = f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"
BOTH = {"sns": "${sns.topic/alarms.TopicArn}", "webhook": "${input.slack}", "metrics": "true"}
MESSAGE = Message("s", ("a",))
ONLY = ("sns.topic/alarms",)


def clients(service, region):
    return SimpleNamespace(of=(service, region))


@pytest.fixture
def declared(tmp_path):
    def declare(**notify):
        return loaded(written(tmp_path, {**ENV, "notify": notify}, topic=TOPIC))

    return declare


def text(declared, given):
    return Estate(declared, None, "run", given).text


def test_nobody_is_named_where_nothing_is_said(declared):
    plain = declared()
    assert plain.environment.notify == {}
    assert channels(plain.environment, text(plain, Asked), clients) == []


def test_a_topic_by_its_arn_is_told_in_its_own_region(declared):
    far = declared(sns=f"arn:aws:sns:eu-west-1:{ACCOUNT}:far")
    (topic,) = channels(far.environment, text(far, Asked), clients)
    assert isinstance(topic, Topic)
    assert topic.name.endswith(":eu-west-1:123456789012:far")
    assert topic._client.of == ("sns", "eu-west-1")


def test_a_run_that_makes_the_topic_can_tell_it(declared, aws):
    both = declared(**BOTH)
    assert both.environment.notify["metrics"] is True
    ran, _ = run(both, aws, only=ONLY)
    topic, webhook = channels(both.environment, ran.estate.text, clients)
    assert topic.name == f"the topic {ARN}"
    assert isinstance(webhook, Webhook)
    ran, _ = run(both, aws, dry=True, only=ONLY)
    assert channels(both.environment, ran.estate.text, clients)[0].name == f"the topic {ARN}"


def test_a_message_reaches_a_real_topic(declared, aws):
    ran, _ = run(declared(sns=BOTH["sns"]), aws, only=ONLY)
    every = channels(ran.declared.environment, ran.estate.text, aws.apart)
    assert send(every, MESSAGE) == []
    assert aws.calls["sns"]


def test_who_cannot_be_told_is_told_of(declared):
    both = declared(**BOTH)
    failed = send(channels(both.environment, text(both, Asked), clients), MESSAGE)
    assert failed == [
        "the topic ${sns.topic/alarms.TopicArn} was not told: this run did not see it in AWS",
        "the webhook was not told: the input slack has no value",
    ]


def test_a_dry_run_demands_no_input_for_it(declared, aws, monkeypatch):
    monkeypatch.delenv("MUVI_SLACK", raising=False)
    ran, result = run(declared(**BOTH), aws, dry=True, only=ONLY)
    assert [str(each) for each in ran.warnings if "slack" in str(each)] == []
    assert result.outputs == {}
    ran, result = run(declared(**BOTH), aws, only=ONLY)
    assert {each.fate.name for each in result.outcomes.values()} == {"DONE"}


def test_the_url_of_an_input_is_in_no_name(declared):
    said = declared(webhook=BOTH["webhook"])
    (webhook,) = channels(said.environment, text(said, lambda name: URL), clients)
    assert "s3cr3t" not in f"{webhook.name} {webhook!r}"
