"""https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html"""

from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import ORDER, Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed

SETTINGS = {  # property: what follows get_, put_ and delete_ in the names of its calls
    # First, for AWS refuses the policy that it blocks.
    "PublicAccessBlockConfiguration": "public_access_block",
    "OwnershipControls": "bucket_ownership_controls",
    "VersioningConfiguration": "bucket_versioning",
    "ServerSideEncryptionConfiguration": "bucket_encryption",
    "Policy": "bucket_policy",
}
UNSET = (
    "NoSuchBucketPolicy",
    "NoSuchPublicAccessBlockConfiguration",
    "OwnershipControlsNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
)


class Bucket(Handler):
    """A bucket. Each of its settings has its own calls; only those mentioned are read."""

    key = ("Bucket",)
    naming = "Bucket"
    immutable = {"Bucket"}
    deferred = {"Policy"}
    lists = {"OwnershipControls.Rules": ORDER, "ServerSideEncryptionConfiguration.Rules": ORDER}
    reads = {"Bucket": "Name"}
    policies = {"Policy"}
    outputs = {"BucketArn", "RegionalDomainName"}
    tagging = Tagging(
        "put_bucket_tagging", id="Bucket", tags="Tagging", inside="TagSet", replaces=True
    )
    holds_data = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        # Without a region AWS lists the buckets of all, and other handlers would have them too.
        for bucket in self.listing("list_buckets", since, BucketRegion=self.home):
            name = bucket["Name"]
            arn = f"arn:{self.client.meta.partition}:s3:::{name}"
            domain = f"{name}.s3.{self.home}.amazonaws.com"
            yield Found(name, {**bucket, "BucketArn": arn, "RegionalDomainName": domain}, arn=arn)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("NoSuchBucket"):
            names = sorted(SETTINGS.keys() & mentioned)
            read = self.aws.at_once(lambda name: self._setting(found.id, name), names)
            settings = dict(zip(names, read, strict=True))
            tags = self._tags(found.id) if found.tags is None else found.tags
            return Observed(found.id, {**found.properties, **settings}, tags)
        return None

    def create(self, desired: Desired) -> str:
        born: dict[str, Any] = {"Tags": self.tagging.to_aws(desired.tags)["TagSet"]}
        if self.home != "us-east-1":  # which AWS refuses to be told
            born["LocationConstraint"] = self.home
        # A name that another account has taken is refused: BucketAlreadyExists.
        self.client.create_bucket(Bucket=desired["Bucket"], CreateBucketConfiguration=born)
        return str(desired["Bucket"])

    def update(self, change: Change) -> None:
        bucket = {"Bucket": change.observed.id}
        for name in filter(change.touches, SETTINGS):
            if name in change.wanted:
                sent = {name: self.sent(name, change.wanted[name])}
                getattr(self.client, f"put_{SETTINGS[name]}")(**bucket, **sent)
            else:
                getattr(self.client, f"delete_{SETTINGS[name]}")(**bucket)

    def delete(self, observed: Observed) -> None:
        # AWS refuses while objects remain. That is what we want.
        with missing("NoSuchBucket"):
            self.client.delete_bucket(Bucket=observed.id)

    def _tags(self, bucket: str) -> dict[str, str]:
        with missing("NoSuchTagSet"):
            answer = self.client.get_bucket_tagging(Bucket=bucket)
            return dict(self.tagging.from_aws(answer["TagSet"]))
        return {}

    def _setting(self, bucket: str, name: str) -> Any:
        with missing(*UNSET):
            answer = getattr(self.client, f"get_{SETTINGS[name]}")(Bucket=bucket)
            # Some answers hold the setting under its name, others are the setting.
            return answer.get(name, {n: v for n, v in answer.items() if n != "ResponseMetadata"})
        return None
