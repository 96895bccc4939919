"""What topics and subscriptions send, and what happens while nobody confirms."""

import json

import pytest
from botocore.exceptions import ClientError

from reconciler.model import Action, Desired, Found, Status
from reconciler.result import Fate
from reconciler.sandbox.people import people
from resources.sns.subscription import Subscription
from resources.sns.topic import Topic
from tests.conftest import ACCOUNT, REGION
from tests.handlers import steps
from tests.living import loaded, run, written

OURS = {"muvi-converge:environment": "test", "muvi-converge:address": "sns.topic/alarms"}
MAIL = "ops@muvicinemas.com"
FILTER = {"severity": ["high"]}
NESTED = {"detail": {"state": ["ALARM"]}}
DEAD = {"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:lost"}


@pytest.fixture
def topics(aws):
    return Topic(aws, REGION)


@pytest.fixture
def topic(topics):
    return topics.create(Desired({"Name": "alarms", "DisplayName": "Alarms"}, OURS))


@pytest.fixture
def subscriptions(aws):
    return Subscription(aws, REGION)


@pytest.fixture
def sent(aws):
    return steps.sent(aws.client("sns", REGION), "GetTopicAttributes", "GetSubscriptionAttributes")


@pytest.fixture
def away(monkeypatch):
    """Nobody reads his mail."""
    monkeypatch.setattr(people, "absent", True)


def mail(topic, **attributes):
    return {"TopicArn": topic, "Protocol": "email", "Endpoint": MAIL, **attributes}


def subscribe(subscriptions, topic, **attributes):
    wanted = subscriptions.spelled(mail(topic, **attributes))
    return subscriptions.create(Desired(wanted))


def confirm(aws, topic):
    aws.client("sns", REGION).confirm_subscription(TopicArn=topic, Token=MAIL)


# Topics


def test_a_topic_is_born_with_its_tags_and_attributes(topics, sent):
    wanted = {"Name": "alarms", "DisplayName": "Alarms", "TracingConfig": "Active"}
    topics.create(Desired({**wanted, "FifoTopic": False}, {"team": "ops"}))
    assert sent == [
        (
            "CreateTopic",
            {
                "Name": "alarms",
                "Attributes": {"DisplayName": "Alarms", "TracingConfig": "Active"},
                "Tags": [{"Key": "team", "Value": "ops"}],
            },
        )
    ]


def test_a_fifo_topic_says_so_in_text(topics, sent):
    topics.create(Desired({"Name": "orders.fifo", "FifoTopic": True}, {}))
    assert sent[0][1]["Attributes"] == {"FifoTopic": "true"}
    (found,) = topics.listed()
    assert topics.get(found, {"FifoTopic"})["FifoTopic"] is True


def test_a_topic_made_twice_is_one(topics, topic):
    assert topics.create(Desired({"Name": "alarms", "DisplayName": "Alarms"}, OURS)) == topic


def test_a_topic_that_is_there_otherwise_is_not_taken_for_ours(topics, topic):
    with pytest.raises(ClientError, match="already exists with different attributes"):
        topics.create(Desired({"Name": "alarms", "DisplayName": "Sirens"}, OURS))


def test_only_what_is_mentioned_is_read(topics, topic, sent):
    steps.look(topics, topic, {"Name", "TopicArn"})
    assert sent == []
    steps.look(topics, topic, {"DisplayName"})
    assert [operation for operation, _ in sent] == ["GetTopicAttributes"]


def test_attributes_are_written_one_at_a_time(topics, topic, sent):
    wanted = {"Name": "alarms", "DisplayName": "Sirens", "SignatureVersion": "2"}
    assert steps.update(topics, topic, wanted) == ()
    written = [call for operation, call in sent if operation == "SetTopicAttributes"]
    assert [(each["AttributeName"], each["AttributeValue"]) for each in written] == [
        ("DisplayName", "Sirens"),
        ("SignatureVersion", "2"),
    ]


def test_null_is_what_aws_has_when_nobody_says_anything(topics, topic, aws):
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Alarms",
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "SNS:Publish",
                "Resource": topic,
            }
        ],
    }
    before = {
        "Policy": topics.parsed("Policy", policy),
        "TracingConfig": "Active",
        "SignatureVersion": "2",
        "KmsMasterKeyId": "alias/aws/sns",
        "DeliveryPolicy": {"http": {"disableSubscriptionOverrides": True}},
    }
    born = {"Name": "alarms"}
    assert steps.update(topics, topic, {**born, **before}) == ()
    assert steps.update(topics, topic, {**born, **dict.fromkeys(before)}) == ()
    shown = aws.client("sns", REGION).get_topic_attributes(TopicArn=topic)["Attributes"]
    (statement,) = json.loads(shown["Policy"])["Statement"]
    assert statement["Sid"] == "__default_statement_ID"
    assert statement["Resource"] == [topic]


