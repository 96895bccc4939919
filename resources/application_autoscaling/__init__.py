"""What the types of Application Auto Scaling share: it lists one namespace at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from reconciler.handler import Handler

NAMESPACES = ("ecs", "rds", "dynamodb", "lambda")
"""Whose capacities we scale; the schemas allow no other."""


def described(handler: Handler, operation: str, since: float) -> Iterator[dict[str, Any]]:
    """Everything of one kind in every namespace."""
    listed = handler.aws.at_once(
        lambda namespace: handler.listing(operation, since, ServiceNamespace=namespace), NAMESPACES
    )
    yield from chain.from_iterable(listed)
