"""What reaches AWS Config. Corrections of moto: config.py."""

import pytest

from reconciler.model import Desired
from reconciler.plan.find import keys
from resources.config.configuration_recorder import ConfigurationRecorder
from resources.config.delivery_channel import DeliveryChannel
from tests.conftest import ACCOUNT, REGION
from tests.handlers.steps import change, create, look, sent, update

ROLE = f"arn:aws:iam::{ACCOUNT}:role/recorder"
RECORDER = {"name": "default", "roleARN": ROLE}
CHANNEL = {"name": "default", "s3BucketName": "muvi-config"}
SOME = ["AWS::S3::Bucket"]
WAYS = {
    "allSupported": {"allSupported": True},
    "resourceTypes": {"resourceTypes": SOME},
    "exclusionByResourceTypes": {"exclusionByResourceTypes": {"resourceTypes": SOME}},
}


@pytest.fixture
def recorders(aws):
    return ConfigurationRecorder(aws, REGION)


@pytest.fixture
def channels(aws):
    here = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
    aws.client("s3", REGION).create_bucket(Bucket="muvi-config", **here)
    return DeliveryChannel(aws, REGION)


@pytest.fixture
def recorder(recorders):
    return create(recorders, Desired({**RECORDER, "recording": True}, {"Name": "it"}))


@pytest.fixture
def channel(channels, recorder):
    return create(channels, Desired(CHANNEL))


def test_a_recorder_is_made_with_its_tags_and_does_not_record_yet(recorders):
    calls = sent(recorders.client)
    made = create(recorders, Desired({**RECORDER, "recording": True}, {"Name": "it"}))
    tags = [{"Key": "Name", "Value": "it"}]
    assert calls == [
        ("PutConfigurationRecorder", {"ConfigurationRecorder": RECORDER, "Tags": tags})
    ]
    assert look(recorders, made, {"recording"})["recording"] is False
    assert look(recorders, made).tags == {"Name": "it"}


def test_whether_it_records_is_read_only_where_somebody_says_it(recorders, recorder):
    calls = sent(recorders.client, "DescribeConfigurationRecorderStatus")
    assert "recording" not in look(recorders, recorder, {"roleARN"}).properties
    assert calls == []


@pytest.mark.usefixtures("channel")
def test_it_is_started_and_stopped_and_else_left_as_it_is(recorders, recorder):
    calls = sent(recorders.client)
    named = {"ConfigurationRecorderName": "default"}
    assert update(recorders, recorder, {"recording": True}) == ()
    assert update(recorders, recorder, {"recording": False}) == ()
    assert calls == [
        ("StartConfigurationRecorder", named),
        ("StopConfigurationRecorder", named),
    ]


def test_another_role_leaves_what_is_recorded_and_how_often(recorders, recorder):
    settings = {"recordingGroup": WAYS["resourceTypes"], "recordingMode": {}}
    settings["recordingMode"] = {"recordingFrequency": "DAILY"}
    assert update(recorders, recorder, settings) == ()
    before = look(recorders, recorder)
    assert update(recorders, recorder, {"roleARN": f"{ROLE}-two"}) == ()
    after = look(recorders, recorder)
    assert after.properties == {**before.properties, "roleARN": f"{ROLE}-two"}
    assert after.tags == {"Name": "it"}


@pytest.mark.parametrize("before", WAYS)
@pytest.mark.parametrize("after", WAYS)
def test_any_way_to_say_what_is_recorded_follows_any_other(recorders, recorder, before, after):
    assert update(recorders, recorder, {"recordingGroup": WAYS[before]}) == ()
    assert update(recorders, recorder, {"recordingGroup": WAYS[after]}) == ()
    group = look(recorders, recorder)["recordingGroup"]
    given = {name for name in WAYS if group.get(name)}
    assert given == {after}


def test_a_group_that_does_not_say_which_way_is_compared_as_it_is(recorders, recorder):
    said = {"recordingGroup": {"includeGlobalResourceTypes": True}}
    assert recorders.spelled(said) == said
    assert update(recorders, recorder, said) == ()
    assert look(recorders, recorder)["recordingGroup"]["allSupported"] is True


def test_a_recorder_of_any_name_is_the_one_of_the_region_but_for_those_of_aws(
    recorders, recorder, monkeypatch
):
    linked = {"name": "AWSConfigurationRecorderForX", "arn": "x", "servicePrincipal": "x.aws.com"}
    others = [*recorders.listing("describe_configuration_recorders"), linked]
    monkeypatch.setattr(recorders, "listing", lambda *_: others)
    ours, awss = recorders.listed()
    (key,) = keys(recorders, Desired({**RECORDER, "name": "other"}))
    assert [*keys(recorders, ours)] == [key]
    assert [*keys(recorders, awss)] != [key]
    assert (ours.managed_by, awss.managed_by) == ("", "x.aws.com")


@pytest.mark.usefixtures("channel")
def test_what_records_is_stopped_before_it_is_deleted(recorders, recorder):
    observed = look(recorders, recorder)
    update(recorders, recorder, {"recording": True})
    calls = sent(recorders.client)
    recorders.delete(observed)
    recorders.delete(observed)
    deleted = ["StopConfigurationRecorder", "DeleteConfigurationRecorder"]
    assert [operation for operation, _ in calls][:2] == deleted
    assert list(recorders.listed(float("inf"))) == []


def test_what_nobody_says_of_a_channel_goes_back_as_it_came(channels, channel):
    often = {"configSnapshotDeliveryProperties": {"deliveryFrequency": "Six_Hours"}}
    channels.client.put_delivery_channel(DeliveryChannel={**CHANNEL, **often})
    calls = sent(channels.client)
    assert update(channels, channel, {"s3KeyPrefix": "config"}) == ()
    whole = {**CHANNEL, **often, "s3KeyPrefix": "config"}
    assert calls == [("PutDeliveryChannel", {"DeliveryChannel": whole})]


def test_a_topic_that_aws_does_not_forget_is_still_a_difference(channels, channel):
    topic = {"snsTopicARN": f"arn:aws:sns:{REGION}:{ACCOUNT}:changes"}
    assert update(channels, channel, topic) == ()
    (left,) = update(channels, channel, {"snsTopicARN": None})
    assert (left.path, left.before) == ("snsTopicARN", topic["snsTopicARN"])


def test_a_channel_that_is_gone_is_not_deleted_again(channels, channel):
    observed = look(channels, channel)
    channels.delete(observed)
    channels.delete(observed)
    assert list(channels.listed(float("inf"))) == []
    assert change(channels, observed, CHANNEL).fields == ()
