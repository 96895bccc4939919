"""What the report states against desired/prod, row by row.

tests/command/test_rebuild.py holds the account that is built from it against the same rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.load import Resource, facts, load
from tests.facts.stated import READERS, REGION, UNDECLARED, every, name_of, unread
from tests.prod_account.tables import fact, table

DESIRED = Path(__file__).parents[1] / "desired"
ROWS = every()
GIVEN: list[tuple[str, str, str]] = [
    ("*", "Tags.Name", "how we call what is found by its name, or unnamed"),
    ("ecs.task_definition", "containerDefinitions[].image", "a container of Datadog's, in bounds"),
    ("ecs.task_definition", "family", "families of the standby are not said: unnamed"),
    ("ec2.address", "Domain", "AWS has no others"),
    ("ec2.internet_gateway", "VpcId", "without one there would be no public subnets"),
    ("ec2.route_table", "VpcId", "tiers lead somewhere: unnamed"),
    ("ec2.subnet", "VpcId", "the standby stands somewhere: unnamed"),
    ("ec2.security_group", "VpcId", "the standby stands somewhere: unnamed"),
    ("ec2.vpc_endpoint", "VpcId", "Datadog's twelve (C19): unnamed"),
    ("ec2.vpc_endpoint", "VpcEndpointType", "Datadog's twelve (C19): unnamed"),
    ("s3.bucket", "VersioningConfiguration.Status", "AWS replicates only what has versions"),
    ("route53.record_sets", "HostedZoneId", "our records of proof, for a creation"),
    ("cloudtrail.trail", "S3BucketName", "what the bucket is for, by its name"),
    ("config.delivery_channel", "s3BucketName", "what the bucket is for, by its name"),
    ("config.configuration_recorder", "name", "AWS's own name for the only one"),
    ("config.delivery_channel", "name", "AWS's own name for the only one"),
    ("dynamodb.table", "AttributeDefinitions[].*", "Terraform knows no other key"),
    ("dynamodb.table", "KeySchema[].*", "Terraform knows no other key"),
    ("elbv2.load_balancer", "Name", "production's name again, in Ireland (B13)"),
]
"""What stands in desired/prod without a row that says it: type, path, why."""


@cache
def declared() -> dict[str, Resource]:
    return dict(load(DESIRED, "prod").resources)


@cache
def leaves() -> dict[tuple[str, str], Any]:
    """Every value that desired/prod states, by address and path. `$initial` states nothing."""
    found: dict[tuple[str, str], Any] = {}
    for address, resource in declared().items():
        found |= {(address, path): value for path, value in _leaves(resource.properties, "")}
        found |= {(address, f"Tags.{name}"): value for name, value in resource.tags.items()}
    return found


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in ("$initial", "$within"):
                yield from _leaves(each, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _leaves(each, f"{path}[{number}]")
    elif value is not None:
        yield path, value


def value(address: str, path: str) -> Any:
    resource = declared().get(address)
    if path == REGION:
        return resource and resource.regions[0]
    if path == "$unnamed":
        return resource and resource.unnamed
    return leaves().get((address, path))


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_a_row_of_the_report_stands_in_the_yaml(row):
    number, name, it = row
    statements = list(READERS[number, name](it))
    assert statements
    for address, path, wanted in statements:
        if wanted is not None:
            assert address in declared(), address
        assert value(address, path) == wanted, f"{address} {path}"


def test_every_table_is_read_or_says_why_it_is_not():
    assert unread() == []
    assert all(UNDECLARED.values())


def test_every_value_is_stated_by_a_row():
    stated = {(a, p) for n, name, it in ROWS for a, p, _ in READERS[n, name](it)}
    unsaid = {
        (address, path): said
        for (address, path), said in leaves().items()
        if (address, path) not in stated and not _given(address, path)
    }
    assert unsaid == {}


def test_every_exception_is_needed():
    left = {(a, p) for a, p in leaves()}
    for kind, path, why in GIVEN:
        assert any(_like(kind, path, a, p) for a, p in left), (kind, path, why)


def _given(address: str, path: str) -> bool:
    resource = declared()[address]
    naming = facts.handler(resource.type).naming
    if resource.unnamed and path == naming:
        return True
    return any(_like(kind, given, address, path) for kind, given, _ in GIVEN)


def _like(kind: str, given: str, address: str, path: str) -> bool:
    pattern = re.escape(given).replace(r"\[\]", r"\[\d+\]").replace(r"\*", ".*")
    return kind in ("*", address.partition("/")[0]) and bool(re.fullmatch(pattern, path))


COUNTS = {
    "services": ("ecs.service", lambda each: each.region == "eu-central-1"),
    "database_clusters": ("rds.db_cluster", lambda each: each.name != "prod-alldb-mig"),
    "database_instances": ("rds.db_instance", lambda each: "alldb" not in each.name),
    "proxies": ("rds.db_proxy", lambda each: True),
    "redis": ("elasticache.replication_group", lambda each: True),
    "load_balancers": ("elbv2.load_balancer", lambda each: each.region == "eu-central-1"),
    "target_groups": ("elbv2.target_group", lambda each: True),
    "distributions": ("cloudfront.distribution", lambda each: True),
    "functions": ("lambda.function", lambda each: True),
    "rules": ("events.rule", lambda each: True),
    "buckets": ("s3.bucket", lambda each: True),
    "scaling_policies": ("application_autoscaling.scaling_policy", lambda each: True),
    "security_groups": ("ec2.security_group", lambda each: each.region == "eu-central-1"),
    "endpoints": ("ec2.vpc_endpoint", lambda each: True),
    "topics": ("sns.topic", lambda each: True),
    "security_alarms": ("cloudwatch.alarm", lambda each: True),
    "pipelines": ("codepipeline.pipeline", lambda each: True),
    "repositories": ("ecr.repository", lambda each: True),
    "subnets": ("ec2.subnet", lambda each: each.region == "eu-central-1"),
    "backup_plans": ("backup.backup_plan", lambda each: True),
}


@pytest.mark.parametrize("row", table(1, "counts"), ids=lambda row: row["of"])
def test_a_count_of_the_report_is_that_of_the_yaml(row):
    if row["of"] in COUNTS:
        kind, one_of = COUNTS[row["of"]]
        found = [each for each in declared().values() if each.type == kind and one_of(each)]
        assert len(found) == row["count"]
    else:
        assert OTHERWISE[row["of"]]() == row["count"]


OTHERWISE = {
    "tasks": lambda: sum(each["tasks"] for each in table(2, "services")),
    "firewall_rules": lambda: len(declared()["wafv2.web_acl/Backend-ACL"].properties["Rules"]),
    "secrets": lambda: len(table(14, "secrets")) + len(table(14, "described")),
}


def test_all_tasks_at_their_least_come_to_what_the_report_says():
    services, baseline = table(2, "services"), fact(1, "baseline")
    assert sum(each["tasks"] * each["cpu"] for each in services) == baseline["vcpu"]
    assert sum(each["tasks"] * each["memory"] for each in services) == baseline["memory_gb"]


def test_every_decision_stands_in_the_document():
    page = (DESIRED.parent / "docs" / "contradictions.md").read_text()
    files = (DESIRED.parent / "tests" / "facts").glob("*.yaml")
    named = {each for file in files for each in _decisions(yaml.safe_load(file.read_text()))}
    assert named
    assert {each for each in named if f"| {each} |" not in page} == set()


def _decisions(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if decision := value.get("decision"):
            yield decision
        for each in value.values():
            yield from _decisions(each)
    elif isinstance(value, list):
        for each in value:
            yield from _decisions(each)
