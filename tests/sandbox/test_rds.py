"""Written from the RDS API reference: what AWS does with clusters, instances and subnet groups."""

import pytest
from botocore.exceptions import ClientError

CLUSTER = {
    "DBClusterIdentifier": "orders",
    "Engine": "aurora-postgresql",
    "EngineVersion": "14.17",
    "MasterUsername": "admin",
    "ManageMasterUserPassword": True,
}
INSTANCE = {
    "DBInstanceIdentifier": "orders-1",
    "DBClusterIdentifier": "orders",
    "DBInstanceClass": "db.t4g.medium",
    "Engine": "aurora-postgresql",
}
INSIGHTS = {"EnablePerformanceInsights": True, "PerformanceInsightsRetentionPeriod": 465}


@pytest.fixture
def rds(moto):
    return moto("rds")


@pytest.fixture
def subnets(moto):
    """One subnet in each of two zones."""
    ec2 = moto("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=zone)
        for n, zone in enumerate(("eu-central-1a", "eu-central-1b"))
    ]
    return [each["Subnet"]["SubnetId"] for each in made]


@pytest.fixture
def group(rds, subnets):
    def create(name="private", some=subnets):
        described = {"DBSubnetGroupDescription": "for databases", "SubnetIds": some}
        return rds.create_db_subnet_group(DBSubnetGroupName=name, **described)

    return create


def cluster(rds):
    return rds.describe_db_clusters(DBClusterIdentifier="orders")["DBClusters"][0]


def instance(rds):
    return rds.describe_db_instances(DBInstanceIdentifier="orders-1")["DBInstances"][0]


