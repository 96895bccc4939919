"""https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Tags
from resources.sns import text, texts, understood

ATTRIBUTES = {
    "ContentBasedDeduplication",
    "DeliveryPolicy",
    "DisplayName",
    "FifoTopic",
    "KmsMasterKeyId",
    "Policy",
    "SignatureVersion",
    "TracingConfig",
}
UNSAID = {  # where AWS has its default, it leaves the attribute out
    "ContentBasedDeduplication": False,
    "FifoTopic": False,
    "SignatureVersion": "1",
    "TracingConfig": "PassThrough",
}

OWNERS = (
    "AddPermission",
    "DeleteTopic",
    "GetTopicAttributes",
    "ListSubscriptionsByTopic",
    "Publish",
    "RemovePermission",
    "SetTopicAttributes",
    "Subscribe",
)


class Topic(Handler):
    """A topic, to which alarms and applications publish, and others subscribe."""

    key = ("Name",)
    naming = "Name"
    immutable = {"FifoTopic", "Name"}
    deferred = {"Policy"}
    policies = {"Policy"}
    documents = {"DeliveryPolicy"}
    outputs = {"TopicArn"}
    tagging = Tagging(id="ResourceArn", tags="Tags", erased="TagKeys")

    def listed(self, since: float = 0) -> Iterator[Found]:
        for topic in self.listing("list_topics", since):
            arn = topic["TopicArn"]
            yield Found(arn, {**topic, "Name": arn.rpartition(":")[2]}, arn=arn)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("NotFound", "ResourceNotFound"):
            topic = dict(found.properties)
            if ATTRIBUTES & mentioned:
                answer = self.client.get_topic_attributes(TopicArn=found.id)["Attributes"]
                topic |= {**UNSAID, **understood(answer)}
            return Observed(found.id, topic, self._tags(found))
        return None

    def create(self, desired: Desired) -> str:
        said = {name: desired[name] for name in ATTRIBUTES if desired.properties.get(name)}
        tags = self.tagging.to_aws(desired.tags)
        answer = self.client.create_topic(Name=desired["Name"], Attributes=texts(said), Tags=tags)
        return str(answer["TopicArn"])

    def update(self, change: Change) -> None:
        arn = change.observed.id
        absent = {"Policy": default_policy(arn)}
        for name in sorted(change.names):
            value = change.wanted.get(name, absent.get(name, ""))
            self.client.set_topic_attributes(
                TopicArn=arn, AttributeName=name, AttributeValue=text(value)
            )

    def delete(self, observed: Observed) -> None:
        # AWS takes the topic's subscriptions with it, and says nothing of one that is gone.
        self.client.delete_topic(TopicArn=observed.id)

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties, and null as what AWS makes of it."""
        arn = f"arn:{self.client.meta.partition}:sns:{self.home}:{self.aws.account}"
        absent = {
            **UNSAID,
            "Policy": self.parsed("Policy", default_policy(f"{arn}:{desired['Name']}")),
        }
        return {
            name: absent.get(name) if value is None else value for name, value in desired.items()
        }

    def _tags(self, found: Found) -> Tags:
        if found.tags is not None:
            return found.tags
        answer = self.client.list_tags_for_resource(ResourceArn=found.id)
        return self.tagging.from_aws(answer["Tags"])


def default_policy(arn: str) -> dict[str, Any]:
    """What AWS gives a topic of which nobody said anything: a topic is never without a policy.

    https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html"""
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in OWNERS],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": arn.split(":")[4]}},
    }
    return {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
