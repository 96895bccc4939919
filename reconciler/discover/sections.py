"""In which file what was discovered goes: one per section of the report on the estate."""

from __future__ import annotations

from collections.abc import Mapping

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "10-network": (
        "ec2.vpc",
        "ec2.subnet",
        "ec2.internet_gateway",
        "ec2.address",
        "ec2.nat_gateway",
        "ec2.route_table",
        "ec2.vpc_endpoint",
        "ec2",
    ),
    "15-names": ("route53.hosted_zone", "route53", "acm", "servicediscovery"),
    "20-data": (
        "rds.db_subnet_group",
        "rds.db_cluster_parameter_group",
        "rds.db_parameter_group",
        "rds.db_cluster",
        "rds.db_instance",
        "rds",
        "dynamodb",
    ),
    "25-redis": (
        "elasticache.cache_subnet_group",
        "elasticache.cache_parameter_group",
        "elasticache",
    ),
    "30-services": (
        "ecs.cluster",
        "ecs.task_definition",
        "ecs",
        "application_autoscaling.scalable_target",
        "application_autoscaling",
    ),
    "35-secrets": ("kms", "secretsmanager", "ssm"),
    "40-balancers": (
        "elbv2.load_balancer",
        "elbv2.target_group",
        "elbv2.listener",
        "elbv2.rule",
        "elbv2",
    ),
    "50-edge": ("wafv2.ip_set", "wafv2", "cloudfront"),
    "55-buckets": ("s3",),
    "60-functions": ("lambda", "events", "stepfunctions", "scheduler"),
    "70-monitoring": (
        "sns.topic",
        "sns",
        "logs",
        "cloudwatch",
        "cloudtrail",
        "config",
        "guardduty",
        "inspector2",
        "devops_guru",
        "codeguruprofiler",
    ),
    "75-backup": ("backup",),
    "80-deploy": ("ecr", "codebuild", "codepipeline", "codestar_connections", "codeconnections"),
    "90-others": ("iam.open_id_connect_provider", "iam.policy", "iam.role", "iam"),
}
"""By file: types, or all that is left of a service, in the order in which they stand there."""

OTHERS = "90-others"


def section(kind: str) -> str:
    """The name of a type's file, without its ending."""
    service = kind.partition(".")[0]
    homes = (name for name, kinds in SECTIONS.items() if kind in kinds or service in kinds)
    return next(homes, OTHERS)


def rank(kind: str) -> tuple[int, str]:
    """Where a type stands within its file."""
    kinds, service = SECTIONS[section(kind)], kind.partition(".")[0]
    known = next((each for each in (kind, service) if each in kinds), "")
    return (kinds.index(known) if known else len(kinds)), kind
