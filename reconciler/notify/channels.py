"""From `notify` in environment.yaml to the channels that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from reconciler.errors import Undelivered
from reconciler.load import Environment
from reconciler.notify.message import Channel, Message
from reconciler.notify.topic import Topic
from reconciler.notify.webhook import Webhook

Text = Callable[[str], Any]
"""A text with its references resolved; None while they have no value: `Estate.text`."""
Client = Callable[[str, str], Any]
"""From a service and a region to a client: `Aws.apart`, since a run without its lease tells too."""


class Nowhere:
    """A channel that is declared, and of which nobody knows yet where it leads."""

    def __init__(self, name: str, why: str) -> None:
        self.name, self._why = name, why

    def send(self, message: Message) -> None:
        raise Undelivered(f"{self.name} was not told: {self._why}")


def channels(environment: Environment, text: Text, client: Client) -> list[Channel]:
    """Whom the environment names. An input is asked for here, and nowhere before."""
    return list(_channels(environment, text, client))


def _channels(environment: Environment, text: Text, client: Client) -> Iterator[Channel]:
    if topic := environment.notify.get("sns"):
        yield _topic(topic, text(topic), client)
    if webhook := environment.notify.get("webhook"):
        url = text(webhook)
        name = webhook.removeprefix("${input.").removesuffix("}")
        yield Webhook(url) if url else Nowhere(Webhook.name, f"the input {name} has no value")


def _topic(said: str, arn: Any, client: Client) -> Channel:
    if not arn:
        return Nowhere(f"the topic {said}", "this run did not see it in AWS")
    return Topic(client("sns", str(arn).split(":")[3]), str(arn))
