"""What the types of RDS share: their tags, their states, and changes that are still pending."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

from reconciler.handler import Handler, Tagging
from reconciler.model import Change, Found, Observed, Properties, Status, Wait

INSIGHTS = {
    "DatabaseInsightsMode",
    "EnablePerformanceInsights",
    "PerformanceInsightsKMSKeyId",
    "PerformanceInsightsRetentionPeriod",
}
MONITORING = {"MonitoringInterval", "MonitoringRoleArn"}
COMPANY = (INSIGHTS, MONITORING)
"""Properties of which AWS wants all if it is sent one."""

AT_REST = {
    "available",
    "stopped",
    "storage-initialization",
    "storage-optimization",
    "suspended",  # a proxy whose database rests; it wakes when it is called
}
GIVEN_UP = {"incompatible-restore", "insufficient-capacity", "restore-error"}
PEOPLE = {
    # The data is there, but its key is not: another object would not be better off.
    # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html
    "inaccessible-encryption-credentials-recoverable": (
        "the owner of the encryption key",
        "enable the KMS key of {}, let RDS use it, and start the cluster: after seven days without "
        "its key RDS gives it up",
        "RDS can open its storage again",
    ),
    "inaccessible-": (
        "the owner of the data",
        "restore {} from a backup: it was without its KMS key for too long",
        "there is a storage that RDS can open",
    ),
    # Nor would it be with the same parameters, or in the same network.
    "incompatible-network": (
        "the owner of the network",
        "give {} free addresses in its subnets, and groups and DNS that it can use",
        "RDS can reach it again",
    ),
    "incompatible-": (
        "the owner of its parameters",
        "correct the settings that {} cannot start with; its events in RDS name them",
        "RDS can start it",
    ),
    "insufficient-resource-limits": (
        "the owner of the account's quotas",
        "raise the quota that {} has reached; its events in RDS name it",
        "RDS can finish it",
    ),
    "storage-full": ("the owner of the data", "give {} more storage", "it can be written again"),
}
"""Who must do what in which states, by how these begin; the first one counts."""

GRAVEST = (Status.BROKEN, Status.PENDING, Status.WAITING)
"""Of several states, which one counts: what is under way cannot be written to."""


def tagging(arn: str) -> Tagging:
    """How RDS spells tags; `arn` is the output that names the object."""
    write, erase = "add_tags_to_resource", "remove_tags_from_resource"
    return Tagging(write, erase, id="ResourceName", of=arn, tags="Tags", erased="TagKeys")


def observed(handler: Handler, found: Found, mentioned: Set[str], state: str) -> Observed:
    """The object as it will be once AWS has applied what is pending. Until then it is PENDING.

    What is pending in properties that nobody mentions holds up nobody."""
    soon = _applied(found.properties)
    now, then = handler.read(found.properties), handler.read(soon)
    seen = in_state(Observed(found.id, soon, found.tags or {}), {found.id: state})
    if late := sorted(name for name in mentioned if now.get(name) != then.get(name)):
        status = Status.PENDING if seen.status is Status.READY else seen.status
        return replace(seen, status=status, reason=f"AWS has yet to apply {', '.join(late)}")
    return seen


def in_state(observed: Observed, states: Mapping[str, str]) -> Observed:
    """The object with what its status means for us, and those of its parts, by their names."""
    conditions = {name: condition(state) for name, state in states.items()}
    status = next((each for each in GRAVEST if each in conditions.values()), Status.READY)
    if status is Status.READY:
        return observed
    name = next(name for name, each in conditions.items() if each is status)
    whose = "its status" if name == observed.id else f"the status of {name}"
    reason = f"{whose} is {states[name]}"
    waits = tuple(_wait(each, states[each]) for each in states if status is Status.WAITING)
    return replace(observed, status=status, reason=reason, waits=tuple(filter(None, waits)))


def condition(state: str) -> Status:
    """What a status of RDS means for us: of clusters, instances, proxies and their endpoints.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html"""
    if state in AT_REST:
        return Status.READY
    if "failed" in state or state in GIVEN_UP:
        return Status.BROKEN
    return Status.WAITING if state.startswith(tuple(PEOPLE)) else Status.PENDING


def together(change: Change) -> Properties:
    """What differs, and what AWS takes only in its company."""
    company = [group for group in COMPANY if change.touches(*group)]
    names = change.names.union(*company)
    return {name: change.wanted[name] for name in sorted(names) if name in change.wanted}


def _applied(answer: Properties) -> dict[str, Any]:
    pending = dict(answer.get("PendingModifiedValues") or {})
    logs = pending.pop("PendingCloudwatchLogsExports", None) or {}
    pending.pop("MasterUserPassword", None)  # nobody compares a password
    if not logs:
        return {**answer, **pending}
    exports = _exported(answer.get("EnabledCloudwatchLogsExports") or [], logs)
    return {**answer, **pending, "EnabledCloudwatchLogsExports": exports}


def _exported(now: list[str], pending: Mapping[str, list[str]]) -> list[str]:
    gone = pending.get("LogTypesToDisable", [])
    return [each for each in now if each not in gone] + pending.get("LogTypesToEnable", [])


def _wait(name: str, state: str) -> Wait | None:
    """What people must do for what is in this state; None if nothing."""
    told = next((PEOPLE[begin] for begin in PEOPLE if state.startswith(begin)), None)
    if told is None or state in GIVEN_UP:
        return None
    who, what, unblocks = told
    return Wait(who, what.format(name), unblocks)
