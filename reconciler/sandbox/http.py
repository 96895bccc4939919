"""Moto behind HTTP/1.1: connections stay open, failures are told in AWS's words, logs are quiet."""

from __future__ import annotations

import json
import logging
import re
from functools import cache
from http import HTTPStatus
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.test import run_wsgi_app

from reconciler.sandbox.turns import TURN

LOG = logging.getLogger(__name__)

Answer = tuple[int, list[tuple[str, str]], bytes]

UNROUTED = (b"<!doctype html>", b"Not Found", b"Not yet implemented")
"""How moto's 404 begins where it has no such operation, unlike AWS's where there is no object."""

SERVICE = re.compile(r"Credential=[^/]+/\d+/[^/]*/([^/]+)/")
XML = {  # services, as requests are signed for them, whose errors are XML; the others' are JSON
    "autoscaling",
    "cloudformation",
    "cloudfront",
    "ec2",
    "elasticache",
    "elasticloadbalancing",
    "iam",
    "rds",
    "route53",
    "s3",
    "sns",
    "sts",
}


def listen(host: str, port: int) -> BaseWSGIServer:
    """A server with a thread per connection, not yet serving."""
    return make_server(host, port, Dispatcher(), threaded=True, request_handler=Connection)


class Dispatcher(DomainDispatcherApplication):
    """Moto looks through 180 folders at every request to learn whose host it asks for."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self._known = cache(super().get_backend_for_host)

    def get_backend_for_host(self, host: str | None) -> Any:
        return self._known(host)


class Connection(MotoRequestHandler):
    """Many requests, one after the other. Werkzeug's own closes after each."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer leaves in one piece

    def handle_expect_100(self) -> bool:
        # Else it waits with the answer, and whoever asks sends nothing for a second.
        heard = super().handle_expect_100()
        self.wfile.flush()
        return heard

    def run_wsgi(self) -> None:
        self.environ = environ = self.make_environ()
        environ["wsgi.input"] = BytesIO(self._received(environ))
        try:
            with TURN:
                chunks, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
            answer = int(status.split()[0]), list(headers), b"".join(chunks)
            if answer[0] == HTTPStatus.NOT_FOUND and answer[2].startswith(UNROUTED):
                raise NotImplementedError(f"{self.command} {environ['PATH_INFO']}")
        except Exception as error:  # whatever moto stumbles over, AWS would have answered
            LOG.warning("%s %s: %r", self.command, self.path, error, exc_info=not lacking(error))
            answer = failure(environ, error)
        self._answer(*answer)

    def _received(self, environ: dict[str, Any]) -> bytes:
        """The request's body, whole: what is left of it would be taken for the next request."""
        if environ.get("wsgi.input_terminated"):
            return bytes(environ["wsgi.input"].read())
        return bytes(self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0)))

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        bodiless = self.command == "HEAD" or status in (204, 304)
        for name, value in headers:
            if bodiless or name.lower() != "content-length":
                self.send_header(name, value)
        if not bodiless:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not bodiless:
            self.wfile.write(body)

    def log(self, type: str, message: str, *arguments: Any) -> None:
        LOG.debug(message.rstrip(), *arguments)


def failure(environ: dict[str, Any], error: Exception) -> Answer:
    """What moto lacks is said once (501); where it stumbles, another try may pass (500)."""
    status = HTTPStatus.NOT_IMPLEMENTED if lacking(error) else HTTPStatus.INTERNAL_SERVER_ERROR
    code = "NotImplemented" if lacking(error) else "InternalFailure"
    message = f"the sandbox failed: {error!r}"
    signed = SERVICE.search(environ.get("HTTP_AUTHORIZATION", ""))
    headers = [("x-amzn-ErrorType", code)]
    if signed and signed[1] in XML:
        return status, headers, _xml(signed[1], code, escape(message)).encode()
    return status, headers, json.dumps({"__type": code, "message": message}).encode()


def _xml(service: str, code: str, message: str) -> str:
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    if service == "s3":
        return error
    if service == "ec2":
        return f"<Response><Errors>{error}</Errors><RequestID>sandbox</RequestID></Response>"
    return f"<ErrorResponse>{error}<RequestId>sandbox</RequestId></ErrorResponse>"


def lacking(error: Exception) -> bool:
    """Whether moto has no such operation; everything else is a fault of moto's or ours."""
    return isinstance(error, NotImplementedError)
