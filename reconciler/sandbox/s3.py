"""S3: moto's new buckets are bare, and what it does not know it takes for the bucket itself."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Any

import xmltodict
from moto.core.responses import ActionResult
from moto.s3.exceptions import InvalidBucketName, S3ClientError
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend
from moto.s3.responses import S3Response

from reconciler.sandbox.corrections import Method, corrects

ENFORCED = "BucketOwnerEnforced"
SSE_S3 = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}}

NAME = re.compile(
    r"(?!xn--|sthree-)(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
)
UNKNOWN = {
    "abac",
    "analytics",
    "intelligent-tiering",
    "metadataAnnotationTable",
    "metadataConfiguration",
    "metadataInventoryTable",
    "metadataJournalTable",
    "metadataTable",
    "metrics",
    "requestPayment",
    "session",
}
"""What stands in the query of requests about a part of a bucket that moto does not know."""


@corrects(FakeBucket, "__init__")
def new_bucket(original: Method, self: Any, *arguments: Any, **named: Any) -> None:
    """A new bucket blocks public access, encrypts and has no ACLs; moto's has none of this.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html"""
    original(self, *arguments, **named)
    self.public_access_block = PublicAccessBlock(True, True, True, True)
    self.encryption = SSE_S3
    self.ownership_rule = ENFORCED


@corrects(S3Backend, "create_bucket")
def named_well(original: Method, self: Any, bucket_name: str, *rest: Any, **named: Any) -> Any:
    """Moto looks at the length of a name only.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""
    if not NAME.fullmatch(bucket_name):
        raise InvalidBucketName()
    return original(self, bucket_name, *rest, **named)


@corrects(S3Response, "_bucket_response_put")
def put(original: Method, self: Any, request: Any, name: str, query: dict[str, Any]) -> Any:
    """Moto takes a PUT of what it does not know for CreateBucket, whose tags it drops, and
    takes ACLs where there are none.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html"""
    _known(query)
    if "acl" in query and self.backend.get_bucket(name).ownership_rule == ENFORCED:
        raise S3ClientError("AccessControlListNotSupported", "The bucket does not allow ACLs")
    answer = original(self, request, name, query)
    if tags := _tags_of_new(self.body):
        self.backend.put_bucket_tagging(name, tags)
    return answer


@corrects(S3Response, "_bucket_response_get")
def get(original: Method, self: Any, name: str, query: dict[str, Any]) -> Any:
    """Moto answers with the bucket's objects where it is asked for what it does not know.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetricsConfiguration.html"""
    _known(query)
    return original(self, name, query)


@corrects(S3Response, "_bucket_response_delete")
def delete(original: Method, self: Any, name: str, query: dict[str, Any]) -> Any:
    """Moto deletes the bucket where it is told to delete a part that it does not know.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketMetricsConfiguration.html"""
    _known(query, UNKNOWN | {"inventory"})
    return original(self, name, query)


@corrects(S3Response, "all_buckets")
def list_buckets(original: Method, self: Any) -> Any:
    """Moto does not say in which region a bucket is; AWS does to those who ask for something.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_Bucket.html"""
    asked = {name: self._get_param(name) for name in ("prefix", "bucket-region", "max-buckets")}
    listed = self.backend.list_buckets(*asked.values())
    said = any(asked.values())
    buckets = [
        {
            "Name": bucket.name,
            "CreationDate": bucket.creation_date_ISO8601,
            **({"BucketRegion": bucket.region_name} if said else {}),
        }
        for bucket in listed
    ]
    self.data["Action"] = "ListBuckets"
    return self.serialized(ActionResult({"Buckets": buckets, "Owner": {"ID": "sandbox"}}))


@corrects(S3Response, "_bucket_tagging_from_body")
def own_tags_kept(original: Method, self: Any) -> Any:
    """AWS's own tags may be sent back as they are; moto refuses them in any case.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html"""
    listed = xmltodict.parse(self.body, force_list=("Tag",))["Tagging"]["TagSet"] or {}
    sent = {tag["Key"]: tag["Value"] or "" for tag in listed.get("Tag", ())}
    there = self.backend.tagger.get_tag_dict_for_resource(
        self.backend.get_bucket(self.bucket_name).arn
    )
    if _own(sent) != _own(there):
        raise S3ClientError("InvalidTag", "System tags cannot be added/updated by requester")
    return sent


def _own(tags: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in tags.items() if name.startswith("aws:")}


def _known(query: dict[str, Any], unknowns: Set[str] = UNKNOWN) -> None:
    if unknown := unknowns & query.keys():
        raise S3ClientError("NotImplemented", f"The sandbox knows nothing of {min(unknown)}")


def _tags_of_new(body: bytes) -> dict[str, str]:
    if not body or b"<CreateBucketConfiguration" not in body:
        return {}
    born = xmltodict.parse(body, force_list=("Tag",))["CreateBucketConfiguration"]
    listed = (born.get("Tags") or {}).get("Tag", ())
    return {tag["Key"]: tag["Value"] or "" for tag in listed}
