"""Production begins by watching: whatever the account is like, a run only reads."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from moto.rds.models import rds_backends

from tests.command.lab import Lab
from tests.command.running import ACCOUNT, ENVIRONMENT, REGION
from tests.command.strangers import settle
from tests.command.test_weekend import BEYOND, PROD, WATCH, Others

DESIRED = Path(__file__).parents[2] / "desired"


@pytest.fixture
def watched(lab):
    """Production in small, enforced or only watched."""

    def declare(policy=WATCH, more=""):
        lab.declare(ENVIRONMENT + policy + more, it=PROD)
        return lab

    return declare


def reads_only(ran, code=2):
    """No write, no tag, no lease; and what was looked at is told."""
    assert (ran.code, ran.writes) == (code, []), ran.out
    assert sum(ran.document["coverage"]["declared"].values()) == len(ran.resources)
    return ran


def test_an_empty_account(watched):
    ran = reads_only(watched().json("--policy"))
    assert {each["status"] for each in ran.resources.values()} == {"refused"}
    told = watched().run("--policy").out
    assert "Looked at 21 resources: " in told
    assert "--allow create lifts it for one run" in " ".join(told.split())


def test_an_account_that_is_as_wanted(watched):
    assert watched("").json("--policy").code == 0
    reads_only(watched().json("--policy"), 0)
    assert "Looked at 21 resources: " in watched().run("--policy").out


def test_an_account_that_nobody_has_marked(watched):
    """All of it stands there, made by hand: what lacks our tags alone is no drift."""
    lab = watched("")
    assert lab.json("--policy").code == 0
    ecr, ecs = lab.client("ecr", REGION), lab.client("ecs", REGION)
    marks = ["muvi-converge:environment", "muvi-converge:address", "muvi-converge:protect"]
    for each in ecr.describe_repositories()["repositories"]:
        ecr.untag_resource(resourceArn=each["repositoryArn"], tagKeys=marks)
    for arn in ecs.list_clusters()["clusterArns"]:
        ecs.untag_resource(resourceArn=arn, tagKeys=marks)
    ran = reads_only(watched().json("--policy"), 0)
    assert ran.actions == {}
    unmarked = {a for a, each in ran.resources.items() if "our tags" in each["reason"]}
    assert unmarked == {
        "ecr.repository/muvi-gateway",
        "ecr.repository/muvi-main",
        "ecs.cluster/Muvi-Production",
    }


def test_an_account_that_has_drifted_and_holds_what_others_made(watched):
    lab = watched("")
    assert lab.json("--policy").code == 0
    settle(lab, REGION)
    others = Others(lab)
    for step in BEYOND.values():
        step(others)
    lab.client("lambda", REGION).delete_function(FunctionName="sync-films")
    ran = reads_only(watched().json("--policy"))
    assert ran.actions.pop("lambda.function/sync-films") == "create"
    assert {a for a, each in ran.resources.items() if each["status"] == "refused"} == {
        *BEYOND,
        "lambda.function/sync-films",
    }


def test_what_is_forgotten_by_the_yaml_is_told_and_stays(watched):
    lab = watched("")
    assert lab.json("--policy").code == 0
    lab.declare(ENVIRONMENT + WATCH, it="ec2.vpc: {muvi: {CidrBlock: 10.230.0.0/16}}")
    ran = reads_only_of_all(lab.json("--policy"))
    assert {*ran.actions.values()} == {"delete"}


def reads_only_of_all(ran):
    assert (ran.code, ran.writes) == (2, [])
    return ran


@pytest.fixture
def busy(watched):
    """The reader is being modified by one of the weekend's Lambdas, for as long as we look."""
    lab = watched("")
    assert lab.json("--policy").code == 0
    reader = rds_backends[ACCOUNT][REGION].databases["main-reader"]
    reader.status = "modifying"
    assert _status(lab) == "modifying"
    return lab, reader


