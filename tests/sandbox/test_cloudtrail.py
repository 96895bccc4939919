"""Written from CloudTrail's API reference: which trails there may be, and what they show."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.conftest import ACCOUNT, REGION

TRAIL = {"Name": "all", "S3BucketName": "muvi-logs"}
ARN = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/all"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:told"
SELECTOR = {
    "ReadWriteType": "WriteOnly",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}
ADVANCED = {
    "Name": "writes",
    "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
}


def policy(bucket, prefix="", **condition):
    both = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, **condition}
    arn = f"arn:aws:s3:::{bucket}"
    look = {**both, "Action": "s3:GetBucketAcl", "Resource": arn}
    write = {**both, "Action": "s3:PutObject", "Resource": f"{arn}/{prefix}AWSLogs/{ACCOUNT}/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [look, write]})


@pytest.fixture
def bucket(moto):
    s3 = moto("s3")

    def made(name="muvi-logs", text=None):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        if text:
            s3.put_bucket_policy(Bucket=name, Policy=text)

    return made


@pytest.fixture
def trails(moto, bucket):
    bucket(text=policy("muvi-logs"))
    return moto("cloudtrail")


@pytest.fixture
def trail(trails):
    trails.create_trail(**TRAIL)
    return trails


def refusal(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"]


SOURCE = {"Condition": {"StringEquals": {"aws:SourceArn": ARN.replace("all", "other")}}}


@pytest.mark.parametrize(
    "text",
    [None, policy("muvi-logs", "elsewhere/"), policy("muvi-logs", **SOURCE)],
    ids=["without", "another folder", "another trail"],
)
def test_a_bucket_must_let_cloudtrail_in(moto, bucket, text):
    bucket(text=text)
    refused = refusal(moto("cloudtrail").create_trail, **TRAIL)
    assert refused == "InsufficientS3BucketPolicyException"


def test_so_must_the_bucket_that_a_trail_moves_to(trail, bucket):
    bucket("muvi-more")
    refused = refusal(trail.update_trail, Name="all", S3BucketName="muvi-more")
    assert refused == "InsufficientS3BucketPolicyException"


def test_a_bucket_may_let_this_trail_in_and_no_other(moto, bucket):
    only = {"Condition": {"StringEquals": {"aws:SourceArn": ARN}}}
    bucket(text=policy("muvi-logs", "audit/", **only))
    trails = moto("cloudtrail")
    assert trails.create_trail(**TRAIL, S3KeyPrefix="audit")["TrailARN"] == ARN
    refused = refusal(trails.create_trail, **{**TRAIL, "Name": "other"})
    assert refused == "InsufficientS3BucketPolicyException"


def test_a_name_is_taken_once(trail):
    assert refusal(trail.create_trail, **TRAIL) == "TrailAlreadyExistsException"


def test_a_trail_of_all_regions_is_seen_from_each_by_its_arn(moto, trails):
    trails.create_trail(**TRAIL, IsMultiRegionTrail=True)
    there = moto("cloudtrail", region_name="us-east-1")
    (shadow,) = there.describe_trails()["trailList"]
    assert shadow["HomeRegion"] == REGION
    assert there.describe_trails(includeShadowTrails=False)["trailList"] == []
    assert there.get_trail(Name=ARN)["Trail"]["Name"] == "all"


def test_a_topic_may_be_named_by_its_arn(moto, trail):
    moto("sns").create_topic(Name="told")
    trail.update_trail(Name="all", SnsTopicName=TOPIC)
    assert trail.get_trail(Name="all")["Trail"]["SnsTopicARN"] == TOPIC
    moto("s3").put_bucket_policy(Bucket="muvi-logs", Policy=policy("muvi-logs"))
    trail.create_trail(**{**TRAIL, "Name": "two"}, SnsTopicName=TOPIC)
    assert trail.get_trail(Name="two")["Trail"]["SnsTopicARN"] == TOPIC


def test_a_trail_is_deleted_by_its_arn_once(trail):
    trail.delete_trail(Name=ARN)
    assert trail.describe_trails()["trailList"] == []
    assert refusal(trail.delete_trail, Name=ARN) == "TrailNotFoundException"


def test_what_is_not_there_has_no_tags(trail):
    assert trail.list_tags(ResourceIdList=[ARN])["ResourceTagList"][0]["TagsList"] == []
    refused = refusal(trail.list_tags, ResourceIdList=[f"{ARN}s"])
    assert refused == "ResourceNotFoundException"


def test_text_that_is_sent_empty_is_taken_away(moto, trails, bucket):
    moto("s3").put_bucket_policy(Bucket="muvi-logs", Policy=policy("muvi-logs", "*"))
    trails.create_trail(**TRAIL, S3KeyPrefix="audit")
    trails.update_trail(Name="all", S3KeyPrefix="")
    assert "S3KeyPrefix" not in trails.get_trail(Name="all")["Trail"]


def test_a_trail_says_whether_it_was_given_selectors(trail):
    def told():
        (one,) = trail.describe_trails()["trailList"]
        return one["HasCustomEventSelectors"], one["HasInsightSelectors"]

    assert told() == (False, False)
    trail.put_event_selectors(TrailName="all", EventSelectors=[SELECTOR])
    trail.put_insight_selectors(
        TrailName="all", InsightSelectors=[{"InsightType": "ApiCallRateInsight"}]
    )
    assert told() == (True, True)


def test_a_trail_without_selectors_shows_the_default(trail):
    (shown,) = trail.get_event_selectors(TrailName="all")["EventSelectors"]
    assert shown == {**SELECTOR, "ReadWriteType": "All"}


def test_selectors_of_one_kind_take_the_place_of_the_other(trail):
    trail.put_event_selectors(TrailName="all", AdvancedEventSelectors=[ADVANCED])
    assert trail.get_event_selectors(TrailName="all")["EventSelectors"] == []
    trail.put_event_selectors(TrailName="all", EventSelectors=[{"ReadWriteType": "WriteOnly"}])
    shown = trail.get_event_selectors(TrailName="all")
    assert shown["EventSelectors"] == [SELECTOR]
    assert shown["AdvancedEventSelectors"] == []


def test_insights_are_put_whole_and_missed_where_there_are_none(trail):
    for kind in ("ApiCallRateInsight", "ApiErrorRateInsight"):
        given = [{"InsightType": kind}]
        trail.put_insight_selectors(TrailName="all", InsightSelectors=given)
        assert trail.get_insight_selectors(TrailName="all")["InsightSelectors"] == given
    trail.put_insight_selectors(TrailName="all", InsightSelectors=[])
    refused = refusal(trail.get_insight_selectors, TrailName="all")
    assert refused == "InsightNotEnabledException"
