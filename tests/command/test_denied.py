"""What AWS does not let us do, or does not offer: one clear message, and the rest is converged."""

from __future__ import annotations

import pytest

from tests.command.running import denied

SOME = """
ecr.repository: {one: {}}
ecs.cluster: {one: {}}
ecs.task_definition:
  one:
    containerDefinitions: [{name: main, image: '${ecr.repository/one.repositoryUri}:1', memory: 64}]
"""


@pytest.fixture
def lab(lab):
    lab.declare(it=SOME)
    return lab


def refusing(*operations):
    return lambda call: denied(call) if call.operation in operations else None


def test_denied_to_create_one_the_others_are_converged(lab):
    ran = lab.json(fault=refusing("CreateRepository"))
    assert ran.code == 1
    one = ran.resources["ecr.repository/one"]
    assert one["status"] == "failed"
    assert "AccessDeniedException" in one["error"]
    assert "CreateRepository" in one["error"]
    assert one["source"].endswith("test/it.yaml:2")
    assert ran.resources["ecs.cluster/one"]["status"] == "done"
    skipped = ran.resources["ecs.task_definition/one"]
    assert skipped["status"] == "skipped"
    assert skipped["error"] == "it needs ecr.repository/one, which failed"
    assert lab.json().actions.keys() == {"ecr.repository/one", "ecs.task_definition/one"}


def test_denied_to_list_one_type_the_others_are_converged(lab):
    ran = lab.json(fault=refusing("DescribeRepositories"))
    assert ran.code == 1
    assert ran.resources["ecs.cluster/one"]["status"] == "done"
    repository, task = (ran.resources[f"{kind}/one"] for kind in
                        ("ecr.repository", "ecs.task_definition"))  # fmt: skip
    assert (repository["action"], repository["status"]) == ("unknown", "skipped")
    assert "DescribeRepositories" in repository["reason"]
    assert task["reason"] == "it stands on ecr.repository/one, which could not be read"
    (unread,) = (why for what, why in ran.document["coverage"]["unread"].items() if "/" not in what)
    assert "AccessDeniedException" in unread
    assert "CreateRepository" not in ran.writes


def test_denied_to_change_one_the_others_are_converged(lab):
    assert lab.json().code == 0
    lab.declare(it="ecr.repository: {one: {imageTagMutability: IMMUTABLE}}\necs.cluster: {two: {}}")
    ran = lab.json(fault=refusing("PutImageTagMutability"))
    assert ran.code == 1
    assert "PutImageTagMutability" in ran.resources["ecr.repository/one"]["error"]
    assert ran.resources["ecs.cluster/two"]["status"] == "done"
    assert ran.resources["ecs.cluster/one"]["status"] == "done"  # pruned


def test_denied_to_delete_one_the_others_are_pruned(lab):
    assert lab.json().code == 0
    lab.declare(it="logs.log_group: {stays: {}}")
    ran = lab.json(fault=refusing("DeleteRepository"))
    assert ran.code == 1
    assert "DeleteRepository" in ran.resources["ecr.repository/one"]["error"]
    assert ran.resources["ecs.cluster/one"]["status"] == "done"


def test_the_text_names_operation_and_address_once(lab):
    ran = lab.run(fault=refusing("CreateRepository"))
    failed = ran.out[ran.out.index("Failed 1") : ran.out.index("Not tried")]
    assert "ecr.repository/one" in failed
    assert failed.count("CreateRepository operation") == 1
    assert "Traceback" not in ran.out + ran.err


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_what_aws_does_not_offer_is_refused_before_anything_is_written(lab, arguments):
    lab.declare(
        it="""
        ecs.task_definition:
          small:
            requiresCompatibilities: [FARGATE]
            networkMode: awsvpc
            cpu: '512'
            memory: '512'
            containerDefinitions: [{name: it, image: it}]
        """
    )
    ran = lab.run(*arguments)
    assert (ran.code, ran.out, ran.writes) == (1, "", [])
    assert "test/it.yaml:7:13: ecs.task_definition/small: cpu 512 with memory 512" in ran.err
