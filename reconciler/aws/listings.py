"""Listing all objects of a type: asked once, however many want to know at the same time."""

from __future__ import annotations

import json
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

Objects = list[Any]  # mappings, or ids where AWS lists only those


@dataclass(frozen=True)
class _Call:
    begun: float = field(default_factory=time.monotonic)
    answer: Future[Objects] = field(default_factory=Future)


class Listings:
    """Askers share a call, also its failure; `since` asks for one that began then or later."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._calls: dict[tuple[Any, ...], _Call] = {}

    def ask(
        self, client: Any, operation: str, since: float, items: str, parameters: dict[str, Any]
    ) -> Objects:
        key = (client, operation, items, json.dumps(parameters, sort_keys=True))
        with self._lock:
            call = self._calls.get(key)
            ours = call is None or call.begun < since
            if call is None or ours:
                call = self._calls[key] = _Call()
        if ours:
            try:
                call.answer.set_result(_all(client, operation, items, parameters))
            except BaseException as error:
                call.answer.set_exception(error)
        return call.answer.result()


def _all(client: Any, operation: str, items: str, parameters: dict[str, Any]) -> Objects:
    if client.can_paginate(operation):
        pages = client.get_paginator(operation).paginate(**parameters)
        if items:
            return [item for page in pages for item in page.get(items) or []]
        # botocore knows under which name each operation returns its items.
        return [item for page in pages for item in pages.result_keys[0].search(page) or []]
    answer = getattr(client, operation)(**parameters)
    return list(answer.get(items or _first_list(client, operation)) or [])


def _first_list(client: Any, operation: str) -> str:
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
    members = model.output_shape.members
    return str(next(name for name, member in members.items() if member.type_name == "list"))
