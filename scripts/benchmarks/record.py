"""Records a run of the engine in an AWS of our own."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session

from benchmarks.exchange import Answer, identity, region
from benchmarks.recording import Call, Recording, Replies
from benchmarks.woven import Write

AFFECTS: Mapping[str, set[str]] = {"route-53": {"acm"}}
"""Services whose answers change with another service's writes."""
PROMPT = (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as every client of botocore's has it


@dataclass
class Recorder:
    """Stands between every client and AWS. One request at a time, and after each write it asks
    again all that was read of the service: so it knows what each write changed."""

    recording: Recording = field(default_factory=Recording)

    def __post_init__(self) -> None:
        self.node = threading.local()
        self._call = threading.local()
        self._lock = threading.Lock()
        self._http = URLLib3Session(socket_options=[PROMPT])
        self._asked: dict[str, dict[str, AWSPreparedRequest]] = {}
        self._writes = itertools.count()
        self._last: Write = -1

    def prepare(self, client: Any) -> None:
        """What to do to every new client."""
        client.meta.events.register("provide-client-params", self._note)
        client.meta.events.register_last("before-send", self._send)

    def _note(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self._call.made = model.service_model.service_name, model.name, dict(params)

    def _send(self, request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse:
        service, name, parameters = self._call.made
        group = event_name.split(".")[1]
        key, where = _identity(request)
        node = getattr(self.node, "name", "")
        call = Call(service, where, name, parameters, key, node)
        with self._lock:
            self.recording.calls.append(call)
            response = self._http.send(request)
            answer = Answer.of(response.status_code, response.headers, response.content)
            if call.reads:
                self._read(group, key, request, answer)
            else:
                self._written(group, key, answer)
        return response

    def _read(self, group: str, key: str, request: AWSPreparedRequest, answer: Answer) -> None:
        known = key in self.recording.reads
        replies = self.recording.reads.setdefault(key, Replies())
        self._asked.setdefault(group, {})[key] = request
        if replies.add(self._last, answer) and known:
            self.recording.changed += 1

    def _written(self, group: str, key: str, answer: Answer) -> None:
        self._last = next(self._writes)
        self.recording.writes.setdefault(key, []).append((self._last, answer))
        for affected in {group, *AFFECTS.get(group, ())}:
            for read, request in self._asked.get(affected, {}).items():
                response = self._http.send(request)
                now = Answer.of(response.status_code, response.headers, response.content)
                self.recording.reads[read].add(self._last, now)


def _identity(request: AWSPreparedRequest) -> tuple[str, str]:
    url = urlsplit(request.url)
    path = f"{url.path or '/'}{'?' if url.query else ''}{url.query}"
    headers = {name.lower(): _text(value) for name, value in request.headers.items()}
    return identity(request.method, path, headers, _bytes(request.body)), region(headers)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if hasattr(body, "read"):
        text = body.read()
        body.seek(0)
        return bytes(text)
    return body.encode() if isinstance(body, str) else bytes(body)
