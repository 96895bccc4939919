"""What reaches RDS. Corrections of moto: rds.py, rds_parameter_groups.py, rds_subnet_groups.py."""

from dataclasses import replace
from datetime import datetime

import pytest

from reconciler.model import Desired, Found, Status
from resources.rds.db_cluster import DBCluster
from resources.rds.db_cluster_parameter_group import DBClusterParameterGroup
from resources.rds.db_instance import DBInstance
from resources.rds.db_subnet_group import DBSubnetGroup
from tests.conftest import REGION
from tests.handlers.steps import change, create, look, sent, update

CLUSTER = {
    "DBClusterIdentifier": "orders",
    "Engine": "aurora-postgresql",
    "EngineVersion": "14.17",
    "MasterUsername": "muvi_admin",
    "ManageMasterUserPassword": True,
}
INSTANCE = {
    "DBInstanceIdentifier": "orders-1",
    "DBClusterIdentifier": "orders",
    "DBInstanceClass": "db.t4g.medium",
    "Engine": "aurora-postgresql",
}


@pytest.fixture
def clusters(aws):
    handler = DBCluster(aws, REGION)
    create(handler, Desired(CLUSTER, {"Name": "it"}))
    return handler


@pytest.fixture
def instances(aws, clusters):
    handler = DBInstance(aws, REGION)
    create(handler, Desired(INSTANCE))
    return handler


def nothing(kind):
    return ()


def test_a_cluster_is_made_with_its_tags_and_without_a_password(aws):
    handler = DBCluster(aws, REGION)
    calls = sent(handler.client)
    create(handler, Desired(CLUSTER, {"Name": "it"}))
    assert calls == [("CreateDBCluster", {**CLUSTER, "Tags": [{"Key": "Name", "Value": "it"}]})]


def test_a_change_never_waits_for_the_maintenance_window(clusters, instances):
    calls = sent(clusters.client)
    assert update(clusters, "orders", {"BackupRetentionPeriod": 14}) == ()
    assert update(instances, "orders-1", {"PromotionTier": 0}) == ()
    retention = {"DBClusterIdentifier": "orders", "BackupRetentionPeriod": 14}
    tier = {"DBInstanceIdentifier": "orders-1", "PromotionTier": 0}
    assert calls == [
        ("ModifyDBCluster", {**retention, "ApplyImmediately": True}),
        ("ModifyDBInstance", {**tier, "ApplyImmediately": True}),
    ]


def test_log_exports_are_sent_as_what_comes_and_goes(clusters):
    logs = "EnableCloudwatchLogsExports"
    update(clusters, "orders", {logs: ["postgresql"]})
    calls = sent(clusters.client)
    assert update(clusters, "orders", {logs: ["instance"]}) == ()
    ((_, parameters),) = calls
    assert logs not in parameters
    assert parameters["CloudwatchLogsExportConfiguration"] == {
        "EnableLogTypes": ["instance"],
        "DisableLogTypes": ["postgresql"],
    }


def test_the_role_of_monitoring_goes_with_its_interval(clusters):
    role = "arn:aws:iam::123456789012:role/monitoring"
    update(clusters, "orders", {"MonitoringInterval": 30, "MonitoringRoleArn": role})
    calls = sent(clusters.client)
    assert update(clusters, "orders", {"MonitoringInterval": 60}) == ()
    assert calls[0][1]["MonitoringRoleArn"] == role


@pytest.mark.parametrize(("wanted", "major"), [("14.20", False), ("15.10", True)])
def test_only_another_major_version_is_confirmed(clusters, wanted, major):
    calls = sent(clusters.client)
    assert update(clusters, "orders", {"EngineVersion": wanted}) == ()
    assert ("AllowMajorVersionUpgrade" in calls[0][1]) is major


