"""What AWS offers where, by cfn-lint's tables. Days are given: the tables know dates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reconciler.load import Declared, Environment, Resource
from reconciler.load import values as checks
from reconciler.model import Change, FieldChange, Observed, Source

HERE = Source("a.yaml", 1)
TODAY = date(2026, 11, 22)
AURORA = {"Engine": "aurora-postgresql", "EngineVersion": "14.17"}


def resource(address, properties, region="me-central-1"):
    return Resource(address, region, properties, HERE)


def declared(*resources, zones=()):
    environment = Environment("uat", Path("uat"), "123456789012", "me-central-1", HERE, zones=zones)
    return Declared(environment, {each.address: each for each in resources})


def verdict(kind, properties, region="me-central-1", **more):
    asked = declared(resource(f"{kind}/it", properties, region))
    found = checks.check(asked, today=more.pop("today", TODAY), **more)
    return [each.what for each in found.problems], [each.what for each in found.warnings]


def change(wanted, *differing):
    """An update after which an object has these properties, and which sends those that differ."""
    fields = tuple(FieldChange(name, "before", "after") for name in differing)
    return Change(Observed("it", {}), wanted, {}, fields)


def test_a_class_that_does_not_exist_is_refused_with_the_one_meant():
    (problem,), _ = verdict("rds.db_instance", {**AURORA, "DBInstanceClass": "db.r6g.medium"})
    assert problem.startswith(
        "DBInstanceClass db.r6g.medium is not offered in me-central-1 for aurora-postgresql 14.17"
    )
    assert "Did you mean db." in problem


@pytest.mark.parametrize("region", ["me-central-1", "eu-central-1"])
def test_a_class_counts_by_region(region):
    problems, _ = verdict("rds.db_instance", {**AURORA, "DBInstanceClass": "db.r8g.large"}, region)
    assert bool(problems) is (region == "me-central-1")


def test_a_class_that_fits_not_every_version_is_refused():
    problems, _ = verdict("rds.db_instance", {**AURORA, "DBInstanceClass": "db.t3.small"})
    assert len(problems) == 1


@pytest.mark.parametrize("cluster", ["${rds.db_cluster/main.DBClusterIdentifier}", "main-id"])
def test_an_instance_has_its_version_from_its_cluster(cluster):
    it = {"DBClusterIdentifier": cluster, "Engine": "aurora-postgresql"}
    found = checks.check(
        declared(
            resource("rds.db_cluster/main", {**AURORA, "DBClusterIdentifier": "main-id"}),
            resource("rds.db_instance/main", {**it, "DBInstanceClass": "db.t3.small"}),
        ),
        today=TODAY,
    )
    assert [each.address for each in found.problems] == ["rds.db_instance/main"]


def test_a_version_that_never_was_is_refused():
    (problem,), _ = verdict("rds.db_cluster", {**AURORA, "EngineVersion": "14.16"})
    assert "EngineVersion 14.16 is not offered in me-central-1 for aurora-postgresql" in problem


def test_a_version_that_aws_only_keeps_is_a_warning_unless_it_is_to_be_created():
    properties = {**AURORA, "EngineVersion": "14.15"}
    problems, (warning,) = verdict("rds.db_cluster", properties)
    assert problems == []
    assert "AWS creates nothing with aurora-postgresql 14.15 any more" in warning
    (problem,), _ = verdict("rds.db_cluster", properties, creating={"rds.db_cluster/it"})
    assert problem == warning


def test_what_an_update_does_not_send_aws_cannot_refuse():
    asked = {**AURORA, "DBInstanceClass": "db.t3.small"}
    for touched, count in (("DBInstanceClass", 1), ("MonitoringInterval", 0)):
        updated = {"rds.db_instance/it": change(asked, touched)}
        problems, warnings = verdict("rds.db_instance", asked, changing=updated)
        assert (len(problems), len(warnings)) == (count, 1 - count)


def test_an_object_keeps_what_it_was_created_with():
    asked = {"Runtime": "nodejs16.x", "$initial": {"Runtime": "nodejs24.x"}}
    made = {"lambda.function/it": change({"Runtime": "nodejs24.x"}, "Timeout")}
    assert verdict("lambda.function", asked, changing=made, today=date(2027, 3, 9)) == ([], [])
    older = {"lambda.function/it": change({"Runtime": "nodejs16.x"}, "Timeout")}
    problems, _ = verdict("lambda.function", asked, changing=older, today=date(2027, 3, 9))
    assert "AWS neither creates nor updates functions with it" in problems[0]


def test_what_a_creation_uses_instead_is_what_counts():
    properties = {**AURORA, "EngineVersion": "14.15", "$initial": {"EngineVersion": "14.20"}}
    assert verdict("rds.db_cluster", properties) == ([], [])


REDIS = {"Engine": "redis", "EngineVersion": "7.1"}


@pytest.mark.parametrize(
    ("properties", "wrong"),
    [
        ({**REDIS, "CacheNodeType": "cache.t3.small"}, None),
        ({**REDIS, "CacheNodeType": "cache.t3.micro"}, None),
        ({**REDIS, "CacheNodeType": "cache.t3.nano"}, "CacheNodeType cache.t3.nano is not offered"),
        ({"CacheNodeType": "cache.t4g.small"}, "CacheNodeType cache.t4g.small is not offered"),
        ({"Engine": "redis", "EngineVersion": "7.0"}, None),
        ({"Engine": "redis", "EngineVersion": "7.0.7"}, "EngineVersion 7.0.7 is not offered"),
        ({"Engine": "redis", "EngineVersion": "7.2"}, "EngineVersion 7.2 is not offered"),
        ({"Engine": "valkey", "EngineVersion": "7.2"}, None),
        ({"Engine": "valkey", "EngineVersion": "7.1"}, "EngineVersion 7.1 is not offered"),
    ],
)
def test_caches_are_checked_in_groups_too(properties, wrong):
    problems, _ = verdict("elasticache.replication_group", properties)
    assert [problem.startswith(wrong) for problem in problems] == ([True] if wrong else [])


def test_a_node_type_that_a_region_lacks_is_refused_there_with_the_one_meant():
    group = {**REDIS, "CacheNodeType": "cache.t4g.small"}
    assert verdict("elasticache.replication_group", group, "eu-central-1") == ([], [])
    (problem,), _ = verdict("elasticache.replication_group", group)
    assert "not offered in me-central-1 for redis 7.1" in problem
    assert problem.endswith("Did you mean cache.t3.small?")


@pytest.mark.parametrize(
    ("cpu", "memory", "fits"),
    [
        ("512", "1024", True),
        ("512", "512", False),
        ("1024", "1024", False),
        ("256", "2048", True),
        ("4096", "8192", True),
        ("4096", "8193", False),
        (".5 vCPU", "1 GB", True),
    ],
)
def test_fargate_has_fixed_sizes(cpu, memory, fits):
    task = {"cpu": cpu, "memory": memory, "requiresCompatibilities": ["FARGATE"]}
    problems, _ = verdict("ecs.task_definition", task)
    assert problems == [] if fits else "is no size of Fargate" in problems[0]
    assert verdict("ecs.task_definition", {**task, "requiresCompatibilities": ["EC2"]}) == ([], [])


@pytest.mark.parametrize(
    ("today", "grave", "says"),
    [
        (date(2026, 4, 1), False, "AWS mends it only until 2026-04-30; move to nodejs24.x"),
        (date(2026, 11, 22), False, "AWS mends it no more since 2026-04-30"),
        (date(2027, 2, 1), False, "AWS creates no function with it since 2027-02-01"),
        (date(2027, 3, 3), True, "AWS neither creates nor updates functions with it"),
    ],
)
def test_a_runtime_ends_in_steps(today, grave, says):
    asked = {"Runtime": "nodejs20.x"}
    updated = {"lambda.function/it": change(asked, "Timeout")}
    problems, warnings = verdict("lambda.function", asked, today=today, changing=updated)
    assert says in (problems if grave else warnings)[0]
    assert len(problems) + len(warnings) == 1
    # What exists may have it for ever: nobody need take it out of the YAML.
    assert says in verdict("lambda.function", asked, today=today)[1][0]


def test_a_runtime_is_warned_of_180_days_ahead_and_not_before():
    asked = {"Runtime": "nodejs20.x"}
    assert verdict("lambda.function", asked, today=date(2025, 11, 1))[1]
    assert verdict("lambda.function", asked, today=date(2025, 10, 31)) == ([], [])


def test_a_new_function_cannot_have_a_runtime_that_aws_only_keeps():
    problems, _ = verdict(
        "lambda.function",
        {"Runtime": "nodejs16.x"},
        today=date(2027, 2, 2),
        creating={"lambda.function/it"},
    )
    assert "AWS creates no function with it since 2027-02-01" in problems[0]


def test_an_unknown_runtime_is_refused_with_the_one_meant():
    (problem,), _ = verdict("lambda.function", {"Runtime": "nodejs24"})
    assert "Did you mean nodejs24.x?" in problem


def test_zones_are_those_of_the_region():
    (problem,), _ = verdict("ec2.subnet", {"AvailabilityZone": "me-central-1d"})
    assert "me-central-1d is no zone of me-central-1" in problem
    assert verdict("ec2.subnet", {"AvailabilityZone": "me-central-1c"}) == ([], [])
    found = checks.check(declared(zones=["eu-central-1a"]))
    assert "zones: eu-central-1a is no zone of me-central-1" in found.problems[0].what


def test_values_that_nobody_knows_yet_are_left_out():
    assert verdict("rds.db_instance", {**AURORA, "DBInstanceClass": "${input.class}"}) == ([], [])


def test_only_what_is_asked_about_is_checked():
    asked = {"Runtime": "nodejs24"}
    assert verdict("lambda.function", asked, addresses={"lambda.function/other"}) == ([], [])


def test_without_cfn_lint_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    problems, (warning,) = verdict("lambda.function", {"Runtime": "nodejs24"})
    assert problems == []
    assert "install muvi-converge[lint]" in warning
