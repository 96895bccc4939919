"""What reaches ElastiCache. Corrections of moto: elasticache*.py."""

from dataclasses import replace
from datetime import datetime

import pytest

from reconciler.errors import InvalidDesired
from reconciler.model import Desired, Found, Status
from resources.elasticache.cache_parameter_group import CacheParameterGroup
from resources.elasticache.cache_subnet_group import CacheSubnetGroup
from resources.elasticache.replication_group import ReplicationGroup
from tests.conftest import ACCOUNT, REGION
from tests.handlers.steps import change, create, look, sent, update
from tests.living import loaded, written

GROUP = {
    "ReplicationGroupId": "queues",
    "ReplicationGroupDescription": "for queues",
    "Engine": "redis",
    "EngineVersion": "7.0",
    "CacheNodeType": "cache.t3.micro",
}
AT_ONCE = {"ReplicationGroupId": "queues", "ApplyImmediately": True}
PARAMETERS = {
    "CacheParameterGroupName": "queues",
    "CacheParameterGroupFamily": "redis7",
    "Description": "for queues",
}
POLICY = {"ParameterName": "maxmemory-policy", "ParameterValue": "noeviction"}
TIMEOUT = {"ParameterName": "timeout", "ParameterValue": "300"}


def rested(handler):
    """The group once AWS has done what it was at work on."""
    look(handler, "queues")
    return look(handler, "queues")


def modify(handler, properties):
    """One step towards these properties, and what still differs when AWS has taken it."""
    step = change(handler, rested(handler), properties)
    handler.update(step)
    return change(handler, rested(handler), properties).names


def nothing(kind):
    return ()


@pytest.fixture
def groups(aws):
    handler = ReplicationGroup(aws, REGION)
    create(handler, Desired(GROUP, {"Name": "it"}))
    rested(handler)
    return handler


@pytest.fixture
def parameters(aws):
    handler = CacheParameterGroup(aws, REGION)
    create(handler, Desired({**PARAMETERS, "ParameterNameValues": [POLICY]}))
    return handler


def test_a_group_is_made_with_its_tags(aws):
    handler = ReplicationGroup(aws, REGION)
    calls = sent(handler.client)
    create(handler, Desired(GROUP, {"Name": "it"}))
    assert calls == [
        ("CreateReplicationGroup", {**GROUP, "Tags": [{"Key": "Name", "Value": "it"}]})
    ]


def test_groups_and_their_nodes_are_listed_in_two_calls(groups):
    create(groups, Desired({**GROUP, "ReplicationGroupId": "more", "NumCacheClusters": 3}))
    calls = sent(groups.client, "DescribeReplicationGroups", "DescribeCacheClusters")
    assert {found.id for found in groups.listed(float("inf"))} == {"queues", "more"}
    assert sorted(name for name, _ in calls) == [
        "DescribeCacheClusters",
        "DescribeReplicationGroups",
    ]


def test_what_stands_on_the_nodes_is_read_from_them(groups):
    (group,) = groups.client.describe_replication_groups()["ReplicationGroups"]
    (node,) = groups.client.describe_cache_clusters()["CacheClusters"]
    observed = rested(groups)
    assert observed["EngineVersion"] == node["EngineVersion"] == "7.0.7"
    assert observed["CacheParameterGroupName"] == "default.redis7"
    assert observed["PrimaryEndpoint"] == group["NodeGroups"][0]["PrimaryEndpoint"]
    assert observed["NumCacheClusters"] == 1


def shown(groups, monkeypatch, nodes, **group):
    """What a listing yields where AWS answers so."""
    (told,) = groups.client.describe_replication_groups()["ReplicationGroups"]
    answers = {
        "describe_replication_groups": [{**told, **group}],
        "describe_cache_clusters": nodes,
    }
    monkeypatch.setattr(groups, "listing", lambda operation, since: answers[operation])
    return list(groups.listed())


def test_a_new_group_whose_nodes_do_not_show_yet_is_not_listed(groups, monkeypatch):
    # Its subnet group would seem to differ, and that cannot be changed: it would be replaced.
    assert shown(groups, monkeypatch, [], Status="creating") == []
    assert len(shown(groups, monkeypatch, [], Status="deleting")) == 1
    assert len(shown(groups, monkeypatch, [], Status="create-failed")) == 1


def test_a_group_is_ready_when_all_its_nodes_are(groups, monkeypatch):
    states = {"queues-001": "available", "queues-002": "creating"}
    nodes = [{"CacheClusterId": name, "CacheClusterStatus": s} for name, s in states.items()]
    (found,) = shown(groups, monkeypatch, nodes, MemberClusters=[*states])
    observed = groups.get(found, set())
    assert (observed.status, observed.reason) == (Status.PENDING, "its status is creating")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("available", Status.READY),
        ("creating", Status.PENDING),
        ("modifying", Status.PENDING),
        ("snapshotting", Status.PENDING),
        ("deleting", Status.PENDING),
        ("create-failed", Status.BROKEN),
    ],
)
def test_a_state_says_what_we_do_about_it(groups, state, status):
    (found,) = groups.listed(float("inf"))
    observed = groups.get(replace(found, properties={**found.properties, "Status": state}), set())
    assert observed.status is status
    assert bool(observed.reason) is (status is not Status.READY)


