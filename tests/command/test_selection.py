"""`--only` and `--except`: a part of an environment, with what it stands on, and nothing else."""

from __future__ import annotations

import pytest

from tests.command.running import ENVIRONMENT

SHOP = """
ecr.repository: {shop: {}}
ecs.cluster: {shop: {}, spare: {}}
ecs.task_definition:
  shop:
    containerDefinitions: [{name: it, image: '${ecr.repository/shop.repositoryUri}:1', memory: 64}]
"""
LOGS = "logs.log_group: {shop: {}}"
ALL = {
    "ecr.repository/shop",
    "ecs.cluster/shop",
    "ecs.cluster/spare",
    "ecs.task_definition/shop",
    "logs.log_group/shop",
}
CLUSTERS = {"ecs.cluster/shop", "ecs.cluster/spare"}
ECS = CLUSTERS | {"ecs.task_definition/shop"}
LOG = {"logs.log_group/shop"}

CHOICES = {
    "a type": (("--only", "ecs.cluster"), CLUSTERS),
    "an address": (("--only", "ecs.cluster/spare"), {"ecs.cluster/spare"}),
    "a pattern of types": (
        ("--only", "ec[rs].*", "--except", "*_definition"),
        ALL - LOG - ECS | CLUSTERS,
    ),
    "a pattern of names": (("--only", "*/sp*"), {"ecs.cluster/spare"}),
    "a file": (("--only", "logs.yaml"), LOG),
    "two of them": (
        ("--only", "logs.yaml", "--only", "ecs.cluster/shop"),
        LOG | {"ecs.cluster/shop"},
    ),
    "all but a type": (("--except", "ecs.cluster"), ALL - CLUSTERS),
    "all but a file": (("--except", "shop.yaml"), LOG),
    "a type but one": (("--only", "ecs.cluster", "--except", "*/spare"), {"ecs.cluster/shop"}),
}


@pytest.fixture
def lab(lab):
    lab.declare(shop=SHOP, logs=LOGS)
    return lab


@pytest.mark.parametrize("choice", CHOICES)
def test_a_part_is_chosen_by(lab, choice):
    arguments, chosen = CHOICES[choice]
    assert lab.plan(*arguments).actions == dict.fromkeys(chosen, "create")


def test_only_what_was_chosen_is_read_and_made(lab):
    ran = lab.json("--only", "ecs.cluster/shop")
    assert (ran.code, ran.actions) == (0, {"ecs.cluster/shop": "create"})
    asked = {call.service: call.operation for call in ran.calls}
    assert asked.keys() == {"sts", "ecs", "iam"}
    assert asked["iam"] == "SimulatePrincipalPolicy"
    assert ran.writes == ["CreateCluster"]
    assert ran.document["coverage"]["declared"] == {"ecs.cluster": 1}


def test_what_the_chosen_stands_on_is_read_and_not_touched(lab):
    assert lab.json().code == 0
    lab.client("ecr").put_image_tag_mutability(
        repositoryName="shop", imageTagMutability="IMMUTABLE"
    )
    lab.declare(
        shop=SHOP.replace("memory: 64", "memory: 128").replace(
            "{shop: {}}", "{shop: {imageTagMutability: MUTABLE}}"
        ),
        logs=LOGS,
    )
    ran = lab.json("--only", "ecs.task_definition")
    assert (ran.code, ran.actions) == (0, {"ecs.task_definition/shop": "update"})
    assert ran.writes == ["RegisterTaskDefinition"]
    assert "DescribeRepositories" in {call.operation for call in ran.calls}
    asked = {call.service for call in ran.calls} - {"cloudtrail"}  # who changed it last
    assert asked <= {"sts", "ecs", "ecr", "resourcegroupstaggingapi"}


def test_what_stands_on_something_missing_that_was_not_chosen_is_skipped_and_named(lab):
    ran = lab.json("--only", "ecs.*")
    assert ran.code == 1
    task = ran.resources["ecs.task_definition/shop"]
    assert (task["action"], task["status"]) == ("unknown", "skipped")
    assert task["reason"] == (
        "it stands on ecr.repository/shop, which does not exist and was not selected"
    )
    assert ran.resources["ecs.cluster/shop"]["status"] == "done"
    assert ran.writes == ["CreateCluster", "CreateCluster"]


def test_a_part_never_prunes(lab):
    assert lab.json().code == 0
    lab.declare(shop="ecs.cluster: {shop: {}}", logs=LOGS)
    for arguments in (("--only", "ecs.cluster"), ("--except", "logs.yaml")):
        assert lab.json(*arguments).actions == {}
    pruned = ALL - LOG - {"ecs.cluster/shop"}
    assert lab.plan().actions == dict.fromkeys(pruned, "delete")


def test_destroying_a_part_takes_that_part(lab):
    assert lab.json().code == 0
    gone = lab.json("--only", "ecs.cluster", "destroy", "--confirm", "test")
    assert (gone.code, gone.actions) == (0, dict.fromkeys(CLUSTERS, "delete"))
    assert lab.plan().actions == dict.fromkeys(CLUSTERS, "create")


def test_destroying_a_part_leaves_what_that_part_stands_on(lab):
    assert lab.json().code == 0
    plan = lab.plan("--only", "ecs.task_definition", "destroy")
    assert {address.split("/")[0] for address in plan.actions} == {"ecs.task_definition"}


def test_outputs_of_what_was_not_looked_at_are_left_out(lab):
    outputs = (
        "outputs: {one: '${ecs.cluster/one.clusterArn}', "
        "web: '${ecr.repository/web.repositoryArn}'}"
    )
    lab.declare(ENVIRONMENT + outputs, it="ecs.cluster: {one: {}}\necr.repository: {web: {}}\n")
    assert lab.json().document["outputs"].keys() == {"one", "web"}
    assert lab.plan("--only", "ecs.cluster").document["outputs"].keys() == {"one"}