def refusal(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"]


def test_a_second_cluster_of_the_same_name_is_refused(rds):
    rds.create_db_cluster(**CLUSTER)
    assert refusal(rds.create_db_cluster, **CLUSTER) == "DBClusterAlreadyExistsFault"


@pytest.mark.parametrize("version", ["14.99", "14.15"])
def test_a_version_that_is_not_offered_is_refused(rds, version):
    given = {**CLUSTER, "EngineVersion": version}
    assert refusal(rds.create_db_cluster, **given) == "InvalidParameterCombination"


def test_a_major_version_becomes_its_newest_minor(rds):
    rds.create_db_cluster(**{**CLUSTER, "EngineVersion": "14"})
    assert cluster(rds)["EngineVersion"] == "14.24"


def test_a_cluster_names_its_default_parameter_group(rds):
    rds.create_db_cluster(**CLUSTER)
    assert cluster(rds)["DBClusterParameterGroup"] == "default.aurora-postgresql14"


def test_a_cluster_in_an_unknown_subnet_group_is_refused(rds):
    given = {**CLUSTER, "DBSubnetGroupName": "nowhere"}
    assert refusal(rds.create_db_cluster, **given) == "DBSubnetGroupNotFoundFault"


def test_of_standard_storage_nothing_is_said(rds):
    rds.create_db_cluster(**CLUSTER, StorageType="aurora")
    assert "StorageType" not in cluster(rds)


def test_a_cluster_may_be_made_io_optimized(rds):
    rds.create_db_cluster(**CLUSTER, StorageType="aurora-iopt1")
    assert cluster(rds)["StorageType"] == "aurora-iopt1"


def test_a_cluster_keeps_how_it_is_watched(rds):
    rds.create_db_cluster(**CLUSTER, **INSIGHTS, DatabaseInsightsMode="advanced")
    assert cluster(rds)["PerformanceInsightsEnabled"] is True
    assert cluster(rds)["PerformanceInsightsRetentionPeriod"] == 465
    assert cluster(rds)["DatabaseInsightsMode"] == "advanced"


def test_iam_authentication_can_be_switched_on(rds):
    rds.create_db_cluster(**CLUSTER)
    rds.modify_db_cluster(DBClusterIdentifier="orders", EnableIAMDatabaseAuthentication=True)
    assert cluster(rds)["IAMDatabaseAuthenticationEnabled"] is True


def test_log_exports_can_be_changed(rds):
    rds.create_db_cluster(**CLUSTER, EnableCloudwatchLogsExports=["postgresql"])
    changes = {"EnableLogTypes": ["instance"], "DisableLogTypes": ["postgresql"]}
    rds.modify_db_cluster(DBClusterIdentifier="orders", CloudwatchLogsExportConfiguration=changes)
    assert cluster(rds)["EnabledCloudwatchLogsExports"] == ["instance"]


def test_another_major_version_must_be_asked_for_twice(rds):
    rds.create_db_cluster(**CLUSTER)
    wanted = {"DBClusterIdentifier": "orders", "EngineVersion": "15.10"}
    assert refusal(rds.modify_db_cluster, **wanted) == "InvalidParameterCombination"
    rds.modify_db_cluster(**wanted, AllowMajorVersionUpgrade=True)
    assert cluster(rds)["EngineVersion"] == "15.10"


def test_an_older_version_is_refused(rds):
    rds.create_db_cluster(**{**CLUSTER, "EngineVersion": "14.20"})
    wanted = {"DBClusterIdentifier": "orders", "EngineVersion": "14.17"}
    assert refusal(rds.modify_db_cluster, **wanted) == "InvalidParameterCombination"


def test_a_stopped_cluster_cannot_be_modified(rds):
    rds.create_db_cluster(**CLUSTER)
    cluster(rds)
    rds.stop_db_cluster(DBClusterIdentifier="orders")
    wanted = {"DBClusterIdentifier": "orders", "BackupRetentionPeriod": 3}
    assert refusal(rds.modify_db_cluster, **wanted) == "InvalidDBClusterStateFault"


def test_the_instances_of_a_stopped_cluster_rest_and_none_can_be_added(rds):
    rds.create_db_cluster(**CLUSTER)
    rds.create_db_instance(**INSTANCE)
    cluster(rds)
    rds.stop_db_cluster(DBClusterIdentifier="orders")
    assert instance(rds)["DBInstanceStatus"] == "stopped"
    more = {**INSTANCE, "DBInstanceIdentifier": "orders-2"}
    assert refusal(rds.create_db_instance, **more) == "InvalidDBClusterStateFault"
    wanted = {"DBInstanceIdentifier": "orders-1", "PromotionTier": 0}
    assert refusal(rds.modify_db_instance, **wanted) == "InvalidDBInstanceState"
    cluster(rds)
    rds.start_db_cluster(DBClusterIdentifier="orders")
    assert instance(rds)["DBInstanceStatus"] == "available"


def test_a_cluster_that_is_not_there_cannot_be_modified(rds):
    assert refusal(rds.modify_db_cluster, DBClusterIdentifier="orders") == "DBClusterNotFoundFault"


def test_a_delete_says_what_becomes_of_the_data(rds):
    rds.create_db_cluster(**CLUSTER)
    wanted = {"DBClusterIdentifier": "orders"}
    assert refusal(rds.delete_db_cluster, **wanted) == "InvalidParameterCombination"
    rds.delete_db_cluster(**wanted, FinalDBSnapshotIdentifier="orders-last")
    (snapshot,) = rds.describe_db_cluster_snapshots(SnapshotType="manual")["DBClusterSnapshots"]
    assert snapshot["DBClusterSnapshotIdentifier"] == "orders-last"


@pytest.mark.parametrize("size", ["db.r6g.medium", "db.t3.small"])
def test_a_class_that_is_not_offered_is_refused(rds, size):
    rds.create_db_cluster(**CLUSTER)
    given = {**INSTANCE, "DBInstanceClass": size}
    assert refusal(rds.create_db_instance, **given) == "InvalidParameterCombination"


def test_a_class_that_is_not_offered_is_refused_to_an_instance_that_exists(rds):
    rds.create_db_cluster(**CLUSTER)
    rds.create_db_instance(**INSTANCE)
    given = {"DBInstanceIdentifier": "orders-1", "DBInstanceClass": "db.r6g.medium"}
    assert refusal(rds.modify_db_instance, **given) == "InvalidParameterCombination"


def test_an_instance_shows_where_its_cluster_is(rds, group):
    group()
    rds.create_db_cluster(**CLUSTER, DBSubnetGroupName="private", Port=5433)
    rds.create_db_instance(**INSTANCE)
    assert instance(rds)["DBSubnetGroup"]["DBSubnetGroupName"] == "private"
    assert instance(rds)["Endpoint"]["Port"] == 5433


def test_an_instance_keeps_how_it_is_watched(rds):
    rds.create_db_cluster(**CLUSTER)
    rds.create_db_instance(**INSTANCE, **INSIGHTS)
    assert instance(rds)["PerformanceInsightsEnabled"] is True
    rds.modify_db_instance(DBInstanceIdentifier="orders-1", EnablePerformanceInsights=False)
    assert instance(rds)["PerformanceInsightsEnabled"] is False


def test_a_second_subnet_group_of_the_same_name_is_refused(rds, group):
    group()
    assert refusal(group) == "DBSubnetGroupAlreadyExists"


def test_a_subnet_group_needs_two_zones(rds, group, subnets):
    assert refusal(group, some=subnets[:1]) == "DBSubnetGroupDoesNotCoverEnoughAZs"


def test_a_subnet_group_keeps_two_zones(rds, group, subnets):
    group()
    wanted = {"DBSubnetGroupName": "private", "SubnetIds": subnets[:1]}
    assert refusal(rds.modify_db_subnet_group, **wanted) == "DBSubnetGroupDoesNotCoverEnoughAZs"


def test_a_modified_subnet_group_is_still_there(rds, group, subnets):
    group()
    described = {"DBSubnetGroupDescription": "others", "SubnetIds": subnets}
    rds.modify_db_subnet_group(DBSubnetGroupName="private", **described)
    (found,) = rds.describe_db_subnet_groups()["DBSubnetGroups"]
    assert found["DBSubnetGroupDescription"] == "others"


def test_a_subnet_group_in_use_is_not_deleted(rds, group):
    group()
    rds.create_db_cluster(**CLUSTER, DBSubnetGroupName="private")
    wanted = {"DBSubnetGroupName": "private"}
    assert refusal(rds.delete_db_subnet_group, **wanted) == "InvalidDBSubnetGroupStateFault"


PARAMETERS = {"DBClusterParameterGroupName": "orders"}
STATIC = {
    "ParameterName": "max_connections",
    "ParameterValue": "200",
    "ApplyMethod": "pending-reboot",
}
DYNAMIC = {"ParameterName": "work_mem", "ParameterValue": "8192", "ApplyMethod": "immediate"}


@pytest.fixture
def parameters(rds):
    described = {"DBParameterGroupFamily": "aurora-postgresql14", "Description": "for orders"}
    rds.create_db_cluster_parameter_group(**PARAMETERS, **described)

    def told():
        answer = rds.describe_db_cluster_parameters(**PARAMETERS, Source="user")["Parameters"]
        return {each["ParameterName"]: each["ApplyMethod"] for each in answer}

    return told


def test_parameters_are_reset(rds, parameters):
    rds.modify_db_cluster_parameter_group(**PARAMETERS, Parameters=[STATIC, DYNAMIC])
    assert parameters() == {"max_connections": "pending-reboot", "work_mem": "immediate"}
    rds.reset_db_cluster_parameter_group(**PARAMETERS, Parameters=[STATIC])
    assert parameters() == {"work_mem": "immediate"}
    rds.reset_db_cluster_parameter_group(**PARAMETERS, ResetAllParameters=True)
    assert parameters() == {}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([{**STATIC, "ApplyMethod": "immediate"}], "InvalidParameterCombination"),
        ([{"ParameterName": "work_mem", "ParameterValue": "8192"}], "InvalidParameterValue"),
        ([DYNAMIC] * 21, "InvalidParameterValue"),
    ],
)
def test_parameters_that_cannot_be_written_so_are_refused(rds, parameters, given, code):
    given = {**PARAMETERS, "Parameters": given}
    assert refusal(rds.modify_db_cluster_parameter_group, **given) == code
    assert parameters() == {}


