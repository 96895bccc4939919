"""What AWS's services can be asked for, as botocore's models say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import botocore.session
from botocore import xform_name


@cache
def methods(service: str) -> Mapping[str, str]:
    """From a method's name to its operation's: `describe_vpcs` to `DescribeVpcs`."""
    return {xform_name(each): each for each in _loaded(service).operation_names}


@cache
def signed(service: str) -> str:
    """By which name requests to a service are signed, which is nearly always IAM's for it."""
    return str(_loaded(service).signing_name)


def identified(service: str) -> str:
    """How events, and so `Aws.note`, call a service."""
    return str(_loaded(service).service_id.hyphenize())


def required(service: str, operation: str) -> bool:
    """Whether an operation must be told something, such as which object is meant."""
    shape = _loaded(service).operation_model(operation).input_shape
    return bool(shape and shape.required_members)


@cache
def _loaded(service: str) -> botocore.model.ServiceModel:
    return botocore.session.get_session().get_service_model(service)
