"""SNS keeps what it knows of a thing as texts by name, and writes one of them at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reconciler.model import Properties, Wait
from reconciler.overlay import unknown

AGAIN = "AWS forgets it after two days, and then the next run asks again"
SWITCHES = {"ContentBasedDeduplication", "FifoTopic", "RawMessageDelivery"}


def texts(properties: Properties) -> dict[str, str]:
    """Properties as attributes."""
    return {name: text(value) for name, value in properties.items()}


def text(value: Any) -> str:
    """A value as AWS writes it: `true`, a document as JSON."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def understood(attributes: Mapping[str, str]) -> dict[str, Any]:
    """Attributes as properties."""
    return {n: v == "true" if n in SWITCHES else v for n, v in attributes.items()}


def whole(document: Any) -> Any:
    """A document that is compared as one text, for each of its keys changes what it lets in."""
    parsed = json.loads(document) if isinstance(document, str) and document else document
    if not isinstance(parsed, Mapping) or unknown(parsed):
        return parsed
    return text(parsed) if parsed else None


def wait(subscription: Properties) -> Wait:
    """Who has to confirm a subscription, and how."""
    endpoint = subscription["Endpoint"]
    if subscription["Protocol"].startswith("email"):
        what = 'open the mail "AWS Notification - Subscription Confirmation" and follow its link'
        return Wait(f"the person at {endpoint}", f"{what}; {AGAIN}")
    what = "let it open the SubscribeURL of the SubscriptionConfirmation that AWS sent it"
    return Wait(f"whoever runs {endpoint}", f"{what}; {AGAIN}")
