"""Written from the ElastiCache API reference: what AWS does with caches and their groups."""

import pytest
from botocore.exceptions import ClientError

GROUP = {
    "ReplicationGroupId": "queues",
    "ReplicationGroupDescription": "for queues",
    "Engine": "redis",
    "EngineVersion": "7.0",
    "CacheNodeType": "cache.t3.micro",
}
NAME = {"ReplicationGroupId": "queues"}
AT_ONCE = {**NAME, "ApplyImmediately": True}
PARAMETERS = {
    "CacheParameterGroupName": "queues",
    "CacheParameterGroupFamily": "redis7",
    "Description": "for queues",
}
PARAMETER = {"CacheParameterGroupName": "queues"}
POLICY = {"ParameterName": "maxmemory-policy", "ParameterValue": "noeviction"}
SUBNETS = {"CacheSubnetGroupName": "private"}
ARN = "arn:aws:elasticache:eu-central-1:123456789012"


@pytest.fixture
def cache(moto):
    return moto("elasticache")


@pytest.fixture
def subnets(moto):
    return [each["SubnetId"] for each in moto("ec2").describe_subnets()["Subnets"]]


def refusal(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"]


def group(cache):
    """The group, once AWS has done what it was at work on."""
    cache.describe_replication_groups(**NAME)
    return cache.describe_replication_groups(**NAME)["ReplicationGroups"][0]


def node(cache):
    return cache.describe_cache_clusters(CacheClusterId="queues-001")["CacheClusters"][0]


def made(cache, **more):
    cache.create_replication_group(**{**GROUP, **more})
    return group(cache)


def modified(cache, **changes):
    cache.modify_replication_group(**AT_ONCE, **changes)
    return group(cache)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ReplicationGroupId": "q" * 41}, "InvalidParameterValue"),
        ({"ReplicationGroupId": "queues--1"}, "InvalidParameterValue"),
        ({"ReplicationGroupId": "1queues"}, "InvalidParameterValue"),
        ({"CacheNodeType": "cache.t3.nano"}, "InvalidParameterValue"),
        ({"EngineVersion": "7.0.7"}, "InvalidParameterValue"),
        ({"EngineVersion": "99.9"}, "InvalidParameterValue"),
        ({"SecurityGroupIds": ["sg-0123456789abcdef0"]}, "InvalidParameterValue"),
        ({"CacheSubnetGroupName": "nowhere"}, "CacheSubnetGroupNotFoundFault"),
        ({"CacheParameterGroupName": "nothing"}, "CacheParameterGroupNotFound"),
        ({"CacheParameterGroupName": "default.valkey8"}, "InvalidParameterCombination"),
        ({"AutomaticFailoverEnabled": True}, "InvalidParameterCombination"),
        ({"NumCacheClusters": 2, "MultiAZEnabled": True}, "InvalidParameterCombination"),
        ({"AuthToken": "sixteen-and-some-more"}, "InvalidParameterCombination"),
    ],
)
def test_what_no_group_may_be_is_refused_and_not_there(cache, given, code):
    assert refusal(cache.create_replication_group, **{**GROUP, **given}) == code
    assert cache.describe_replication_groups()["ReplicationGroups"] == []


def test_a_node_type_that_the_region_lacks_is_refused(moto):
    cache = moto("elasticache", region_name="me-central-1")
    given = {**GROUP, "CacheNodeType": "cache.t4g.micro"}
    assert refusal(cache.create_replication_group, **given) == "InvalidParameterValue"


def test_a_name_is_kept_in_lower_case_and_taken_once(cache):
    made(cache, ReplicationGroupId="Queues")
    code = refusal(cache.create_replication_group, **GROUP)
    assert code == "ReplicationGroupAlreadyExists"
    assert group(cache)["ReplicationGroupId"] == "queues"


def test_a_new_group_is_being_created_and_has_no_endpoint_yet(cache):
    assert cache.create_replication_group(**GROUP)["ReplicationGroup"]["Status"] == "creating"
    (early,) = cache.describe_replication_groups(**NAME)["ReplicationGroups"]
    assert (early["Status"], early["NodeGroups"]) == ("creating", [])
    (ready,) = cache.describe_replication_groups(**NAME)["ReplicationGroups"]
    assert ready["Status"] == "available"
    (shard,) = ready["NodeGroups"]
    assert shard["PrimaryEndpoint"]["Port"] == shard["ReaderEndpoint"]["Port"] == 6379
    assert shard["NodeGroupMembers"][0]["PreferredAvailabilityZone"] == "eu-central-1a"


