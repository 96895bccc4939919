"""In which file what was discovered goes: one per section of the report on the estate."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from reconciler.load import Resource

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "02-compute": (
        "ecs.cluster",
        "ecs.task_definition",
        "ecs",
        "application_autoscaling.scalable_target",
        "application_autoscaling",
    ),
    "03-databases": (
        "rds.db_subnet_group",
        "rds.db_cluster_parameter_group",
        "rds.db_parameter_group",
        "rds.db_cluster",
        "rds.db_instance",
        "rds",
    ),
    "04-redis": (
        "elasticache.cache_subnet_group",
        "elasticache.cache_parameter_group",
        "elasticache",
    ),
    "05-balancers": (
        "elbv2.load_balancer",
        "elbv2.target_group",
        "elbv2.listener",
        "elbv2.rule",
        "elbv2",
    ),
    "06-cdn": ("cloudfront",),
    "07-firewall": ("wafv2.ip_set", "wafv2"),
    "08-buckets": ("s3",),
    "09-functions": ("lambda",),
    "10-rules": ("events", "scheduler"),
    "11-pipelines": (
        "ecr",
        "codebuild",
        "codepipeline",
        "codestar_connections",
        "codeconnections",
    ),
    "12-network": (
        "ec2.vpc",
        "ec2.subnet",
        "ec2.internet_gateway",
        "ec2.address",
        "ec2.nat_gateway",
        "ec2.route_table",
        "ec2.vpc_endpoint",
        "ec2",
        "servicediscovery",
    ),
    "13-names": ("route53.hosted_zone", "route53", "acm"),
    "14-secrets": ("kms", "secretsmanager", "ssm"),
    "15-monitoring": ("sns.topic", "sns", "logs", "cloudwatch"),
    "16-backup": ("backup",),
    "17-others": (
        "iam.open_id_connect_provider",
        "iam.policy",
        "iam.role",
        "iam",
        "cloudtrail",
        "config",
        "guardduty",
        "inspector2",
        "devops_guru",
        "codeguruprofiler",
        "dynamodb",
        "athena",
        "stepfunctions",
    ),
}
"""By file: types, or all that is left of a service, in the order in which they stand there."""

OTHERS = "17-others"


def section(kind: str) -> str:
    """The section of a type: the name of its file, without its ending."""
    service = kind.partition(".")[0]
    homes = (name for name, kinds in SECTIONS.items() if kind in kinds or service in kinds)
    return next(homes, OTHERS)


def rank(kind: str) -> tuple[int, str]:
    """Where a type stands within its file."""
    kinds, service = SECTIONS[section(kind)], kind.partition(".")[0]
    known = next((each for each in (kind, service) if each in kinds), "")
    return (kinds.index(known) if known else len(kinds)), kind


class Homes:
    """The files of one environment: a type goes where most of it stands already."""

    def __init__(self, folder: Path, resources: Iterable[Resource]) -> None:
        self._folder = folder
        self._files: dict[str, Counter[str]] = defaultdict(Counter)
        for each in resources:
            self._files[each.type][each.source.file] += 1

    def __call__(self, kind: str) -> Path:
        """The file of a type; where there is none of it yet, that of its section.

        An environment may number its files in its own way: the section is in the name behind."""
        if files := self._files.get(kind):
            return Path(min(files, key=lambda file: (-files[file], file)))
        name = section(kind)
        title = name.partition("-")[2]
        same = sorted(self._folder.glob(f"[0-9]*-{title}.yaml"))
        return next(
            (each for each in same if each.stem.lstrip("0123456789") == f"-{title}"),
            self._folder / f"{name}.yaml",
        )
