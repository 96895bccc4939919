"""https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from reconciler.aws import Aws
from reconciler.handler import Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Status, View, Within
from resources.sns import text, texts, understood, wait, whole

KEY = ("TopicArn", "Protocol", "Endpoint")
ARN = "SubscriptionArn"
FILTER = "FilterPolicy"
ATTRIBUTES = {
    "DeliveryPolicy",
    FILTER,
    "FilterPolicyScope",
    "RawMessageDelivery",
    "RedrivePolicy",
    "SubscriptionRoleArn",
}
UNSAID = {"FilterPolicyScope": "MessageAttributes", "RawMessageDelivery": False}
CLEARED = {FILTER: {"AttributeValue": "{}"}, "RedrivePolicy": {}}  # AWS takes no empty text
HIDDEN = {"PendingConfirmation": True}
"""Stands for an attribute of a subscription that nobody has confirmed: AWS does not show it."""


class Subscription(Handler):
    """An endpoint that hears what a topic is told, once whoever is there has confirmed it.

    Until then AWS has no ARN for it, shows no attributes, and neither changes nor deletes it."""

    key = KEY
    naming = "Endpoint"
    immutable = set(KEY)
    documents = {"DeliveryPolicy", "RedrivePolicy"}
    outputs = {ARN}
    parent = "TopicArn"

    def __init__(self, aws: Aws, region: str) -> None:
        super().__init__(aws, region)
        self._left: set[str] = set()
        """What is to go, and AWS deletes only when it is tired of waiting for people."""

    def listed(self, since: float = 0) -> Iterator[Found]:
        for each in self.listing("list_subscriptions", since):
            known = {name: each[name] for name in KEY}
            if each[ARN].startswith("arn:"):
                yield Found(_id(known), {**known, ARN: each[ARN]}, tags={})
            elif each[ARN] == "PendingConfirmation":  # else it is one that was deleted
                yield Found(_id(known), known, tags={})

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        if found.id in self._left:
            return None
        if ARN not in found.properties:
            properties = {**found.properties, **dict.fromkeys(ATTRIBUTES & mentioned, HIDDEN)}
            why, waits = "nobody has confirmed it yet", (wait(found.properties),)
            return Observed(found.id, properties, {}, Status.WAITING, why, waits)
        if not ATTRIBUTES & mentioned:
            return Observed(found.id, found.properties)
        with missing("NotFound"):
            arn = {ARN: found.properties[ARN]}
            known = understood(self.client.get_subscription_attributes(**arn)["Attributes"])
            read = {**UNSAID, **known, FILTER: whole(known.get(FILTER))}
            return Observed(found.id, {**found.properties, **read})
        return None

    def create(self, desired: Desired) -> str:
        key = {name: desired[name] for name in KEY}
        # With its attributes, for as long as nobody confirms it AWS takes none.
        said = {name: desired[name] for name in ATTRIBUTES & desired.properties.keys()}
        self.client.subscribe(**key, Attributes=texts(said))
        return _id(key)

    def update(self, change: Change) -> None:
        # What filters attributes filters bodies as well, but not the other way round.
        bodies = change.wanted.get("FilterPolicyScope") == "MessageBody"
        for name in sorted(change.names, reverse=bodies):
            value = {"AttributeValue": text(change.wanted.get(name, ""))}
            value = value if name in change.wanted else CLEARED.get(name, value)
            arn = {ARN: change.observed[ARN]}
            self.client.set_subscription_attributes(**arn, AttributeName=name, **value)

    def delete(self, observed: Observed) -> None:
        if ARN not in observed.properties:
            # It goes with its topic, or after two days: nobody can take it away sooner.
            self._left.add(observed.id)
            return
        with missing("NotFound"):
            self.client.unsubscribe(SubscriptionArn=observed[ARN])

    def within(self, desired: Desired, view: View) -> Mapping[str, Within]:
        """What AWS does not show of a subscription that waits is as it was asked for."""
        ours = [desired.properties.get(name) for name in KEY]
        confirmed = (each for each in view("sns.subscription") if ARN in each)
        if any([each.get(name) for name in KEY] == ours for each in confirmed):
            return {}
        hidden = Within("whoever confirms it, for AWS shows it only then", among=(HIDDEN,))
        return dict.fromkeys(ATTRIBUTES & desired.properties.keys(), hidden)

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties: a filter as one text, and null as what AWS makes of it."""
        given = {
            name: UNSAID.get(name) if value is None else value for name, value in desired.items()
        }
        return {name: whole(value) if name == FILTER else value for name, value in given.items()}


def _id(properties: Properties) -> str:
    """AWS's own comes late, but there is one of a kind."""
    return " ".join(str(properties.get(name)) for name in KEY)
