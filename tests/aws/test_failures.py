"""What may be repeated while a create runs, and which failures are an answer."""

from threading import Thread

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from reconciler.aws import Aws, missing
from reconciler.aws.failures import THROTTLED, code, message, once, throttled, veto
from reconciler.errors import AnswerLost

URL = "https://ec2.example.com"
UNCLEAR = [
    ReadTimeoutError(endpoint_url=URL),
    ConnectionClosedError(endpoint_url=URL),
]
NEVER_SENT = [
    ConnectTimeoutError(endpoint_url=URL),
    EndpointConnectionError(endpoint_url=URL),
]


def refused(name="Odd", status=400, text="no"):
    answer = {
        "Error": {"Code": name, "Message": text},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "CreateVpc")


def raised(error):
    with once():
        raise error


@pytest.mark.parametrize("error", UNCLEAR, ids=repr)
def test_an_answer_that_never_came_is_lost(error):
    with pytest.raises(AnswerLost, match=URL):
        raised(error)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_fault_of_aws_may_hide_what_it_has_done(status):
    with pytest.raises(AnswerLost, match="InternalError"):
        raised(refused("InternalError", status))


@pytest.mark.parametrize(
    "error", [refused(), refused("Throttling"), refused("SlowDown", 503), *NEVER_SENT, KeyError()]
)
def test_what_certainly_did_nothing_is_no_lost_answer(error):
    with pytest.raises(type(error)) as caught:
        raised(error)
    assert caught.value is error


def throttle(name="RequestLimitExceeded"):
    return None, {"Error": {"Code": name}}


@pytest.mark.parametrize("name", sorted(THROTTLED))
def test_a_throttled_create_is_sent_again(name):
    with once():
        assert veto(response=throttle(name)) is None


@pytest.mark.parametrize("error", NEVER_SENT, ids=repr)
def test_a_create_that_never_left_is_sent_again(error):
    with once():
        assert veto(response=None, caught_exception=error) is None


@pytest.mark.parametrize("error", UNCLEAR, ids=repr)
def test_a_create_that_may_have_arrived_is_not(error):
    with once():
        assert veto(response=None, caught_exception=error) is False
        assert veto(response=throttle("InternalError")) is False
        assert veto(response=(None, {})) is False


def test_everything_else_is_left_to_botocore():
    assert veto(response=throttle("InternalError")) is None
    assert veto(caught_exception=UNCLEAR[0]) is None


def test_only_what_is_inside_is_sent_once_also_after_a_failure():
    with pytest.raises(AnswerLost):
        raised(UNCLEAR[0])
    assert veto(caught_exception=UNCLEAR[0]) is None
    with once():
        with once():
            pass
        assert veto(caught_exception=UNCLEAR[0]) is False


def test_other_threads_are_not_concerned():
    seen = []
    with once():
        thread = Thread(target=lambda: seen.append(veto(caught_exception=UNCLEAR[0])))
        thread.start()
        thread.join()
    assert seen == [None]


class Wire:
    """Answers every request of a client with the next of these, and counts."""

    def __init__(self, monkeypatch, *answers):
        self.answers, self.sent = list(answers), 0
        session = boto3.Session("x", "y", region_name="eu-central-1")
        retries = {"mode": "standard", "total_max_attempts": 3}
        aws = Aws(session, "123456789012", Config(retries=retries), URL)
        self.client = aws.client("ec2", "eu-central-1")
        self.client.meta.events.register_first("before-send.ec2", self._answer)
        monkeypatch.setattr("time.sleep", lambda seconds: None)

    def _answer(self, **_):
        answer = self.answers[min(self.sent, len(self.answers) - 1)]
        self.sent += 1
        if isinstance(answer, Exception):
            raise answer
        return response(*answer)


def response(status, name=""):
    error = f"<Response><Errors><Error><Code>{name}</Code></Error></Errors></Response>"
    body = (
        error if name else "<CreateVpcResponse><vpc><vpcId>vpc-1</vpcId></vpc></CreateVpcResponse>"
    )
    answer = AWSResponse(URL, status, {}, None)
    answer._content = body.encode()
    return answer


@pytest.mark.parametrize(
    ("first", "sent"),
    [(UNCLEAR[0], 1), ((500, "InternalError"), 1), ((503, "Unavailable"), 1)],
    ids=str,
)
def test_botocore_does_not_repeat_a_create_whose_answer_is_lost(monkeypatch, first, sent):
    wire = Wire(monkeypatch, first, (200,))
    with pytest.raises(AnswerLost), once():
        wire.client.create_vpc(CidrBlock="10.0.0.0/16")
    assert wire.sent == sent


@pytest.mark.parametrize("first", [(503, "RequestLimitExceeded"), NEVER_SENT[0]], ids=str)
def test_botocore_repeats_a_create_that_did_nothing(monkeypatch, first):
    wire = Wire(monkeypatch, first, (200,))
    with once():
        assert wire.client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"] == "vpc-1"
    assert wire.sent == 2


@pytest.mark.parametrize("first", [UNCLEAR[0], (500, "InternalError")], ids=str)
def test_botocore_repeats_what_may_be_repeated(monkeypatch, first):
    wire = Wire(monkeypatch, first, (200,))
    wire.client.create_vpc(CidrBlock="10.0.0.0/16")
    assert wire.sent == 2


def test_exactly_these_codes_mean_that_it_is_not_there():
    with missing("NoSuchBucket", "NotFound"):
        raise refused("NotFound")
    with pytest.raises(ClientError), missing("NoSuchBucket"):
        raise refused("NoSuchBucketPolicy")
    with pytest.raises(ConnectTimeoutError), missing("NoSuchBucket"):
        raise NEVER_SENT[0]


def test_what_an_error_says_of_itself():
    assert code(refused("Odd")) == "Odd"
    assert message(refused(text="because")) == "because"
    assert code(ClientError({}, "CreateVpc")) == message(ClientError({}, "CreateVpc")) == ""
    assert throttled(refused("SlowDown"))
    assert not throttled(refused())
