"""What is remembered of calls that change something, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from reconciler.aws.recorded import on_behalf_of
from tests.command.running import REGION

SECRET = "swordfish"


def only(aws):
    (call,) = aws.recorded
    return call


def test_a_call_that_changes_something_is_told_by_its_answer(aws):
    sns, begun = aws.client("sns", REGION), datetime.now(UTC)
    with on_behalf_of("sns.topic/x"):
        answer = sns.create_topic(Name=SECRET)
    call = only(aws)
    assert (call.service, call.operation, call.region) == ("sns", "CreateTopic", REGION)
    assert (call.address, call.status, call.error, call.tries) == ("sns.topic/x", 200, "", 1)
    assert call.request_id == answer["ResponseMetadata"]["RequestId"] != ""
    assert begun <= call.when <= datetime.now(UTC)
    assert 0 < call.seconds < 5
    assert SECRET not in str(call)


def test_reads_are_not_remembered_nor_what_a_client_apart_does(aws):
    aws.client("sns", REGION).list_topics()
    aws.apart("sns", REGION).create_topic(Name="x")
    assert [*aws.recorded] == []


def test_what_aws_refused_is_told_by_its_code_and_not_by_its_message(aws):
    with pytest.raises(ClientError):
        aws.client("iam", REGION).delete_role(RoleName=SECRET)
    call = only(aws)
    assert (call.error, call.status, call.address) == ("NoSuchEntity", 404, "")
    assert SECRET not in str(call)


def test_an_answer_that_never_came_is_told(aws):
    client = aws.client("sns", REGION)

    def lose(**_):
        raise ReadTimeoutError(endpoint_url="https://somewhere")

    client.meta.events.register_first("before-send.sns", lose)
    client.meta.events.register_first("needs-retry.sns", lambda **_: False)
    with pytest.raises(ReadTimeoutError):
        client.create_topic(Name="x")
    call = only(aws)
    assert (call.error, call.status, call.request_id) == ("ReadTimeoutError", 0, "")


def test_what_the_guard_kept_from_being_sent_is_no_call(aws):
    def no(operation):
        raise ValueError(operation)

    aws.guard = no
    with pytest.raises(ValueError, match=r"sns\.CreateTopic"):
        aws.client("sns", REGION).create_topic(Name="x")
    assert [*aws.recorded] == []
