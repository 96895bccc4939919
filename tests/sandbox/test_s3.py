"""S3 as its API reference describes it. https://docs.aws.amazon.com/AmazonS3/latest/API/"""

import json

import pytest
from botocore.exceptions import ClientError

HERE = {"LocationConstraint": "eu-central-1"}
PUBLIC = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::media/*",
        }
    ],
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
ALL = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


@pytest.fixture
def s3(moto):
    client = moto("s3")
    client.create_bucket(Bucket="media", CreateBucketConfiguration=HERE)
    return client


def refused(code):
    return pytest.raises(ClientError, match=rf"\({code}\)")


def test_a_new_bucket_blocks_public_access(s3):
    assert s3.get_public_access_block(Bucket="media")["PublicAccessBlockConfiguration"] == ALL


def test_a_new_bucket_encrypts_with_sse_s3(s3):
    answer = s3.get_bucket_encryption(Bucket="media")["ServerSideEncryptionConfiguration"]
    assert answer["Rules"][0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_deleted_encryption_falls_back_to_sse_s3(s3):
    key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": key, "BucketKeyEnabled": True}]}
    s3.put_bucket_encryption(Bucket="media", ServerSideEncryptionConfiguration=rules)
    s3.delete_bucket_encryption(Bucket="media")
    answer = s3.get_bucket_encryption(Bucket="media")["ServerSideEncryptionConfiguration"]
    assert answer["Rules"][0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_a_new_bucket_has_no_acls(s3):
    answer = s3.get_bucket_ownership_controls(Bucket="media")["OwnershipControls"]
    assert answer == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    with refused("AccessControlListNotSupported"):
        s3.put_bucket_acl(Bucket="media", ACL="private")


def test_a_new_bucket_has_the_tags_it_was_created_with(s3):
    born = {**HERE, "Tags": [{"Key": "team", "Value": "media"}]}
    s3.create_bucket(Bucket="tagged", CreateBucketConfiguration=born)
    assert s3.get_bucket_tagging(Bucket="tagged")["TagSet"] == born["Tags"]


def test_a_public_policy_is_refused_where_it_is_blocked(s3):
    with refused("AccessDenied"):
        s3.put_bucket_policy(Bucket="media", Policy=json.dumps(PUBLIC))


@pytest.mark.parametrize("policy", ["public, please", "[]", '{"Version": "2012-10-17"}'])
def test_what_is_no_policy_is_refused(s3, policy):
    s3.delete_public_access_block(Bucket="media")
    with refused("MalformedPolicy"):
        s3.put_bucket_policy(Bucket="media", Policy=policy)


@pytest.mark.parametrize(
    "name", ["Media", "sthree-media", "10.0.0.1", "media..prod", "media_prod", "media-"]
)
def test_a_bad_name_is_refused(s3, name):
    with refused("InvalidBucketName"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=HERE)


def test_to_delete_the_metrics_is_not_to_delete_the_bucket(s3):
    with refused("NotImplemented"):
        s3.delete_bucket_metrics_configuration(Bucket="media", Id="all")
    assert s3.head_bucket(Bucket="media")


def test_to_delete_an_inventory_is_not_to_delete_the_bucket(s3):
    with refused("NotImplemented"):
        s3.delete_bucket_inventory_configuration(Bucket="media", Id="all")
    assert s3.head_bucket(Bucket="media")


def test_a_policy_names_nobody_who_is_not_there(s3, moto):
    role = "arn:aws:iam::123456789012:role/uploads"
    statement = {**PUBLIC["Statement"][0], "Principal": {"AWS": [role]}}
    policy = json.dumps({**PUBLIC, "Statement": [statement]})
    with refused("MalformedPolicy"):
        s3.put_bucket_policy(Bucket="media", Policy=policy)
    moto("iam").create_role(RoleName="uploads", AssumeRolePolicyDocument=json.dumps(TRUST))
    s3.put_bucket_policy(Bucket="media", Policy=policy)


def test_to_put_a_metric_is_not_to_create_a_bucket(s3):
    with refused("NotImplemented"):
        s3.put_bucket_metrics_configuration(
            Bucket="other", Id="all", MetricsConfiguration={"Id": "all"}
        )


def test_to_ask_for_a_metric_is_not_to_ask_for_objects(s3):
    with refused("NotImplemented"):
        s3.get_bucket_metrics_configuration(Bucket="media", Id="all")


def test_a_listing_says_where_each_bucket_is_to_those_who_ask_for_something(s3):
    (bucket,), (bare,) = (s3.list_buckets(**asked)["Buckets"] for asked in ({"MaxBuckets": 10}, {}))
    assert bucket["BucketRegion"] == "eu-central-1"
    assert "BucketRegion" not in bare


def test_a_listing_of_one_region_leaves_out_the_others(moto, s3):
    moto("s3", "eu-west-1").create_bucket(
        Bucket="ireland", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    listed = s3.list_buckets(BucketRegion="eu-west-1")["Buckets"]
    assert [(each["Name"], each["BucketRegion"]) for each in listed] == [("ireland", "eu-west-1")]


def test_tags_of_aws_may_be_sent_back(s3):
    from moto.s3.models import s3_backends

    stack = {"aws:cloudformation:stack-name": "media"}
    s3_backends["123456789012"]["aws"].put_bucket_tagging("media", stack)
    tags = [{"Key": name, "Value": value} for name, value in {**stack, "team": "media"}.items()]
    s3.put_bucket_tagging(Bucket="media", Tagging={"TagSet": tags})
    assert s3.get_bucket_tagging(Bucket="media")["TagSet"] == tags