def test_a_change_never_waits_for_the_maintenance_window(groups):
    calls = sent(groups.client)
    assert modify(groups, {"CacheNodeType": "cache.t3.small"}) == set()
    assert calls == [("ModifyReplicationGroup", {**AT_ONCE, "CacheNodeType": "cache.t3.small"})]


def test_the_password_is_not_written_again_with_a_change(groups):
    calls = sent(groups.client)
    modify(groups, {"SnapshotWindow": "01:00-02:00", "AuthToken": "sixteen-and-some"})
    assert calls == [("ModifyReplicationGroup", {**AT_ONCE, "SnapshotWindow": "01:00-02:00"})]


def test_replicas_come_before_failover_and_go_after_it(groups):
    calls = sent(groups.client)
    two = {"NumCacheClusters": 2, "AutomaticFailoverEnabled": True}
    assert modify(groups, two) == {"AutomaticFailoverEnabled"}
    assert modify(groups, two) == set()
    one = {"NumCacheClusters": 1, "AutomaticFailoverEnabled": False}
    assert modify(groups, one) == {"NumCacheClusters"}
    assert modify(groups, one) == set()
    assert calls == [
        ("IncreaseReplicaCount", {**AT_ONCE, "NewReplicaCount": 1}),
        ("ModifyReplicationGroup", {**AT_ONCE, "AutomaticFailoverEnabled": True}),
        ("ModifyReplicationGroup", {**AT_ONCE, "AutomaticFailoverEnabled": False}),
        ("DecreaseReplicaCount", {**AT_ONCE, "NewReplicaCount": 0}),
    ]


def test_clients_come_over_to_encryption_before_it_is_required(groups):
    wanted = {"TransitEncryptionEnabled": True, "TransitEncryptionMode": "required"}
    calls = sent(groups.client)
    assert modify(groups, wanted) == {"TransitEncryptionMode"}
    assert modify(groups, wanted) == set()
    assert [parameters["TransitEncryptionMode"] for _, parameters in calls] == [
        "preferred",
        "required",
    ]


def test_the_first_snapshots_are_taken_from_a_node_that_is_named(groups):
    modify(groups, {"NumCacheClusters": 2})
    calls = sent(groups.client)
    modify(groups, {"SnapshotRetentionLimit": 7})
    modify(groups, {"SnapshotRetentionLimit": 14})
    (_, first), (_, second) = calls
    assert first["SnapshottingClusterId"] == "queues-002"
    assert "SnapshottingClusterId" not in second


def test_another_engine_goes_with_its_version(groups):
    wanted = {
        "Engine": "valkey",
        "EngineVersion": "8.0",
        "CacheParameterGroupName": "default.valkey8",
    }
    calls = sent(groups.client)
    assert "Engine" not in modify(groups, wanted)
    assert calls[0][1]["EngineVersion"] == "8.0"


@pytest.mark.parametrize("observed", ["7.0.7", "7.1.0", "7.2.6"])
def test_a_version_is_as_it_is_wanted_whatever_stands_behind_it(groups, observed):
    within = groups.within(Desired(GROUP), nothing)["EngineVersion"]
    assert within.settle(observed, "7.0") == observed


@pytest.mark.parametrize("observed", ["6.2.6", "5.0.6"])
def test_an_older_version_is_raised(groups, observed):
    within = groups.within(Desired(GROUP), nothing)["EngineVersion"]
    assert within.settle(observed, "7.0") == "7.0"


def test_no_version_is_bound_where_none_is_declared(groups):
    assert groups.within(Desired({"Engine": "redis"}), nothing) == {}


def test_deleting_a_group_takes_a_last_snapshot(groups):
    calls = sent(groups.client)
    groups.delete(rested(groups))
    ((name, gone),) = calls
    assert name == "DeleteReplicationGroup"
    assert "RetainPrimaryCluster" not in gone
    stamp = gone["FinalSnapshotIdentifier"].removeprefix("queues-final-")
    assert datetime.strptime(stamp, "%Y%m%d%H%M%S")
    assert rested(groups) is None


def test_of_a_group_that_failed_no_snapshot_is_asked_for(groups):
    observed = rested(groups)
    failed = replace(observed, properties={**observed.properties, "Status": "create-failed"})
    calls = sent(groups.client)
    groups.delete(failed)
    assert calls == [("DeleteReplicationGroup", {"ReplicationGroupId": "queues"})]


def test_what_is_being_deleted_is_not_deleted_again(groups):
    observed = rested(groups)
    calls = sent(groups.client)
    groups.delete(replace(observed, properties={**observed.properties, "Status": "deleting"}))
    assert calls == []


