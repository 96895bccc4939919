"""S3: settings of buckets, of which moto keeps the half, and takes what it should not."""

from __future__ import annotations

import json
import uuid
from typing import Any

import xmltodict
from moto.s3.exceptions import BucketAccessDeniedError, S3ClientError
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response
from moto.s3.utils import bucket_policy_is_public

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.principals import nobody
from reconciler.sandbox.s3 import SSE_S3
from reconciler.sandbox.s3_ends import refuse

ROOTS = {
    "lifecycle": "LifecycleConfiguration",
    "notification": "NotificationConfiguration",
    "replication": "ReplicationConfiguration",
}
"""What stands in the query of a request about a setting -> what its document is called."""
NAMED = {
    "Rule": "ID",
    "CloudFunctionConfiguration": "Id",
    "QueueConfiguration": "Id",
    "TopicConfiguration": "Id",
}
"""Members that AWS gives a name, where nobody did -> the field for it."""
LISTS = (*NAMED, "FilterRule")
SIZE = "x-amz-transition-default-minimum-object-size"


@corrects(S3Response, "_bucket_response_put")
def kept(original: Method, self: Any, request: Any, name: str, query: dict[str, Any]) -> Any:
    """Moto keeps of rules what it knows: no counts of versions, sizes, criteria or EventBridge.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html"""
    setting = next(iter(ROOTS.keys() & query.keys()), "")
    document = xmltodict.parse(self.body, force_list=LISTS)[ROOTS[setting]] if setting else None
    if document:
        refuse(setting, document, self.backend)
    answer = original(self, request, name, query)
    if setting:
        bucket = self.backend.get_bucket(name)
        vars(bucket).setdefault("documents", {})[setting] = _named(document or {})
        if setting == "lifecycle":
            bucket.smallest = request.headers.get(SIZE, "all_storage_classes_128K")
    return answer


@corrects(S3Response, "_bucket_response_get")
def answered(original: Method, self: Any, name: str, query: dict[str, Any]) -> Any:
    """Moto answers with the half that it kept.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html"""
    answer = original(self, name, query)  # which says so where there is none
    setting = next(iter(ROOTS.keys() & query.keys()), "")
    bucket = self.backend.get_bucket(name)
    document = vars(bucket).get("documents", {}).get(setting)
    if not document:
        return answer
    headers = {SIZE: bucket.smallest} if setting == "lifecycle" else {}
    return 200, headers, xmltodict.unparse({ROOTS[setting]: document})


@corrects(S3Backend, "delete_bucket_encryption")
def default_encryption(original: Method, self: Any, bucket_name: str) -> None:
    """What is deleted falls back to SSE-S3; moto leaves the bucket without.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html"""
    self.get_bucket(bucket_name).encryption = SSE_S3


@corrects(S3Backend, "put_bucket_policy")
def policy_checked(original: Method, self: Any, bucket_name: str, policy: bytes) -> None:
    """Moto takes any text for a policy, strangers it never met, and public ones where blocked.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html"""
    block = self.get_bucket(bucket_name).public_access_block
    if not _is_policy(policy):
        raise S3ClientError("MalformedPolicy", "Policies must be valid JSON with statements")
    if nobody(policy, self.account_id):
        raise S3ClientError("MalformedPolicy", "Invalid principal in policy")
    if block and block.block_public_policy and bucket_policy_is_public(policy):
        raise BucketAccessDeniedError(bucket_name)
    original(self, bucket_name, policy)


@corrects(S3Backend, "put_bucket_versioning")
def versions_needed(original: Method, self: Any, bucket_name: str, status: str) -> None:
    """Moto suspends versions of a bucket while they are replicated.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-and-other-bucket-configs.html"""
    if status == "Suspended" and self.get_bucket_replication(bucket_name):
        raise S3ClientError("InvalidBucketState", "A replication configuration is present")
    original(self, bucket_name, status)


def _is_policy(policy: bytes) -> bool:
    try:
        parsed = json.loads(policy)
    except ValueError:
        return False
    return isinstance(parsed, dict) and bool(parsed.get("Statement"))


def _named(document: dict[str, Any]) -> dict[str, Any]:
    """The document as AWS answers it: every member has a name, and so have filters, in capitals."""
    for kind, field in NAMED.items():
        for member in document.get(kind, ()):
            member.setdefault(field, str(uuid.uuid4()))
            for rule in ((member.get("Filter") or {}).get("S3Key") or {}).get("FilterRule", ()):
                rule["Name"] = rule["Name"].capitalize()
    return document
