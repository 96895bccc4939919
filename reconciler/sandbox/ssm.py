"""Parameter Store: what moto lets pass of names, values and types."""

from __future__ import annotations

import re
from typing import Any

from moto.ssm.exceptions import SSMException
from moto.ssm.models import Parameter, SimpleSystemManagerBackend
from moto.ssm.utils import parameter_arn

from reconciler.sandbox.corrections import Method, corrects

LONGEST = {"Standard": 4096, "Advanced": 8192}
DEEPEST = 15


@corrects(SimpleSystemManagerBackend, "put_parameter")
def put_parameter(
    original: Method,
    self: Any,
    name: str,
    description: str,
    value: str,
    parameter_type: str,
    allowed_pattern: str | None,
    *more: Any,
    tier: str | None = None,
    **named: Any,
) -> Any:
    """moto takes any depth, any length, any text whatever its pattern says, another type and a
    lower tier. API_PutParameter.html"""
    before = self.get_parameter(name)
    _refuse_name(name)
    _refuse_change(before, parameter_type, tier)
    _refuse_length(value, tier or (before and before.tier) or "Standard")
    pattern = before.allowed_pattern if before and allowed_pattern is None else allowed_pattern
    _refuse_mismatch(value, pattern)
    head = (name, description, value, parameter_type, allowed_pattern)
    parameter = original(self, *head, *more, tier=tier, **named)
    parameter.region = self.region_name
    return parameter


@corrects(Parameter, "describe_response_object")
def describe(original: Method, self: Any, *more: Any, **named: Any) -> dict[str, Any]:
    """moto does not answer with the ARN. API_ParameterMetadata.html"""
    arn = parameter_arn(self.account_id, self.region, self.name)
    return {**original(self, *more, **named), "ARN": arn}


def _refuse_name(name: str) -> None:
    if name.count("/") > DEEPEST:
        raise SSMException(
            "HierarchyLevelLimitExceededException",
            f"A hierarchy can have a maximum of {DEEPEST} levels.",
        )


def _refuse_change(before: Any, kind: str | None, tier: str | None) -> None:
    if before and kind and kind != before.parameter_type:
        raise SSMException(
            "HierarchyTypeMismatchException",
            f"The parameter {before.name} is a {before.parameter_type}, and stays one.",
        )
    if before and before.tier == "Advanced" and tier == "Standard":
        raise SSMException(
            "ValidationException",
            "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from "
            "the advanced-parameter tier to the standard-parameter tier.",
        )


def _refuse_length(value: str, tier: str) -> None:
    longest = LONGEST.get(tier, LONGEST["Advanced"])
    if value and len(value) > longest:
        raise SSMException(
            "ValidationException",
            f"{tier} tier parameters support a maximum parameter value of {longest} characters.",
        )


def _refuse_mismatch(value: str, pattern: str | None) -> None:
    if pattern and not re.fullmatch(pattern, value):
        raise SSMException(
            "ParameterPatternMismatchException",
            f"Parameter value, cannot be validated against allowedPattern: {pattern}",
        )