def test_its_nodes_show_where_and_how_it_lives(moto, cache, subnets):
    (security,) = moto("ec2").describe_security_groups()["SecurityGroups"]
    described = {"CacheSubnetGroupDescription": "for caches", "SubnetIds": subnets}
    cache.create_cache_subnet_group(**SUBNETS, **described)
    cache.create_cache_parameter_group(**PARAMETERS)
    lives = {**SUBNETS, **PARAMETER, "PreferredMaintenanceWindow": "sun:02:00-sun:03:00"}
    made(cache, NumCacheClusters=2, SecurityGroupIds=[security["GroupId"]], **lives)
    names = [each["CacheClusterId"] for each in cache.describe_cache_clusters()["CacheClusters"]]
    assert names == ["queues-001", "queues-002"]
    shown = node(cache)
    assert shown["CacheSubnetGroupName"] == "private"
    assert shown["CacheParameterGroup"]["CacheParameterGroupName"] == "queues"
    assert shown["EngineVersion"] == "7.0.7"
    assert shown["PreferredMaintenanceWindow"] == "sun:02:00-sun:03:00"
    assert [each["SecurityGroupId"] for each in shown["SecurityGroups"]] == [security["GroupId"]]


def test_encryption_in_transit_is_required_unless_it_is_said(cache):
    assert made(cache, TransitEncryptionEnabled=True)["TransitEncryptionMode"] == "required"


def test_what_is_modified_is_shown(cache):
    made(cache)
    cache.create_cache_parameter_group(**PARAMETERS)
    changes = {
        "SnapshotWindow": "01:00-02:00",
        "SnapshotRetentionLimit": 7,
        "AutoMinorVersionUpgrade": False,
        "CacheNodeType": "cache.t3.small",
    }
    shown = modified(
        cache, **changes, **PARAMETER, PreferredMaintenanceWindow="mon:02:00-mon:03:00"
    )
    assert {name: shown[name] for name in changes} == changes
    assert node(cache)["PreferredMaintenanceWindow"] == "mon:02:00-mon:03:00"
    assert node(cache)["CacheParameterGroup"]["CacheParameterGroupName"] == "queues"


def test_an_engine_goes_up_and_never_down(cache):
    made(cache)
    modified(cache, EngineVersion="7.1")
    assert node(cache)["EngineVersion"] == "7.1.0"
    older = {**AT_ONCE, "EngineVersion": "7.0"}
    assert refusal(cache.modify_replication_group, **older) == "InvalidParameterCombination"


def test_a_size_waits_for_the_window_unless_it_is_wanted_at_once(cache):
    made(cache)
    cache.modify_replication_group(
        **NAME, CacheNodeType="cache.t3.small", SnapshotWindow="01:00-02:00"
    )
    assert group(cache)["CacheNodeType"] == "cache.t3.micro"
    assert modified(cache, CacheNodeType="cache.t3.small")["CacheNodeType"] == "cache.t3.small"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "InvalidParameterCombination"),
        ({"CacheNodeType": "cache.t3.nano"}, "InvalidParameterValue"),
        ({"CacheParameterGroupName": "default.valkey8"}, "InvalidParameterCombination"),
        ({"AutomaticFailoverEnabled": True}, "InvalidParameterCombination"),
        ({"TransitEncryptionEnabled": True}, "InvalidParameterCombination"),
        (
            {"TransitEncryptionEnabled": True, "TransitEncryptionMode": "required"},
            "InvalidParameterCombination",
        ),
    ],
)
def test_what_no_group_can_become_is_refused(cache, given, code):
    made(cache)
    assert refusal(cache.modify_replication_group, **AT_ONCE, **given) == code


def test_encryption_in_transit_comes_and_goes_by_way_of_preferred(cache):
    made(cache)
    modified(cache, TransitEncryptionEnabled=True, TransitEncryptionMode="preferred")
    assert modified(cache, TransitEncryptionMode="required")["TransitEncryptionMode"] == "required"
    off = {**AT_ONCE, "TransitEncryptionEnabled": False}
    assert refusal(cache.modify_replication_group, **off) == "InvalidParameterCombination"
    modified(cache, TransitEncryptionMode="preferred")
    assert modified(cache, TransitEncryptionEnabled=False)["TransitEncryptionEnabled"] is False


