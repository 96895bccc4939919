"""§3 and §4: Aurora with its proxies, Redis."""

from __future__ import annotations

from typing import Any

from tests.prod_account.account import Account
from tests.prod_account.planted import planted
from tests.prod_account.tables import fact, table

GROUPS = {
    "muvi-prod-main-service": "Muvi-Prod-RDS-sg",
    "muvi-prod-identity": "Muvi-identity-prod-rds-sg",
    "muvi-prod-payments-recovered-cluster": "muvi-prod-payment-service-RDS-sg",
    "muvi-prod-fb": "muvi-prod-fb-rds-sg",
    "muvi-offer-prod": "muvi-prod-offer-rds-sg",
    "muvi-prod-notification": "Muvi-notification-prod-rds-sg",
    "prod-alldb-mig": "ALLDB-MIGRATION-SG",
}
SECRETS = {"offer-proxy": "OfferDBSecret"}


def fill(account: Account) -> None:
    rds = account("rds")
    rds.create_db_subnet_group(
        DBSubnetGroupName="muvi-private",
        DBSubnetGroupDescription="Private subnets",
        SubnetIds=account.subnets("private"),
    )
    for row in table(3, "clusters"):
        _cluster(account, row["name"], row["version"], retention=row["retention"])
        for number, role in enumerate(("writer", "reader"), 1):
            if row[role]:
                _instance(account, row["name"], number, row[role])
    for row in table(3, "stopped"):
        _cluster(account, row["name"], row["version"])
        _instance(account, row["name"], 1, row["class"])
        rds.stop_db_cluster(DBClusterIdentifier=row["name"])
    for row in table(3, "proxies"):
        _proxy(account, row)
    _redis(account)


def _cluster(account: Account, name: str, version: str, retention: int = 7) -> None:
    account("rds").create_db_cluster(
        DBClusterIdentifier=name,
        Engine=fact(3, "engine"),
        EngineVersion=version,
        MasterUsername="postgres",
        MasterUserPassword=planted("database-password"),
        DBSubnetGroupName="muvi-private",
        VpcSecurityGroupIds=[account.group(GROUPS[name])],
        StorageEncrypted=True,
        BackupRetentionPeriod=retention,
    )


def _instance(account: Account, cluster: str, number: int, size: str) -> None:
    account("rds").create_db_instance(
        DBInstanceIdentifier=f"{cluster}-instance-{number}",
        DBClusterIdentifier=cluster,
        Engine=fact(3, "engine"),
        DBInstanceClass=size,
    )


def _proxy(account: Account, row: dict[str, Any]) -> None:
    rds, name = account("rds"), row["name"]
    service = name.removesuffix("-proxy")
    secret = SECRETS.get(name, f"prod/{service}/rds")
    found = account("secretsmanager").describe_secret(SecretId=secret)["ARN"]
    network = {
        "VpcSubnetIds": account.subnets("private"),
        "VpcSecurityGroupIds": [account.group(f"proxy-{service}-sg")],
    }
    rds.create_db_proxy(
        DBProxyName=name,
        EngineFamily=row["engine_family"],
        Auth=[{"AuthScheme": "SECRETS", "SecretArn": found, "IAMAuth": "DISABLED"}],
        RoleArn=account.role,
        **network,
    )
    while rds.describe_db_proxies(DBProxyName=name)["DBProxies"][0]["Status"] != "available":
        pass  # until then it takes no targets
    (cluster,) = (each["name"] for each in table(3, "clusters") if each["proxy"] == name)
    rds.register_db_proxy_targets(DBProxyName=name, DBClusterIdentifiers=[cluster])
    rds.create_db_proxy_endpoint(
        DBProxyName=name,
        DBProxyEndpointName=row["endpoint"],
        TargetRole=fact(3, "endpoint_role"),
        **network,
    )


def _redis(account: Account) -> None:
    elasticache, every = account("elasticache"), fact(4, "every")
    elasticache.create_cache_subnet_group(
        CacheSubnetGroupName="muvi-private",
        CacheSubnetGroupDescription="Private subnets",
        SubnetIds=account.subnets("private"),
    )
    for row in table(4, "groups"):
        locked = row["group"].endswith("-shared")
        secret = {"AuthToken": planted("redis-token"), "TransitEncryptionEnabled": True}
        elasticache.create_replication_group(
            ReplicationGroupId=row["group"],
            ReplicationGroupDescription=row["group"],
            Engine="redis",
            EngineVersion=row["engine_version"],
            CacheNodeType=row["node"],
            NumCacheClusters=every["nodes"],
            AutomaticFailoverEnabled=every["automatic_failover"],
            MultiAZEnabled=every["multi_az"],
            CacheSubnetGroupName="muvi-private",
            SecurityGroupIds=[account.group("muvi-redis-sg")],
            **(secret if locked else {}),
        )
