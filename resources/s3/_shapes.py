"""How a bucket's settings are spelled in the YAML, in AWS's answers, and in requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.model import Properties

LIFECYCLE = "LifecycleConfiguration"
LOGGING = "BucketLoggingStatus"
NOTIFICATION = "NotificationConfiguration"
REPLICATION = "ReplicationConfiguration"
EVENTS = "EventBridgeConfiguration"
FILTERS = ("Prefix", "Tag", "Tags", "ObjectSizeGreaterThan", "ObjectSizeLessThan", "And")
NEVER_ABSENT = {  # what AWS has instead
    "ServerSideEncryptionConfiguration": {
        "Rules": [
            {
                "ApplyServerSideEncryptionByDefault": {
                    "SSEAlgorithm": "AES256",
                    "KMSMasterKeyID": None,
                }
            }
        ]
    },
    "VersioningConfiguration": {"Status": "Suspended"},
}


def spelled(name: str, setting: Any) -> Any:
    """A desired setting as it is compared."""
    if setting is None:
        return NEVER_ABSENT.get(name)
    if not isinstance(setting, Mapping):
        return setting
    if EVENTS in setting:
        return {**setting, EVENTS: setting[EVENTS] or None}
    if name not in (LIFECYCLE, REPLICATION) or not isinstance(setting.get("Rules"), list):
        return setting
    return {**setting, "Rules": list(map(_filtered, setting["Rules"]))}


def answered(name: str, setting: Mapping[str, Any]) -> Mapping[str, Any]:
    """A setting that AWS answered, as requests spell it."""
    if name != NOTIFICATION:
        return setting
    lists = {kind: list(map(_lower, each)) for kind, each in setting.items() if kind != EVENTS}
    # AWS switches it on by an empty structure, and off by none, which look alike to us.
    return {**lists, **({EVENTS: True} if EVENTS in setting else {})}


def requested(name: str, setting: Any) -> Any:
    """A setting with all that AWS demands where the YAML may be silent."""
    return SHAPES[name](setting) if name in SHAPES else setting


def _filtered(rule: Any) -> Any:
    """A filter says for which objects a rule is, so it is one thing: what it leaves out goes."""
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
