"""S3: the other end of a bucket's setting, which AWS asks before it takes it, and moto does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket, S3Backend, s3_backends
from moto.sns.models import sns_backends

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.principals import listed, principals, statements

S3 = "s3.amazonaws.com"
LOGGING = "logging.s3.amazonaws.com"


@corrects(FakeBucket, "_log_permissions_enabled_policy")
def logging_let_in(original: Method, self: Any, target_bucket: Any, target_prefix: Any) -> bool:
    """Moto reads only policies without lists, and stumbles over a principal `*`.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html"""
    log = f"{target_bucket.arn}/{target_prefix or ''}2026-01-01-00-00-00-SOME"
    policy = target_bucket.policy or "{}"
    return _lets(policy, LOGGING, "s3:PutObject", log)


@corrects(S3Backend, "log_incoming_request")
def logged_later(original: Method, self: Any, request: Any, bucket_name: str) -> None:
    """Moto delivers a log with every request; AWS within hours, which no sandbox lives.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html"""


def refuse(setting: str, document: dict[str, Any], backend: Any) -> None:
    """What AWS would not take, and moto does."""
    if setting == "notification" and any(map(_deaf, _destinations(document))):
        message = "Unable to validate the following destination configurations"
        raise S3ClientError("InvalidArgument", message)
    if setting == "replication":
        for rule in document.get("Rule", ()):
            _refuse_rule(rule, backend)


def _refuse_rule(rule: dict[str, Any], backend: Any) -> None:
    for field in ("Priority", "DeleteMarkerReplication"):
        if "Filter" in rule and field not in rule:
            message = f"{field} must be specified for this version of replication configuration"
            raise S3ClientError("InvalidRequest", message)
    target = rule["Destination"]["Bucket"].rpartition(":")[2]
    if target not in s3_backends.bucket_accounts:
        raise S3ClientError("InvalidRequest", "Destination bucket must exist.")
    if not backend.get_bucket(target).is_versioned:
        message = "Destination bucket must have versioning enabled."
        raise S3ClientError("InvalidRequest", message)


def _destinations(document: dict[str, Any]) -> Iterator[str]:
    for kind in ("CloudFunction", "Topic"):
        yield from (each[kind] for each in document.get(f"{kind}Configuration", ()))


def _deaf(arn: str) -> bool:
    """Whether what shall be called is not there, or does not let S3 call it."""
    _, _, service, region, account, *rest = arn.split(":")
    if service == "sns":
        topic = sns_backends[account][region].topics.get(arn)
        return not topic or not _lets(topic.policy, S3, "SNS:Publish", arn)
    known = {each.function_name: each for each in lambda_backends[account][region].list_functions()}
    policy = {"Statement": known[rest[1]].policy.statements if rest[1] in known else []}
    return not _lets(json.dumps(policy), S3, "lambda:InvokeFunction", arn)


def _lets(policy: str | bytes, service: str, action: str, resource: str) -> bool:
    """Whether a policy lets a service of AWS do something; conditions are not looked at."""
    return any(
        each.get("Effect") == "Allow"
        and service in principals(each, "Service")
        and _among(action.lower(), (one.lower() for one in listed(each.get("Action", []))))
        and _among(resource, listed(each.get("Resource", [])))
        for each in statements(policy)
    )


def _among(one: str, patterns: Any) -> bool:
    return any(fnmatchcase(one, pattern) for pattern in patterns)
