"""https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from reconciler.handler import ORDER, SET, Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties
from resources.s3 import (
    EVENTS,
    LIFECYCLE,
    LOGGING,
    NOTIFICATION,
    REPLICATION,
    SETTINGS,
    UNSET,
    settings_in,
    stands,
    understood,
    whole,
    written,
)

CORS = "CORSConfiguration.CORSRules"
CORS_SETS = ("AllowedHeaders", "AllowedMethods", "AllowedOrigins", "ExposeHeaders")
NOTIFIED = tuple(
    f"{NOTIFICATION}.{kind}"
    for kind in ("LambdaFunctionConfigurations", "QueueConfigurations", "TopicConfigurations")
)

SSE_S3 = {"SSEAlgorithm": "AES256", "KMSMasterKeyID": None}
NEVER_ABSENT = {  # what AWS has instead
    "ServerSideEncryptionConfiguration": {
        "Rules": [{"ApplyServerSideEncryptionByDefault": SSE_S3}]
    },
    "VersioningConfiguration": {"Status": "Suspended"},
}


class Bucket(Handler):
    """A bucket. Each of its settings has its own calls; only those mentioned are read."""

    key = ("Bucket",)
    naming = "Bucket"
    immutable = {"Bucket"}
    deferred = {"Policy", LOGGING, NOTIFICATION, REPLICATION}
    lists = {
        "OwnershipControls.Rules": ORDER,
        "ServerSideEncryptionConfiguration.Rules": ORDER,
        f"{LIFECYCLE}.Rules": ("ID",),
        f"{LIFECYCLE}.Rules.Filter.And.Tags": ("Key",),
        f"{LIFECYCLE}.Rules.NoncurrentVersionTransitions": ("StorageClass",),
        f"{LIFECYCLE}.Rules.Transitions": ("StorageClass",),
        CORS: (ORDER, "ID"),
        **{f"{CORS}.{name}": SET for name in CORS_SETS},
        "WebsiteConfiguration.RoutingRules": ORDER,
        **dict.fromkeys(NOTIFIED, ("Id",)),
        **{f"{each}.Events": SET for each in NOTIFIED},
        **{f"{each}.Filter.Key.FilterRules": ("Name",) for each in NOTIFIED},
        f"{REPLICATION}.Rules": ("ID",),
        f"{REPLICATION}.Rules.Filter.And.Tags": ("Key",),
    }
    reads = {"Bucket": "Name"}
    policies = {"Policy"}
    outputs = {"BucketArn", "RegionalDomainName"}
    tagging = Tagging(
        "put_bucket_tagging", id="Bucket", tags="Tagging", inside="TagSet", replaces=True
    )
    overwrites = True  # in us-east-1 AWS resets the ACL of a bucket that is ours already
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
            names = settings_in(mentioned)
            read = self.aws.at_once(lambda name: self._setting(found.id, name), names)
            settings = {name: value for each in read for name, value in each.items()}
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
        names = settings_in(change.names)
        # AWS refuses to suspend versions while they are replicated: what goes, goes first.
        for name in reversed(names):
            if not stands(name, change.wanted):
                self._take_away(change.observed.id, name)
        for name in names:
            if stands(name, change.wanted):
                self._put(change.observed.id, name, change.wanted)

    def delete(self, observed: Observed) -> None:
        # AWS refuses while objects remain. That is what we want.
        with missing("NoSuchBucket"):
            self.client.delete_bucket(Bucket=observed.id)

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties, filters whole, and null as what AWS makes of it."""
        return {name: _spelled(name, value) for name, value in desired.items()}

    def _tags(self, bucket: str) -> dict[str, str]:
        with missing("NoSuchTagSet"):
            answer = self.client.get_bucket_tagging(Bucket=bucket)
            return dict(self.tagging.from_aws(answer["TagSet"]))
        return {}

    def _setting(self, bucket: str, name: str) -> dict[str, Any]:
        with missing(*UNSET):
            answer = getattr(self.client, f"get_{SETTINGS[name].call}")(Bucket=bucket)
            return understood(name, answer)
        return {name: {} if SETTINGS[name].rules else None}

    def _put(self, bucket: str, name: str, wanted: Properties) -> None:
        sent = {field: self.sent(field, value) for field, value in written(name, wanted).items()}
        getattr(self.client, f"put_{SETTINGS[name].call}")(Bucket=bucket, **sent)

    def _take_away(self, bucket: str, name: str) -> None:
        setting = SETTINGS[name]
        if setting.emptied:
            getattr(self.client, f"put_{setting.call}")(Bucket=bucket, **{name: {}})
        else:
            getattr(self.client, f"delete_{setting.delete or setting.call}")(Bucket=bucket)


def _spelled(name: str, setting: Any) -> Any:
    if setting is None:
        return NEVER_ABSENT.get(name)
    if name in (LIFECYCLE, REPLICATION) and isinstance(setting, Mapping):
        return whole(setting)
    if name == NOTIFICATION and isinstance(setting, Mapping) and EVENTS in setting:
        return {**setting, EVENTS: setting[EVENTS] or None}
    return setting
