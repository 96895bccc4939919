"""Services that moto has not at all: where requests to them find one of ours."""

from __future__ import annotations

import re
from typing import Any

from moto import backend_index, backends
from moto.core.base_backend import BackendDict

from reconciler.sandbox.corrections import Method, corrects

_ours: dict[str, BackendDict[Any]] = {}


def provides(service: str, backend: BackendDict[Any]) -> None:
    """Answer requests that are signed for this service."""
    _ours[service] = backend


@corrects(backend_index, "backend_url_patterns")
def backend_url_patterns(original: list[Any]) -> list[Any]:
    """Moto answers 404 where it knows no such service.

    https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html"""
    hosts = {name: rf"https?://{re.escape(name)}\.(.+)\.amazonaws\.com" for name in _ours}
    return [*((name, re.compile(hosts[name])) for name in _ours), *original]


@corrects(backends, "get_backend")
def get_backend(original: Method, service: str) -> Any:
    """Moto has no such service. general/latest/gr/aws-service-information.html"""
    return _ours[service] if service in _ours else original(service)
