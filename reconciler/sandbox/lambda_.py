"""Lambda: what moto forgets of a function, and what it never refuses."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError
from moto.awslambda.models import ImageConfig, LambdaBackend

from reconciler.load.tables import table
from reconciler.sandbox.corrections import Method, corrects

KEPT = (
    "DeadLetterConfig",
    "FileSystemConfigs",
    "KMSKeyArn",
    "LoggingConfig",
    "SnapStart",
    "TracingConfig",
)
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, as cfn-lint keeps its dates
RUNTIMES = "AdditionalSpecs/LmbdRuntimeLifecycle"


def today() -> date:
    """The day by which AWS ends runtimes."""
    return date.today()


class Conflict(LambdaClientError):
    code = 409

    def __init__(self, message: str) -> None:
        super().__init__("ResourceConflictException", message)


@corrects(LambdaBackend, "create_function")
def create_function(original: Method, self: Any, spec: Any) -> Any:
    """moto takes runtimes that AWS has blocked, and the function is there at once.
    API_CreateFunction.html"""
    _refuse_runtime(spec.get("Runtime"), "create-block")
    function = original(self, spec)
    _keep(function, spec)
    function.state = "Pending"
    return function


@corrects(LambdaBackend, "update_function_configuration")
def update_function_configuration(
    original: Method, self: Any, function_name: str, qualifier: str, body: Any
) -> Any:
    """moto forgets most settings, and takes two updates at a time.
    API_UpdateFunctionConfiguration.html"""
    function = self.get_function(function_name, qualifier)
    _refuse_runtime(body.get("Runtime", function.run_time), "update-block")
    _begin(function)
    if "EphemeralStorage" in body:
        function.ephemeral_storage = body["EphemeralStorage"]["Size"]
    if "ImageConfig" in body:
        function.image_config = ImageConfig(body["ImageConfig"])
    _keep(function, body)
    original(self, function_name, qualifier, body)
    return function.get_configuration()


@corrects(LambdaBackend, "update_function_code")
def update_function_code(
    original: Method, self: Any, function_name: str, qualifier: str, body: Any
) -> Any:
    """moto takes an architecture without code, forgets one with code, and takes two updates at a
    time, with runtimes that AWS has blocked. API_UpdateFunctionCode.html"""
    function = self.get_function(function_name, qualifier)
    _refuse_runtime(function.run_time, "update-block")
    if not body.keys() & {"ZipFile", "S3Bucket", "ImageUri"}:
        raise InvalidParameterValueException("Please provide a source for function code.")
    _begin(function)
    if "Architectures" in body:
        function.architectures = body["Architectures"]
    original(self, function_name, qualifier, body)
    return function.get_configuration()


@corrects(LambdaBackend, "add_permission")
def add_permission(
    original: Method, self: Any, function_name: str, qualifier: str, raw: str
) -> Any:
    """moto takes a statement twice. API_AddPermission.html"""
    wanted = json.loads(raw)["StatementId"]
    there = self.get_function(function_name, qualifier).policy.statements
    if any(statement["Sid"] == wanted for statement in there):
        raise Conflict(f"The statement id ({wanted}) provided already exists.")
    return original(self, function_name, qualifier, raw)


def _refuse_runtime(runtime: str | None, step: str) -> None:
    if not runtime:  # images bring their own
        return
    known = table(RUNTIMES)
    blocked = known[runtime][step] or "9999-12-31" if runtime in known else "0001-01-01"
    if date.fromisoformat(blocked) <= today():
        raise InvalidParameterValueException(
            f"The runtime parameter of {runtime} is no longer supported for creating or "
            "updating AWS Lambda functions."
        )


def _keep(function: Any, given: Any) -> None:
    """What is sent empty is taken away."""
    before = getattr(function, "kept", {})
    sent = {name: given[name] for name in KEPT if given.get(name) is not None}
    function.kept = {
        name: value for name, value in {**before, **sent}.items() if any(_values(value))
    }


def _values(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value


def _begin(function: Any) -> None:
    busy = (
        function.state == "Pending" or getattr(function, "last_update_status", "") == "InProgress"
    )
    if busy:
        raise Conflict(
            "The operation cannot be performed at this time. An update is in progress for "
            f"resource: {function.function_arn}"
        )
    function.last_update_status = "InProgress"