def test_a_new_topic_has_the_policy_that_null_means(topics, topic):
    assert steps.update(topics, topic, {"Name": "alarms", "Policy": None}) == ()


def test_deleting_a_topic_that_is_gone_is_fine(topics, topic):
    observed = steps.look(topics, topic)
    topics.delete(observed)
    topics.delete(observed)
    assert topics.get(Found(topic, {}), {"DisplayName"}) is None


# Subscriptions


def test_attributes_travel_with_the_subscription(subscriptions, topic, sent):
    id_ = subscribe(subscriptions, topic, FilterPolicy=FILTER, RawMessageDelivery=True)
    assert sent == [
        (
            "Subscribe",
            {
                "TopicArn": topic,
                "Protocol": "email",
                "Endpoint": MAIL,
                "Attributes": {
                    "FilterPolicy": '{"severity": ["high"]}',
                    "RawMessageDelivery": "true",
                },
            },
        )
    ]
    assert steps.look(subscriptions, id_).status is Status.READY


def test_who_subscribes_twice_has_one_subscription(subscriptions, topic):
    assert subscribe(subscriptions, topic) == subscribe(subscriptions, topic)
    assert len(list(subscriptions.listed())) == 1


def test_attributes_are_read_only_if_mentioned(subscriptions, topic, sent):
    id_ = subscribe(subscriptions, topic)
    sent.clear()
    steps.look(subscriptions, id_, mail(topic))
    assert sent == []


@pytest.mark.parametrize(
    ("scope", "policy", "order"),
    [
        ("MessageBody", NESTED, ["FilterPolicyScope", "FilterPolicy"]),
        ("MessageAttributes", FILTER, ["FilterPolicy", "FilterPolicyScope"]),
    ],
)
def test_no_filter_is_ever_in_the_wrong_scope(subscriptions, topic, sent, scope, policy, order):
    """Bodies take what attributes take; attributes have nothing nested."""
    other = {"MessageBody": FILTER, "MessageAttributes": NESTED}[scope]
    old = {"MessageBody": "MessageAttributes", "MessageAttributes": "MessageBody"}[scope]
    id_ = subscribe(subscriptions, topic, FilterPolicy=other, FilterPolicyScope=old)
    sent.clear()
    wanted = mail(topic, FilterPolicy=policy, FilterPolicyScope=scope)
    assert steps.update(subscriptions, id_, wanted) == ()
    written = [call for operation, call in sent if operation == "SetSubscriptionAttributes"]
    assert [each["AttributeName"] for each in written] == order


def test_a_filter_is_one_thing(subscriptions, topic):
    """A key that somebody adds lets less through."""
    id_ = subscribe(subscriptions, topic, FilterPolicy={**FILTER, "source": ["theirs"]})
    assert steps.update(subscriptions, id_, mail(topic, FilterPolicy=FILTER)) == ()
    observed = steps.look(subscriptions, id_, {"FilterPolicy"})
    assert json.loads(observed["FilterPolicy"]) == FILTER


def test_null_takes_attributes_away(subscriptions, topic, sent):
    given = {"FilterPolicy": FILTER, "RedrivePolicy": DEAD, "RawMessageDelivery": True}
    id_ = subscribe(subscriptions, topic, **given)
    sent.clear()
    nothing = mail(topic, **dict.fromkeys(given))
    assert steps.update(subscriptions, id_, nothing) == ()
    written = [call for operation, call in sent if operation == "SetSubscriptionAttributes"]
    assert {each["AttributeName"]: each.get("AttributeValue") for each in written} == {
        "FilterPolicy": "{}",  # AWS takes no empty text for it
        "RedrivePolicy": None,  # and here nothing but silence
        "RawMessageDelivery": "false",
    }


def test_deleting_a_subscription_that_is_gone_is_fine(subscriptions, topic):
    observed = steps.look(subscriptions, subscribe(subscriptions, topic))
    subscriptions.delete(observed)
    subscriptions.delete(observed)
    assert list(subscriptions.listed(float("inf"))) == []


# Nobody confirms


