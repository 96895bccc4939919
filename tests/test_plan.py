"""The replication plan's page: every row points at what desired/uat declares, or does not."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from reconciler.load import load

ROOT = Path(__file__).parents[1]
THERE, CROSSED_OUT = re.compile(r"(?<!~)`([^`]+)` (\d+)"), re.compile(r"~~`([^`]+)`~~")
TEXT = (ROOT / "docs/uat-plan.md").read_text()
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and "---" not in line]
ROWS = [row for row in ROWS if not row.endswith("| where |")]


@pytest.fixture(scope="module")
def uat():
    return load(ROOT / "desired", "uat")


def test_the_whole_plan_is_there():
    assert len(ROWS) == 42 + 15


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row.split("|")[1:3]))
def test_what_a_row_points_at_is_declared_as_often_as_it_says(row, uat):
    there, crossed_out = THERE.findall(row), CROSSED_OUT.findall(row)
    assert there or crossed_out
    for pattern, count in there:
        found = [address for address in uat.resources if fnmatchcase(address, pattern)]
        assert len(found) == int(count), found
    for pattern in crossed_out:
        assert [address for address in uat.resources if fnmatchcase(address, pattern)] == []


@pytest.mark.parametrize("word", ["datadog", "eu-west-1", "weekend", "ticket"])
def test_what_is_skipped_stands_in_no_property_either(word, uat):
    assert [a for a, each in uat.resources.items() if word in str(each.properties).lower()] == []


def test_nothing_of_ours_stands_anywhere_but_in_its_region_and_at_the_edge(uat):
    regions = {each.region for each in uat.resources.values()}
    assert regions == {uat.environment.region, "us-east-1"}


def test_the_tasks_have_four_and_a_half_processors_in_all(uat):
    tasks = [each for a, each in uat.resources.items() if a.startswith("ecs.task_definition/")]
    assert sum(int(each.properties["cpu"]) for each in tasks) == 4.5 * 1024
    assert sum(int(each.properties["memory"]) for each in tasks) == 9 * 1024


def test_classes_are_those_of_the_plan_as_far_as_aws_has_them(uat):
    def values(kind, name):
        return {
            address.partition("/")[2]: str(each.properties[name])
            for address, each in uat.resources.items()
            if each.type == kind
        }

    databases = values("rds.db_instance", "DBInstanceClass")
    assert databases.pop("muvi-uat-main-1") == "db.r6g.large"
    assert {*databases.values()} == {"db.t4g.medium"}
    assert values("elasticache.replication_group", "CacheNodeType") == {
        "muvi-uat-main": "cache.t3.small",
        "muvi-uat-notification": "cache.t3.small",
        "muvi-uat-shared": "cache.t3.micro",
    }
    assert {*values("cloudfront.distribution", "PriceClass").values()} == {"PriceClass_200"}
    assert {*values("lambda.function", "Runtime").values()} == {"nodejs22.x"}