def test_deleting_a_cluster_takes_its_protection_off_and_a_snapshot(clusters):
    update(clusters, "orders", {"DeletionProtection": True})
    calls = sent(clusters.client)
    clusters.delete(look(clusters, "orders"))
    clusters.delete(look(clusters, "orders"))
    assert look(clusters, "orders") is None
    (first, unprotected), (second, gone) = calls
    assert (first, unprotected["DeletionProtection"]) == ("ModifyDBCluster", False)
    assert second == "DeleteDBCluster"
    assert "SkipFinalSnapshot" not in gone
    stamp = gone["FinalDBSnapshotIdentifier"].removeprefix("orders-final-")
    assert datetime.strptime(stamp, "%Y%m%d%H%M%S")


def test_the_longest_name_leaves_room_for_the_snapshots(clusters):
    observed = replace(look(clusters, "orders"), id="c" * 63)
    calls = sent(clusters.client)
    clusters.delete(observed)
    assert len(calls[0][1]["FinalDBSnapshotIdentifier"]) == 63


def test_of_a_cluster_that_failed_no_snapshot_is_asked_for(clusters):
    observed = look(clusters, "orders")
    failed = replace(observed, properties={**observed.properties, "Status": "failed"})
    calls = sent(clusters.client)
    clusters.delete(failed)
    assert calls[0][1]["SkipFinalSnapshot"] is True


def test_what_is_being_deleted_is_not_deleted_again(clusters, instances):
    calls = sent(clusters.client)
    for handler, name, status in (
        (clusters, "orders", "Status"),
        (instances, "orders-1", "DBInstanceStatus"),
    ):
        observed = look(handler, name)
        handler.delete(replace(observed, properties={**observed.properties, status: "deleting"}))
    assert calls == []


def test_of_an_instance_no_snapshot_is_asked_for(instances):
    calls = sent(instances.client)
    instances.delete(look(instances, "orders-1"))
    assert calls == [("DeleteDBInstance", {"DBInstanceIdentifier": "orders-1"})]


def test_an_instance_can_change_its_parameter_group(instances):
    group = {"DBParameterGroupName": "orders-14"}
    instances.client.create_db_parameter_group(
        **group, DBParameterGroupFamily="aurora-postgresql14", Description="ours"
    )
    assert update(instances, "orders-1", group) == ()


def test_readers_that_autoscaling_made_are_its_own(instances):
    reader = {**INSTANCE, "DBInstanceIdentifier": "application-autoscaling-1"}
    create(instances, Desired(reader))
    renamed = {**INSTANCE, "DBInstanceIdentifier": "orders-busy"}
    create(instances, Desired(renamed, {"application-autoscaling:resourceId": "cluster:orders"}))
    owners = {found.id: found.managed_by for found in instances.listed()}
    assert owners == {
        "orders-1": "",
        "application-autoscaling-1": "Application Auto Scaling",
        "orders-busy": "Application Auto Scaling",
    }


@pytest.mark.parametrize("observed", ["14.17", "14.20", "14.24"])
def test_a_higher_minor_belongs_to_rds(clusters, observed):
    within = clusters.within(Desired(CLUSTER), nothing)["EngineVersion"]
    assert within.settle(observed, "14.17") == observed


@pytest.mark.parametrize("observed", ["14.9", "13.20", "15.10"])
def test_a_lower_minor_or_another_major_is_drift(clusters, observed):
    within = clusters.within(Desired(CLUSTER), nothing)["EngineVersion"]
    assert within.settle(observed, "14.17") == "14.17"


def test_the_version_is_ours_while_minor_upgrades_are_off(clusters):
    off = {"AutoMinorVersionUpgrade": False}
    member = {"DBClusterIdentifier": "orders", **off}
    assert clusters.within(Desired({**CLUSTER, **off}), nothing) == {}
    assert clusters.within(Desired(CLUSTER), lambda kind: [member]) == {}
    stranger = {**member, "DBClusterIdentifier": "payment"}
    assert clusters.within(Desired(CLUSTER), lambda kind: [stranger])


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("available", Status.READY),
        ("storage-optimization", Status.READY),
        ("stopped", Status.READY),
        ("creating", Status.PENDING),
        ("configuring-iam-database-auth", Status.PENDING),
        ("failed", Status.BROKEN),
        ("migration-failed", Status.BROKEN),
        ("incompatible-parameters", Status.WAITING),
        ("stopping", Status.PENDING),
        ("starting", Status.PENDING),
        ("incompatible-restore", Status.BROKEN),
        ("inaccessible-encryption-credentials", Status.WAITING),
    ],
)
def test_a_state_says_what_we_do_about_it(clusters, state, status):
    (found,) = clusters.listed()
    observed = clusters.get(replace(found, properties={**found.properties, "Status": state}), set())
    assert observed.status is status
    assert bool(observed.reason) is (status is not Status.READY)
    assert bool(observed.waits) is (status is Status.WAITING)


