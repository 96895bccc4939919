"""https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html"""

import pytest

OURS = [{"Key": "team", "Value": "media"}]


def shown(moto, region="eu-central-1", **filters):
    tagging = moto("resourcegroupstaggingapi", region)
    answer = tagging.get_resources(TagFilters=[{"Key": "team", "Values": ["media"]}], **filters)
    return [each["ResourceARN"] for each in answer["ResourceTagMappingList"]]


def rule(moto):
    return moto("events").put_rule(Name="nightly", ScheduleExpression="rate(1 day)", Tags=OURS)[
        "RuleArn"
    ]


def repository(moto):
    answer = moto("ecr").create_repository(repositoryName="web", tags=OURS)
    return answer["repository"]["repositoryArn"]


def namespace(moto):
    sd = moto("servicediscovery")
    sd.create_http_namespace(Name="local", Tags=OURS)
    while not (listed := sd.list_namespaces()["Namespaces"]):
        pass  # as AWS, the sandbox lists it a moment later
    return listed[0]["Arn"]


def subnet_group(moto):
    ec2 = moto("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = {"eu-central-1a": "10.0.0.0/24", "eu-central-1b": "10.0.1.0/24"}
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for zone, cidr in zones.items()
    ]
    answer = moto("rds").create_db_subnet_group(
        DBSubnetGroupName="data", DBSubnetGroupDescription="data", SubnetIds=made, Tags=OURS
    )
    return answer["DBSubnetGroup"]["DBSubnetGroupArn"]


def target(moto):
    ecs, scaling = moto("ecs"), moto("application-autoscaling")
    ecs.create_cluster(clusterName="it")
    it = [{"name": "it", "image": "x", "memory": 64}]
    ecs.register_task_definition(family="it", containerDefinitions=it)
    ecs.create_service(cluster="it", serviceName="it", taskDefinition="it", desiredCount=0)
    return scaling.register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId="service/it/it",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=0,
        MaxCapacity=1,
        Tags={each["Key"]: each["Value"] for each in OURS},
    )["ScalableTargetARN"]


@pytest.mark.parametrize("create", [rule, repository, namespace, subnet_group, target])
def test_what_has_tags_is_shown(moto, create):
    arn = create(moto)
    assert shown(moto) == [arn]


def test_types_can_be_chosen(moto):
    arn = repository(moto)
    rule(moto)
    assert shown(moto, ResourceTypeFilters=["ecr:repository"]) == [arn]


def test_a_bucket_is_shown_in_its_own_region_only(moto):
    s3 = moto("s3", "eu-west-1")
    s3.create_bucket(Bucket="media", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_tagging(Bucket="media", Tagging={"TagSet": OURS})
    assert shown(moto, "eu-west-1") == ["arn:aws:s3:::media"]
    assert shown(moto, "eu-central-1") == []


def test_a_distribution_is_shown_in_virginia_only(moto):
    origin = {
        "Id": "site",
        "DomainName": "site.example.com",
        "CustomOriginConfig": {
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": "https-only",
        },
    }
    behavior = {
        "TargetOriginId": "site",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    }
    config = {
        "CallerReference": "one",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behavior,
    }
    document = {"DistributionConfig": config, "Tags": {"Items": OURS}}
    cloudfront = moto("cloudfront", "us-east-1")
    answer = cloudfront.create_distribution_with_tags(DistributionConfigWithTags=document)
    assert shown(moto, "us-east-1") == [answer["Distribution"]["ARN"]]
    assert shown(moto, "eu-central-1") == []


def test_a_user_is_not_shown(aws):
    """Our correction must not show more than AWS does."""
    aws.client("iam", "us-east-1").create_user(UserName="person", Tags=OURS)
    assert shown(aws.client, "us-east-1") == []
