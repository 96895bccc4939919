"""Values that AWS takes no longer: what has them keeps them, and nothing new is made with them."""

from __future__ import annotations

import pytest
from moto.awslambda.models import lambda_backends

from tests.command.running import ACCOUNT, ENVIRONMENT, REGION, RUNS

NEWER = "Runtime: nodejs22.x, "
TEXT = (
    RUNS
    + """lambda.function:
  sync:
    Runtime: nodejs12.x
    Handler: index.handler
    Role: ${iam.role/runs.Arn}
    Timeout: %s
    $initial: {%sCode: {ZipFile: 'exports.handler = async () => {}'}}
"""
)
FUNCTION = "lambda.function/sync"
REFUSED = "Runtime nodejs12.x: AWS neither creates nor updates functions with it since"


@pytest.fixture
def declare(lab):
    """A function of a runtime that AWS has ended, with what its creation uses instead."""

    def declare(initial="", timeout=3, more=""):
        lab.declare(ENVIRONMENT + more, it=TEXT % (timeout, initial))
        return lab

    return declare


@pytest.fixture
def old(declare):
    """The function as it was made years ago."""
    lab = declare(NEWER)
    assert lab.json().code == 0
    lambda_backends[ACCOUNT][REGION].get_function("sync").run_time = "nodejs12.x"
    return lab


def test_a_creation_with_it_is_refused_with_what_to_write(declare):
    ran = declare().json()
    assert (ran.code, ran.writes) == (1, [])
    assert REFUSED in ran.err
    assert "or write it under $initial: {Runtime: nodejs" in ran.err
    assert "it.yaml:12:" in ran.err


def test_validate_only_warns_of_it(declare):
    ran = declare().elsewhere("validate")
    assert ran.code == 0
    assert f"warning: {declare().folder}" in ran.err
    assert REFUSED in ran.err
    assert REFUSED not in declare(NEWER).elsewhere("validate").err


def test_who_watches_is_warned_and_sees_all_the_rest(declare):
    ran = declare(more="policy: {all: refuse}\n").json("--policy")
    assert (ran.code, ran.writes) == (2, [])
    assert {each["status"] for each in ran.resources.values()} == {"refused"}
    assert REFUSED in ran.err


def test_what_was_created_with_another_is_left_as_it_is(declare):
    lab = declare(NEWER)
    assert lab.json().code == 0
    again = lab.json()
    assert (again.code, again.actions, again.writes) == (0, {}, [])
    longer = declare(NEWER, timeout=5).json()
    assert (longer.code, longer.actions) == (0, {FUNCTION: "update"})
    function = lab.client("lambda", REGION).get_function_configuration(FunctionName="sync")
    assert (function["Runtime"], function["Timeout"]) == ("nodejs22.x", 5)


@pytest.mark.parametrize("initial", ["", NEWER])
def test_what_has_it_keeps_it(old, declare, initial):
    ran = declare(initial).json()
    assert (ran.code, ran.actions, ran.writes) == (0, {}, [])


def test_what_has_it_and_differs_is_refused_for_aws_would(old, declare):
    ran = declare(NEWER, timeout=5).json()
    assert (ran.code, ran.writes) == (1, [])
    assert REFUSED in ran.err


DATABASE = """
ec2.vpc: {net: {CidrBlock: 10.0.0.0/16}}
ec2.subnet:
  $defaults: {VpcId: '${ec2.vpc/net.VpcId}'}
  a: {CidrBlock: 10.0.1.0/24, AvailabilityZone: '${env.zones[0]}'}
  b: {CidrBlock: 10.0.2.0/24, AvailabilityZone: '${env.zones[1]}'}
rds.db_subnet_group:
  net:
    DBSubnetGroupDescription: net
    SubnetIds: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/b.SubnetId}']
rds.db_cluster:
  main:
    Engine: aurora-postgresql
    EngineVersion: '14.15'
    MasterUsername: muvi_admin
    ManageMasterUserPassword: true
    DBSubnetGroupName: ${rds.db_subnet_group/net.DBSubnetGroupName}
    $initial: {%s}
"""


def test_a_version_that_aws_only_keeps_is_left_where_it_is_and_where_rds_took_it(lab):
    lab.declare(it=DATABASE % "")
    refused = lab.json()
    assert (refused.code, refused.writes) == (1, [])
    assert "AWS creates nothing with aurora-postgresql 14.15 any more" in refused.err
    lab.declare(it=DATABASE % "EngineVersion: '14.18'")
    assert lab.json().code == 0
    assert lab.json().actions == {}
    rds = lab.client("rds", REGION)
    rds.modify_db_cluster(DBClusterIdentifier="main", EngineVersion="14.20", ApplyImmediately=True)
    upgraded = lab.json()
    assert (upgraded.code, upgraded.actions, upgraded.writes) == (0, {}, [])
