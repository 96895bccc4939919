"""Listing all objects of a type: asked once, however many want to know at the same time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, TypeVar

from botocore.exceptions import PaginationError

T = TypeVar("T")
MARKS = ("NextMarker", "NextToken", "nextToken")
"""What pages call the place: WAF one way, Athena another, CodeGuru a third."""
Objects = list[Any]  # mappings, or ids where AWS lists only those


@dataclass(frozen=True)
class _Call(Generic[T]):
    as_of: float
    answer: Future[T] = field(default_factory=Future)


class Shared(Generic[T]):
    """What is worked out once for all who ask; `since` asks for an answer of then or later.

    A failure is shared like an answer: who asks again with the same `since` gets it again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._calls: dict[Any, _Call[T]] = {}

    def ask(self, key: Any, since: float, as_of: float, make: Callable[[], T]) -> T:
        """The answer to `key`; if `make` must be called, what it gives counts as of `as_of`."""
        with self._lock:
            call = self._calls.get(key)
            ours = call is None or call.as_of < since
            if call is None or ours:
                call = self._calls[key] = _Call(as_of)
        if ours:
            try:
                call.answer.set_result(make())
            except BaseException as error:
                call.answer.set_exception(error)
        return call.answer.result()


class Listings:
    """The listings of one account."""

    def __init__(self) -> None:
        self._shared: Shared[Objects] = Shared()
        self._reading = Lock()

    def ask(
        self, client: Any, operation: str, since: float, items: str, parameters: dict[str, Any]
    ) -> Objects:
        """All pages of a listing that began at `since` or later."""
        key = (client, operation, items, json.dumps(parameters, sort_keys=True))
        return self._shared.ask(
            key, since, time.monotonic(), lambda: self._all(client, operation, items, parameters)
        )

    def _all(self, client: Any, operation: str, items: str, parameters: dict[str, Any]) -> Objects:
        with self._reading:  # botocore looks it up on disk, and all threads would at a time
            in_pages = client.can_paginate(operation)
        if not in_pages:
            return list(_marked(client, operation, items, parameters))
        pages = client.get_paginator(operation).paginate(**parameters)
        if items:
            return [item for page in pages for item in page.get(items) or []]
        # botocore knows under which name each operation returns its items.
        return [item for page in pages for item in pages.result_keys[0].search(page) or []]


def _marked(client: Any, operation: str, items: str, parameters: dict[str, Any]) -> Iterator[Any]:
    """A listing that botocore cannot page: each page names the place from which to go on."""
    name = items or _first_list(client, operation)
    place: dict[str, str] = {}
    while True:
        answer = getattr(client, operation)(**parameters, **place)
        page = answer.get(name) or []
        further = {mark: answer[mark] for mark in MARKS if answer.get(mark)}
        yield from page
        if not page or not further:  # WAF names a place even behind the last object
            return
        if further == place:
            raise PaginationError(message=f"{operation} names the same place again: {further}")
        place = further


def _first_list(client: Any, operation: str) -> str:
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
    members = model.output_shape.members
    return str(next(name for name, member in members.items() if member.type_name == "list"))