@pytest.mark.parametrize(
    ("state", "who", "what"),
    [
        ("inaccessible-encryption-credentials-recoverable", "encryption key", "start the cluster"),
        ("inaccessible-encryption-credentials", "data", "restore orders from a backup"),
        ("incompatible-network", "network", "free addresses"),
        ("incompatible-parameters", "parameters", "its events"),
        ("incompatible-option-group", "parameters", "its events"),
        ("insufficient-resource-limits", "quotas", "raise the quota"),
        ("storage-full", "data", "more storage"),
    ],
)
def test_who_must_do_what_is_told(clusters, state, who, what):
    (found,) = clusters.listed()
    observed = clusters.get(replace(found, properties={**found.properties, "Status": state}), set())
    (wait,) = observed.waits
    assert wait.who.startswith("the owner of")
    assert wait.who.endswith(who)
    assert what in wait.what


def pending(clusters, mentioned, **values):
    (found,) = clusters.listed()
    late = {**found.properties, "Status": "available", "PendingModifiedValues": values}
    observed = clusters.get(Found(found.id, late), mentioned)
    return replace(observed, properties=clusters.read(observed.properties))


def test_what_is_pending_as_we_want_it_is_waited_for_and_no_drift(clusters):
    observed = pending(clusters, {"EngineVersion"}, EngineVersion="14.20")
    assert observed.status is Status.PENDING
    assert "EngineVersion" in observed.reason
    assert change(clusters, observed, {"EngineVersion": "14.20"}).fields == ()


def test_what_is_pending_otherwise_is_drift(clusters):
    observed = pending(clusters, {"EngineVersion"}, EngineVersion="14.20")
    assert change(clusters, observed, {"EngineVersion": "14.17"}).names == {"EngineVersion"}


def test_what_is_pending_and_unmentioned_holds_up_nobody(clusters):
    observed = pending(clusters, {"Port"}, EngineVersion="14.20", MasterUserPassword="****")
    assert observed.status is Status.READY


def test_pending_log_exports_count_as_there(clusters):
    logs = {"LogTypesToEnable": ["instance"], "LogTypesToDisable": ["postgresql"]}
    update(clusters, "orders", {"EnableCloudwatchLogsExports": ["postgresql"]})
    named = {"EnableCloudwatchLogsExports"}
    observed = pending(clusters, named, PendingCloudwatchLogsExports=logs)
    assert observed["EnableCloudwatchLogsExports"] == ["instance"]
    assert observed.status is Status.PENDING


def test_a_password_that_rds_manages_is_read_as_such(clusters):
    assert look(clusters, "orders")["ManageMasterUserPassword"] is True
    clusters.client.modify_db_cluster(
        DBClusterIdentifier="orders", ManageMasterUserPassword=False, MasterUserPassword="secret42"
    )
    assert look(clusters, "orders")["ManageMasterUserPassword"] is False


def test_a_description_is_sent_with_the_subnets(aws):
    ec2, handler = aws.client("ec2", REGION), DBSubnetGroup(aws, REGION)
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]]
    group = {"DBSubnetGroupName": "private", "DBSubnetGroupDescription": "old"}
    create(handler, Desired({**group, "SubnetIds": subnets}))
    calls = sent(handler.client)
    assert update(handler, "private", {"DBSubnetGroupDescription": "new"}) == ()
    assert sorted(calls[0][1]["SubnetIds"]) == sorted(subnets)


