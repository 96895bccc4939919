"""The life of UAT through the command, from an account that holds only a stranger's things."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from reconciler.sandbox.server import serve
from tests.command import strangers
from tests.command.running import Lab
from tests.faults.census import difference, take

ACCOUNT, REGION = "739991759290", "me-central-1"
DESIRED = Path(__file__).parents[2] / "desired"


def drift(lab):
    """Ten changes behind our back, of as many kinds, by address; and two that are not ours."""

    def client(service):
        return lab.client(service, REGION)

    ec2, ecs, rds = client("ec2"), client("ecs"), client("rds")
    client("ecr").put_image_tag_mutability(
        repositoryName="muvi-gateway", imageTagMutability="IMMUTABLE"
    )
    client("logs").delete_log_group(logGroupName="/ecs/muvi-uat/website")
    group = _named(ec2.describe_security_groups()["SecurityGroups"], "GroupName", "muvi-uat-rds")
    ec2.authorize_security_group_ingress(
        GroupId=group["GroupId"], IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
    )
    vpc = ec2.describe_vpcs(Filters=[{"Name": "cidr", "Values": ["10.240.0.0/16"]}])["Vpcs"][0]
    ec2.delete_tags(Resources=[vpc["VpcId"]], Tags=[{"Key": "Environment"}])
    client("s3").put_bucket_versioning(
        Bucket="muvi-media-uat", VersioningConfiguration={"Status": "Suspended"}
    )
    client("iam").delete_role_policy(RoleName="muvi-uat-main-task", PolicyName="service")
    client("lambda").update_function_configuration(FunctionName="sync-films-uat", Timeout=3)
    client("events").disable_rule(Name="film-sync")
    rds.modify_db_cluster(
        DBClusterIdentifier="muvi-uat-main", DeletionProtection=False, ApplyImmediately=True
    )
    ecs.update_service(cluster="muvi-uat", service="fb-muvi", desiredCount=9)

    ecs.update_service(cluster="muvi-uat", service="gateway", desiredCount=2)
    ec2.create_tags(Resources=[vpc["VpcId"]], Tags=[{"Key": "theirs", "Value": "stays"}])


def _theirs(lab):
    """What the last two changes of `drift` have come to."""
    ecs, ec2 = lab.client("ecs", REGION), lab.client("ec2", REGION)
    (service,) = ecs.describe_services(cluster="muvi-uat", services=["gateway"])["services"]
    tags = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["theirs"]}])["Tags"]
    return service["desiredCount"], [each["Value"] for each in tags]


DRIFTED = {
    "ecr.repository/muvi-gateway": "update",
    "logs.log_group//ecs/muvi-uat/website": "create",
    "ec2.security_group/muvi-uat-rds": "update",
    "ec2.vpc/muvi-uat-vpc": "update",
    "s3.bucket/muvi-media-uat": "update",
    "iam.role/muvi-uat-main-task": "update",
    "lambda.function/sync-films-uat": "update",
    "events.rule/film-sync": "update",
    "rds.db_cluster/muvi-uat-main": "update",
    "ecs.service/fb-muvi": "update",
}
FUNCTIONS = {
    "events.rule/film-sync",
    "iam.role/muvi-uat-lambda",
    "lambda.function/sync-films-uat",
    "logs.log_group//aws/lambda/sync-films-uat",
}


def _census(lab):
    """AWS shows deleted clusters for a while, as INACTIVE: those are gone."""
    census = take(lab.client, REGION, "us-east-1")
    alive = (
        each
        for each in census.things
        if '"status": "INACTIVE"' not in json.dumps(each.raw, default=str)
    )
    return replace(census, things=tuple(alive))


def _named(members, name, value):
    return next(each for each in members if each[name] == value)


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """Every run of one life, in its order."""
    folder = tmp_path_factory.mktemp("desired")
    shutil.copytree(DESIRED / "uat", folder / "uat")
    with serve(ACCOUNT) as endpoint:
        lab = Lab(folder, endpoint, "uat", whole=True)
        told = SimpleNamespace(folder=folder)
        strangers.settle(lab, REGION)
        told.before = _census(lab)
        told.built, told.again = lab.json(), lab.json()
        drift(lab)
        told.seen, told.repaired, told.settled = lab.plan(), lab.json(), lab.plan()
        told.theirs = _theirs(lab)
        (folder / "uat" / "60-functions.yaml").unlink()
        told.pruned, told.left = lab.json(), lab.plan()
        told.destroyed = lab.json("destroy", "--confirm", "uat")
        told.after = _census(lab)
        yield told


def test_an_empty_account_becomes_uat(life):
    assert life.built.code == 0, life.built.err
    assert {*life.built.actions.values()} == {"create"}
    assert len(life.built.actions) == len(life.built.resources) > 120
    assert all(life.built.document["outputs"].values())


def test_no_secret_is_ever_asked_for(life):
    asked = {call.operation for call in (*life.built.calls, *life.repaired.calls)}
    assert asked & {"GetSecretValue", "GetParameter", "GetParameters"} == set()


def test_then_there_is_nothing_to_do(life):
    assert (life.again.code, life.again.actions, life.again.writes) == (0, {}, [])


def test_a_dry_run_names_exactly_what_drifted(life):
    assert (life.seen.code, life.seen.actions, life.seen.writes) == (2, DRIFTED, [])


def test_drift_is_repaired_and_nothing_else_written(life):
    assert (life.repaired.code, life.repaired.actions) == (0, DRIFTED)
    assert (life.settled.code, life.settled.actions) == (0, {})


def test_what_others_do_within_their_bounds_stays(life):
    assert life.theirs == (2, ["stays"])


def test_what_a_removed_file_declared_is_pruned_and_only_that(life):
    assert life.pruned.code == 0
    assert life.pruned.actions == dict.fromkeys(FUNCTIONS, "delete")
    assert (life.left.code, life.left.actions) == (0, {})


def test_users_are_pruned_before_what_they_use(life):
    place = life.pruned.place
    assert place("RemoveTargets") < place("DeleteRule")
    assert place("RemoveTargets") < place("DeleteFunction") < place("DeleteRole")
    assert place("DeleteFunction") < place("DeleteLogGroup")


def test_destroyed_nothing_of_ours_is_left(life):
    assert life.destroyed.code == 0, life.destroyed.err
    assert {*life.destroyed.actions.values()} == {"delete"}
    assert life.after.ours("uat").counts == {}


def test_destroyed_everything_of_a_stranger_is_as_it_was(life):
    assert life.before.counts["ecr.repository"] == life.before.counts["lambda.function"] == 1
    assert difference(life.before, life.after) == []
