"""Between us and AWS: every client's calls pass here, at botocore's events, and may fail."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSResponse

READS = re.compile(r"(Describe|List|Get|Head|BatchGet)[A-Z]\w*")


@dataclass(frozen=True)
class Call:
    """One request on its way. A repeat is a call of its own."""

    service: str
    operation: str
    protocol: str
    number: int
    """The how manieth mutating call it is, from 1; 0 for one that reads."""

    def __str__(self) -> str:
        return f"{self.service}:{self.operation}"


class Fault:
    """Something that goes wrong with some calls. This one never happens."""

    def before(self, call: Call) -> AWSResponse | None:
        """A call is about to be sent. An answer that is given here keeps it from AWS."""
        return None

    def done(self, call: Call) -> None:
        """AWS has done what it was asked, and we do not know it yet."""

    def answered(self, call: Call, answer: dict[str, Any]) -> None:
        """The answer is there, and may be changed."""


@dataclass
class Wire:
    """Leads the calls of every client that it prepares past these faults, and notes them.

    Moto answers in-process: it is asked between `before` and `done`."""

    faults: Sequence[Fault] = ()
    sent: list[Call] = field(default_factory=list)
    """What reached AWS, in order."""

    def prepare(self, client: Any) -> None:
        """What `Aws` does to each new client."""
        service = client.meta.service_model
        name, events = service.service_id.hyphenize(), client.meta.events

        def before(request: Any, event_name: str, **_: Any) -> AWSResponse | None:
            call = self._call(service, event_name)
            answer = next(filter(None, [each.before(call) for each in self.faults]), None)
            if answer is None:
                self.sent.append(call)
                request.call = call
            else:  # moto is asked in any case: what is sent there it does not know
                request.url = "https://nowhere.invalid/"
            return answer

        def done(request: Any, **_: Any) -> None:
            with ExitStack() as all_of_them:  # though one of them raises
                for each in self.faults if hasattr(request, "call") else ():
                    all_of_them.callback(each.done, request.call)

        def answered(parsed: dict[str, Any], event_name: str, **_: Any) -> None:
            for each in self.faults:
                each.answered(self._call(service, event_name), parsed)

        events.register_first(f"before-send.{name}", before)
        events.register_last("before-send", done)  # moto's turn is before the last
        events.register(f"after-call.{name}", answered)

    @property
    def writes(self) -> list[str]:
        """The mutating calls that reached AWS, in order."""
        return [str(call) for call in self.sent if call.number]

    def _call(self, service: Any, event: str) -> Call:
        operation = event.rpartition(".")[2]
        number = 0 if READS.fullmatch(operation) else len(self.writes) + 1
        return Call(service.service_name, operation, service.resolved_protocol, number)


class _Body(BytesIO):
    def stream(self) -> list[bytes]:
        return [self.read()]


def refusal(call: Call, status: int, code: str, message: str) -> AWSResponse:
    """An error as AWS words it in the service's protocol."""
    headers, body = {"x-amzn-ErrorType": code}, json.dumps({"__type": code, "message": message})
    if "json" not in call.protocol:
        error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        ec2 = f"<Response><Errors>{error}</Errors><RequestID>1</RequestID></Response>"
        others = f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>"
        body = error if call.service == "s3" else ec2 if call.protocol == "ec2" else others
    return AWSResponse("https://nowhere.invalid/", status, headers, _Body(body.encode()))
