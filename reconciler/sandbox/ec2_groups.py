"""Corrections of EC2's security groups and their rules."""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import lambda_backends
from moto.ec2.exceptions import (
    DependencyViolationError,
    EC2ClientError,
    InvalidPermissionNotFoundError,
    InvalidSecurityGroupNotFoundError,
)
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule
from moto.ec2.responses.security_groups import SecurityGroups
from moto.rds.models import rds_backends

from reconciler.sandbox.corrections import corrects
from reconciler.sandbox.ec2 import balancers, network


@corrects(SecurityGroupRule, "__init__")
def described_rule(original: Any, self: Any, *arguments: Any, **named: Any) -> None:
    """Descriptions of all kinds are readable; ranges are kept clean. API_SecurityGroupRule.html

    Moto's rule shows the description of its range only."""
    original(self, *arguments, **named)
    listed = named.get("prefix_list_id") or (arguments[7:8] or (None,))[0] or {}
    described = {**self.ip_range, **self.source_group, **listed}.get("Description")
    ranges = {name: network(self.ip_range.get(name)) for name in ("CidrIp", "CidrIpv6")}
    self.ip_range = {name: value for name, value in ranges.items() if value}
    if described:
        self.ip_range["Description"] = described


@corrects(SecurityGroupRule, "__eq__")
def same_rule(original: Any, self: Any, other: Any) -> bool:
    """A rule with another description is the same rule. API_AuthorizeSecurityGroupIngress.html"""
    return _identity(self) == _identity(other)


@corrects(SecurityGroupBackend, "update_security_group_rule_descriptions_ingress")
def describe_ingress(original: Any, self: Any, group_name_or_id: str, **asked: Any) -> Any:
    """Any rule's description can be changed, and taken away by leaving it out.

    API_UpdateSecurityGroupRuleDescriptionsIngress.html"""
    return _describe(self, group_name_or_id, "ingress_rules", asked)


@corrects(SecurityGroupBackend, "update_security_group_rule_descriptions_egress")
def describe_egress(original: Any, self: Any, group_name_or_id: str, **asked: Any) -> Any:
    """As for ingress. API_UpdateSecurityGroupRuleDescriptionsEgress.html"""
    return _describe(self, group_name_or_id, "egress_rules", asked)


@corrects(SecurityGroups, "delete_security_group")
def delete_security_group(original: Any, self: Any) -> Any:
    """What is in use stays, and so does a network's default group. API_DeleteSecurityGroup.html"""
    group = self.ec2_backend.get_security_group_from_id(self._get_param("GroupId"))
    if group and group.name == "default":
        fixed = f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
        raise EC2ClientError("CannotDelete", fixed)
    if group and group.id in _used(self):
        raise DependencyViolationError(f"resource {group.id} has a dependent object")
    return original(self)


def _identity(rule: SecurityGroupRule) -> tuple[Any, ...]:
    ports = () if rule.ip_protocol == "-1" else (rule.from_port, rule.to_port)
    peer = rule.cidr_ipv4, rule.cidr_ipv6, rule.prefix_list_id, rule.source_group.get("GroupId")
    return rule.ip_protocol, ports, peer


def _describe(backend: Any, name: str, way: str, asked: dict[str, Any]) -> Any:
    group = backend.get_security_group_by_name_or_id(name)
    if group is None:
        raise InvalidSecurityGroupNotFoundError(name)
    rules = getattr(group, way)
    peers = (asked["ip_ranges"], asked["source_groups"], asked["prefix_list_ids"])
    ports = (asked["from_port"], asked["to_port"])
    for spoken in backend._iterate_security_rules(asked["ip_protocol"], name, *ports, *peers):
        if spoken not in rules:
            raise InvalidPermissionNotFoundError
        _redescribe(rules[rules.index(spoken)], spoken.description)
    return group


def _redescribe(rule: SecurityGroupRule, description: str | None) -> None:
    for place in (rule.ip_range, rule.source_group):
        place.pop("Description", None)
    if description:
        rule.ip_range["Description"] = description
    if description and rule.source_group:
        rule.source_group["Description"] = description


def _used(response: Any) -> set[str]:
    """The groups that something refers to, other than their own rules."""
    backend = response.ec2_backend
    rules = [
        (group.id, rule.source_group.get("GroupId"))
        for group in backend.describe_security_groups()
        for rule in (*group.ingress_rules, *group.egress_rules)
    ]
    endpoints = [e for e in backend.vpc_end_points.values() if e.state != "deleted"]
    return {
        *(peer for own, peer in rules if peer and peer != own),
        *(group.id for eni in backend.enis.values() for group in eni.group_set),
        *(name for balancer in balancers(response) for name in balancer.security_groups or ()),
        *(name for endpoint in endpoints for name in endpoint.security_group_ids),
        *_elsewhere(response),
    }


def _elsewhere(response: Any) -> set[str]:
    """The groups of databases and functions, whose interfaces moto does not make."""
    account, region = response.current_account, response.region
    databases = rds_backends[account][region].clusters.values()
    functions = lambda_backends[account][region].list_functions()
    configured = [each.vpc_config or {} for each in functions]
    return {
        *(name for each in databases for name in each.vpc_security_group_ids),
        *(name for each in configured for name in each.get("SecurityGroupIds", ())),
    }