def test_what_nobody_confirmed_waits_for_the_person_there(subscriptions, topic, away):
    id_ = subscribe(subscriptions, topic, FilterPolicy=FILTER)
    observed = steps.look(subscriptions, id_, {"FilterPolicy"})
    assert observed.status is Status.WAITING
    (wait,) = observed.waits
    assert wait.who == f"the person at {MAIL}"
    assert "AWS Notification - Subscription Confirmation" in wait.what
    assert wait.unblocks == ""


def test_a_site_confirms_by_itself(subscriptions, topic, away):
    wanted = {"TopicArn": topic, "Protocol": "https", "Endpoint": "https://muvicinemas.com/sns"}
    id_ = subscriptions.create(Desired(wanted))
    (wait,) = steps.look(subscriptions, id_).waits
    assert wait.who == "whoever runs https://muvicinemas.com/sns"
    assert "SubscribeURL" in wait.what


def test_its_id_stays_when_it_is_confirmed(subscriptions, topic, aws, away):
    id_ = subscribe(subscriptions, topic)
    assert "SubscriptionArn" not in steps.look(subscriptions, id_).properties
    confirm(aws, topic)
    observed = steps.look(subscriptions, id_)
    assert observed.status is Status.READY
    assert observed["SubscriptionArn"].startswith(topic)


def test_deleting_what_nobody_confirmed_sends_nothing_and_is_done(subscriptions, topic, sent, away):
    id_ = subscribe(subscriptions, topic)
    sent.clear()
    subscriptions.delete(steps.look(subscriptions, id_))
    assert sent == []
    assert steps.look(subscriptions, id_) is None


@pytest.fixture
def life(aws, tmp_path):
    """Runs of an environment with a topic and its subscription, and what became of the latter."""

    def live(lists="exact", subscribed=True, **request):
        wanted = {
            "TopicArn": "${sns.topic/alarms.TopicArn}",
            "Protocol": "email",
            "Endpoint": MAIL,
            "FilterPolicy": FILTER,
            "RedrivePolicy": DEAD,
        }
        files = {"alarms": {"sns.topic": {"alarms": {}}}}
        if subscribed:
            files["ops"] = {"sns.subscription": {"ops": wanted}}
        else:
            (tmp_path / "test" / "ops.yaml").unlink()
        environment = {"account": ACCOUNT, "region": REGION, "lists": lists}
        declared = loaded(written(tmp_path, environment, **files))
        only = ("sns.topic", "sns.subscription") if subscribed else ()
        return run(declared, aws, only=only, **request)[1]

    return live


def action(result):
    return {each.address: each.action for each in result.decisions}["sns.subscription/ops"]


def test_a_run_waits_for_people_and_asks_only_once(life, aws, topic, sent, away):
    first = life()
    assert first.outcomes["sns.subscription/ops"].fate is Fate.WAITING
    assert first.outcomes["sns.subscription/ops"].waits[0].who == f"the person at {MAIL}"
    assert action(life(dry=True)) is Action.WAIT
    life()
    assert [operation for operation, _ in sent].count("Subscribe") == 1
    assert "SetSubscriptionAttributes" not in dict(sent)

    confirm(aws, topic)
    assert action(life(dry=True)) is Action.NO_OP


def test_what_aws_forgot_is_asked_for_again(life, sent, away):
    from moto.sns.models import sns_backends

    life()
    sns_backends[ACCOUNT][REGION].subscriptions.clear()
    assert action(life(dry=True)) is Action.CREATE
    life()
    assert [operation for operation, _ in sent].count("Subscribe") == 2


def test_a_filter_that_drifts_is_repaired_once_it_shows(life, aws, topic, away):
    life()
    confirm(aws, topic)
    client = aws.client("sns", REGION)
    (listed,) = client.list_subscriptions()["Subscriptions"]
    client.set_subscription_attributes(
        SubscriptionArn=listed["SubscriptionArn"],
        AttributeName="FilterPolicy",
        AttributeValue='{"severity": ["low"]}',
    )
    assert action(life(dry=True)) is Action.UPDATE


def test_a_destroy_does_not_fail_over_what_nobody_confirmed(life, aws, away):
    life()
    gone = life(destroy=True)
    assert {outcome.fate for outcome in gone.outcomes.values()} == {Fate.DONE}
    assert aws.client("sns", REGION).list_topics()["Topics"] == []
    assert aws.client("sns", REGION).list_subscriptions()["Subscriptions"] == []


def test_a_subscription_that_nothing_declares_any_more_goes(life, aws):
    life()
    life(subscribed=False)
    client = aws.client("sns", REGION)
    assert len(client.list_topics()["Topics"]) == 1
    assert client.list_subscriptions()["Subscriptions"] == []
