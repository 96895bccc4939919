"""https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: what a topic takes, and refuses."""

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import ANY

from reconciler.errors import Undelivered
from reconciler.notify import Message, Topic

ARN = "arn:aws:sns:eu-central-1:123456789012:alarms"


@pytest.fixture
def published(stubbed):
    """What SNS is sent for a message."""

    def publish(message):
        client, stub = stubbed("sns")
        sent = {}
        client.meta.events.register(
            "provide-client-params.sns.Publish", lambda params, **_: sent.update(params)
        )
        stub.add_response(
            "publish", {"MessageId": "1"}, {"TopicArn": ARN, "Subject": ANY, "Message": ANY}
        )
        Topic(client, ARN).send(message)
        return sent

    return publish


def test_a_message_is_published(published):
    sent = published(Message("UAT: 2 drifts", ("a", "b ü")))
    assert sent == {"TopicArn": ARN, "Subject": "UAT: 2 drifts", "Message": "a\nb ü"}


@pytest.mark.parametrize(
    ("subject", "sent"),
    [
        ("two\nlines\r\n\tand more", "two lines and more"),
        ("“drift” – é 漢…", '"drift" - e ?...'),
        ("\x1b[31mred\x00", "?[31mred?"),
        ("  \n", "muvi-converge"),
        ("x" * 200, "x" * 99),
        ("…" * 50, "." * 99),
    ],
)
def test_a_subject_is_made_one_that_sns_takes(published, subject, sent):
    assert published(Message(subject, ("a",)))["Subject"] == sent


def test_a_message_is_cut_at_its_bytes(published):
    text = published(Message("s", ("ü" * 99,) * 2000))["Message"]
    assert 256 * 1024 - 250 < len(text.encode()) <= 256 * 1024
    assert text.endswith(f"\n… {2000 - text.count('ü' * 99)} more")


@pytest.mark.parametrize("lines", [(), ("",), (" ", "")])
def test_a_message_without_words_is_its_subject_for_sns_takes_none_that_is_empty(published, lines):
    assert published(Message("all is well", lines))["Message"] == "all is well"


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("AuthorizationError", "sns:Publish"),
        ("NotFound", "notify.sns"),
        ("KMSAccessDenied", "kms:GenerateDataKey"),
        ("InternalError", "(InternalError)"),
    ],
)
def test_a_refusal_says_which_topic_and_what_to_do(stubbed, code, remedy):
    client, stub = stubbed("sns")
    stub.add_client_error("publish", code, "not you", 403)
    with pytest.raises(Undelivered, match="not you") as raised:
        Topic(client, ARN).send(Message("s", ("a",)))
    assert str(raised.value).startswith(f"the topic {ARN} was not told")
    assert remedy in str(raised.value)


def test_no_network_is_a_failure_in_words():
    class Offline:
        def publish(self, **_):
            raise EndpointConnectionError(endpoint_url="https://sns")

    with pytest.raises(Undelivered, match="was not told"):
        Topic(Offline(), ARN).send(Message("s", ("a",)))
