"""AWS Config: moto forgets how often a recorder records and its tags, and takes any bucket."""

from __future__ import annotations

from typing import Any

from moto.config.models import ConfigBackend
from moto.config.responses import ConfigResponse
from moto.core.exceptions import JsonRESTError
from moto.moto_api._internal import mock_random
from moto.s3.models import s3_backends

from reconciler.sandbox.bucket_policies import lets_in
from reconciler.sandbox.corrections import Method, corrects

CONFIG = "config.amazonaws.com"
LINKED = f"/aws-service-role/{CONFIG}/"
"""In the ARN of the role that AWS Config has of its own: with it the bucket must let AWS in."""
MODE = {"recordingFrequency": "CONTINUOUS", "recordingModeOverrides": []}


class Refused(JsonRESTError):
    code = 400


@corrects(ConfigBackend, "put_configuration_recorder")
def put_configuration_recorder(original: Method, self: Any, config_recorder: Any) -> None:
    """moto drops how often it records, and has no ARN for it. API_ConfigurationRecorder.html"""
    before = self.recorders.get(config_recorder["name"])
    original(self, config_recorder)
    name = config_recorder["name"]
    recorder = self.recorders[name]
    home = f"arn:{self.partition}:config:{self.region_name}:{self.account_id}"
    made = f"{home}:configuration-recorder/{name}/{mock_random.get_random_hex(16)}"
    recorder.recording_mode = {**MODE, **(config_recorder.get("recordingMode") or {})}
    recorder.arn = before.arn if before else made
    recorder.tags = before.tags if before else {}


@corrects(ConfigResponse, "put_configuration_recorder")
def put_tagged(original: Method, self: Any) -> str:
    """moto drops its tags. AWS takes them for a new one only. API_PutConfigurationRecorder.html"""
    name = self._get_param("ConfigurationRecorder")["name"]
    new = name not in self.config_backend.recorders
    answer = original(self)
    if new and (tags := self._get_param("Tags")):
        recorder = self.config_backend.recorders[name]
        recorder.tags = {each["Key"]: each["Value"] for each in tags}
    return str(answer)


@corrects(ConfigBackend, "_match_arn")
def match_arn(original: Method, self: Any, resource_arn: str) -> Any:
    """moto knows no tags of recorders. API_TagResource.html"""
    ours = [each for each in self.recorders.values() if each.arn == resource_arn]
    return ours[0] if ours else original(self, resource_arn)


@corrects(ConfigBackend, "put_delivery_channel")
def put_delivery_channel(original: Method, self: Any, delivery_channel: Any) -> None:
    """moto takes buckets that there are not, or that let nobody in, and forgets the topic that it
    is not told again. API_PutDeliveryChannel.html"""
    given = dict(delivery_channel)
    before = self.delivery_channels.get(given.get("name"))
    if before and before.sns_topic_arn:
        given.setdefault("snsTopicARN", before.sns_topic_arn)
    if self.recorders:
        _refuse_bucket(self, given["s3BucketName"], given.get("s3KeyPrefix"))
    original(self, given)


def _refuse_bucket(backend: Any, name: str, prefix: str | None) -> None:
    """https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html"""
    buckets = s3_backends[backend.account_id][backend.partition].buckets
    if name not in buckets:
        what = f"Cannot find a S3 bucket with name: {name}"
        raise Refused("NoSuchBucketException", what)
    (recorder,) = backend.recorders.values()
    if LINKED not in recorder.role_arn:
        return
    arn, folder = f"arn:{backend.partition}:s3:::{name}", f"{prefix}/" if prefix else ""
    log = f"{arn}/{folder}AWSLogs/{backend.account_id}/Config/log"
    wanted = (("s3:GetBucketAcl", arn), ("s3:PutObject", log))
    if not lets_in(buckets[name].policy, CONFIG, recorder.arn, wanted):
        what = f"Insufficient delivery policy to s3 bucket: {name}, unable to write to bucket"
        raise Refused("InsufficientDeliveryPolicyException", what)
