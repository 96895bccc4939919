"""Living with Terraform and CloudFormation: what they own is told, and left until they let go."""

from __future__ import annotations

import json

import pytest

from tests.command.running import ACCOUNT, ENVIRONMENT, REGION

STATE = "s3://states/prod/terraform.tfstate"
CLUSTER, REPOSITORY = "ecs.cluster/muvi", "ecr.repository/muvi"
TEXT = """
ecs.cluster: {muvi: {settings: [{name: containerInsights, value: %s}]}}
ecr.repository: {muvi: {imageTagMutability: MUTABLE}}
"""


@pytest.fixture
def declare(lab):
    """A cluster and a repository, whose environment names a state file."""

    def declare(insights="disabled", states=STATE, text=TEXT):
        more = f"terraform: ['{states}']\n"
        lab.declare(ENVIRONMENT + more, it=text % insights if "%s" in text else text)
        return lab

    return declare


@pytest.fixture
def terraform(lab):
    """Terraform made the cluster, and says so in its state."""
    cluster = lab.client("ecs", REGION).create_cluster(
        clusterName="muvi", settings=[{"name": "containerInsights", "value": "disabled"}]
    )["cluster"]
    s3 = lab.client("s3", REGION)
    where = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket="states", CreateBucketConfiguration=where)
    attributes = {"id": cluster["clusterArn"], "arn": cluster["clusterArn"], "name": "muvi"}
    made = {
        "mode": "managed",
        "type": "aws_ecs_cluster",
        "name": "muvi",
        "instances": [{"attributes": attributes}],
    }
    state = {"version": 4, "terraform_version": "1.9.8", "resources": [made]}
    s3.put_object(Bucket="states", Key="prod/terraform.tfstate", Body=json.dumps(state))
    return lab


def states_read(ran):
    return [call.parameters["Key"] for call in ran.calls if call.operation == "GetObject"]


def tags(lab):
    (cluster,) = lab.client("ecs", REGION).describe_clusters(clusters=["muvi"], include=["TAGS"])[
        "clusters"
    ]
    return {each["key"] for each in cluster.get("tags", ())}


def test_what_does_not_differ_is_left_alone_and_its_owner_is_told(terraform, declare):
    ran = declare().json("--policy")
    assert (ran.code, ran.actions) == (0, {REPOSITORY: "create"})
    assert ran.resources[CLUSTER]["owner"] == f"Terraform ({STATE})"
    assert tags(terraform) == set()
    assert states_read(ran) == ["prod/terraform.tfstate"]


def test_what_differs_is_held_with_what_lifts_it(terraform, declare):
    lab = declare("enabled")
    for ran in (lab.json("--policy", "--dry-run"), lab.json("--policy", "--allow", "update")):
        cluster = ran.resources[CLUSTER]
        assert ran.code == 2
        assert (cluster["action"], cluster["owner"]) == ("update", f"Terraform ({STATE})")
        if cluster["status"] == "refused":
            held = cluster["error"]
    assert held == (
        f"Terraform ({STATE}) owns it and would undo it: `terraform state rm "
        f"aws_ecs_cluster.muvi` there first, or --allow {CLUSTER}"
    )
    assert "UpdateCluster" not in ran.writes
    assert tags(terraform) == set()


def test_explain_prints_what_their_code_needs(terraform, declare):
    told = declare("enabled").run("--policy", "explain", CLUSTER).out
    assert f"owner      Terraform ({STATE})" in told
    assert f"or --allow {CLUSTER}" in told
    assert 'key_prefixes = ["muvi-converge:"]' in told


def test_by_its_name_it_is_taken_over_and_their_code_is_told_what_it_needs(terraform, declare):
    lab = declare("enabled")
    ran = lab.json("--policy", "--allow", CLUSTER)
    assert (ran.code, ran.actions[CLUSTER]) == (0, "adopt")
    assert "whose next apply takes our tags away unless it says" in ran.err
    assert 'ignore_tags {\n    key_prefixes = ["muvi-converge:"]' in ran.err
    assert {"muvi-converge:environment", "muvi-converge:address"} <= tags(terraform)

    again = lab.json("--policy")
    assert (again.code, again.actions) == (0, {})
    assert again.resources[CLUSTER]["owner"] == f"muvi-converge (test) and Terraform ({STATE})"
    assert "ignore_tags" not in again.err


def test_what_both_own_is_not_taken_away_either(terraform, declare):
    lab = declare()
    assert lab.json("--policy", "--allow", CLUSTER).code == 0
    ran = declare(text="ecr.repository: {muvi: {imageTagMutability: MUTABLE}}\n").json("--policy")
    assert (ran.code, ran.actions, ran.writes) == (2, {CLUSTER: "delete"}, [])
    assert "owns it and would undo it" in ran.resources[CLUSTER]["error"]


