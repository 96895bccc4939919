"""Parameter Store as its API reference describes it.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html"""

import pytest
from botocore.exceptions import ClientError

from tests.conftest import ACCOUNT, REGION

HOST = {"Name": "/uat/orders/DB_HOST", "Type": "String", "Value": "db.example.com"}
ARN = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/uat/orders/DB_HOST"


@pytest.fixture
def ssm(moto):
    return moto("ssm")


def refused(ssm, **parameters):
    with pytest.raises(ClientError) as failure:
        ssm.put_parameter(**{**HOST, **parameters})
    return failure.value.response["Error"]["Code"]


def test_a_parameter_is_described_with_its_arn_and_without_its_value(ssm):
    ssm.put_parameter(**HOST)
    (known,) = ssm.describe_parameters()["Parameters"]
    assert known["ARN"] == ARN
    assert "Value" not in known


def test_a_value_must_match_its_pattern(ssm):
    assert refused(ssm, AllowedPattern="[0-9]+") == "ParameterPatternMismatchException"


def test_the_pattern_of_before_still_counts(ssm):
    ssm.put_parameter(**HOST, AllowedPattern="[a-z.]+")
    code = refused(ssm, Value="DB", Overwrite=True)
    assert code == "ParameterPatternMismatchException"


@pytest.mark.parametrize(("tier", "length"), [("Standard", 4097), ("Advanced", 8193)])
def test_a_value_is_no_longer_than_its_tier_takes(ssm, tier, length):
    assert refused(ssm, Tier=tier, Value="x" * length) == "ValidationException"


def test_the_advanced_tier_takes_more(aws):
    ssm = aws.client("ssm", REGION)
    ssm.put_parameter(**{**HOST, "Value": "x" * 8192}, Tier="Advanced")
    assert len(ssm.get_parameter(Name=HOST["Name"])["Parameter"]["Value"]) == 8192


def test_a_type_is_for_ever(ssm):
    ssm.put_parameter(**HOST)
    assert refused(ssm, Type="StringList", Overwrite=True) == "HierarchyTypeMismatchException"


def test_the_advanced_tier_has_no_way_back(ssm):
    ssm.put_parameter(**HOST, Tier="Advanced")
    assert refused(ssm, Tier="Standard", Overwrite=True) == "ValidationException"


def test_there_are_fifteen_levels(ssm):
    assert refused(ssm, Name="/a" * 16) == "HierarchyLevelLimitExceededException"
    ssm.put_parameter(**{**HOST, "Name": "/a" * 15})


def test_what_was_refused_leaves_nothing_behind(aws):
    ssm = aws.client("ssm", REGION)
    refused(ssm, AllowedPattern="[0-9]+")
    assert ssm.describe_parameters()["Parameters"] == []


def test_tags_are_shown_by_the_tagging_api_under_that_arn(aws):
    aws.client("ssm", REGION).put_parameter(**HOST, Tags=[{"Key": "owner", "Value": "us"}])
    tagging = aws.client("resourcegroupstaggingapi", REGION)
    (shown,) = tagging.get_resources()["ResourceTagMappingList"]
    assert shown["ResourceARN"] == ARN
    aws.client("ssm", REGION).delete_parameter(Name=HOST["Name"])
    assert tagging.get_resources()["ResourceTagMappingList"] == []
