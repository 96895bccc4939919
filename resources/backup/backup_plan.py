"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupPlan.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties
from resources.backup import tags_of, token

GONE = "ResourceNotFoundException"
SETTINGS = "AdvancedBackupSettings"
DOCUMENT = {"BackupPlanName", "Rules", SETTINGS, "ScanSettings"}
"""What AWS writes as a whole, and forgets where it is left out."""


class BackupPlan(Handler):
    """A plan: when backups are made, into which vault, how long they stay, and where copies go.

    AWS takes several plans of one name. An update replaces the whole document."""

    key = ("BackupPlanName",)
    naming = "BackupPlanName"
    unique = False
    lists = {
        "Rules": ("RuleName",),
        "Rules.CopyActions": ("DestinationBackupVaultArn",),
        SETTINGS: ("ResourceType",),
    }
    outputs = {"BackupPlanArn", "BackupPlanId"}
    tagging = Tagging(
        id="ResourceArn", of="BackupPlanArn", tags="Tags", key="", erased="TagKeyList"
    )

    def listed(self, since: float = 0) -> Iterator[Found]:
        for plan in self.listing("list_backup_plans", since):
            # EFS has one of its own in every region.
            owner = "AWS" if plan["BackupPlanName"].startswith("aws/") else ""
            yield Found(plan["BackupPlanId"], plan, arn=plan["BackupPlanArn"], managed_by=owner)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing(GONE):
            plan = dict(found.properties)
            if "Rules" in mentioned:
                plan |= self._whole(found.id)
            if "DeletionDate" in plan:
                return None
            arn = plan["BackupPlanArn"]
            tags = tags_of(self.client, arn) if found.tags is None else found.tags
            return Observed(found.id, plan, tags)
        return None

    def create(self, desired: Desired) -> str:
        plan = {"BackupPlan": _document(desired.properties), "BackupPlanTags": dict(desired.tags)}
        # Told the same again, AWS answers with the plan that it has made of it.
        made = self.client.create_backup_plan(**plan, CreatorRequestId=token(desired.intent))
        return str(made["BackupPlanId"])

    def update(self, change: Change) -> None:
        plan, wanted = change.observed.id, change.wanted
        if "Rules" not in wanted:  # which nobody has read, for nobody mentions them
            wanted = {**self._whole(plan), **change.wanted}
        self.client.update_backup_plan(BackupPlanId=plan, BackupPlan=_document(wanted))

    def delete(self, observed: Observed) -> None:
        # What it has backed up stays in its vaults.
        with missing(GONE):
            self.client.delete_backup_plan(BackupPlanId=observed.id)

    def _whole(self, plan: str) -> dict[str, Any]:
        answer = dict(self.client.get_backup_plan(BackupPlanId=plan))
        document = answer.pop("BackupPlan")
        # AWS does not always say of a rule what it says by default.
        rules = [_said(rule) for rule in document["Rules"]]
        # It shows these beside the document, and not in it.
        settings = answer.get(SETTINGS, document.get(SETTINGS, []))
        return {**document, **answer, "Rules": rules, SETTINGS: settings}


def _said(rule: Properties) -> dict[str, Any]:
    copies = [_kept(each) for each in rule.get("CopyActions") or ()]
    said = {"EnableContinuousBackup": False, **_kept(rule)}
    return {**said, "CopyActions": copies} if copies else said


def _kept(one: Properties) -> dict[str, Any]:
    """A rule or copy whose lifecycle says whether it goes to archives."""
    if not one.get("Lifecycle"):
        return dict(one)
    # AWS shows the event of others, and does not take it back.
    kept = {n: v for n, v in one["Lifecycle"].items() if n != "DeleteAfterEvent"}
    return {**one, "Lifecycle": {"OptInToArchiveForSupportedResources": False, **kept}}


def _document(properties: Properties) -> dict[str, Any]:
    """A plan as requests take it: without the ids that AWS gives to rules."""
    document = {name: properties[name] for name in sorted(DOCUMENT & properties.keys())}
    rules = [{n: v for n, v in rule.items() if n != "RuleId"} for rule in properties["Rules"]]
    return {**document, "Rules": rules}
