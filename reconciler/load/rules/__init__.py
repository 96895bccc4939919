"""What AWS refuses late, because two resources do not fit: every rule, by the type it is about.

A value that nobody knows yet is never a problem. What may be right thanks to something in AWS
that the YAML does not mention is one only where lists are exact: else it is a warning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from reconciler.errors import Problem
from reconciler.load.declared import Environment, Resource
from reconciler.load.problems import Finding, Problems
from reconciler.load.rules import (
    alarms,
    backups,
    balancers,
    buckets,
    distributions,
    filters,
    firewalls,
    limits,
    machines,
    names,
    policies,
    recorders,
    services,
    tables,
    targets,
)
from reconciler.load.rules.place import Place
from reconciler.load.rules.whole import Whole

Rule = Callable[[Place], Iterator[Finding]]

EVERY: tuple[Rule, ...] = (
    policies.documents_whole,
    limits.not_too_long,
    limits.among,
    limits.other_case,
)
RULES: Mapping[str, tuple[Rule, ...]] = {
    "application_autoscaling.scalable_target": (limits.bounds,),
    "backup.backup_plan": (
        backups.vault_region,
        backups.kept_in_the_cold,
        backups.kept_by_the_second,
    ),
    "backup.backup_selection": (backups.something_selected,),
    "backup.backup_vault": (backups.told_of_something,),
    "cloudfront.distribution": (
        distributions.certificate_region,
        distributions.certificate_covers,
        distributions.alias_once,
        firewalls.distribution_scope,
    ),
    "cloudtrail.trail": (buckets.trail_bucket,),
    "cloudwatch.alarm": (alarms.thing_exists,),
    "config.configuration_recorder": (recorders.channel_there, recorders.one_way),
    "config.delivery_channel": (recorders.recorder_there, recorders.channel_bucket),
    "dynamodb.table": (tables.capacity_fits, tables.keys_defined),
    "ec2.internet_gateway": (limits.alone,),
    "ecs.service": (
        services.container_port,
        services.port_protocol,
        services.target_type,
        services.group_forwarded,
        services.network_given,
        services.one_network,
    ),
    "elasticache.replication_group": (balancers.cache_zones,),
    "elbv2.listener": (
        balancers.certificate_region,
        balancers.certificate_given,
        balancers.grpc_secured,
        balancers.spoken_alike,
    ),
    "elbv2.load_balancer": (balancers.balancer_zones, buckets.balancer_bucket),
    "elbv2.rule": (balancers.grpc_secured, balancers.spoken_alike),
    "events.rule": (targets.target_lets_in,),
    "logs.metric_filter": (filters.default_alone,),
    "rds.db_subnet_group": (balancers.group_zones,),
    "route53.record_sets": (
        names.inside_zone,
        names.no_cname_at_apex,
        names.cname_alone,
        names.record_once,
        names.alias_whole,
    ),
    "stepfunctions.state_machine": (machines.leads_somewhere,),
    "wafv2.ip_set": (firewalls.scope_region,),
    "wafv2.web_acl": (
        firewalls.scope_region,
        firewalls.distributions_name_it,
        firewalls.log_destination,
    ),
}


def check(
    environment: Environment, resources: Mapping[str, Resource], problems: Problems
) -> list[Problem]:
    """Report what breaks a rule; what only may do so comes back as warnings."""
    whole, warnings = Whole(resources, environment.exact), []
    for resource in whole.resources.values():
        for rule in (*EVERY, *RULES.get(resource.type, ())):
            for finding in rule(whole.place(resource)):
                place = resource.place(finding.path)
                what = f"{finding.path} {finding.what}".strip()
                if finding.grave or environment.exact:
                    problems.add(place, resource.address, what)
                else:
                    warnings.append(Problem(place, resource.address, what))
    return warnings
