"""What reaches GuardDuty. Correction of moto: guardduty.py."""

import pytest

from reconciler.model import Desired
from reconciler.plan.find import keys
from resources.guardduty.detector import Detector
from tests.conftest import ACCOUNT, REGION
from tests.handlers.steps import change, create, look, sent, update

S3, RUNTIME, FARGATE = "S3_DATA_EVENTS", "RUNTIME_MONITORING", "ECS_FARGATE_AGENT_MANAGEMENT"


@pytest.fixture
def detectors(aws):
    return Detector(aws, REGION)


@pytest.fixture
def made(detectors):
    return create(detectors, Desired({"Enable": True}, {"Name": "it"}))


def test_a_detector_is_made_with_its_features_and_tags(detectors):
    calls = sent(detectors.client)
    wanted = {"Enable": True, "Features": [{"Name": S3, "Status": "DISABLED"}]}
    create(detectors, Desired(wanted, {"Name": "it"}))
    ((operation, parameters),) = calls
    assert operation == "CreateDetector"
    token = {name: parameters[name] for name in ("ClientToken",) if name in parameters}
    assert parameters == {**wanted, "Tags": {"Name": "it"}, **token}


def test_the_detector_of_the_region_has_the_key_that_every_declared_one_has(detectors, made):
    (found,) = detectors.listed()
    assert found.id == made
    (key,) = keys(detectors, found)
    assert [*keys(detectors, Desired({"Enable": False}, {"Name": "other"}))] == [key]


def test_only_features_that_differ_are_sent_but_each_of_them_whole(detectors, made):
    agents = [{"Name": FARGATE, "Status": "ENABLED"}]
    told = {"Name": RUNTIME, "Status": "ENABLED", "AdditionalConfiguration": agents}
    calls = sent(detectors.client)
    assert update(detectors, made, {"Features": [told]}) == ()
    ((operation, parameters),) = calls
    assert operation == "UpdateDetector"
    (feature,) = parameters["Features"]
    assert feature["AdditionalConfiguration"] == [
        {"Name": "EKS_ADDON_MANAGEMENT", "Status": "DISABLED"},
        {"Name": FARGATE, "Status": "ENABLED"},
        {"Name": "EC2_AGENT_MANAGEMENT", "Status": "DISABLED"},
    ]
    assert "Enable" not in parameters


def test_what_aws_says_of_a_feature_besides_is_not_sent_back(detectors, made):
    observed = look(detectors, made)
    for feature in observed["Features"]:
        feature |= {"UpdatedAt": "2026-11-22", "ManagedBy": "GUARDDUTY_POLICY"}
    calls = sent(detectors.client)
    off = {"Features": [{"Name": S3, "Status": "DISABLED"}]}
    detectors.update(change(detectors, observed, off))
    assert calls[0][1]["Features"] == off["Features"]


def test_features_that_nobody_names_are_left_alone_even_where_lists_are_exact(detectors, made):
    none = {"Features": [{"Name": S3, "Status": "ENABLED"}]}
    assert change(detectors, look(detectors, made), none).fields == ()


def test_whether_it_watches_is_read_from_its_status(detectors, made):
    assert look(detectors, made)["Enable"] is True
    assert update(detectors, made, {"Enable": False}) == ()
    assert look(detectors, made)["Enable"] is False


def test_tags_are_written_by_arn(detectors, made):
    observed = look(detectors, made)
    calls = sent(detectors.client)
    detectors.tag(observed, {"owner": "muvi"})
    arn = f"arn:aws:guardduty:{REGION}:{ACCOUNT}:detector/{made}"
    assert calls == [
        ("TagResource", {"ResourceArn": arn, "Tags": {"owner": "muvi"}}),
        ("UntagResource", {"ResourceArn": arn, "TagKeys": ["Name"]}),
    ]
    assert look(detectors, made).tags == {"owner": "muvi"}


def test_a_detector_that_is_gone_is_nothing_and_not_deleted_again(detectors, made, monkeypatch):
    observed = look(detectors, made)
    calls = sent(detectors.client)
    detectors.delete(observed)
    detectors.delete(observed)
    assert [operation for operation, _ in calls] == ["DeleteDetector"]
    # AWS may list it a while longer.
    monkeypatch.setattr(detectors, "listing", lambda *_: [made])
    assert list(detectors.listed()) == []
