"""A bucket's settings: which calls each has, and how requests and answers spell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from reconciler.model import Properties

LIFECYCLE = "LifecycleConfiguration"
LOGGING = "BucketLoggingStatus"
NOTIFICATION = "NotificationConfiguration"
REPLICATION = "ReplicationConfiguration"
EVENTS = "EventBridgeConfiguration"
FILTERS = ("Prefix", "Tag", "Tags", "ObjectSizeGreaterThan", "ObjectSizeLessThan", "And")


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
    LIFECYCLE: Setting("bucket_lifecycle_configuration", "bucket_lifecycle", rules="Rules"),
    "CORSConfiguration": Setting("bucket_cors", rules="CORSRules"),
    "WebsiteConfiguration": Setting("bucket_website"),
    # Last, for AWS looks at the other end, and refuses what is not ready there.
    LOGGING: Setting("bucket_logging", emptied=True),
    NOTIFICATION: Setting("bucket_notification_configuration", emptied=True),
    REPLICATION: Setting("bucket_replication", rules="Rules"),
}
BESIDE = {"TransitionDefaultMinimumObjectSize": LIFECYCLE}
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
    return {name: _answered(name, said.get(name, said)), **beside}


def written(name: str, wanted: Properties) -> dict[str, Any]:
    """The parameters of a setting's `put_` call, but the bucket."""
    beside = [field for field, other in BESIDE.items() if other == name and field in wanted]
    shape = SHAPES.get(name, lambda setting: setting)
    return {name: shape(wanted[name]), **{field: wanted[field] for field in beside}}


def whole(setting: Properties) -> dict[str, Any]:
    """A desired setting whose rules say of filters what they shall not have, too.

    A filter says for which objects a rule is, so it is one thing."""
    rules = setting.get("Rules")
    filtered = {"Rules": list(map(_filtered, rules))} if isinstance(rules, list) else {}
    return {**setting, **filtered}


def _answered(name: str, setting: Mapping[str, Any]) -> Mapping[str, Any]:
    """A setting that AWS answered, as requests spell it."""
    if name != NOTIFICATION:
        return setting
    lists = {kind: list(map(_lower, each)) for kind, each in setting.items() if kind != EVENTS}
    # AWS switches it on by an empty structure, and off by none, which look alike to us.
    return {**lists, **({EVENTS: True} if EVENTS in setting else {})}


def _filtered(rule: Any) -> Any:
    if not isinstance(rule, Mapping) or not isinstance(rule.get("Filter"), Mapping):
        return rule
    given = rule["Filter"]
    inner = {"And": _only(given["And"])} if isinstance(given.get("And"), Mapping) else {}
    return {**rule, "Filter": {**_only(given), **inner}}


def _only(given: Mapping[str, Any]) -> dict[str, Any]:
    return {**dict.fromkeys(FILTERS), **given, "$exact": ["Tags"]}


def _lower(one: dict[str, Any]) -> dict[str, Any]:
    """AWS answers `Prefix` where it is told `prefix`."""
    rules = one.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    lower = [{**rule, "Name": rule["Name"].lower()} for rule in rules]
    return {**one, "Filter": {"Key": {"FilterRules": lower}}} if rules else one


def _notification(setting: Properties) -> dict[str, Any]:
    lists = {kind: each for kind, each in setting.items() if kind != EVENTS}
    return {**lists, **({EVENTS: {}} if setting.get(EVENTS) else {})}


def _lifecycle(setting: Properties) -> dict[str, Any]:
    return {**setting, "Rules": list(map(_with_filter, setting["Rules"]))}


def _replication(setting: Properties) -> dict[str, Any]:
    # AWS demands it of rules that have a filter.
    markers = {"DeleteMarkerReplication": {"Status": "Disabled"}}
    return {**setting, "Rules": [{**markers, **_with_filter(rule)} for rule in setting["Rules"]]}


def _with_filter(rule: Properties) -> dict[str, Any]:
    """AWS demands a filter, and takes no rule of the old form beside one that has it."""
    kept = {field: value for field, value in rule.items() if field != "Prefix"}
    return {**kept, "Filter": rule.get("Filter") or {"Prefix": rule.get("Prefix", "")}}


def _logging(setting: Properties) -> dict[str, Any]:
    enabled = setting.get("LoggingEnabled")
    return {"LoggingEnabled": {"TargetPrefix": "", **enabled}} if enabled else {}


SHAPES = {
    LIFECYCLE: _lifecycle,
    LOGGING: _logging,
    NOTIFICATION: _notification,
    REPLICATION: _replication,
}
