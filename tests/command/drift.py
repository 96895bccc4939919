"""What somebody does to UAT behind our back."""

from __future__ import annotations

REGION = "me-central-1"

DRIFTED = {
    "ecr.repository/muvi-gateway": "update",
    "logs.log_group//ecs/muvi-uat/website": "create",
    "ec2.security_group/muvi-uat-rds": "update",
    "ec2.vpc/muvi-uat-vpc": "update",
    "s3.bucket/muvi-media-uat": "update",
    "iam.role/muvi-uat-main-task": "update",
    "lambda.function/sync-films-uat": "update",
    "events.rule/film-sync": "update",
    "rds.db_cluster/muvi-uat-main": "update",
    "ecs.service/fb-muvi": "update",
}


def drift(lab):
    """Ten changes behind our back, of as many kinds, by address; and two that are not ours."""

    def client(service):
        return lab.client(service, REGION)

    ec2, ecs, rds = client("ec2"), client("ecs"), client("rds")
    client("ecr").put_image_tag_mutability(
        repositoryName="muvi-gateway", imageTagMutability="IMMUTABLE"
    )
    client("logs").delete_log_group(logGroupName="/ecs/muvi-uat/website")
    group = _named(ec2.describe_security_groups()["SecurityGroups"], "GroupName", "muvi-uat-rds")
    ec2.authorize_security_group_ingress(
        GroupId=group["GroupId"], IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
    )
    vpc = ec2.describe_vpcs(Filters=[{"Name": "cidr", "Values": ["10.240.0.0/16"]}])["Vpcs"][0]
    ec2.delete_tags(Resources=[vpc["VpcId"]], Tags=[{"Key": "Environment"}])
    client("s3").put_bucket_versioning(
        Bucket="muvi-media-uat", VersioningConfiguration={"Status": "Suspended"}
    )
    client("iam").delete_role_policy(RoleName="muvi-uat-main-task", PolicyName="service")
    client("lambda").update_function_configuration(FunctionName="sync-films-uat", Timeout=3)
    client("events").disable_rule(Name="film-sync")
    rds.modify_db_cluster(
        DBClusterIdentifier="muvi-uat-main", DeletionProtection=False, ApplyImmediately=True
    )
    ecs.update_service(cluster="muvi-uat", service="fb-muvi", desiredCount=9)

    ecs.update_service(cluster="muvi-uat", service="gateway", desiredCount=2)
    ec2.create_tags(Resources=[vpc["VpcId"]], Tags=[{"Key": "theirs", "Value": "stays"}])


def theirs(lab):
    """What the last two changes of `drift` have come to."""
    ecs, ec2 = lab.client("ecs", REGION), lab.client("ec2", REGION)
    (service,) = ecs.describe_services(cluster="muvi-uat", services=["gateway"])["services"]
    tags = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["theirs"]}])["Tags"]
    return service["desiredCount"], [each["Value"] for each in tags]


def _named(members, name, value):
    return next(each for each in members if each[name] == value)
