"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupSelection.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import SET, Handler, missing
from reconciler.model import Desired, Found, Observed
from resources.backup import token

KEY = {"BackupPlanId", "SelectionName"}
LISTED = {"IamRoleArn", *KEY}
SELECTED = {"Conditions", "ListOfTags", "NotResources", "Resources"}
# The second is what AWS says of a plan that is gone, and nothing else here can be wrong.
GONE = ("ResourceNotFoundException", "InvalidParameterValueException")


class BackupSelection(Handler):
    """What a plan backs up, and as which role. AWS changes nothing of it: it makes another.

    It has no tags and is ours if its plan is."""

    key = ("BackupPlanId", "SelectionName")
    naming = "SelectionName"
    immutable = {"IamRoleArn", *KEY, *SELECTED}
    lists = {
        "Conditions.StringEquals": SET,
        "Conditions.StringLike": SET,
        "Conditions.StringNotEquals": SET,
        "Conditions.StringNotLike": SET,
        "ListOfTags": SET,
        "NotResources": SET,
        "Resources": SET,
    }
    outputs = {"SelectionId"}
    parent = "BackupPlanId"

    def listed(self, since: float = 0) -> Iterator[Found]:
        for plan in self.listing("list_backup_plans", since):
            with missing(*GONE):
                plan_id = {"BackupPlanId": plan["BackupPlanId"]}
                for each in self.listing("list_backup_selections", since, **plan_id):
                    owner = "AWS" if plan["BackupPlanName"].startswith("aws/") else ""
                    yield Found(each["SelectionId"], each, {}, managed_by=owner)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        if not SELECTED & mentioned:
            return Observed(found.id, found.properties)
        with missing(*GONE):
            plan = found.properties["BackupPlanId"]
            answer = self.client.get_backup_selection(BackupPlanId=plan, SelectionId=found.id)
            return Observed(found.id, {**found.properties, **answer["BackupSelection"]})
        return None

    def create(self, desired: Desired) -> str:
        selection = {n: v for n, v in desired.properties.items() if n != "BackupPlanId"}
        request: dict[str, Any] = {
            "BackupPlanId": desired["BackupPlanId"],
            "BackupSelection": selection,
            "CreatorRequestId": token(desired.intent),
        }
        return str(self.client.create_backup_selection(**request)["SelectionId"])

    def delete(self, observed: Observed) -> None:
        with missing(*GONE):
            plan = observed["BackupPlanId"]
            self.client.delete_backup_selection(BackupPlanId=plan, SelectionId=observed.id)
