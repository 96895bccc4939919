"""Written from GuardDuty's API reference: one detector a region, its features and its tags."""

import pytest
from botocore.exceptions import ClientError

from tests.conftest import ACCOUNT, REGION

S3, RUNTIME = "S3_DATA_EVENTS", "RUNTIME_MONITORING"
FARGATE = "ECS_FARGATE_AGENT_MANAGEMENT"


@pytest.fixture
def guardduty(moto):
    return moto("guardduty")


@pytest.fixture
def detector(guardduty):
    return guardduty.create_detector(Enable=True, Tags={"Name": "it"})["DetectorId"]


def features(guardduty, detector):
    shown = guardduty.get_detector(DetectorId=detector)["Features"]
    return {each["Name"]: each for each in shown}


def refusal(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"]


def test_a_region_has_one_detector(guardduty, detector):
    assert refusal(guardduty.create_detector, Enable=True) == "BadRequestException"
    assert guardduty.list_detectors()["DetectorIds"] == [detector]


def test_another_region_has_its_own(moto, guardduty, detector):
    there = moto("guardduty", region_name="us-east-1")
    assert there.create_detector(Enable=True)["DetectorId"] != detector
    assert refusal(there.create_detector, Enable=True) == "BadRequestException"


def test_a_new_detector_watches_all_but_what_needs_agents(guardduty, detector):
    shown = features(guardduty, detector)
    assert shown["FLOW_LOGS"]["Status"] == shown[S3]["Status"] == "ENABLED"
    assert shown[RUNTIME]["Status"] == "DISABLED"
    agents = {each["Name"]: each["Status"] for each in shown[RUNTIME]["AdditionalConfiguration"]}
    assert agents[FARGATE] == "DISABLED"


def test_it_is_made_with_the_features_that_it_is_told(guardduty):
    told = {"Enable": False, "Features": [{"Name": S3, "Status": "DISABLED"}]}
    made = guardduty.create_detector(**told)["DetectorId"]
    shown = features(guardduty, made)
    assert shown[S3]["Status"] == "DISABLED"
    assert shown["RDS_LOGIN_EVENTS"]["Status"] == "ENABLED"


def test_an_update_leaves_features_alone_that_it_does_not_name(guardduty, detector):
    agents = [{"Name": FARGATE, "Status": "ENABLED"}]
    told = {"Name": RUNTIME, "Status": "ENABLED", "AdditionalConfiguration": agents}
    guardduty.update_detector(DetectorId=detector, Features=[told])
    shown = features(guardduty, detector)
    assert shown[S3]["Status"] == "ENABLED"
    inner = {each["Name"]: each["Status"] for each in shown[RUNTIME]["AdditionalConfiguration"]}
    assert inner == {
        "EKS_ADDON_MANAGEMENT": "DISABLED",
        FARGATE: "ENABLED",
        "EC2_AGENT_MANAGEMENT": "DISABLED",
    }


def test_what_it_always_watches_is_not_for_us_to_say(guardduty, detector):
    given = {"DetectorId": detector, "Features": [{"Name": "S3_DATA", "Status": "ENABLED"}]}
    assert refusal(guardduty.update_detector, **given) == "BadRequestException"


def test_what_is_gone_is_a_bad_request(guardduty, detector):
    guardduty.delete_detector(DetectorId=detector)
    assert refusal(guardduty.delete_detector, DetectorId=detector) == "BadRequestException"


def test_tags_are_written_and_taken_away(guardduty, detector):
    arn = f"arn:aws:guardduty:{REGION}:{ACCOUNT}:detector/{detector}"
    guardduty.tag_resource(ResourceArn=arn, Tags={"owner": "muvi", "team": "media"})
    guardduty.untag_resource(ResourceArn=arn, TagKeys=["team", "Name"])
    assert guardduty.get_detector(DetectorId=detector)["Tags"] == {"owner": "muvi"}
