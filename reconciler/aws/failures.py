"""Which failures we take for an answer, which pass by themselves, and what may be sent again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
)

from reconciler.errors import AnswerLost

THROTTLED = {
    "BandwidthLimitExceeded",
    "PriorRequestNotComplete",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
}
NEVER_SENT = (ConnectTimeoutError, EndpointConnectionError)

_once: ContextVar[bool] = ContextVar("once", default=False)


@contextmanager
def missing(*codes: str, says: str = "") -> Iterator[None]:
    """Take these error codes to mean that the object is not there, and carry on.

    `says`: what AWS's message holds then, where the code alone says too little."""
    try:
        yield
    except ClientError as error:
        if code(error) not in codes or says not in message(error):
            raise


@contextmanager
def once() -> Iterator[None]:
    """Send what is called in here once: AWS would do it twice, and could not tell."""
    token = _once.set(True)
    try:
        yield
    except HTTPClientError as error:
        raise AnswerLost(str(error)) from error
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500 or throttled(error):
            raise
        raise AnswerLost(str(error)) from error
    finally:
        _once.reset(token)


def veto(response: Any = None, caught_exception: Any = None, **_: Any) -> bool | None:
    """A first handler of `needs-retry`: False forbids, None leaves it to botocore's own."""
    if not _once.get() or isinstance(caught_exception, NEVER_SENT):
        return None
    throttle = response and response[1].get("Error", {}).get("Code") in THROTTLED
    return None if throttle else False


def code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def message(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message", ""))


def throttled(error: ClientError) -> bool:
    return code(error) in THROTTLED