def test_while_aws_is_at_work_it_takes_nothing_else(cache):
    made(cache)
    cache.modify_replication_group(**AT_ONCE, SnapshotRetentionLimit=1)
    busy = "InvalidReplicationGroupState"
    arn = {"ResourceName": f"{ARN}:replicationgroup:queues"}
    tag = [{"Key": "a", "Value": "b"}]
    assert refusal(cache.modify_replication_group, **AT_ONCE, SnapshotRetentionLimit=2) == busy
    assert refusal(cache.increase_replica_count, **AT_ONCE, NewReplicaCount=1) == busy
    assert refusal(cache.delete_replication_group, **NAME) == busy
    assert refusal(cache.list_tags_for_resource, **arn) == busy
    assert refusal(cache.add_tags_to_resource, **arn, Tags=tag) == busy
    assert refusal(cache.remove_tags_from_resource, **arn, TagKeys=["a"]) == busy
    assert group(cache)["SnapshotRetentionLimit"] == 1


@pytest.mark.parametrize("call", ["add_tags_to_resource", "remove_tags_from_resource"])
def test_writing_tags_is_work_too(cache, call):
    made(cache, Tags=[{"Key": "a", "Value": "b"}])
    more = {"Tags": [{"Key": "c", "Value": "d"}]} if call.startswith("add") else {"TagKeys": ["a"]}
    getattr(cache, call)(ResourceName=f"{ARN}:replicationgroup:queues", **more)
    (shown,) = cache.describe_replication_groups(**NAME)["ReplicationGroups"]
    assert shown["Status"] == "modifying"


def test_replicas_come_and_go(cache):
    made(cache)
    cache.increase_replica_count(**AT_ONCE, NewReplicaCount=2)
    assert group(cache)["MemberClusters"] == ["queues-001", "queues-002", "queues-003"]
    cache.decrease_replica_count(**AT_ONCE, NewReplicaCount=0)
    assert group(cache)["MemberClusters"] == ["queues-001"]


def test_replicas_are_refused_where_they_make_no_sense(cache):
    made(cache, NumCacheClusters=2, AutomaticFailoverEnabled=True)
    more, less = cache.increase_replica_count, cache.decrease_replica_count
    assert refusal(more, **AT_ONCE, NewReplicaCount=1) == "NoOperationFault"
    assert refusal(more, **AT_ONCE, NewReplicaCount=6) == "InvalidParameterValue"
    assert refusal(more, **AT_ONCE, NewReplicaCount=0) == "InvalidParameterValue"
    later = {**NAME, "ApplyImmediately": False}
    assert refusal(more, **later, NewReplicaCount=2) == "InvalidParameterValue"
    assert refusal(less, **AT_ONCE, NewReplicaCount=0) == "InvalidParameterCombination"


def test_what_is_deleted_goes_and_leaves_the_last_snapshot(cache):
    made(cache)
    cache.delete_replication_group(**NAME, FinalSnapshotIdentifier="queues-last")
    (shown,) = cache.describe_replication_groups(**NAME)["ReplicationGroups"]
    assert shown["Status"] == "deleting"
    assert refusal(cache.describe_replication_groups, **NAME) == "ReplicationGroupNotFoundFault"
    assert cache.describe_cache_clusters()["CacheClusters"] == []
    (snapshot,) = cache.describe_snapshots()["Snapshots"]
    assert snapshot["SnapshotName"] == "queues-last"
    made(cache)  # the name is free again


def test_a_subnet_group_is_of_subnets_that_there_are(cache):
    given = {"CacheSubnetGroupDescription": "for caches", "SubnetIds": ["subnet-0123456789abcdef0"]}
    assert refusal(cache.create_cache_subnet_group, **SUBNETS, **given) == "InvalidSubnet"


def test_a_subnet_group_names_its_zones_and_is_kept_in_lower_case(cache, subnets):
    given = {"CacheSubnetGroupDescription": "for caches", "SubnetIds": subnets[:1]}
    made = cache.create_cache_subnet_group(CacheSubnetGroupName="Private", **given)
    assert made["CacheSubnetGroup"]["CacheSubnetGroupName"] == "private"
    (subnet,) = made["CacheSubnetGroup"]["Subnets"]
    assert subnet["SubnetAvailabilityZone"]["Name"] == "eu-central-1a"


def test_a_subnet_group_is_modified_and_keeps_what_is_not_mentioned(cache, subnets):
    given = {"CacheSubnetGroupDescription": "for caches", "SubnetIds": subnets[:1]}
    cache.create_cache_subnet_group(**SUBNETS, **given)
    cache.modify_cache_subnet_group(**SUBNETS, SubnetIds=subnets)
    (shown,) = cache.describe_cache_subnet_groups(**SUBNETS)["CacheSubnetGroups"]
    assert shown["CacheSubnetGroupDescription"] == "for caches"
    assert len(shown["Subnets"]) == len(subnets)
    nowhere = {"SubnetIds": ["subnet-0123456789abcdef0"]}
    assert refusal(cache.modify_cache_subnet_group, **SUBNETS, **nowhere) == "InvalidSubnet"


