"""Listeners, rules and actions: what AWS refuses, and what it reports besides what was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from moto.acm.models import acm_backends
from moto.elbv2.exceptions import (
    DuplicateListenerError,
    ELBClientError,
    InvalidConfigurationRequest,
    ValidationError,
)
from moto.elbv2.models import ELBv2Backend, FakeAction

from reconciler.sandbox.corrections import corrects

CONFIGS = {"host-header": "HostHeaderConfig", "path-pattern": "PathPatternConfig"}
SECURE = ("HTTPS", "TLS")


@corrects(ELBv2Backend, "create_listener")
def create_listener(
    original: Callable[..., Any],
    self: Any,
    load_balancer_arn: str,
    protocol: str,
    port: int,
    ssl_policy: str | None,
    certificate: str | None,
    actions: list[dict[str, Any]],
    **more: Any,
) -> Any:
    """moto takes a port twice, HTTPS without an issued certificate, and gRPC over HTTP.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html"""
    balancer = self.load_balancers.get(load_balancer_arn)
    _refuse_second(balancer.listeners.values() if balancer else (), port)
    _refuse_insecure(self, protocol, certificate, actions)
    policy = ssl_policy if protocol in SECURE else None
    made = original(self, load_balancer_arn, protocol, port, policy, certificate, actions, **more)
    _associate(self)
    return made


@corrects(ELBv2Backend, "modify_listener")
def modify_listener(
    original: Callable[..., Any],
    self: Any,
    arn: str,
    port: int | None = None,
    protocol: str | None = None,
    ssl_policy: str | None = None,
    certificates: list[dict[str, Any]] | None = None,
    actions: list[dict[str, Any]] | None = None,
) -> Any:
    """moto refuses nothing here either, and forgets the policy of a new HTTPS listener.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyListener.html"""
    (listener,) = self.describe_listeners(None, [arn])
    others = self.describe_listeners(listener.load_balancer_arn, None)
    _refuse_second((each for each in others if each is not listener), port)
    spoken = protocol or listener.protocol
    shown = certificates[0]["CertificateArn"] if certificates else listener.certificate
    _refuse_insecure(
        self, spoken, shown, actions or [each.data for each in listener.default_actions]
    )
    changed = original(self, arn, port, protocol, ssl_policy, certificates, actions)
    secure = listener.ssl_policy or "ELBSecurityPolicy-2016-08"
    changed.ssl_policy = secure if spoken in SECURE else None
    changed.certificates = changed.certificates if spoken in SECURE else []
    _associate(self)
    return changed


@corrects(FakeAction, "__init__")
def action(original: Callable[..., Any], self: Any, data: dict[str, Any]) -> None:
    """moto reports one target group as it was sent; AWS under both names.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html"""
    groups = data.get("ForwardConfig", {}).get("TargetGroups", [])
    if data.get("TargetGroupArn") and not groups:
        arn = data["TargetGroupArn"]
        config = {**data.get("ForwardConfig", {}), "TargetGroups": [{"TargetGroupArn": arn}]}
        data = {**data, "ForwardConfig": config}
    elif len(groups) == 1:
        data = {**data, "TargetGroupArn": groups[0]["TargetGroupArn"]}
    original(self, data)


@corrects(ELBv2Backend, "create_rule")
def create_rule(original: Callable[..., Any], self: Any, listener_arn: str, **more: Any) -> Any:
    """moto reports a condition as it was sent, and lets a rule send gRPC over HTTP.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html"""
    (listener,) = self.describe_listeners(None, [listener_arn])
    _refuse_insecure(self, listener.protocol, listener.certificate, more["actions"])
    rule = original(self, listener_arn, **more)
    return _reported(self, rule)


@corrects(ELBv2Backend, "modify_rule")
def modify_rule(original: Callable[..., Any], self: Any, rule_arn: str, **more: Any) -> Any:
    """As with `create_rule`."""
    rule = original(self, rule_arn, **more)
    return _reported(self, rule)


def _refuse_second(listeners: Iterable[Any], port: int | None) -> None:
    if port is not None and str(port) in {str(each.port) for each in listeners}:
        raise DuplicateListenerError()


def _refuse_insecure(
    backend: Any, protocol: str, certificate: str | None, actions: list[dict[str, Any]]
) -> None:
    """HTTPS wants a certificate that is issued, and gRPC wants HTTPS."""
    if protocol in SECURE and not certificate:
        raise ValidationError(f"A certificate must be specified for {protocol} listeners")
    if protocol in SECURE and certificate and _pending(backend, certificate):
        raise ELBClientError(
            "UnsupportedCertificate",
            f"The certificate '{certificate}' must have a fully-qualified domain name, "
            "a supported signature, and a supported key size.",
        )
    if protocol == "HTTP" and any(_grpc(backend, each) for each in actions):
        raise InvalidConfigurationRequest(
            "Listener protocol 'HTTP' is not supported with a target group with the "
            "protocol-version 'GRPC'"
        )


def _pending(backend: Any, certificate: str) -> bool:
    known = acm_backends[backend.account_id][backend.region_name]._certificates.get(certificate)
    if known:
        known.check()
    return known is not None and known.status != "ISSUED"


def _grpc(backend: Any, action: dict[str, Any]) -> bool:
    groups = action.get("ForwardConfig", {}).get("TargetGroups", [])
    arns = [action.get("TargetGroupArn"), *(each["TargetGroupArn"] for each in groups)]
    known = (backend.target_groups.get(arn) for arn in arns)
    return any(group.protocol_version == "GRPC" for group in known if group)


def _both(condition: dict[str, Any]) -> dict[str, Any]:
    """AWS reports hosts and paths under both names."""
    config = CONFIGS.get(condition.get("Field", ""))
    if not config:
        return condition
    values = condition.get(config, {}).get("Values") or condition.get("Values", [])
    return {**condition, "Values": values, config: {"Values": values}}


def _reported(backend: Any, rule: Any) -> Any:
    rule.conditions = [_both(each) for each in rule.conditions]
    _associate(backend)
    return rule


def _associate(backend: Any) -> None:
    """moto tells a target group of its load balancer twice, or, after a change, not at all."""
    for group in backend.target_groups.values():
        group.load_balancer_arns = [
            balancer.arn
            for balancer in backend.load_balancers.values()
            if any(
                group.arn in backend._get_target_group_arns_from(action.data)
                for listener in balancer.listeners.values()
                for rule in listener.rules.values()
                for action in rule.actions
            )
        ]
