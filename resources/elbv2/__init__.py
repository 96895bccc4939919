"""What load balancers, target groups, listeners and rules share: tags, attributes, actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from reconciler.handler import Handler, Tagging, missing, portions
from reconciler.model import Change, Properties, Tags

TAGGING = Tagging(
    "add_tags", "remove_tags", id="ResourceArns", many=True, tags="Tags", erased="TagKeys"
)
GONE = ("LoadBalancerNotFound", "TargetGroupNotFound", "ListenerNotFound", "RuleNotFound")

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html
MEMBERS = {  # what an action of each type may hold, besides its type and order
    "forward": {"TargetGroupArn", "ForwardConfig"},
    "redirect": {"RedirectConfig"},
    "fixed-response": {"FixedResponseConfig"},
    "authenticate-cognito": {"AuthenticateCognitoConfig"},
    "authenticate-oidc": {"AuthenticateOidcConfig"},
    "jwt-validation": {"JwtValidationConfig"},
}


def tagged(handler: Handler, since: float, arns: Sequence[str]) -> Mapping[str, Tags]:
    """The tags of each, 20 at a time as AWS takes them. What is gone meanwhile is left out."""
    described = [each for some in portions(arns, 20) for each in _described(handler, since, some)]
    return {each["ResourceArn"]: TAGGING.from_aws(each["Tags"]) for each in described}


def _described(handler: Handler, since: float, arns: Sequence[str]) -> list[Any]:
    with missing(*GONE):
        return handler.listing("describe_tags", since, ResourceArns=list(arns))
    if len(arns) == 1:
        return []
    # One that is gone fails the whole call: the others are asked for in two halves.
    half = len(arns) // 2
    return [*_described(handler, since, arns[:half]), *_described(handler, since, arns[half:])]


def listeners(handler: Handler, since: float) -> Iterator[dict[str, Any]]:
    """Every listener of every load balancer."""

    def below(balancer: Any) -> list[dict[str, Any]]:
        with missing("LoadBalancerNotFound"):
            arn = balancer["LoadBalancerArn"]
            return handler.listing("describe_listeners", since, LoadBalancerArn=arn)
        return []

    balancers = handler.listing("describe_load_balancers", since)
    yield from chain.from_iterable(handler.aws.at_once(below, balancers))


def attributes(change: Change) -> list[Any]:
    """The attributes that differ: AWS keeps those that a request does not name."""
    return change.items("Attributes").added


def actions(before: Sequence[Properties], wanted: Sequence[Properties]) -> list[Properties]:
    """The wanted actions as a request may hold them, given those that AWS reports."""
    old = [*before, *({} for _ in wanted)]
    return [_action(*pair) for pair in zip(old, wanted, strict=False)]


def _action(before: Properties, wanted: Properties) -> Properties:
    allowed = {"Type", "Order", *MEMBERS.get(wanted["Type"], ())}
    action = {name: value for name, value in wanted.items() if name in allowed}
    # AWS reports one target group under two names. The one that was changed counts.
    arn = action.pop("TargetGroupArn", None)
    if arn and (arn != before.get("TargetGroupArn") or "ForwardConfig" not in action):
        groups = [{"TargetGroupArn": arn}]
        action["ForwardConfig"] = {**action.get("ForwardConfig", {}), "TargetGroups": groups}
    if "AuthenticateOidcConfig" in action:
        # AWS never gives the client's secret back, and asks whether it shall keep it.
        oidc = {**action["AuthenticateOidcConfig"], "UseExistingClientSecret": True}
        action["AuthenticateOidcConfig"] = oidc
    return action
