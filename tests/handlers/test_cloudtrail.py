"""What reaches CloudTrail. Corrections of moto: cloudtrail.py, cloudtrail_buckets.py."""

import pytest
from botocore.exceptions import ClientError

from reconciler.aws.passing import passes
from reconciler.model import Desired
from resources.cloudtrail.trail import Trail
from tests.conftest import ACCOUNT, REGION
from tests.handlers.steps import change, create, look, sent, update
from tests.sandbox.test_cloudtrail import policy

DECLARED = {"Name": "all", "S3BucketName": "muvi-logs"}
ARN = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/all"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:told"
WRITES = {"ReadWriteType": "WriteOnly"}
ADVANCED = {
    "Name": "writes",
    "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
}


@pytest.fixture
def handler(aws):
    s3 = aws.client("s3", REGION)
    where = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket="muvi-logs", CreateBucketConfiguration=where)
    s3.put_bucket_policy(Bucket="muvi-logs", Policy=policy("muvi-logs", "*"))
    return Trail(aws, REGION)


@pytest.fixture
def trails(handler):
    create(handler, Desired(DECLARED, {"Name": "it"}))
    return handler


def named(calls):
    return [operation for operation, _ in calls]


def test_a_trail_is_made_with_its_tags_and_started_later(handler):
    calls = sent(handler.client)
    wanted = {**DECLARED, "IsLogging": True, "EventSelectors": [WRITES]}
    assert create(handler, Desired(wanted, {"Name": "it"})) == ARN
    assert calls == [("CreateTrail", {**DECLARED, "TagsList": [{"Key": "Name", "Value": "it"}]})]
    assert update(handler, ARN, wanted) == ()
    assert named(calls) == ["CreateTrail", "PutEventSelectors", "StartLogging"]


def test_a_bucket_that_does_not_let_it_in_yet_is_waited_for(aws, handler):
    aws.client("s3", REGION).delete_bucket_policy(Bucket="muvi-logs")
    with pytest.raises(ClientError) as refused:
        create(handler, Desired(DECLARED))
    assert passes(refused.value)


def test_a_trail_of_all_regions_is_changed_from_its_home_only(aws, trails):
    update(trails, ARN, {"IsMultiRegionTrail": True})
    assert [found.id for found in trails.listed()] == [ARN]
    assert list(Trail(aws, "us-east-1").listed()) == []


def test_a_trail_is_written_whole(trails):
    update(trails, ARN, {"S3KeyPrefix": "audit"})
    calls = sent(trails.client)
    assert update(trails, ARN, {"EnableLogFileValidation": True}) == ()
    ((operation, parameters),) = calls
    assert operation == "UpdateTrail"
    assert parameters == {
        "Name": ARN,
        "S3BucketName": "muvi-logs",
        "S3KeyPrefix": "audit",
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": False,
        "EnableLogFileValidation": True,
        "IsOrganizationTrail": False,
    }


def test_text_that_shall_be_absent_is_sent_empty(trails):
    update(trails, ARN, {"S3KeyPrefix": "audit"})
    calls = sent(trails.client)
    assert update(trails, ARN, {"S3KeyPrefix": None}) == ()
    assert calls[0][1]["S3KeyPrefix"] == ""


@pytest.mark.parametrize("spelling", ["told", TOPIC])
def test_a_topic_is_one_by_name_and_by_arn(aws, trails, spelling):
    aws.client("sns", REGION).create_topic(Name="told")
    assert update(trails, ARN, {"SnsTopicName": spelling}) == ()
    for other in ("told", TOPIC):
        assert change(trails, look(trails, ARN), {"SnsTopicName": other}).fields == ()


def test_what_aws_records_by_default_is_no_selector_of_ours(trails):
    for nothing in (None, [], [{"ReadWriteType": "All", "IncludeManagementEvents": True}]):
        wanted = {"EventSelectors": nothing, "AdvancedEventSelectors": None}
        assert change(trails, look(trails, ARN, wanted), wanted).fields == ()


def test_without_selectors_it_goes_back_to_the_default(trails):
    assert update(trails, ARN, {"EventSelectors": [WRITES]}) == ()
    assert update(trails, ARN, {"EventSelectors": None}) == ()
    assert update(trails, ARN, {"AdvancedEventSelectors": [ADVANCED]}) == ()
    calls = sent(trails.client)
    assert update(trails, ARN, {"AdvancedEventSelectors": None}) == ()
    default = {"ReadWriteType": "All", "IncludeManagementEvents": True}
    assert calls == [("PutEventSelectors", {"TrailName": ARN, "EventSelectors": [default]})]


def test_selectors_of_one_kind_take_the_place_of_the_other(trails):
    assert update(trails, ARN, {"EventSelectors": [WRITES]}) == ()
    calls = sent(trails.client)
    moved = {"EventSelectors": None, "AdvancedEventSelectors": [ADVANCED]}
    assert update(trails, ARN, moved) == ()
    put = {"TrailName": ARN, "AdvancedEventSelectors": [ADVANCED]}
    assert calls == [("PutEventSelectors", put)]
    assert update(trails, ARN, {"EventSelectors": [WRITES]}) == ()


def test_insights_are_taken_away_whole(trails):
    assert update(trails, ARN, {"InsightSelectors": [{"InsightType": "ApiCallRateInsight"}]}) == ()
    calls = sent(trails.client)
    assert update(trails, ARN, {"InsightSelectors": None}) == ()
    assert calls == [("PutInsightSelectors", {"TrailName": ARN, "InsightSelectors": []})]


def test_only_what_is_mentioned_is_read(trails):
    extra = ("GetTrailStatus", "GetEventSelectors", "GetInsightSelectors")
    calls = sent(trails.client, *extra)
    look(trails, ARN, ["S3BucketName"])
    assert calls == []
    look(trails, ARN, ["IsLogging", "AdvancedEventSelectors", "EventSelectors"])
    assert named(calls) == ["GetTrailStatus", "GetEventSelectors"]


def test_a_trail_that_is_gone_is_nothing(trails):
    (found,) = trails.listed()
    observed = look(trails, ARN)
    trails.delete(observed)
    trails.delete(observed)
    assert trails.get(found, set()) is None
    assert trails.get(found, {"IsLogging"}) is None