def _status(lab):
    (reader,) = lab.client("rds", REGION).describe_db_instances(DBInstanceIdentifier="main-reader")[
        "DBInstances"
    ]
    return reader["DBInstanceStatus"]


def test_who_watches_does_not_wait_for_what_others_are_changing(busy, watched):
    begun = datetime.now(UTC)
    ran = reads_only(watched().json("--policy"), 0)
    assert (datetime.now(UTC) - begun).total_seconds() < 20
    reader = ran.resources["rds.db_instance/main-reader"]
    assert (reader["action"], reader["status"]) == ("wait", "busy")
    assert reader["reason"] == "its status is modifying"
    assert ran.document["summary"]["busy"] == 1


def test_what_is_busy_and_differs_is_drift_and_told_as_both(busy, watched):
    Others(busy[0]).size("main-reader", "db.r5.large")
    busy[1].status = "modifying"
    ran = reads_only(watched().json("--policy"))
    reader = ran.resources["rds.db_instance/main-reader"]
    assert reader["action"] == "disrupt"
    assert reader["reason"].endswith("AWS is at work on it: its status is modifying")


def test_who_enforces_elsewhere_does_not_wait_for_it_either(busy, watched):
    Others(busy[0]).count("gateway", 121)
    ran = watched(WATCH.replace("}", ", ecs.service/gateway: apply}")).json("--policy")
    assert (ran.code, ran.writes) == (0, ["UpdateService"])
    assert ran.resources["rds.db_instance/main-reader"]["status"] == "busy"


def test_who_enforces_it_waits_until_they_are_done(busy, watched):
    _, reader = busy
    looks = []

    def done(call):
        looks.append(call.operation)
        if looks.count("DescribeDBInstances") > 3:
            reader.status = "available"

    ran = watched("").json("--policy", fault=done)
    assert (ran.code, ran.writes) == (0, [])
    assert looks.count("DescribeDBInstances") > 3


ENFORCING = {
    "ecs.service": "{all: refuse, ecs.service: {update: apply}}",
    "ecs.service/gateway": "{all: refuse, ecs.service/gateway: apply}",
}


@pytest.mark.parametrize("what", ENFORCING)
def test_a_type_or_an_address_is_moved_to_enforcement(watched, what):
    lab = watched("")
    assert lab.json("--policy").code == 0
    others = Others(lab)
    others.count("gateway", 121)
    others.count("main-grpc", 101)
    ran = watched(f"policy: {ENFORCING[what]}\n").json("--policy")
    enforced = {"ecs.service/gateway", "ecs.service/main-grpc"}
    enforced = {each for each in enforced if each.startswith(what)}
    assert {
        a for a, each in ran.resources.items() if a in ran.actions and each["status"] == "done"
    } == (enforced)
    assert ran.writes == ["UpdateService"] * len(enforced)
    assert ran.code == (0 if len(enforced) == 2 else 2)


def test_explain_tells_the_gate_and_the_lines_that_lift_it(watched):
    ran = watched().run("--policy", "explain", "ecs.cluster/Muvi-Production")
    assert ran.writes == []
    told = " ".join(ran.out.split())
    assert "held by policy for create of ecs.cluster in" in told
    assert "--allow create lifts it for one run" in told
    assert "policy watches to enforce under policy in" in told
    assert "environment.yaml, for good: ecs.cluster/Muvi-Production: {create: apply}" in told
    assert "ecs.cluster: {create: apply} # all of the type" in told
    lifted = watched(WATCH.replace("}", ", ecs.cluster/Muvi-Production: {create: apply}}"))
    assert "held by" not in lifted.run("--policy", "explain", "ecs.cluster/Muvi-Production").out


def test_production_itself_on_an_empty_account():
    lab = Lab(DESIRED, "", "prod", whole=True)
    ran = lab.elsewhere("--sandbox", "--policy", "--output", "json")
    reads_only(ran)
    assert "terraform.tfstate cannot be read" in ran.err
