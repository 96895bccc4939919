"""What goes over the wire: requests that can be told apart, and their answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

# Tokens differ from run to run, and say nothing about what is asked.
TOKEN = re.compile(
    r"(?i)(\b(?:client|clientrequest|idempotency|creation)_?token\b|\bCallerReference\b)"
    r"(\"?[=:>]\s*\"?)[\w.-]+"
)
UNHEARD = {"connection", "content-length", "date", "server", "transfer-encoding"}


@dataclass(frozen=True)
class Answer:
    """One answer of AWS."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    @classmethod
    def of(cls, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
        heard = ((name, value) for name, value in headers.items() if name.lower() not in UNHEARD)
        return cls(status, tuple(heard), body.decode())


def identity(method: str, path: str, target: str, region: str, body: bytes) -> str:
    """What a request asks, the same in every run."""
    asked = TOKEN.sub(r"\1\2*", body.decode("utf-8", "backslashreplace"))
    return f"{region} {method} {unquote_plus(path)} {target} {asked}"


def region(authorization: str) -> str:
    """The region that a request is signed for."""
    return authorization.partition("Credential=")[2].split("/")[2]