def test_a_method_counts_only_together_with_another_value(rds, parameters):
    rds.modify_db_cluster_parameter_group(**PARAMETERS, Parameters=[DYNAMIC])
    late = {**DYNAMIC, "ApplyMethod": "pending-reboot"}
    rds.modify_db_cluster_parameter_group(**PARAMETERS, Parameters=[late])
    assert parameters() == {"work_mem": "immediate"}
    other = {**late, "ParameterValue": "4096"}
    rds.modify_db_cluster_parameter_group(**PARAMETERS, Parameters=[other])
    assert parameters() == {"work_mem": "pending-reboot"}


def test_a_parameter_group_in_use_is_not_deleted(rds, parameters):
    rds.create_db_cluster(**CLUSTER, **PARAMETERS)
    code = refusal(rds.delete_db_cluster_parameter_group, **PARAMETERS)
    assert code == "InvalidDBParameterGroupState"


def test_a_cluster_has_a_parameter_group_that_there_is(rds):
    unknown = {"DBClusterParameterGroupName": "nothing"}
    code = "DBClusterParameterGroupNotFound"
    assert refusal(rds.create_db_cluster, **CLUSTER, **unknown) == code
    rds.create_db_cluster(**CLUSTER)
    cluster = {"DBClusterIdentifier": "orders"}
    assert refusal(rds.modify_db_cluster, **cluster, **unknown) == code
    rds.modify_db_cluster(**cluster, DBClusterParameterGroupName="default.aurora-postgresql14")
