"""What the types of RDS share: their tags, their states, and changes that are still pending."""

from __future__ import annotations

from collections.abc import Mapping, Set
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

AT_REST = {"available", "storage-optimization", "stopped"}


def tagging(arn: str) -> Tagging:
    """How RDS spells tags; `arn` is the output that names the object."""
    write, erase = "add_tags_to_resource", "remove_tags_from_resource"
    return Tagging(write, erase, id="ResourceName", of=arn, tags="Tags", erased="TagKeys")


def observed(handler: Handler, found: Found, mentioned: Set[str], state: str) -> Observed:
    """The object as it will be once AWS has applied what is pending. Until then it is PENDING.

    What is pending in properties that nobody mentions holds up nobody."""
    soon = _applied(found.properties)
    now, then = handler.read(found.properties), handler.read(soon)
    status = condition(state)
    reason = "" if status is Status.READY else f"its status is {state}"
    if late := sorted(name for name in mentioned if now.get(name) != then.get(name)):
        status = Status.PENDING if status is Status.READY else status
        reason = f"AWS has yet to apply {', '.join(late)}"
    waits = (_key_owner(found.id),) if status is Status.WAITING else ()
    return Observed(found.id, soon, found.tags or {}, status, reason, waits)


def condition(state: str) -> Status:
    """What a status of RDS means for us.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html"""
    if state in AT_REST:
        return Status.READY
    if "failed" in state or state.startswith("incompatible-") or state == "restore-error":
        return Status.BROKEN
    # The data is there, but its key is not: another object would not be better off.
    return Status.WAITING if state.startswith("inaccessible-") else Status.PENDING


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


def _key_owner(name: str) -> Wait:
    what = f"enable the KMS key of {name} and let RDS use it"
    return Wait("the owner of the encryption key", what, "RDS can open its storage again")
