"""Where messages go.

https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import urllib3
from botocore.exceptions import BotoCoreError, ClientError

from reconciler.errors import ReconcilerError
from reconciler.notify.message import Message

SUBJECT = 100  # characters of ASCII on one line
PUBLISHED = 200_000  # characters; AWS takes 256 KB
POSTED = 38_000  # characters; Slack takes 40,000
PATIENCE = urllib3.Timeout(connect=5, read=10)
TRIES = urllib3.Retry(
    total=2, redirect=0, status_forcelist=(429, 500, 502, 503), allowed_methods=None,
    raise_on_status=False, respect_retry_after_header=False,
)  # fmt: skip


class Undelivered(ReconcilerError):
    """A message did not arrive, as far as we know."""


class Channel(Protocol):
    """Somewhere messages go."""

    def send(self, message: Message) -> None:
        """Raises Undelivered."""


@dataclass(frozen=True)
class Topic:
    """A topic of SNS."""

    client: Any
    arn: str

    def send(self, message: Message) -> None:
        subject = message.subject.encode("ascii", "replace").decode().replace("\n", " ")
        text = message.text(PUBLISHED) or message.subject
        try:
            self.client.publish(TopicArn=self.arn, Subject=subject[:SUBJECT], Message=text)
        except (ClientError, BotoCoreError) as error:
            raise Undelivered(f"{self.arn} took no message ({error})") from error


class Webhook:
    """A URL that takes Slack's messages. It is a secret: nothing that we say names it."""

    def __init__(self, url: str) -> None:
        self._url = url

    def send(self, message: Message) -> None:
        text = f"*{message.subject}*\n{message.text(POSTED // 2)}"
        for plain, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            text = text.replace(plain, escaped)
        try:
            answer = self._post(json.dumps({"text": text}).encode())
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise Undelivered(f"the webhook did not answer ({type(error).__name__})") from None
        if not 200 <= answer.status < 300:
            raise Undelivered(f"the webhook took no message: it answered {answer.status}")

    def _post(self, body: bytes) -> Any:
        if not self._url.lower().startswith("https://"):
            raise Undelivered("the webhook is no https URL, so nothing was sent to it")
        proxy = os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy")
        pool = urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()
        headers = {"Content-Type": "application/json"}
        return pool.request(
            "POST", self._url, body=body, headers=headers, timeout=PATIENCE, retries=TRIES
        )


def send(channels: Iterable[Channel], message: Message) -> list[str]:
    """Tell every channel; what failed, in words for people."""
    failed = []
    for each in channels:
        try:
            each.send(message)
        except Undelivered as error:
            failed.append(str(error))
    return failed