def test_a_subnet_group_in_use_is_not_deleted(cache, subnets):
    given = {"CacheSubnetGroupDescription": "for caches", "SubnetIds": subnets}
    cache.create_cache_subnet_group(**SUBNETS, **given)
    made(cache, **SUBNETS)
    assert refusal(cache.delete_cache_subnet_group, **SUBNETS) == "CacheSubnetGroupInUse"
    cache.delete_replication_group(**NAME)
    cache.describe_replication_groups()
    cache.delete_cache_subnet_group(**SUBNETS)
    code = refusal(cache.describe_cache_subnet_groups, **SUBNETS)
    assert code == "CacheSubnetGroupNotFoundFault"


def test_a_parameter_group_is_there_with_its_tags_beside_aws_s_own(cache):
    cache.create_cache_parameter_group(**PARAMETERS, Tags=[{"Key": "a", "Value": "b"}])
    groups = cache.describe_cache_parameter_groups()["CacheParameterGroups"]
    named = {each["CacheParameterGroupName"]: each for each in groups}
    assert {"default.redis7", "queues"} <= named.keys()
    arn = named["queues"]["ARN"]
    assert cache.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "a", "Value": "b"}]
    code = refusal(cache.create_cache_parameter_group, **PARAMETERS)
    assert code == "CacheParameterGroupAlreadyExists"


def test_a_parameter_group_is_of_a_family_that_there_is(cache):
    given = {**PARAMETERS, "CacheParameterGroupFamily": "redis99"}
    assert refusal(cache.create_cache_parameter_group, **given) == "InvalidParameterValue"


def user(cache):
    told = cache.describe_cache_parameters(**PARAMETER, Source="user")["Parameters"]
    return {each["ParameterName"]: each["ParameterValue"] for each in told}


def test_parameters_are_set_and_reset(cache):
    cache.create_cache_parameter_group(**PARAMETERS)
    more = {"ParameterName": "timeout", "ParameterValue": "5"}
    cache.modify_cache_parameter_group(**PARAMETER, ParameterNameValues=[POLICY, more])
    assert user(cache) == {"maxmemory-policy": "noeviction", "timeout": "5"}
    cache.reset_cache_parameter_group(**PARAMETER, ParameterNameValues=[POLICY])
    assert user(cache) == {"timeout": "5"}
    cache.reset_cache_parameter_group(**PARAMETER, ResetAllParameters=True)
    assert user(cache) == {}


@pytest.mark.parametrize(
    "given",
    [
        [{"ParameterName": "no-such-thing", "ParameterValue": "1"}],
        [{**POLICY, "ParameterValue": "keep-it-all"}],
        [POLICY] * 21,
    ],
)
def test_parameters_that_there_are_not_and_too_many_are_refused(cache, given):
    cache.create_cache_parameter_group(**PARAMETERS)
    wanted = {**PARAMETER, "ParameterNameValues": given}
    assert refusal(cache.modify_cache_parameter_group, **wanted) == "InvalidParameterValue"
    assert user(cache) == {}


def test_aws_s_own_parameter_groups_stay_as_they_are(cache):
    own = {"CacheParameterGroupName": "default.redis7"}
    change = cache.modify_cache_parameter_group
    assert refusal(change, **own, ParameterNameValues=[POLICY]) == "InvalidParameterValue"
    assert refusal(cache.delete_cache_parameter_group, **own) == "InvalidParameterValue"


def test_a_parameter_group_in_use_is_not_deleted_nor_changed_while_aws_is_at_work(cache):
    cache.create_cache_parameter_group(**PARAMETERS)
    cache.create_replication_group(**GROUP, **PARAMETER)
    state = "InvalidCacheParameterGroupState"
    change = {**PARAMETER, "ParameterNameValues": [POLICY]}
    assert refusal(cache.modify_cache_parameter_group, **change) == state
    group(cache)
    cache.modify_cache_parameter_group(**change)
    assert refusal(cache.delete_cache_parameter_group, **PARAMETER) == state
    cache.delete_replication_group(**NAME)
    cache.describe_replication_groups()
    cache.delete_cache_parameter_group(**PARAMETER)
    code = refusal(cache.describe_cache_parameter_groups, **PARAMETER)
    assert code == "CacheParameterGroupNotFound"


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("parametergroup", "CacheParameterGroupNotFound"),
        ("subnetgroup", "CacheSubnetGroupNotFoundFault"),
        ("replicationgroup", "ReplicationGroupNotFoundFault"),
    ],
)
def test_what_is_not_there_has_no_tags(cache, place, code):
    assert refusal(cache.list_tags_for_resource, ResourceName=f"{ARN}:{place}:x") == code
