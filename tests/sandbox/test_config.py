"""Written from AWS Config's API reference: what a recorder keeps, and where it may deliver."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.conftest import ACCOUNT, REGION

ROLE = f"arn:aws:iam::{ACCOUNT}:role/recorder"
LINKED = (
    f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
)
RECORDER = {"name": "default", "roleARN": ROLE}
CHANNEL = {"name": "default", "s3BucketName": "muvi-config"}
MODE = {
    "recordingFrequency": "DAILY",
    "recordingModeOverrides": [
        {"resourceTypes": ["AWS::S3::Bucket"], "recordingFrequency": "CONTINUOUS"}
    ],
}


@pytest.fixture
def config(moto):
    return moto("config")


@pytest.fixture
def recorder(config):
    config.put_configuration_recorder(ConfigurationRecorder=RECORDER)
    return shown(config)


@pytest.fixture
def bucket(moto):
    here = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
    moto("s3").create_bucket(Bucket="muvi-config", **here)
    return "muvi-config"


def shown(config):
    (recorder,) = config.describe_configuration_recorders()["ConfigurationRecorders"]
    return recorder


def tags(config):
    listed = config.list_tags_for_resource(ResourceArn=shown(config)["arn"])["Tags"]
    return {each["Key"]: each["Value"] for each in listed}


def refusal(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"]


def test_a_recorder_keeps_how_often_it_records(config):
    config.put_configuration_recorder(ConfigurationRecorder={**RECORDER, "recordingMode": MODE})
    assert shown(config)["recordingMode"] == MODE
    config.put_configuration_recorder(ConfigurationRecorder=RECORDER)
    assert shown(config)["recordingMode"]["recordingFrequency"] == "CONTINUOUS"


def test_a_recorder_has_an_arn_that_stays(config, recorder):
    home = f"arn:aws:config:{REGION}:{ACCOUNT}:configuration-recorder/default/"
    assert recorder["arn"].startswith(home)
    config.put_configuration_recorder(ConfigurationRecorder={**RECORDER, "recordingMode": MODE})
    assert shown(config)["arn"] == recorder["arn"]


def test_a_recorder_takes_tags_when_it_is_new_and_by_arn_afterwards(config):
    owner, team = {"Key": "owner", "Value": "muvi"}, {"Key": "team", "Value": "media"}
    config.put_configuration_recorder(ConfigurationRecorder=RECORDER, Tags=[owner])
    config.put_configuration_recorder(ConfigurationRecorder=RECORDER, Tags=[team])
    assert tags(config) == {"owner": "muvi"}
    config.tag_resource(ResourceArn=shown(config)["arn"], Tags=[team])
    config.untag_resource(ResourceArn=shown(config)["arn"], TagKeys=["owner"])
    assert tags(config) == {"team": "media"}


@pytest.mark.usefixtures("recorder")
def test_a_channel_needs_a_bucket_that_there_is(config):
    refused = refusal(config.put_delivery_channel, DeliveryChannel=CHANNEL)
    assert refused == "NoSuchBucketException"


@pytest.mark.usefixtures("bucket")
def test_awss_own_role_writes_only_where_the_bucket_lets_it(moto, config):
    config.put_configuration_recorder(ConfigurationRecorder={**RECORDER, "roleARN": LINKED})
    refused = refusal(config.put_delivery_channel, DeliveryChannel=CHANNEL)
    assert refused == "InsufficientDeliveryPolicyException"
    let_in = [
        {"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}, **each}
        for each in (
            {"Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::muvi-config"},
            {"Action": "s3:PutObject", "Resource": f"arn:aws:s3:::muvi-config/AWSLogs/{ACCOUNT}/*"},
        )
    ]
    text = json.dumps({"Version": "2012-10-17", "Statement": let_in})
    moto("s3").put_bucket_policy(Bucket="muvi-config", Policy=text)
    config.put_delivery_channel(DeliveryChannel=CHANNEL)
    prefixed = {**CHANNEL, "s3KeyPrefix": "elsewhere"}
    refused = refusal(config.put_delivery_channel, DeliveryChannel=prefixed)
    assert refused == "InsufficientDeliveryPolicyException"


@pytest.mark.usefixtures("recorder", "bucket")
def test_a_channel_keeps_the_topic_that_it_is_not_told_again(config):
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:changes"
    config.put_delivery_channel(DeliveryChannel={**CHANNEL, "snsTopicARN": topic})
    config.put_delivery_channel(DeliveryChannel={**CHANNEL, "s3KeyPrefix": "config"})
    (channel,) = config.describe_delivery_channels()["DeliveryChannels"]
    assert channel == {**CHANNEL, "s3KeyPrefix": "config", "snsTopicARN": topic}