def test_once_terraform_has_let_go_of_it_it_is_adopted(terraform, declare):
    empty = json.dumps({"version": 4, "resources": []})
    terraform.client("s3", REGION).put_object(
        Bucket="states", Key="prod/terraform.tfstate", Body=empty
    )
    ran = declare().json("--policy")
    assert (ran.code, ran.actions[CLUSTER]) == (0, "adopt")


@pytest.mark.parametrize("states", ["s3://states/none", "s3://nowhere/none", "none.tfstate"])
def test_while_the_state_cannot_be_read_nothing_is_adopted_and_it_is_told(
    terraform, declare, states
):
    ran = declare("enabled", states).json("--policy")
    assert (ran.code, ran.actions) == (2, {CLUSTER: "update", REPOSITORY: "create"})
    held = f"it may be Terraform's: let us read {states} first, or --allow {CLUSTER}"
    assert (ran.resources[CLUSTER]["error"], ran.resources[CLUSTER]["owner"]) == (held, None)
    assert ran.err.count(f"{states} cannot be read (") == 1
    (warning,) = ran.document["warnings"]
    assert f"warning: {warning}\n" in ran.err
    assert "environment.yaml:6:13: " in warning
    assert "s3:GetObject" in warning
    same = declare("disabled", states).json("--policy")
    assert (same.code, same.actions) == (0, {})
    assert same.resources[CLUSTER]["reason"] == (
        "it is as the YAML wants it, and it may be Terraform's"
    )
    assert same.document["warnings"] == [warning]
    assert tags(terraform) == set()


def test_while_it_cannot_be_read_ours_is_put_right_and_stays(terraform, declare):
    assert declare().json("--policy", "--allow", CLUSTER).code == 0
    assert declare("enabled", "none.tfstate").json("--policy").writes == ["UpdateCluster"]
    text = "ecr.repository: {muvi: {imageTagMutability: MUTABLE}}\n"
    ran = declare(states="none.tfstate", text=text).json("--policy", "--allow", "delete")
    assert (ran.code, ran.actions, ran.writes) == (2, {CLUSTER: "delete"}, [])
    assert "it may be Terraform's: let us read none.tfstate" in ran.resources[CLUSTER]["error"]


def test_discovery_tells_that_it_cannot_know_whose_a_thing_is(terraform, declare):
    lab = declare(states="none.tfstate", text="ecr.repository: {muvi: {}}\n")
    told = lab.run("discover", "ecs.cluster")
    assert told.code == 1
    assert "could not be read: none.tfstate: " in told.out + told.err
    assert "owner: perhaps Terraform" in told.out


def test_a_state_is_not_read_where_nothing_is(lab, declare):
    ran = declare().json("--policy", "--dry-run")
    assert ran.code == 2
    assert states_read(ran) == []
    assert ran.err == ""


def test_what_nothing_declares_is_counted_by_its_owner(terraform, declare):
    declare()  # so that clusters are listed
    declare(text="ecr.repository: {muvi: {}}\n")
    ran = terraform.json("--policy", "--dry-run")
    assert ran.document["coverage"]["others"] == {f"Terraform ({STATE})": 1}
    told = " ".join(terraform.run("--policy", "--dry-run").out.split())
    assert f"Of these others own: Terraform ({STATE}) 1." in told


def test_a_stack_of_cloudformation_is_left_alone_until_its_object_is_named(lab, declare):
    stack = {"Key": "aws:cloudformation:stack-name", "Value": "registry"}
    lab.client("ecr", REGION).create_repository(repositoryName="muvi", tags=[stack])
    text = "ecr.repository: {muvi: {imageTagMutability: IMMUTABLE}}\n"
    ran = declare(text=text).json("--policy")
    assert (ran.code, ran.writes) == (2, [])
    repository = ran.resources[REPOSITORY]
    assert repository["owner"] == "CloudFormation stack registry"
    assert repository["error"] == (
        "CloudFormation stack registry owns it and would undo it: take it out there first, "
        f"or --allow {REPOSITORY}"
    )
    taken = lab.json("--policy", "--allow", REPOSITORY)
    assert (taken.code, taken.actions) == (0, {REPOSITORY: "adopt"})
    assert lab.json("--policy").actions == {}


def test_of_what_terraform_stores_no_secret_is_printed(terraform, declare):
    password = "correct-horse-battery"
    body = json.dumps({"version": 4, "resources": [], "outputs": {"p": {"value": password}}})
    s3 = terraform.client("s3", REGION)
    s3.put_object(Bucket="states", Key="prod/terraform.tfstate", Body=body)
    ran = declare().run("--policy", "--verbose")
    assert ran.code == 0
    assert password not in ran.out + ran.err
    assert ACCOUNT in ran.out