def test_tags_of_a_subnet_group_are_read_only_where_nobody_showed_them(aws):
    handler = DBSubnetGroup(aws, REGION)
    calls = sent(handler.client, "ListTagsForResource")
    found = Found("private", {}, {"Name": "it"}, arn="arn:aws:rds:eu-central-1:1:subgrp:private")
    assert handler.get(found, set()).tags == {"Name": "it"}
    assert calls == []
    assert handler.get(replace(found, tags=None), set()) is None or calls


PARAMETERS = {
    "DBClusterParameterGroupName": "orders",
    "DBParameterGroupFamily": "aurora-postgresql14",
    "Description": "for orders",
}
STATEMENTS = {
    "ParameterName": "log_min_duration_statement",
    "ParameterValue": "1000",
    "ApplyMethod": "immediate",
}
MOST = {"ParameterName": "max_connections", "ParameterValue": "200"}


@pytest.fixture
def parameters(aws):
    handler = DBClusterParameterGroup(aws, REGION)
    create(handler, Desired({**PARAMETERS, "Parameters": [STATEMENTS]}, {"Name": "it"}))
    return handler


def test_parameters_are_no_part_of_the_create(aws):
    handler = DBClusterParameterGroup(aws, REGION)
    calls = sent(handler.client)
    create(handler, Desired({**PARAMETERS, "Parameters": [STATEMENTS]}, {"Name": "it"}))
    tags = {"Tags": [{"Key": "Name", "Value": "it"}]}
    assert calls == [("CreateDBClusterParameterGroup", {**PARAMETERS, **tags})]


def test_a_parameter_waits_for_a_restart_unless_it_says_otherwise(parameters):
    calls = sent(parameters.client)
    assert update(parameters, "orders", {"Parameters": [STATEMENTS, MOST]}) == ()
    assert calls[0][1]["Parameters"] == [STATEMENTS, {**MOST, "ApplyMethod": "pending-reboot"}]


def test_parameters_are_set_first_and_what_is_gone_is_reset_as_it_was_set(parameters):
    assert update(parameters, "orders", {"Parameters": [STATEMENTS, MOST]}) == ()
    calls = sent(parameters.client)
    other = {**STATEMENTS, "ParameterValue": "500"}
    assert update(parameters, "orders", {"Parameters": [other]}) == ()
    name = {"DBClusterParameterGroupName": "orders"}
    gone = {**MOST, "ApplyMethod": "pending-reboot"}
    assert calls == [
        ("ModifyDBClusterParameterGroup", {**name, "Parameters": [other]}),
        ("ResetDBClusterParameterGroup", {**name, "Parameters": [gone]}),
    ]


def test_not_more_than_twenty_parameters_go_in_one_request(parameters):
    many = [{"ParameterName": f"p{n}", "ParameterValue": "1"} for n in range(45)]
    calls = sent(parameters.client)
    assert update(parameters, "orders", {"Parameters": many}) == ()
    assert update(parameters, "orders", {"Parameters": many[:1]}) == ()
    assert [(name[:5], len(given["Parameters"])) for name, given in calls] == [
        ("Modif", 20),
        ("Modif", 20),
        ("Modif", 5),
        ("Reset", 20),
        ("Reset", 20),
        ("Reset", 4),
    ]


def test_parameters_are_read_only_if_they_are_mentioned(parameters):
    calls = sent(parameters.client, "DescribeDBClusterParameters")
    look(parameters, "orders")
    assert calls == []
    look(parameters, "orders", {"Parameters"})
    name = {"DBClusterParameterGroupName": "orders"}
    assert calls == [("DescribeDBClusterParameters", {**name, "Source": "user"})]


def test_default_parameter_groups_are_aws_s_own(parameters, monkeypatch):
    (ours,) = parameters.client.describe_db_cluster_parameter_groups()["DBClusterParameterGroups"]
    theirs = {**ours, "DBClusterParameterGroupName": "default.aurora-postgresql14"}
    monkeypatch.setattr(parameters, "listing", lambda operation, since: [ours, theirs])
    assert [found.managed_by for found in parameters.listed()] == ["", "RDS"]


def test_a_parameter_group_that_is_gone_is_deleted_already(parameters):
    observed = look(parameters, "orders")
    parameters.delete(observed)
    assert look(parameters, "orders") is None
    parameters.delete(observed)
