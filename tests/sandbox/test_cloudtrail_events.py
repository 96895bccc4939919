"""The events of CloudTrail as its API reference describes their look-up.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html"""

import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox.cloudtrail_events import happened
from tests.command.running import ACCOUNT, REGION

ANNA = {"type": "IAMUser", "userName": "anna"}


@pytest.fixture
def trail(moto):
    def let(operation, *names, **more):
        kinds = dict.fromkeys(names, "AWS::EC2::SecurityGroup")
        return happened(ACCOUNT, REGION, operation, ANNA, kinds, **more)["EventId"]

    client = moto("cloudtrail")
    client.let = let
    return client


def ids(trail, **asked):
    return [each["EventId"] for each in trail.lookup_events(**asked)["Events"]]


def test_the_newest_comes_first_and_each_event_is_told_as_it_was_recorded(trail):
    old = trail.let(
        "ec2.DeleteSecurityGroup", "sg-1", ago=60, requestParameters={"groupId": "sg-1"}
    )
    new = trail.let("ec2.DescribeVpcs")
    first, second = trail.lookup_events()["Events"]
    assert (first["EventId"], second["EventId"]) == (new, old)
    assert (first["ReadOnly"], second["ReadOnly"]) == ("true", "false")
    assert second["EventTime"] < datetime.now(UTC) - timedelta(seconds=50)
    assert second["Resources"][0]["ResourceName"] == "sg-1"
    record = json.loads(second["CloudTrailEvent"])
    assert record["userIdentity"] == ANNA
    assert record["requestParameters"] == {"groupId": "sg-1"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ReadOnly", "false"),
        ("ResourceName", "sg-1"),
        ("EventName", "DeleteVpc"),
        ("EventSource", "ec2.amazonaws.com"),
    ],
)
def test_one_attribute_narrows_them(trail, key, value):
    wanted = trail.let("ec2.DeleteVpc", "sg-1")
    trail.let("iam.ListRoles", "sg-2")
    assert ids(trail, LookupAttributes=[{"AttributeKey": key, "AttributeValue": value}]) == [wanted]


def test_a_time_range_narrows_them_and_nothing_is_older_than_90_days(trail):
    now = datetime.now(UTC)
    trail.let("ec2.DeleteVpc", ago=91 * 86400)
    hour, day = (trail.let("ec2.DeleteVpc", ago=each) for each in (3600, 86400))
    assert ids(trail) == [hour, day]
    assert ids(trail, StartTime=now - timedelta(hours=2)) == [hour]
    assert ids(trail, EndTime=now - timedelta(hours=2)) == [day]


def test_they_come_in_pages(trail):
    every = {trail.let("ec2.DeleteVpc", ago=n) for n in range(5)}
    pages = [*trail.get_paginator("lookup_events").paginate(PaginationConfig={"PageSize": 2})]
    assert [len(each["Events"]) for each in pages] == [2, 2, 1]
    assert {each["EventId"] for page in pages for each in page["Events"]} == every


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("InvalidNextToken", {"NextToken": "abc"}),
        ("InvalidTimeRange", {"StartTime": datetime(2026, 2, 1), "EndTime": datetime(2026, 1, 1)}),
        (
            "InvalidLookupAttributes",
            {
                "LookupAttributes": [
                    {"AttributeKey": "EventName", "AttributeValue": "a"},
                    {"AttributeKey": "ReadOnly", "AttributeValue": "true"},
                ]
            },
        ),
    ],
)
def test_what_aws_refuses(trail, code, asked):
    with pytest.raises(ClientError, match=code):
        trail.lookup_events(**asked)
