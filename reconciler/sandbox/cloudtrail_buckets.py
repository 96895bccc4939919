"""CloudTrail: whether a bucket's policy lets it write what a trail records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.s3.models import s3_backends

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
    allowed = list(_allowed(buckets[name].policy, f"{home}:trail/{trail}"))
    for wanted in (("s3:GetBucketAcl", arn), ("s3:PutObject", logs)):
        if not any(_covers(statement, *wanted) for statement in allowed):
            what = f"Incorrect S3 bucket policy is detected for bucket: {name}"
            raise Refused("InsufficientS3BucketPolicyException", what)


def _allowed(policy: bytes | None, trail: str) -> Iterator[dict[str, Any]]:
    """What a bucket lets CloudTrail do on behalf of this trail."""
    for statement in json.loads(policy)["Statement"] if policy else ():
        principal = statement.get("Principal")
        services = _many(principal.get("Service")) if isinstance(principal, dict) else [principal]
        let_in = CLOUDTRAIL in services or "*" in services
        if let_in and statement["Effect"] == "Allow" and _of(statement, trail):
            yield statement


def _of(statement: dict[str, Any], trail: str) -> bool:
    """Whether the statement is about this trail, or does not say about which."""
    for keys in statement.get("Condition", {}).values():
        for key, patterns in keys.items():
            if key.lower() == "aws:sourcearn":
                return any(fnmatchcase(trail, each) for each in _many(patterns))
    return True


def _covers(statement: dict[str, Any], action: str, resource: str) -> bool:
    actions, resources = _many(statement.get("Action")), _many(statement.get("Resource"))
    does = any(fnmatchcase(action.lower(), each.lower()) for each in actions)
    return does and any(fnmatchcase(resource, each) for each in resources)


def _many(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []
