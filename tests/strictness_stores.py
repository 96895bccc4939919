"""The calls behind docs/strictness.md about what keeps things: caches, buckets, secrets, topics."""

import json
from unittest.mock import patch

from reconciler.sandbox.people import people
from tests.conftest import ACCOUNT
from tests.strictness import CLUSTER, HERE, bucket, registry, subnets

CALLS, row = registry()

CACHE = {
    "ReplicationGroupId": "queues",
    "ReplicationGroupDescription": "for queues",
    "Engine": "redis",
    "EngineVersion": "7.0",
    "CacheNodeType": "cache.t3.micro",
}
CACHE_PARAMETERS = {
    "CacheParameterGroupName": "queues",
    "CacheParameterGroupFamily": "redis7",
    "Description": "for queues",
}
PARAMETERS = {"DBClusterParameterGroupName": "orders"}
POLICY = {"Version": "2012-10-17", "Statement": []}
PARAMETER = {"Name": "/orders/host", "Value": "db.example.com", "Type": "String"}
ENCRYPTED = {"SseKmsEncryptedObjects": {"Status": "Enabled"}}
MAIL = {"Protocol": "email", "Endpoint": "ops@example.com"}
MALFORMED = "{Statement"


# What the calls stand on


def cache(moto, **more):
    moto("elasticache").create_replication_group(**{**CACHE, **more})


def settled(moto):
    """The cache, once AWS has made it."""
    for _ in range(2):
        moto("elasticache").describe_replication_groups()


def parameters(moto):
    family = {"DBParameterGroupFamily": "aurora-postgresql14", "Description": "for orders"}
    moto("rds").create_db_cluster_parameter_group(**PARAMETERS, **family)


def proxy(moto):
    given = {"DBProxyName": "orders", "EngineFamily": "POSTGRESQL", "Auth": []}
    role = f"arn:aws:iam::{ACCOUNT}:role/proxy"
    moto("rds").create_db_proxy(**given, RoleArn=role, VpcSubnetIds=subnets(moto))


def lifecycle(moto, **rule):
    """A rule about old objects as it is shown afterwards."""
    said = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, **rule}
    s3, rules = bucket(moto), {"Rules": [said]}
    s3.put_bucket_lifecycle_configuration(Bucket="media", LifecycleConfiguration=rules)
    (shown,) = s3.get_bucket_lifecycle_configuration(Bucket="media")["Rules"]
    return "kept" if shown == said else "dropped"


def versioned(moto, *names):
    s3 = moto("s3")
    for name in names:
        on = {"Status": "Enabled"}
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=on)
    return s3


def replicate(moto, versions=("media", "copy"), **more):
    bucket(moto).create_bucket(Bucket="copy", **HERE)
    rule = {
        "ID": "all",
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": "arn:aws:s3:::copy"},
        **more,
    }
    asked = {"Role": f"arn:aws:iam::{ACCOUNT}:role/copies", "Rules": [rule]}
    s3 = versioned(moto, *versions)
    s3.put_bucket_replication(Bucket="media", ReplicationConfiguration=asked)
    return s3, rule


def policy(service, action, resource):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action}
    return json.dumps({**POLICY, "Statement": [{**statement, "Resource": resource}]})


def log(moto):
    enabled = {"TargetBucket": "copy", "TargetPrefix": "ours/"}
    moto("s3").put_bucket_logging(Bucket="media", BucketLoggingStatus={"LoggingEnabled": enabled})


def secret(moto):
    made = moto("secretsmanager")
    made.create_secret(Name="orders", SecretString="x")
    return made


def topic(moto, **attributes):
    return moto("sns").create_topic(Name="alarms", Attributes=attributes)["TopicArn"]


def subscribed(moto):
    """The ARN of a subscription, made on a day on which nobody confirms."""
    with patch.object(people, "absent", True):
        asked = {"TopicArn": topic(moto), **MAIL, "ReturnSubscriptionArn": True}
        return moto("sns").subscribe(**asked)["SubscriptionArn"]


# Caches


@row("a cache's name of 60 characters")
def _(moto):
    cache(moto, ReplicationGroupId="q" * 60)


@row("a node type that ElastiCache does not offer")
def _(moto):
    cache(moto, CacheNodeType="cache.r9.pico")


@row("a version that ElastiCache does not offer")
def _(moto):
    cache(moto, EngineVersion="99.9")


@row("a cache in a subnet group that there is not")
def _(moto):
    cache(moto, CacheSubnetGroupName="nowhere")


@row("a cache with a parameter group that there is not")
def _(moto):
    cache(moto, CacheParameterGroupName="nothing")


@row("a subnet group of subnets that there are not")
def _(moto):
    moto("elasticache").create_cache_subnet_group(
        CacheSubnetGroupName="private",
        CacheSubnetGroupDescription="for caches",
        SubnetIds=["subnet-0123456789abcdef0"],
    )


@row("the subnet group of a cache is deleted")
def _(moto):
    group = {"CacheSubnetGroupName": "private"}
    about = {"CacheSubnetGroupDescription": "for caches", "SubnetIds": subnets(moto)}
    moto("elasticache").create_cache_subnet_group(**group, **about)
    cache(moto, **group)
    settled(moto)
    moto("elasticache").delete_cache_subnet_group(**group)


@row("the parameter group of a cache is deleted")
def _(moto):
    group = {"CacheParameterGroupName": "queues"}
    moto("elasticache").create_cache_parameter_group(**CACHE_PARAMETERS)
    cache(moto, **group)
    settled(moto)
    moto("elasticache").delete_cache_parameter_group(**group)


# Parameter groups of databases


@row("the parameter group of a database is deleted")
def _(moto):
    parameters(moto)
    moto("rds").create_db_cluster(**CLUSTER, **PARAMETERS)
    moto("rds").delete_db_cluster_parameter_group(**PARAMETERS)


@row("a database with a parameter group that there is not")
def _(moto):
    moto("rds").create_db_cluster(**CLUSTER, **PARAMETERS)


@row("a static parameter that shall count at once")
def _(moto):
    parameters(moto)
    static = {"ParameterName": "max_connections", "ParameterValue": "200"}
    given = [{**static, "ApplyMethod": "immediate"}]
    moto("rds").modify_db_cluster_parameter_group(**PARAMETERS, Parameters=given)


# Proxies of databases, and databases that rest


@row("the state of a new proxy")
def _(moto):
    proxy(moto)
    return moto("rds").describe_db_proxies()["DBProxies"][0]["Status"]


@row("a proxy registers a cluster twice")
def _(moto):
    proxy(moto)
    rds = moto("rds")
    rds.create_db_cluster(**CLUSTER)
    rds.describe_db_proxies()
    rds.describe_db_clusters()
    for _ in range(2):
        rds.register_db_proxy_targets(DBProxyName="orders", DBClusterIdentifiers=["orders"])


@row("the state of a cluster that is told to stop")
def _(moto):
    rds = moto("rds")
    rds.create_db_cluster(**CLUSTER)
    rds.describe_db_clusters()
    rds.stop_db_cluster(DBClusterIdentifier="orders")
    return rds.describe_db_clusters()["DBClusters"][0]["Status"]


@row("an instance in a stopped cluster")
def _(moto):
    rds = moto("rds")
    rds.create_db_cluster(**CLUSTER)
    rds.describe_db_clusters()
    rds.stop_db_cluster(DBClusterIdentifier="orders")
    rds.create_db_instance(
        DBInstanceIdentifier="orders-1",
        DBClusterIdentifier="orders",
        DBInstanceClass="db.r5.large",
        Engine="aurora-postgresql",
    )


# Settings of buckets


@row("how many versions a lifecycle rule keeps")
def _(moto):
    old = {"NoncurrentDays": 30, "NewerNoncurrentVersions": 3}
    return lifecycle(moto, NoncurrentVersionExpiration=old)


@row("from which size on a lifecycle rule counts")
def _(moto):
    large = {"ObjectSizeGreaterThan": 1024}
    return lifecycle(moto, Filter=large, Expiration={"Days": 30})


@row("which objects a replication rule selects")
def _(moto):
    s3, said = replicate(moto, SourceSelectionCriteria=ENCRYPTED)
    shown = s3.get_bucket_replication(Bucket="media")["ReplicationConfiguration"]["Rules"]
    return "kept" if shown == [said] else "dropped"


@row("events of a bucket for EventBridge")
def _(moto):
    s3, bridge = bucket(moto), {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket="media", NotificationConfiguration=bridge)
    shown = s3.get_bucket_notification_configuration(Bucket="media")
    return "kept" if "EventBridgeConfiguration" in shown else "dropped"


@row("a replication to a bucket without versions")
def _(moto):
    replicate(moto, versions=["media"])


@row("a replication to a bucket that there is not")
def _(moto):
    replicate(moto, Destination={"Bucket": "arn:aws:s3:::nowhere"})


@row("versions are suspended while they are replicated")
def _(moto):
    s3, _ = replicate(moto)
    s3.put_bucket_versioning(Bucket="media", VersioningConfiguration={"Status": "Suspended"})


@row("logs to a bucket that lets them in among others")
def _(moto):
    bucket(moto).create_bucket(Bucket="copy", **HERE)
    writers = ["logging.s3.amazonaws.com", "delivery.logs.amazonaws.com"]
    let_in = policy(writers, "s3:PutObject", "arn:aws:s3:::copy/*")
    moto("s3").put_bucket_policy(Bucket="copy", Policy=let_in)
    log(moto)
    return "logs" if "LoggingEnabled" in moto("s3").get_bucket_logging(Bucket="media") else "none"


@row("events of a bucket for a topic that does not let it in")
def _(moto):
    one = {"TopicArn": topic(moto), "Events": ["s3:ObjectCreated:*"]}
    told = {"TopicConfigurations": [one]}
    bucket(moto).put_bucket_notification_configuration(
        Bucket="media", NotificationConfiguration=told
    )


# Secrets, keys and parameters


@row("a secret is made while one of its name is scheduled for deletion")
def _(moto):
    secret(moto).delete_secret(SecretId="orders", RecoveryWindowInDays=7)
    secret(moto)


@row("a value for a secret that is scheduled for deletion")
def _(moto):
    secret(moto).delete_secret(SecretId="orders", RecoveryWindowInDays=7)
    moto("secretsmanager").put_secret_value(SecretId="orders", SecretString="y")


@row("a secret's policy that is no JSON")
def _(moto):
    secret(moto).put_resource_policy(SecretId="orders", ResourcePolicy=MALFORMED)


@row("an alias of a key on its way out")
def _(moto):
    kms = moto("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    kms.create_alias(AliasName="alias/orders", TargetKeyId=key)


@row("a key's policy that is no JSON")
def _(moto):
    moto("kms").create_key(Policy=MALFORMED)


@row("a key's policy that nobody could change again")
def _(moto):
    moto("kms").create_key(Policy=policy("s3.amazonaws.com", "kms:Decrypt", "*"))


@row("a parameter of more than 4 KB")
def _(moto):
    moto("ssm").put_parameter(**{**PARAMETER, "Value": "x" * 4097})


@row("a parameter is overwritten with another type")
def _(moto):
    moto("ssm").put_parameter(**PARAMETER)
    moto("ssm").put_parameter(**{**PARAMETER, "Type": "StringList"}, Overwrite=True)


@row("a parameter that its own pattern does not allow")
def _(moto):
    moto("ssm").put_parameter(**PARAMETER, AllowedPattern="[0-9]+")


# Topics


@row("a topic is created again with other attributes")
def _(moto):
    topic(moto, DisplayName="Alarms")
    topic(moto, DisplayName="Sirens")


@row("a subscription is made again with other attributes")
def _(moto):
    for severity in ("high", "low"):
        attributes = {"FilterPolicy": json.dumps({"severity": [severity]})}
        moto("sns").subscribe(TopicArn=topic(moto), **MAIL, Attributes=attributes)


@row("whether a subscription waits that nobody has confirmed")
def _(moto):
    asked = {"SubscriptionArn": subscribed(moto)}
    return moto("sns").get_subscription_attributes(**asked)["Attributes"]["PendingConfirmation"]


@row("a subscription that nobody has confirmed is deleted")
def _(moto):
    moto("sns").unsubscribe(SubscriptionArn=subscribed(moto))
