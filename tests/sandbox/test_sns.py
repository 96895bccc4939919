"""SNS as its API reference describes it. https://docs.aws.amazon.com/sns/latest/api/"""

import json

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox.people import people

MAIL = "ops@muvicinemas.com"


@pytest.fixture
def sns(moto):
    return moto("sns")


@pytest.fixture
def alarms(sns):
    return sns.create_topic(Name="alarms", Attributes={"DisplayName": "Alarms"})["TopicArn"]


@pytest.fixture
def nobody(monkeypatch):
    monkeypatch.setattr(people, "absent", True)


def refused(code, words):
    return pytest.raises(ClientError, match=rf"\({code}\).*{words}")


def test_a_topic_made_again_with_other_attributes_is_refused(sns, alarms):
    same = sns.create_topic(Name="alarms", Attributes={"DisplayName": "Alarms"})
    assert same["TopicArn"] == sns.create_topic(Name="alarms")["TopicArn"] == alarms
    with refused("InvalidParameter", "different attributes"):
        sns.create_topic(Name="alarms", Attributes={"DisplayName": "Sirens"})


def test_a_topic_made_again_with_other_tags_is_refused(sns, alarms):
    with refused("InvalidParameter", "different tags"):
        sns.create_topic(Name="alarms", Tags=[{"Key": "team", "Value": "ops"}])


@pytest.mark.parametrize(
    ("name", "value"), [("SignatureVersion", "2"), ("TracingConfig", "Active")]
)
def test_how_messages_are_signed_and_traced_is_shown(sns, alarms, name, value):
    assert name not in sns.get_topic_attributes(TopicArn=alarms)["Attributes"]
    sns.set_topic_attributes(TopicArn=alarms, AttributeName=name, AttributeValue=value)
    assert sns.get_topic_attributes(TopicArn=alarms)["Attributes"][name] == value
    born = sns.create_topic(Name="born", Attributes={name: value})["TopicArn"]
    assert sns.get_topic_attributes(TopicArn=born)["Attributes"][name] == value


@pytest.mark.parametrize("policy", ["", "nobody"])
def test_a_policy_that_is_none_is_refused(sns, alarms, policy):
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:role/gone"},
        "Action": "SNS:Publish",
        "Resource": alarms,
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]}) if policy else ""
    with refused("InvalidParameter", "Policy"):
        sns.set_topic_attributes(TopicArn=alarms, AttributeName="Policy", AttributeValue=text)


def subscribe(sns, topic, **more):
    return sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=MAIL, **more)["SubscriptionArn"]


def shown(sns, topic):
    (listed,) = sns.list_subscriptions()["Subscriptions"]
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == [listed]
    assert (listed["TopicArn"], listed["Protocol"], listed["Endpoint"]) == (topic, "email", MAIL)
    return listed["SubscriptionArn"]


def test_what_nobody_confirms_is_pending(sns, alarms, nobody):
    assert subscribe(sns, alarms) == "pending confirmation"
    assert shown(sns, alarms) == "PendingConfirmation"


def test_its_arn_is_told_to_who_asks(sns, alarms, nobody):
    arn = subscribe(sns, alarms, ReturnSubscriptionArn=True)
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert attributes["PendingConfirmation"] == "true"


def test_what_is_pending_cannot_be_deleted(sns, alarms, nobody):
    arn = subscribe(sns, alarms, ReturnSubscriptionArn=True)
    with refused("InvalidParameter", "pending confirmation"):
        sns.unsubscribe(SubscriptionArn=arn)


def test_what_is_confirmed_is_pending_no_more(sns, alarms, nobody):
    subscribe(sns, alarms)
    assert shown(sns, alarms) == "PendingConfirmation"
    arn = sns.confirm_subscription(TopicArn=alarms, Token=MAIL)["SubscriptionArn"]
    assert shown(sns, alarms) == arn == subscribe(sns, alarms)
    sns.unsubscribe(SubscriptionArn=arn)
    assert sns.list_subscriptions()["Subscriptions"] == []


def test_a_wrong_token_confirms_nothing(sns, alarms, nobody):
    subscribe(sns, alarms)
    with refused("InvalidParameter", "Token"):
        sns.confirm_subscription(TopicArn=alarms, Token="theirs@muvicinemas.com")


def test_to_subscribe_again_with_other_attributes_is_refused(sns, alarms):
    arn = subscribe(sns, alarms, Attributes={"FilterPolicy": '{"a": ["b"]}'})
    assert subscribe(sns, alarms) == arn
    with refused("InvalidParameter", "different attributes"):
        subscribe(sns, alarms, Attributes={"FilterPolicy": '{"a": ["c"]}'})


def test_people_who_are_there_confirm_at_once(aws):
    """No correction: moto does so, and so does our everyday sandbox."""
    sns = aws.client("sns", "eu-central-1")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    assert subscribe(sns, topic) == shown(sns, topic)
    assert shown(sns, topic).startswith(f"{topic}:")


def test_a_function_needs_no_person(aws, nobody):
    sns = aws.client("sns", "eu-central-1")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    function = "arn:aws:lambda:eu-central-1:123456789012:function:pager"
    arn = sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function)["SubscriptionArn"]
    assert arn.startswith(f"{topic}:")
