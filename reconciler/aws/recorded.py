"""Every call that may have changed something, as its answer told: nothing of what was sent."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reconciler.aws.operations import reads

_address: ContextVar[str] = ContextVar("address", default="")
BEGUN = "muvi_converge_begun"
"""Where botocore's context of a call keeps when it began."""


@contextmanager
def on_behalf_of(address: str) -> Iterator[None]:
    """Calls that this thread makes in here are made for that resource."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


@dataclass(frozen=True)
class Call:
    """One call, its repeats included."""

    when: datetime
    service: str
    operation: str
    region: str
    address: str
    """For which resource; empty where that is not known."""
    request_id: str
    """Of the last try, by which CloudTrail knows it; empty where no answer came."""
    status: int
    """HTTP's; 0 where no answer came."""
    error: str
    """AWS's code, or the name of what went wrong on the way; empty where it did what was asked."""
    tries: int
    seconds: float


class Recorded:
    """The calls of one run, in the order of their answers. Safe to use from many threads."""

    def __init__(self) -> None:
        self._calls: list[Call] = []

    def __iter__(self) -> Iterator[Call]:
        return iter(tuple(self._calls))

    def __len__(self) -> int:
        return len(self._calls)

    def listen(self, client: Any, service: str, region: str) -> None:
        """Note what this client is answered from now on."""
        name = client.meta.service_model.service_id.hyphenize()

        def begun(context: dict[str, Any], **_: Any) -> None:
            context[BEGUN] = time.time()

        def ended(event_name: str, context: Mapping[str, Any], **answer: Any) -> None:
            operation = event_name.rpartition(".")[2]
            if not reads(operation):
                self._calls.append(_call(service, operation, region, context, answer))

        events = client.meta.events
        events.register(f"before-call.{name}", begun)
        events.register_first(f"after-call.{name}", ended)
        events.register_first(f"after-call-error.{name}", ended)


def _call(
    service: str,
    operation: str,
    region: str,
    context: Mapping[str, Any],
    answer: Mapping[str, Any],
) -> Call:
    begun = context.get(BEGUN, time.time())
    parsed = answer.get("parsed") or {}
    told, failure = parsed.get("ResponseMetadata", {}), answer.get("exception")
    return Call(
        when=datetime.fromtimestamp(begun, UTC),
        service=service,
        operation=operation,
        region=region,
        address=_address.get(),
        request_id=str(told.get("RequestId", "")),
        status=int(told.get("HTTPStatusCode", 0)),
        error=type(failure).__name__ if failure else str(parsed.get("Error", {}).get("Code", "")),
        tries=int(told.get("RetryAttempts", 0)) + 1,
        seconds=time.time() - begun,
    )
