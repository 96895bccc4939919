"""What may go wrong with a call to AWS. Which call it is says its number or name, never a clock."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from math import inf
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError

from tests.faults.wire import Call, Fault, refusal


class Killed(BaseException):
    """The process is dead. Nothing catches this, and nothing is sent any more."""


@dataclass
class Kill(Fault):
    """The process dies before the n-th mutating call is sent, or once AWS has carried it out."""

    number: int
    after: bool = False
    dead: bool = False

    def before(self, call: Call) -> None:
        if self.dead or (call.number == self.number and not self.after):
            self._die()

    def done(self, call: Call) -> None:
        if call.number == self.number and self.after:
            self._die()

    def _die(self) -> None:
        self.dead = True
        raise Killed


@dataclass
class Lose(Fault):
    """AWS does what it was asked, and its answer never comes."""

    operation: str
    times: float = 1

    def done(self, call: Call) -> None:
        if call.operation == self.operation and self.times > 0:
            self.times -= 1
            raise ReadTimeoutError(endpoint_url=f"https://{call.service}.example")


class LoseEveryOther(Fault):
    """AWS does all that it is asked, and of every two answers about it one never comes."""

    def done(self, call: Call) -> None:
        if call.number % 2:
            Lose(call.operation).done(call)


@dataclass
class Refuse(Fault):
    """AWS does nothing, and says so."""

    operation: str
    code: str
    message: str
    status: int = 400
    times: float = inf
    refused: int = 0

    def before(self, call: Call) -> AWSResponse | None:
        if call.operation != self.operation or self.refused >= self.times:
            return None
        self.refused += 1
        return refusal(call, self.status, self.code, self.message)


def throttle(operation: str, times: float) -> Refuse:
    """AWS is asked too often."""
    return Refuse(operation, "Throttling", "Rate exceeded", 400, times)


def fail(operation: str, times: float) -> Refuse:
    """AWS fails in itself."""
    return Refuse(operation, "InternalFailure", "The request failed", 500, times)


def deny(operation: str) -> Refuse:
    """We lack the permission."""
    return Refuse(operation, "AccessDenied", f"You are not authorized to perform {operation}", 403)


@dataclass
class Hide(Fault):
    """For so many readings after a create, a listing answers as it did before."""

    listing: str
    create: str
    readings: float
    created: bool = False
    earlier: dict[str, Any] = field(default_factory=dict)

    def done(self, call: Call) -> None:
        self.created |= call.operation == self.create

    def answered(self, call: Call, answer: dict[str, Any]) -> None:
        if call.operation != self.listing:
            return
        if not self.created:
            self.earlier = deepcopy(answer)
        elif self.readings > 0:
            self.readings -= 1
            answer.clear()
            answer.update(deepcopy(self.earlier))


@dataclass
class Meanwhile(Fault):
    """Somebody else does something just before a call of ours is sent, so many times."""

    operation: str
    do: Callable[[], Any]
    times: float = 1

    def before(self, call: Call) -> None:
        if call.operation == self.operation and self.times > 0:
            self.times -= 1
            self.do()


@dataclass
class Afterwards(Fault):
    """Somebody else does something right after a call of ours, so many times."""

    operation: str
    do: Callable[[], Any]
    times: float = 1

    def answered(self, call: Call, answer: dict[str, Any]) -> None:
        if call.operation == self.operation and self.times > 0:
            self.times -= 1
            self.do()
