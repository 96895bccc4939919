"""SNS: topics of which moto forgets what it was told."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend
from moto.sns.responses import SNSResponse
from moto.utilities.arns import parse_arn

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.principals import nobody

FORGOTTEN = ("SignatureVersion", "TracingConfig")


@corrects(SNSBackend, "create_topic")
def same_again(
    original: Method,
    self: Any,
    name: str,
    attributes: dict[str, Any] | None = None,
    tags: dict[str, str] | None = None,
) -> Any:
    """Moto takes other attributes and tags for a topic that is there, and ignores them.

    https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html"""
    before = {topic.name: topic for topic in self.topics.values()}.get(name)
    if before:
        for what, said, has in (
            ("attributes", attributes, _has(before)),
            ("tags", tags, before._tags),
        ):
            if said and any(has.get(each) != said[each] for each in said):
                raise SNSInvalidParameter(
                    f"Invalid parameter: {what.capitalize()} Reason: Topic already exists with "
                    f"different {what}"
                )
    return original(self, name, attributes, tags)


@corrects(SNSBackend, "set_topic_attribute")
def somebody(original: Method, self: Any, arn: str, name: str, value: str) -> None:
    """Moto takes policies that are empty, or about a role that is not there.

    https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html"""
    if name == "policy" and not value:
        raise SNSInvalidParameter("Invalid parameter: Policy is empty")
    if name == "policy" and nobody(value, parse_arn(arn).account):
        raise SNSInvalidParameter("Invalid parameter: Policy Error: PrincipalNotFound")
    original(self, arn, name, value)


@corrects(SNSResponse, "get_topic_attributes")
def all_attributes(original: Method, self: Any) -> Any:
    """Moto does not show how a topic's messages are signed and traced.

    https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html"""
    shown = original(self).result["Attributes"]
    topic = self.backend.get_topic(self._get_param("TopicArn"))
    known = {name: getattr(topic, camelcase_to_underscores(name), "") for name in FORGOTTEN}
    kept = {name: value for name, value in {**shown, **known}.items() if value != ""}
    return ActionResult({"Attributes": {"DisplayName": "", **kept}})


def _has(topic: Any) -> dict[str, Any]:
    names = (*FORGOTTEN, "ContentBasedDeduplication", "DeliveryPolicy", "DisplayName", "FifoTopic")
    found = {name: getattr(topic, camelcase_to_underscores(name), None) for name in names}
    return {**found, "KmsMasterKeyId": topic.kms_master_key_id, "Policy": topic.policy}
