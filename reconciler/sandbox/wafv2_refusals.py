"""WAF's refusals, in AWS's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.wafv2.exceptions import WAFv2ClientError


def refused(reason: str, parameter: str) -> WAFv2ClientError:
    """What AWS says of a parameter that it does not take."""
    what = f"Error reason: {reason}., parameter: {parameter}"
    return WAFv2ClientError("WAFInvalidParameterException", what)


def refuse_taken(things: Iterable[Any], name: str) -> None:
    """Two objects of one kind and scope have two names."""
    if any(each.name == name for each in things):
        what = "some resource in your request is a duplicate of an existing one."
        raise WAFv2ClientError("WAFDuplicateItemException", f"AWS WAF could not do it: {what}")


def in_use() -> WAFv2ClientError:
    """What AWS says to a delete of what others stand on."""
    what = "AWS WAF couldn’t perform the operation because your resource is being used by another."
    return WAFv2ClientError("WAFAssociatedItemException", what)
