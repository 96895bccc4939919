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


READERS = """
application_autoscaling.scalable_target:
  orders:
    ServiceNamespace: rds
    ResourceId: cluster:${rds.db_cluster/orders.DBClusterIdentifier}
    ScalableDimension: rds:cluster:ReadReplicaCount
    MinCapacity: 1
    MaxCapacity: 4
application_autoscaling.scaling_policy:
  orders-cpu:
    ServiceNamespace: rds
    ResourceId: ${application_autoscaling.scalable_target/orders.ResourceId}
    ScalableDimension: rds:cluster:ReadReplicaCount
    PolicyType: TargetTrackingScaling
    TargetTrackingScalingPolicyConfiguration:
      TargetValue: 70
      PredefinedMetricSpecification: {PredefinedMetricType: RDSReaderAverageCPUUtilization}
"""
SCALED = "application-autoscaling-6b1f7e4a-9c0d-4f1e-8a35-0e8f0d5b7c11"


COPIED = pytest.mark.parametrize("copied", [False, True], ids=["", "with the tags of the writer"])


def scales_out(rds, copied):
    """A reader more, as AWS makes it; some teams have a function that tags it like the writer.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Integrating.AutoScaling.html"""
    (writer,) = rds.describe_db_instances(DBInstanceIdentifier="orders-writer")["DBInstances"]
    tag = {"Key": "application-autoscaling:resourceId", "Value": "cluster:orders"}
    rds.create_db_instance(
        DBInstanceIdentifier=SCALED,
        DBClusterIdentifier="orders",
        DBInstanceClass=writer["DBInstanceClass"],
        Engine="aurora-postgresql",
        Tags=[tag, *(writer["TagList"] if copied else [])],
    )


@pytest.fixture
def scaled(lab, rds):
    """A cluster whose readers are scaled."""
    lab.declare(it=databases(status="") + READERS)
    built = lab.json()
    assert built.code == 0, built.err
    assert lab.json().writes == []
    return lab


@COPIED
def test_readers_that_autoscaling_makes_are_left_to_it(scaled, rds, copied):
    scales_out(rds, copied)
    ran = scaled.json()
    assert (ran.code, ran.actions, ran.writes) == (0, {}, [])
    assert SCALED not in ran.out


@COPIED
def test_they_are_not_pruned_with_what_is_declared_no_more(scaled, rds, copied):
    scales_out(rds, copied)
    text = databases(status="") + READERS
    fewer = [line for line in text.splitlines() if "orders-reader" not in line]
    scaled.declare(it="\n".join(fewer))
    ran = scaled.json()
    assert (ran.code, ran.actions) == (0, {"rds.db_instance/orders-reader": "delete"}), ran.err
    left = {each["DBInstanceIdentifier"] for each in rds.describe_db_instances()["DBInstances"]}
    assert left == {"orders-writer", SCALED}


@COPIED
def test_they_are_not_adopted_by_who_declares_them(scaled, rds, copied):
    scales_out(rds, copied)
    named = INSTANCES % "db.t3.medium" + f"  {SCALED}: {{}}\n"
    scaled.declare(it=NETWORK + CLUSTER % 7 + named + READERS)
    ran = scaled.json()
    assert (ran.code, ran.writes) == (1, [])
    assert "Application Auto Scaling manages it" in ran.out


PROXY = """
rds.db_proxy:
  orders-proxy:
    EngineFamily: POSTGRESQL
    DBClusterIdentifiers: ['${rds.db_cluster/orders.DBClusterIdentifier}']
    Endpoints:
      - DBProxyEndpointName: orders-proxy-ro
        TargetRole: READ_ONLY
        $initial: {VpcSubnetIds: &private ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/b.SubnetId}']}
    $initial:
      RoleArn: ${iam.role/proxies.Arn}
      VpcSubnetIds: *private
      Auth: [{SecretArn: '${secretsmanager.secret/prod/orders/rds.ARN}'}]
"""
BESIDE = """
iam.role:
  proxies:
    AssumeRolePolicyDocument:
      Version: '2012-10-17'
      Statement:
        - Effect: Allow
          Principal: {Service: rds.amazonaws.com}
          Action: sts:AssumeRole
secretsmanager.secret: {prod/orders/rds: {}}
"""


