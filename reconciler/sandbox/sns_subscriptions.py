"""SNS: subscriptions that wait until a person confirms them, which moto does itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.core.responses import ActionResult
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend
from moto.sns.responses import SNSResponse

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.people import people

BY_PEOPLE = {"email", "email-json", "http", "https"}
FIELDS = ("SubscriptionArn", "Owner", "Protocol", "Endpoint", "TopicArn")
PENDING = "PendingConfirmation"


@corrects(SNSResponse, "subscribe")
def subscribe(original: Method, self: Any) -> Any:
    """Moto confirms in place of people, and changes a subscription that is there.

    https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html"""
    topic, endpoint, protocol = map(self._get_param, ("TopicArn", "Endpoint", "Protocol"))
    before = self.backend._find_subscription(topic, endpoint, protocol)
    given = self._get_attributes()
    if before and any(before.attributes.get(name) != value for name, value in given.items()):
        raise SNSInvalidParameter(
            "Invalid parameter: Attributes Reason: Subscription already exists with different "
            "attributes"
        )
    answer = original(self)
    one = self.backend._find_subscription(topic, endpoint, protocol)
    if not before and people.absent and protocol in BY_PEOPLE:
        one.attributes[PENDING] = True
    if one.attributes[PENDING] and not self._get_bool_param("ReturnSubscriptionArn"):
        return ActionResult({"SubscriptionArn": "pending confirmation"})
    return answer


@corrects(SNSResponse, "list_subscriptions")
def list_subscriptions(original: Method, self: Any) -> Any:
    """Moto shows an ARN for what nobody has confirmed.

    https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptions.html"""
    return _listed(original(self).result)


@corrects(SNSResponse, "list_subscriptions_by_topic")
def list_subscriptions_by_topic(original: Method, self: Any) -> Any:
    """Moto shows an ARN for what nobody has confirmed.

    https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html"""
    return _listed(original(self).result)


@corrects(SNSBackend, "unsubscribe")
def unsubscribe(original: Method, self: Any, arn: str) -> None:
    """Moto deletes what nobody has confirmed.

    https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html"""
    if arn in self.subscriptions and self.subscriptions[arn].attributes[PENDING]:
        raise SNSInvalidParameter(
            "Invalid parameter: SubscriptionArn Reason: Cannot unsubscribe a subscription that is "
            "pending confirmation"
        )
    original(self, arn)


@corrects(SNSResponse, "confirm_subscription")
def confirm_subscription(original: Method, self: Any) -> Any:
    """Moto takes any token and confirms nothing. Ours is the endpoint that the token was sent to.

    https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html"""
    topic, token = self._get_param("TopicArn"), self._get_param("Token")
    for each in self.backend._get_topic_subscriptions(self.backend.get_topic(topic)):
        if each.endpoint == token:
            each.attributes[PENDING] = False
            return ActionResult({"SubscriptionArn": each.arn})
    raise SNSInvalidParameter("Invalid parameter: Token")


def _listed(answer: dict[str, Any]) -> Any:
    shown = list(_shown(answer["Subscriptions"]))
    return ActionResult({**answer, "Subscriptions": shown})


def _shown(subscriptions: Iterable[Any]) -> Iterable[dict[str, Any]]:
    for each in subscriptions:
        known = {name: each.attributes[name] for name in FIELDS}
        yield {**known, "SubscriptionArn": PENDING} if each.attributes[PENDING] else known
