"""A bucket's settings: which calls each of them has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from reconciler.model import Properties
from resources.s3._shapes import answered, requested


class Setting(NamedTuple):
    """One part of a bucket."""

    call: str
    """What follows `get_` and `put_` in the names of its calls."""
    delete: str = ""
    """What follows `delete_`, where that is something else."""
    emptied: bool = False
    """It has no `delete_`: to take it away is to put it empty."""
    rules: str = ""
    """Its list, without whose members AWS takes none."""


SETTINGS = {
    # First, for AWS refuses the policy that it blocks.
    "PublicAccessBlockConfiguration": Setting("public_access_block"),
    "OwnershipControls": Setting("bucket_ownership_controls"),
    "VersioningConfiguration": Setting("bucket_versioning"),
    "ServerSideEncryptionConfiguration": Setting("bucket_encryption"),
    "Policy": Setting("bucket_policy"),
    "LifecycleConfiguration": Setting(
        "bucket_lifecycle_configuration", "bucket_lifecycle", rules="Rules"
    ),
    "CORSConfiguration": Setting("bucket_cors", rules="CORSRules"),
    "WebsiteConfiguration": Setting("bucket_website"),
    # Last, for AWS looks at the other end, and refuses what is not ready there.
    "BucketLoggingStatus": Setting("bucket_logging", emptied=True),
    "NotificationConfiguration": Setting("bucket_notification_configuration", emptied=True),
    "ReplicationConfiguration": Setting("bucket_replication", rules="Rules"),
}
BESIDE = {"TransitionDefaultMinimumObjectSize": "LifecycleConfiguration"}
"""A property that travels with another's calls."""
UNSET = (
    "NoSuchBucketPolicy",
    "NoSuchCORSConfiguration",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "NoSuchWebsiteConfiguration",
    "OwnershipControlsNotFoundError",
    "ReplicationConfigurationNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
)


def settings_in(names: Iterable[str]) -> list[str]:
    """The settings that these properties are, or travel with, in the order of writing."""
    wanted = {BESIDE.get(name, name) for name in names}
    return [name for name in SETTINGS if name in wanted]


def stands(name: str, wanted: Properties) -> bool:
    """Whether there shall be such a setting."""
    rules = SETTINGS[name].rules
    return name in wanted and bool(not rules or wanted[name].get(rules))


def understood(name: str, answer: Properties) -> dict[str, Any]:
    """The answer of a setting's `get_` call, as properties."""
    said = {field: value for field, value in answer.items() if field != "ResponseMetadata"}
    beside = {field: said.pop(field) for field in BESIDE if field in said}
    # Some answers hold the setting under its name, others are the setting.
    return {name: answered(name, said.get(name, said)), **beside}


def written(name: str, wanted: Properties) -> dict[str, Any]:
    """The parameters of a setting's `put_` call, but the bucket."""
    beside = [field for field, other in BESIDE.items() if other == name and field in wanted]
    return {name: requested(name, wanted[name]), **{field: wanted[field] for field in beside}}
