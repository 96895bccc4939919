"""CloudTrail: whether a bucket's policy lets it write what a trail records."""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.s3.models import s3_backends

from reconciler.sandbox.bucket_policies import lets_in

CLOUDTRAIL = "cloudtrail.amazonaws.com"


class Refused(JsonRESTError):
    code = 400


def refuse_bucket(backend: Any, trail: str, name: str, prefix: str | None) -> None:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html"""
    buckets = s3_backends[backend.account_id][backend.partition].buckets
    if name not in buckets:
        return  # which moto refuses
    arn = f"arn:{backend.partition}:s3:::{name}"
    folder = f"{prefix}/" if prefix else ""
    logs = f"{arn}/{folder}AWSLogs/{backend.account_id}/CloudTrail/log"
    home = f"arn:{backend.partition}:cloudtrail:{backend.region_name}:{backend.account_id}"
    wanted = (("s3:GetBucketAcl", arn), ("s3:PutObject", logs))
    if not lets_in(buckets[name].policy, CLOUDTRAIL, f"{home}:trail/{trail}", wanted):
        what = f"Incorrect S3 bucket policy is detected for bucket: {name}"
        raise Refused("InsufficientS3BucketPolicyException", what)
