"""A webhook as Slack has them: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks

Whoever knows its URL can write there, so the URL is a secret: it is in no message, error or log."""

from __future__ import annotations

import json
import logging
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from reconciler.errors import Undelivered
from reconciler.notify.message import Message, fitted

LONGEST = 40_000
SECONDS = 10
TRIES = 2
PATIENCE = 5.0
"""How many seconds we wait at most where we are asked to come again later."""
ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
TALKATIVE = ("connection", "connectionpool", "poolmanager", "util.retry")
"""The modules of urllib3 that log where a request goes."""
REMEDIES = {
    400: "it does not take our message",
    403: "it may no longer be written to: make a new one, and give its URL to the input",
    404: "it is no more: make a new one, and give its URL to the input",
    410: "it is no more: make a new one, and give its URL to the input",
}

OpenPool = Callable[[str], Any]
"""From a host to what sends requests there."""


class Webhook:
    """Posts to a URL that takes `{"text": ...}`."""

    name = "the webhook"

    def __init__(
        self,
        url: str,
        pool: OpenPool | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url, self._pool, self._pause = url.strip(), pool or _pool, pause

    def send(self, message: Message) -> None:
        if why := self._refusal() or self._posted(_body(message)):
            raise Undelivered(f"{self.name} was not told: {why}")

    def _refusal(self) -> str:
        try:
            parts = urlsplit(self._url)
            secure = parts.scheme == "https" and parts.hostname
        except ValueError:
            secure = None
        return "" if secure else "its URL must be one of https; correct the input in notify.webhook"

    def _posted(self, body: bytes) -> str:
        """Why it was not taken; empty if it was. Sent again only where that may help."""
        for attempt in range(1, TRIES + 1):
            why, again = self._try(body)
            if again is None or attempt == TRIES:
                return why
            self._pause(again)
        raise AssertionError("the last attempt returns")

    def _try(self, body: bytes) -> tuple[str, float | None]:
        """Why it was not taken, and after how many seconds it might be.

        Every failure ends here, for any of them may tell the URL, and so may what caused it."""
        try:
            with _hushed():
                return _verdict(self._answer(body))
        except urllib3.exceptions.NewConnectionError:
            return "nobody answers at its host", None
        except urllib3.exceptions.TimeoutError:
            return f"it did not answer within {SECONDS} seconds", 1.0
        except urllib3.exceptions.ProxyError:
            return "the proxy that HTTPS_PROXY names does not let us through", None
        except urllib3.exceptions.SSLError:
            return "its certificate is not one that this machine trusts", None
        except Exception as error:
            return f"the connection failed ({type(error).__name__})", None

    def _answer(self, body: bytes) -> Any:
        """The answer's head. What else it says is not waited for."""
        answer = self._pool(urlsplit(self._url).hostname or "").request(
            "POST",
            self._url,
            body=body,
            headers={"Content-Type": "application/json; charset=utf-8"},
            timeout=urllib3.Timeout(total=SECONDS),
            retries=False,
            redirect=False,
            preload_content=False,
        )
        answer.close()
        return answer


def _verdict(answer: Any) -> tuple[str, float | None]:
    status = int(answer.status)
    if 200 <= status < 300:
        return "", None
    if 300 <= status < 400:
        what = "where else it leads we do not follow; give its own URL to the input"
        return f"it answers {status}: {what}", None
    remedy = REMEDIES.get(status, "")
    why = f"it answers {status}: {remedy}" if remedy else f"it answers {status}"
    return why, _later(answer) if status == 429 or status >= 500 else None


def _later(answer: Any) -> float:
    """In how many seconds we are asked to come again; one if nothing is said."""
    said = str(answer.headers.get("Retry-After", ""))
    return min(float(said), PATIENCE) if said.isdecimal() else 1.0


def _body(message: Message) -> bytes:
    text = fitted((message.subject, *message.lines), LONGEST, lambda part: len(_escaped(part)))
    return json.dumps({"text": _escaped(text)}, ensure_ascii=False).encode()


def _escaped(text: str) -> str:
    return text.translate(ESCAPED)


def _pool(host: str) -> Any:
    """Straight to the host, or through the proxy that HTTPS_PROXY names for it."""
    trusted = ssl.create_default_context()
    proxy = getproxies().get("https")
    if not proxy or proxy_bypass(host):
        return urllib3.PoolManager(ssl_context=trusted)
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    return urllib3.ProxyManager(proxy, proxy_headers=_known(proxy), ssl_context=trusted)


def _known(proxy: str) -> Any:
    """The name and password that stand in a proxy's URL, as it wants them."""
    auth = urllib3.util.parse_url(proxy).auth
    return urllib3.make_headers(proxy_basic_auth=unquote(auth)) if auth else None


@contextmanager
def _hushed() -> Iterator[None]:
    """Without what urllib3 logs of requests in this thread: it names their URLs."""
    mine = get_ident()

    def of_others(record: logging.LogRecord) -> bool:
        return record.thread != mine

    loggers = [logging.getLogger(f"urllib3.{each}") for each in TALKATIVE]
    for each in loggers:
        each.addFilter(of_others)
    try:
        yield
    finally:
        for each in loggers:
            each.removeFilter(of_others)
