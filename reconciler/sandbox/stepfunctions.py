"""Step Functions: moto takes any definition, any second machine, and deletes at once."""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult
from moto.stepfunctions.models import StateMachine, StepFunctionBackend
from moto.stepfunctions.responses import StepFunctionResponse

from reconciler.load.rules.machines import flaws
from reconciler.sandbox.corrections import Method, corrects

SAME = ("definition", "encryptionConfiguration", "loggingConfiguration", "tracingConfiguration")


class InvalidDefinition(AWSError):
    TYPE, STATUS = "InvalidDefinition", 400


class InvalidLoggingConfiguration(AWSError):
    TYPE, STATUS = "InvalidLoggingConfiguration", 400


class StateMachineAlreadyExists(AWSError):
    TYPE, STATUS = "StateMachineAlreadyExists", 400


class StateMachineDeleting(AWSError):
    TYPE, STATUS = "StateMachineDeleting", 400


@corrects(StepFunctionBackend, "create_state_machine")
def create_state_machine(original: Method, self: Any, **given: Any) -> StateMachine:
    """moto takes any definition, and hands over a machine that is made otherwise.
    API_CreateStateMachine.html"""
    _refuse(given["definition"], given.get("loggingConfiguration"))
    there = next((each for each in self.state_machines if each.name == given["name"]), None)
    if there is not None:
        _refuse_deleting(there)
        if any(given.get(name) not in (None, getattr(there, name)) for name in SAME):
            raise StateMachineAlreadyExists(f"State Machine Already Exists: '{there.arn}'")
    machine: StateMachine = original(self, **given)
    _whole(machine)
    return machine


@corrects(StepFunctionBackend, "update_state_machine")
def update_state_machine(original: Method, self: Any, **given: Any) -> StateMachine:
    """moto takes any definition, of a machine on its way out too. API_UpdateStateMachine.html"""
    _refuse(given.get("definition"), given.get("logging_configuration"))
    _refuse_deleting(self.describe_state_machine(given["arn"]))
    machine: StateMachine = original(self, **given)
    _whole(machine)
    return machine


@corrects(StepFunctionBackend, "delete_state_machine")
def delete_state_machine(_: Method, self: Any, arn: str) -> None:
    """moto has none left at once. API_DeleteStateMachine.html"""
    for machine in self.state_machines:
        if machine.arn == arn:
            machine.deleting = True


@corrects(StepFunctionResponse, "describe_state_machine")
def describe_state_machine(original: Method, self: Any) -> ActionResult:
    """moto calls every machine active. Whoever looks again finds it gone.
    API_DescribeStateMachine.html"""
    answer: ActionResult = original(self)
    machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
    if _is_deleting(machine):
        answer.result["status"] = "DELETING"  # type: ignore[index]
        self.stepfunction_backend.state_machines.remove(machine)
        self.stepfunction_backend.tagger.delete_all_tags_for_resource(machine.arn)
    return answer


def _whole(machine: Any) -> None:
    """AWS says of logging what nobody said. API_LoggingConfiguration.html"""
    logging = machine.loggingConfiguration
    machine.loggingConfiguration = {"level": "OFF", "includeExecutionData": False, **logging}


def _refuse(definition: str | None, logging: dict[str, Any] | None) -> None:
    if definition is not None and (wrong := _wrong(definition)):
        raise InvalidDefinition(f"Invalid State Machine Definition: '{wrong}'")
    for each in (logging or {}).get("destinations") or ():
        if not each["cloudWatchLogsLogGroup"]["logGroupArn"].endswith(":*"):
            raise InvalidLoggingConfiguration("Invalid Logging Configuration: Log Destination")


def _wrong(definition: str) -> str:
    try:
        found = next(flaws(json.loads(definition)), None)
    except ValueError as error:
        return f"INVALID_JSON_DESCRIPTION: {error}"
    return ": ".join(found) if found else ""


def _refuse_deleting(machine: Any) -> None:
    if _is_deleting(machine):
        raise StateMachineDeleting(f"State Machine is being deleted: '{machine.arn}'")


def _is_deleting(machine: Any) -> bool:
    return bool(getattr(machine, "deleting", False))
