"""Twelve secrets in the places where people keep them. None may ever be printed."""

from __future__ import annotations

PLACES = (
    "container-environment",
    "sidecar-environment",
    "function-environment",
    "origin-header",
    "secure-parameter",
    "plain-parameter",
    "secret-value",
    "rule-input",
    "build-variable",
    "pipeline-configuration",
    "database-password",
    "redis-token",
)
SECRETS = {place: f"hunter2-{number:02}-{place}" for number, place in enumerate(PLACES, 1)}


def planted(place: str) -> str:
    """The secret of a place."""
    return SECRETS[place]
