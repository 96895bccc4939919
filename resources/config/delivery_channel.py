"""https://docs.aws.amazon.com/config/latest/APIReference/API_PutDeliveryChannel.html"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reconciler.handler import Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties


class DeliveryChannel(Handler):
    """Where AWS Config delivers what it records in one region, which has one channel or none.

    AWS takes it once there is a recorder. It has no tags for it and nothing owns it, so it is
    never pruned: $absent takes it away, once the recorder has stopped."""

    key = ("'the only one'",)
    naming = "name"
    overwrites = True
    immutable = {"name"}

    def listed(self, since: float = 0) -> Iterator[Found]:
        for channel in self.listing("describe_delivery_channels", since):
            yield Found(channel["name"], channel, {})

    def create(self, desired: Desired) -> str:
        self._put(desired.properties)
        return str(desired["name"])

    def update(self, change: Change) -> None:
        # Whole, since AWS forgets what is left out.
        self._put(change.wanted)

    def delete(self, observed: Observed) -> None:
        with missing("NoSuchDeliveryChannelException"):
            self.client.delete_delivery_channel(DeliveryChannelName=observed.id)

    def _put(self, properties: Properties) -> None:
        channel: dict[str, Any] = dict(properties)
        self.client.put_delivery_channel(DeliveryChannel=channel)
