"""Databases that rest, readers that come and go, and proxies as others made them.

Corrections of moto that this needs: rds.py, rds_proxies.py, application_autoscaling.py."""

from __future__ import annotations

import json

import pytest

from tests.command.running import ENVIRONMENT, REGION

AT_LEAST = ENVIRONMENT.replace("exact", "at_least")
WATCH = "policy: {all: refuse}\n"
NETWORK = """
ec2.vpc: {net: {CidrBlock: 10.0.0.0/16}}
ec2.subnet:
  $defaults: {VpcId: '${ec2.vpc/net.VpcId}'}
  a: {CidrBlock: 10.0.1.0/24, AvailabilityZone: '${env.zones[0]}'}
  b: {CidrBlock: 10.0.2.0/24, AvailabilityZone: '${env.zones[1]}'}
rds.db_subnet_group:
  private:
    DBSubnetGroupDescription: Databases
    SubnetIds: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/b.SubnetId}']
"""
CLUSTER = """
rds.db_cluster:
  orders:
    $protect: false
    Engine: aurora-postgresql
    EngineVersion: '17.4'
    MasterUsername: muvi_admin
    ManageMasterUserPassword: true
    DBSubnetGroupName: ${rds.db_subnet_group/private.DBSubnetGroupName}
    BackupRetentionPeriod: %s
"""
INSTANCES = """
rds.db_instance:
  $defaults:
    DBClusterIdentifier: ${rds.db_cluster/orders.DBClusterIdentifier}
    Engine: aurora-postgresql
    DBInstanceClass: %s
  orders-writer: {}
  orders-reader: {$depends_on: ['rds.db_instance/orders-writer']}
"""
ORDERS, WRITER = "rds.db_cluster/orders", "rds.db_instance/orders-writer"


def databases(retention=7, size="db.t3.medium", status="stopped"):
    """The text of a cluster and its two instances."""
    rests = f"    Status: {status}\n" if status else ""
    return NETWORK + CLUSTER % retention + rests + INSTANCES % size


@pytest.fixture
def rds(lab):
    return lab.client("rds", REGION)


@pytest.fixture
def resting(lab):
    """A cluster that rests, made by one run."""
    lab.declare(it=databases())
    lab.built = lab.json()
    assert lab.built.code == 0, lab.built.err
    return lab


def states(rds):
    (cluster,) = rds.describe_db_clusters()["DBClusters"]
    instances = rds.describe_db_instances()["DBInstances"]
    return cluster["Status"], sorted(each["DBInstanceStatus"] for each in instances)


def starts_again(rds):
    """AWS does so after seven days."""
    rds.start_db_cluster(DBClusterIdentifier="orders")
    rds.describe_db_clusters()


def test_a_cluster_rests_once_its_instances_stand_and_then_nothing_is_left_to_do(resting, rds):
    made = [each for each in resting.built.writes if "DB" in each]
    assert made == [
        "CreateDBSubnetGroup",
        "CreateDBCluster",
        "CreateDBInstance",
        "CreateDBInstance",
        "StopDBCluster",
    ]
    assert states(rds) == ("stopped", ["stopped", "stopped"])
    again = resting.json()
    assert (again.code, again.actions, again.writes) == (0, {}, [])


def test_what_aws_starts_again_is_drift_and_stopped_where_that_is_enforced(resting, rds):
    starts_again(rds)
    resting.declare(ENVIRONMENT + WATCH, it=databases())
    watched = resting.json("--policy")
    assert (watched.code, watched.writes) == (2, [])
    assert watched.actions == {ORDERS: "disrupt"}
    (field,) = watched.resources[ORDERS]["diff"]
    assert (field["path"], field["before"], field["after"]) == ("Status", "available", "stopped")

    resting.declare(it=databases())
    stopped = resting.json()
    assert (stopped.code, stopped.writes) == (0, ["StopDBCluster"]), stopped.err
    assert resting.json().writes == []
    assert states(rds)[0] == "stopped"


def test_what_else_has_drifted_meanwhile_is_repaired_before_it_rests(resting, rds):
    starts_again(rds)
    resting.declare(it=databases(retention=14, size="db.r5.large"))
    ran = resting.json()
    assert ran.code == 0, ran.err
    modified = ["ModifyDBInstance", "ModifyDBInstance", "ModifyDBCluster", "StopDBCluster"]
    assert sorted(ran.writes) == sorted(modified)
    assert ran.writes[-1] == "StopDBCluster"
    assert resting.json().writes == []


@pytest.mark.parametrize("changed", [{"retention": 14}, {"size": "db.r5.large"}])
def test_what_rests_is_not_changed_and_who_wants_that_is_told_what_to_do(resting, changed):
    resting.declare(it=databases(**changed))
    ran = resting.json()
    assert (ran.code, ran.writes) == (2, [])
    assert "by Status: available" in ran.out


def test_it_is_started_before_its_instances_are_changed(resting):
    resting.declare(it=databases(size="db.r5.large", status="available"))
    ran = resting.json()
    assert (ran.code, ran.writes) == (0, ["StartDBCluster", *["ModifyDBInstance"] * 2]), ran.err
    assert resting.json().writes == []


def test_it_is_taken_away_as_well(resting, rds):
    gone = resting.json("destroy", "--confirm", "test")
    assert gone.code == 0, gone.err + gone.out
    assert rds.describe_db_clusters()["DBClusters"] == []
