"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.handler import ORDER, Handler, missing
from reconciler.model import Change, Desired, Found, Observed
from resources.elbv2 import TAGGING, actions, attributes, listeners, tagged

GROUPS = "DefaultActions.ForwardConfig.TargetGroups"


class Listener(Handler):
    """A port of a load balancer, and what it does with requests that no rule takes.

    `Certificates` is the default one; more, for other names (SNI), are left alone."""

    key = ("LoadBalancerArn", "Port")
    immutable = {"LoadBalancerArn"}
    disruptive = {"Port", "Protocol"}
    lists = {
        "Certificates": ORDER,
        "DefaultActions": ORDER,
        GROUPS: ("TargetGroupArn",),
        "Attributes": ("Key",),
    }
    additive = {"Attributes"}  # every attribute exists always, with AWS's default
    outputs = {"ListenerArn"}
    tagging = TAGGING
    overwrites = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        every = list(listeners(self, since))
        tags = tagged(self, since, [each["ListenerArn"] for each in every])
        for each in every:
            yield Found(each["ListenerArn"], each, tags.get(each["ListenerArn"], {}))

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        if "Attributes" not in mentioned:
            return Observed(found.id, found.properties, found.tags or {})
        with missing("ListenerNotFound"):
            answer = self.client.describe_listener_attributes(ListenerArn=found.id)
            properties = {**found.properties, "Attributes": answer["Attributes"]}
            return Observed(found.id, properties, found.tags or {})
        return None

    def create(self, desired: Desired) -> str:
        born = self.accepted("create_listener", desired.properties)
        born["DefaultActions"] = actions([], born["DefaultActions"])
        answer = self.client.create_listener(**born, Tags=TAGGING.to_aws(desired.tags))
        return str(answer["Listeners"][0]["ListenerArn"])

    def update(self, change: Change) -> None:
        arn = change.observed.id
        changed = self.accepted("modify_listener", change.changed)
        if "DefaultActions" in changed:
            # Whole and in one call: the listener never stands without a target group.
            before = change.observed["DefaultActions"]
            changed["DefaultActions"] = actions(before, changed["DefaultActions"])
        if changed:
            self.client.modify_listener(ListenerArn=arn, **changed)
        if new := attributes(change):
            self.client.modify_listener_attributes(ListenerArn=arn, Attributes=new)

    def delete(self, observed: Observed) -> None:
        with missing("ListenerNotFound"):
            self.client.delete_listener(ListenerArn=observed.id)
