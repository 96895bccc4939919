"""Written from the RDS API reference: what AWS does with proxies, and with clusters that rest."""

import pytest
from botocore.exceptions import ClientError

PROXY = {
    "DBProxyName": "orders",
    "EngineFamily": "POSTGRESQL",
    "RoleArn": "arn:aws:iam::123456789012:role/proxy",
}
SECRET = {"SecretArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf"}
GROUP = {"DBProxyName": "orders", "TargetGroupName": "default"}
CLUSTER = {
    "DBClusterIdentifier": "orders",
    "Engine": "aurora-postgresql",
    "MasterUsername": "muvi",
    "ManageMasterUserPassword": True,
}
NAMED = {"DBProxyEndpointName": "readers"}


@pytest.fixture
def rds(moto):
    return moto("rds")


@pytest.fixture
def subnets(moto):
    ec2 = moto("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24")["Subnet"]["SubnetId"]
        for n in (1, 2)
    ]


@pytest.fixture
def made(rds, subnets):
    """A proxy that is available."""
    answer = rds.create_db_proxy(**PROXY, VpcSubnetIds=subnets, Auth=[SECRET])
    assert answer["DBProxy"]["Status"] == "creating"
    assert [proxy(rds)["Status"] for _ in range(2)] == ["creating", "available"]


@pytest.fixture
def endpoint(rds, made, subnets):
    given = {**NAMED, "DBProxyName": "orders", "VpcSubnetIds": subnets, "TargetRole": "READ_ONLY"}
    rds.create_db_proxy_endpoint(**given)
    assert endpoints(rds)[0]["Status"] == "creating"
    return given


def proxy(rds):
    return rds.describe_db_proxies(DBProxyName="orders")["DBProxies"][0]


def endpoints(rds):
    return rds.describe_db_proxy_endpoints()["DBProxyEndpoints"]


def status(rds):
    return rds.describe_db_clusters()["DBClusters"][0]["Status"]


def refusal(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"]


def test_what_nobody_said_of_a_secret_is_filled_in(rds, made):
    (auth,) = proxy(rds)["Auth"]
    assert auth == {
        **SECRET,
        "AuthScheme": "SECRETS",
        "IAMAuth": "DISABLED",
        "ClientPasswordAuthType": "POSTGRES_SCRAM_SHA_256",
    }


def test_a_proxy_is_modified_and_refuses_more_until_that_is_done(rds, made):
    rds.modify_db_proxy(
        DBProxyName="orders", RequireTLS=True, Auth=[{**SECRET, "IAMAuth": "REQUIRED"}]
    )
    pool = {"MaxConnectionsPercent": 10}
    change = {**GROUP, "ConnectionPoolConfig": pool}
    assert refusal(rds.modify_db_proxy_target_group, **change) == "InvalidDBProxyStateFault"
    seen = proxy(rds)
    assert (seen["Status"], seen["RequireTLS"]) == ("modifying", True)
    assert seen["Auth"][0]["IAMAuth"] == "REQUIRED"
    rds.modify_db_proxy_target_group(**change)


def test_a_pool_keeps_its_query_and_takes_no_idle_connections(rds, made):
    pool = {"MaxIdleConnectionsPercent": 0, "InitQuery": "SET x = 1"}
    rds.modify_db_proxy_target_group(**GROUP, ConnectionPoolConfig=pool)
    (group,) = rds.describe_db_proxy_target_groups(DBProxyName="orders")["TargetGroups"]
    assert pool.items() <= group["ConnectionPoolConfig"].items()


def test_a_cluster_is_registered_once_and_deregistered_once(rds, made):
    target = {**GROUP, "DBClusterIdentifiers": ["orders"]}
    assert refusal(rds.register_db_proxy_targets, **target) == "DBClusterNotFoundFault"
    rds.create_db_cluster(**CLUSTER)
    status(rds)
    rds.register_db_proxy_targets(**target)
    again = refusal(rds.register_db_proxy_targets, **target)
    assert again == "DBProxyTargetAlreadyRegisteredFault"
    rds.deregister_db_proxy_targets(**target)
    assert refusal(rds.deregister_db_proxy_targets, **target) == "DBProxyTargetNotFoundFault"


@pytest.mark.parametrize(
    "call",
    [
        "delete_db_proxy",
        "modify_db_proxy",
        "describe_db_proxy_targets",
        "describe_db_proxy_target_groups",
    ],
)
def test_a_proxy_that_there_is_not_is_not_found(rds, call):
    assert refusal(getattr(rds, call), DBProxyName="orders") == "DBProxyNotFoundFault"


def test_an_endpoint_is_made_once_and_can_be_used_a_while_later(rds, endpoint):
    (made,) = endpoints(rds)
    assert (made["Status"], made["TargetRole"], made["IsDefault"]) == (
        "available",
        "READ_ONLY",
        False,
    )
    again = refusal(rds.create_db_proxy_endpoint, **endpoint)
    assert again == "DBProxyEndpointAlreadyExistsFault"


def test_an_endpoint_gets_other_groups_and_refuses_more_until_that_is_done(rds, endpoint):
    rds.modify_db_proxy_endpoint(**NAMED, VpcSecurityGroupIds=["sg-1"])
    refused = refusal(rds.delete_db_proxy_endpoint, **NAMED)
    assert refused == "InvalidDBProxyEndpointStateFault"
    assert endpoints(rds)[0]["VpcSecurityGroupIds"] == ["sg-1"]


def test_an_endpoint_goes_after_a_while(rds, endpoint):
    rds.delete_db_proxy_endpoint(**NAMED)
    assert endpoints(rds)[0]["Status"] == "deleting"
    assert endpoints(rds) == []
    assert refusal(rds.delete_db_proxy_endpoint, **NAMED) == "DBProxyEndpointNotFoundFault"


def test_a_cluster_stops_and_starts_after_a_while(rds):
    rds.create_db_cluster(**CLUSTER)
    status(rds)
    rds.stop_db_cluster(DBClusterIdentifier="orders")
    change = {"DBClusterIdentifier": "orders", "BackupRetentionPeriod": 3}
    assert refusal(rds.modify_db_cluster, **change) == "InvalidDBClusterStateFault"
    assert [status(rds), status(rds)] == ["stopping", "stopped"]
    assert refusal(rds.modify_db_cluster, **change) == "InvalidDBClusterStateFault"
    rds.start_db_cluster(DBClusterIdentifier="orders")
    assert [status(rds), status(rds)] == ["starting", "available"]
    rds.modify_db_cluster(**change)
