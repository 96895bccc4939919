"""Running the command as a user does, and remembering every call that it makes to AWS."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import botocore.session
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from reconciler.cli import main

ACCOUNT, REGION = "123456789012", "eu-central-1"
READING = ("Describe", "List", "Get", "Head", "BatchGet", "AssumeRole", "Simulate", "Lookup")
ENVIRONMENT = f"""
account: '{ACCOUNT}'
region: {REGION}
zones: [{REGION}a, {REGION}b]
lists: exact
"""
RUNS = """
iam.role:
  runs:
    AssumeRolePolicyDocument:
      Version: '2012-10-17'
      Statement:
        - Effect: Allow
          Principal: {Service: lambda.amazonaws.com}
          Action: sts:AssumeRole
"""
"""The role that functions of the tests run with."""

LOADER = botocore.session.create_loader()


@dataclass(frozen=True)
class Call:
    """One operation that the command asked AWS for."""

    service: str
    operation: str
    region: str
    parameters: dict[str, Any]

    @property
    def reads(self) -> bool:
        return self.operation.startswith(READING)

    @property
    def journal(self) -> bool:
        """Whether it keeps the run's own journal, as every run does that may change something."""
        key = str(self.parameters.get("Key", ""))
        return self.operation == "PutObject" and key.startswith("runs/")


@dataclass
class Ran:
    """How a run of the command ended."""

    code: int
    out: str
    err: str
    calls: list[Call] = field(default_factory=list)

    @property
    def document(self) -> dict[str, Any]:
        return json.loads(self.out)

    @property
    def actions(self) -> dict[str, str]:
        """What each resource has done to it, but for those left as they are."""
        found = {each["address"]: each["action"] for each in self.document["resources"]}
        return {address: action for address, action in found.items() if action != "no-op"}

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        return {each["address"]: each for each in self.document["resources"]}

    @property
    def writes(self) -> list[str]:
        """The operations that change something, in their order; not the run's own journal."""
        return [call.operation for call in self.calls if not call.reads and not call.journal]

    def place(self, operation: str, *named: str) -> int:
        """When an operation was called that mentions all these texts. Fails if it never was."""
        for number, call in enumerate(self.calls):
            if call.operation == operation and all(n in str(call.parameters) for n in named):
                return number
        raise AssertionError(f"{operation} {named} was never called: {self.writes}")


Fault = Callable[[Call], Exception | None]


class Terminal(io.StringIO):
    """Where a person sits."""

    def isatty(self) -> bool:
        return True


def command(*arguments: str, fault: Fault = lambda call: None, typed: str | None = None) -> Ran:
    """`muvi-converge` with these arguments, in this process.

    `fault` may name the failure that AWS answers a call with; `typed` is what the person at the
    terminal answers, and without it there is no terminal."""
    kind = io.StringIO if typed is None else Terminal
    out, err = io.StringIO(), kind()
    with (
        recording(fault) as calls,
        patch.object(sys, "stdin", kind(typed or "")),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main(arguments)
        except SystemExit as done:
            return Ran(int(done.code or 0), out.getvalue(), err.getvalue(), calls)
    raise AssertionError("main always exits")


@contextmanager
def recording(fault: Fault = lambda call: None) -> Iterator[list[Call]]:
    """Every call of every client made in here."""
    calls: list[Call] = []
    send = BaseClient._make_api_call

    def made(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        meta = client.meta
        call = Call(meta.service_model.service_name, operation, meta.region_name, parameters)
        calls.append(call)
        if failure := fault(call):
            raise failure
        return send(client, operation, parameters)

    with patch.object(BaseClient, "_make_api_call", made), shared_models():
        yield calls


@contextmanager
def shared_models() -> Iterator[None]:
    """Reading botocore's models is dear, so all runs share what was read once."""
    with patch.object(botocore.session, "create_loader", lambda *_: LOADER):
        yield


def denied(call: Call) -> ClientError:
    """AWS's answer to whom it does not let do this."""
    user = f"User: arn:aws:iam::{ACCOUNT}:user/tester"
    words = f"{user} is not authorized to perform: {call.service}:{call.operation}"
    error = {"Error": {"Code": "AccessDeniedException", "Message": words}}
    return ClientError({**error, "ResponseMetadata": {"HTTPStatusCode": 403}}, call.operation)
