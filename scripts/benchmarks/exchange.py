"""What goes over the wire: requests that can be told apart, and their answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

# Tokens differ from run to run, and say nothing about what is asked.
TOKEN = re.compile(
    r"(?i)(\b(?:client|clientrequest|idempotency|creation)_?token\b|\bCallerReference\b"
    r"|\bCreatorRequestId\b)"
    r"(\"?[=:>]\s*\"?)[\w.-]+"
)
# What every answer has anew.
PASSING = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*|(?<=<RequestId>)[^<]*")
THEN = "2026-01-01T00:00:00"
UNHEARD = {
    "connection",
    "content-length",
    "date",
    "server",
    "transfer-encoding",
    "x-amz-crc32",  # of the body before what passes was taken out
    "x-amz-id-2",
    "x-amz-request-id",
    "x-amzn-requestid",
}


@dataclass(frozen=True)
class Answer:
    """One answer of AWS."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    @classmethod
    def of(cls, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
        heard = ((name, value) for name, value in headers.items() if name.lower() not in UNHEARD)
        return cls(status, tuple(heard), PASSING.sub(THEN, body.decode()))


def identity(method: str, path: str, headers: Mapping[str, str], body: bytes) -> str:
    """What a request asks, the same in every run. Header names are in lower case."""
    asked = body.decode("utf-8", "backslashreplace")
    if not asked.startswith(("{", "<")):
        asked = unquote_plus(asked)
    place, said = (TOKEN.sub(r"\1\2*", text) for text in (unquote_plus(path), asked))
    target = headers.get("x-amz-target", "")
    return f"{region(headers)} {method} {place} {target} {said}"


def region(headers: Mapping[str, str]) -> str:
    """The region that a request is signed for."""
    return headers.get("authorization", "").partition("Credential=")[2].split("/")[2]
