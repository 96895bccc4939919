"""Lambda: what moto answers about a function, and AWS otherwise, or one look later."""

from __future__ import annotations

import json
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.ec2.exceptions import InvalidSubnetIdError
from moto.ec2.models import ec2_backends

from reconciler.sandbox.corrections import Method, corrects

STATES = {"State", "StateReason", "StateReasonCode", "RuntimeVersionConfig"} | {
    "LastUpdateStatus",
    "LastUpdateStatusReason",
    "LastUpdateStatusReasonCode",
}


@corrects(LambdaFunction, "get_configuration")
def get_configuration(original: Method, self: Any, on_create: bool = False) -> Any:
    """moto shows neither where logs and dead letters go, nor the function's own VPC, but settings
    of an image that nobody made. API_FunctionConfiguration.html"""
    answer = {**original(self, on_create), **getattr(self, "kept", {})}
    answer["LoggingConfig"] = _logging(self, answer.get("LoggingConfig", {}))
    if network := answer.get("VpcConfig"):
        answer["VpcConfig"] = {**network, "VpcId": _network(self, network)}
    if not any(answer.get("ImageConfigResponse", {}).get("ImageConfig", {}).values()):
        answer.pop("ImageConfigResponse", None)
    if not on_create:
        answer["LastUpdateStatus"] = getattr(self, "last_update_status", "Successful")
    return answer


@corrects(LambdaResponse, "get_function")
def get_function(original: Method, self: Any) -> str:
    """moto hides a reserved concurrency of 0; and whoever looks again finds AWS done.
    API_GetFunction.html"""
    answer = json.loads(original(self))
    function = self.backend.get_function(answer["Configuration"]["FunctionName"])
    if function.reserved_concurrency is not None:
        reserved = {"ReservedConcurrentExecutions": function.reserved_concurrency}
        answer["Concurrency"] = reserved
    _settle(function)
    return json.dumps(answer)


@corrects(LambdaResponse, "get_function_configuration")
def get_function_configuration(original: Method, self: Any) -> str:
    """Whoever looks again finds AWS done. API_GetFunctionConfiguration.html"""
    answer: str = original(self)
    _settle(self.backend.get_function(json.loads(answer)["FunctionName"]))
    return answer


@corrects(LambdaResponse, "list_functions")
def list_functions(original: Method, self: Any) -> str:
    """moto lists states, which AWS shows of one function at a time. API_ListFunctions.html"""
    listed = json.loads(original(self))["Functions"]
    shown = [{name: each[name] for name in each if name not in STATES} for each in listed]
    return json.dumps({"Functions": shown})


def _logging(function: Any, given: Any) -> dict[str, Any]:
    group = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.function_name}"}
    levels = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    return {**group, **(levels if given.get("LogFormat") == "JSON" else {}), **given}


def _network(function: Any, network: Any) -> str:
    subnets = network.get("SubnetIds") or []
    try:
        backend = ec2_backends[function.account_id][function.region]
        return str(backend.get_subnet(subnets[0]).vpc_id) if subnets else ""
    except InvalidSubnetIdError:
        return ""


def _settle(function: Any) -> None:
    function.state, function.last_update_status = "Active", "Successful"