@pytest.fixture
def proxied(lab, rds):
    """A proxy that somebody else made, with much that the YAML does not mention."""
    lab.declare(AT_LEAST, it=databases(status="") + BESIDE)
    assert lab.json().code == 0
    ec2, secrets = lab.client("ec2", REGION), lab.client("secretsmanager", REGION)
    role = lab.client("iam").get_role(RoleName="proxies")["Role"]["Arn"]
    (net,) = (v for v in ec2.describe_vpcs()["Vpcs"] if v["CidrBlock"] == "10.0.0.0/16")
    inside = [{"Name": "vpc-id", "Values": [net["VpcId"]]}]
    subnets = [e["SubnetId"] for e in ec2.describe_subnets(Filters=inside)["Subnets"]]
    group = ec2.create_security_group(GroupName="p", Description="p", VpcId=net["VpcId"])["GroupId"]
    where = {"VpcSubnetIds": subnets, "VpcSecurityGroupIds": [group]}
    auth = [
        {
            "AuthScheme": "SECRETS",
            "SecretArn": secrets.create_secret(Name=name)["ARN"],
            "IAMAuth": "REQUIRED",
            "Description": name,
        }
        for name in ("prod/orders/app", "prod/orders/reports")
    ]
    rds.create_db_proxy(
        DBProxyName="orders-proxy",
        EngineFamily="POSTGRESQL",
        Auth=auth,
        RoleArn=role,
        RequireTLS=True,
        IdleClientTimeout=900,
        DebugLogging=True,
        Tags=[{"Key": "Team", "Value": "platform"}],
        **where,
    )
    while rds.describe_db_proxies()["DBProxies"][0]["Status"] != "available":
        pass  # until then it takes no targets
    rds.register_db_proxy_targets(DBProxyName="orders-proxy", DBClusterIdentifiers=["orders"])
    rds.modify_db_proxy_target_group(
        DBProxyName="orders-proxy",
        TargetGroupName="default",
        ConnectionPoolConfig={"MaxConnectionsPercent": 60, "MaxIdleConnectionsPercent": 20},
    )
    for name, role in (("orders-proxy-ro", "READ_ONLY"), ("orders-proxy-more", "READ_WRITE")):
        rds.create_db_proxy_endpoint(
            DBProxyName="orders-proxy", DBProxyEndpointName=name, TargetRole=role, **where
        )
    while any(
        e["Status"] != "available" for e in rds.describe_db_proxy_endpoints()["DBProxyEndpoints"]
    ):
        pass
    return lab


def whole(rds):
    """All that AWS tells of the proxy, but for its tags."""
    name = {"DBProxyName": "orders-proxy"}
    (proxy,) = rds.describe_db_proxies(**name)["DBProxies"]
    told = (
        proxy,
        rds.describe_db_proxy_endpoints(**name)["DBProxyEndpoints"],
        rds.describe_db_proxy_target_groups(**name)["TargetGroups"],
        rds.describe_db_proxy_targets(**name)["Targets"],
    )
    return json.dumps(told, default=str, sort_keys=True), proxy["DBProxyArn"]


def test_a_proxy_of_somebody_else_is_adopted_and_what_it_has_beside_stays(proxied, rds):
    before, arn = whole(rds)
    proxied.declare(AT_LEAST, it=databases(status="") + BESIDE + PROXY)
    ran = proxied.json("--allow", "adopt")
    assert ran.code == 0, ran.err
    assert ran.actions == {"rds.db_proxy/orders-proxy": "adopt"}
    assert ran.writes == ["AddTagsToResource"]
    assert whole(rds)[0] == before
    tags = rds.list_tags_for_resource(ResourceName=arn)["TagList"]
    assert {"Key": "Team", "Value": "platform"} in tags
    again = proxied.json()
    assert (again.code, again.actions, again.writes) == (0, {}, [])


def test_an_endpoint_that_is_lost_comes_back_and_only_that(proxied, rds):
    proxied.declare(AT_LEAST, it=databases(status="") + BESIDE + PROXY)
    assert proxied.json("--allow", "adopt").code == 0
    rds.delete_db_proxy_endpoint(DBProxyEndpointName="orders-proxy-ro")
    ran = proxied.json()
    assert (ran.code, ran.writes) == (0, ["CreateDBProxyEndpoint"]), ran.err
    names = {
        e["DBProxyEndpointName"] for e in rds.describe_db_proxy_endpoints()["DBProxyEndpoints"]
    }
    assert {"orders-proxy-ro", "orders-proxy-more"} <= names
    assert proxied.json().writes == []