def test_tags_of_what_aws_is_at_work_on_are_read_elsewhere(groups):
    groups.client.modify_replication_group(**AT_ONCE, SnapshotRetentionLimit=1)
    (found,) = groups.listed(float("inf"))  # by looking on, the sandbox is done
    groups.client.modify_replication_group(**AT_ONCE, SnapshotRetentionLimit=2)
    calls = sent(groups.aws.client("resourcegroupstaggingapi", REGION), "GetResources")
    assert groups.get(found, set()).tags == {"Name": "it"}
    assert calls == [("GetResources", {"ResourceARNList": [found.arn]})]


def test_tags_are_read_only_where_nobody_showed_them(groups):
    calls = sent(groups.client, "ListTagsForResource")
    (found,) = groups.listed(float("inf"))
    assert groups.get(replace(found, tags={"Name": "its"}), set()).tags == {"Name": "its"}
    assert calls == []


def test_a_group_that_went_while_we_looked_is_gone(groups):
    (found,) = groups.listed(float("inf"))
    gone = found.arn.replace("queues", "others")
    assert groups.get(replace(found, arn=gone), set()) is None


def test_parameters_are_no_part_of_the_create(aws):
    handler = CacheParameterGroup(aws, REGION)
    calls = sent(handler.client)
    create(handler, Desired({**PARAMETERS, "ParameterNameValues": [POLICY]}, {"Name": "it"}))
    tags = {"Tags": [{"Key": "Name", "Value": "it"}]}
    assert calls == [("CreateCacheParameterGroup", {**PARAMETERS, **tags})]


def test_parameters_are_set_first_and_what_is_gone_is_reset(parameters):
    assert update(parameters, "queues", {"ParameterNameValues": [POLICY, TIMEOUT]}) == ()
    calls = sent(parameters.client)
    other = {**POLICY, "ParameterValue": "volatile-lru"}
    assert update(parameters, "queues", {"ParameterNameValues": [other]}) == ()
    name = {"CacheParameterGroupName": "queues"}
    assert calls == [
        ("ModifyCacheParameterGroup", {**name, "ParameterNameValues": [other]}),
        ("ResetCacheParameterGroup", {**name, "ParameterNameValues": [TIMEOUT]}),
    ]


def test_not_more_than_twenty_parameters_go_in_one_request(parameters, monkeypatch):
    monkeypatch.setattr("reconciler.sandbox.elasticache_parameter_groups.takes", lambda *_: True)
    many = [{"ParameterName": f"p{n}", "ParameterValue": "1"} for n in range(45)]
    calls = sent(parameters.client)
    assert update(parameters, "queues", {"ParameterNameValues": many}) == ()
    assert update(parameters, "queues", {"ParameterNameValues": many[:1]}) == ()
    assert [(name[:5], len(given["ParameterNameValues"])) for name, given in calls] == [
        ("Modif", 20),
        ("Modif", 20),
        ("Modif", 5),
        ("Reset", 20),
        ("Reset", 20),
        ("Reset", 4),
    ]


def test_parameters_are_read_only_if_they_are_mentioned(parameters):
    calls = sent(parameters.client, "DescribeCacheParameters")
    look(parameters, "queues")
    assert calls == []
    look(parameters, "queues", {"ParameterNameValues"})
    assert calls == [
        ("DescribeCacheParameters", {"CacheParameterGroupName": "queues", "Source": "user"})
    ]


def test_default_parameter_groups_are_aws_s_own(parameters):
    owners = {found.id: found.managed_by for found in parameters.listed()}
    assert owners["queues"] == ""
    assert owners["default.redis7"] == "ElastiCache"


@pytest.mark.parametrize(
    ("kind", "place"), [(CacheParameterGroup, "parametergroup"), (CacheSubnetGroup, "subnetgroup")]
)
def test_what_went_while_we_looked_is_gone(aws, kind, place):
    arn = f"arn:aws:elasticache:{REGION}:123456789012:{place}:x"
    assert kind(aws, REGION).get(Found("x", {}, arn=arn), set()) is None


def test_only_the_description_of_a_subnet_group_changes_while_its_subnets_stay(aws):
    ec2, handler = aws.client("ec2", REGION), CacheSubnetGroup(aws, REGION)
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]]
    group = {"CacheSubnetGroupName": "private", "CacheSubnetGroupDescription": "old"}
    create(handler, Desired({**group, "SubnetIds": subnets}))
    calls = sent(handler.client)
    assert update(handler, "private", {"CacheSubnetGroupDescription": "new"}) == ()
    assert sorted(calls[0][1]["SubnetIds"]) == sorted(subnets)


def test_a_token_that_aws_would_refuse_is_refused_and_never_repeated(tmp_path):
    group = {"ReplicationGroupDescription": "x", "AuthToken": "short-and-secret"[:15]}
    environment = {"account": ACCOUNT, "region": REGION}
    folder = written(tmp_path, environment, it={"elasticache.replication_group": {"it": group}})
    with pytest.raises(InvalidDesired) as caught:
        loaded(folder)
    assert "AuthToken is “‹hidden›”, which AWS would refuse" in str(caught.value)
    assert "short-and" not in str(caught.value)
