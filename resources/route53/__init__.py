"""What zones and records share: one spelling of names."""

from __future__ import annotations

from typing import Any


def name(text: Any) -> Any:
    """A domain's name as we compare it: lower case, no last dot, `*` for AWS's `\\052`.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html"""
    if not isinstance(text, str):  # known after apply
        return text
    return text.replace("\\052", "*").lower().rstrip(".")


def short_id(path: str) -> str:
    """`Z1` for `/hostedzone/Z1`: answers have the prefix, other services want the id alone."""
    return path.rpartition("/")[2]
