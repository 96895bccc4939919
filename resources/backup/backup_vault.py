"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from reconciler.errors import Denied
from reconciler.handler import SET, Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed
from resources.backup import tags_of, token

# What AWS answers about a vault that is gone, or that has no such setting.
GONE = "ResourceNotFoundException"
POLICY = "Policy"
LOCK = {"MaxRetentionDays", "MinRetentionDays"}
NOTICES = {"BackupVaultEvents", "SNSTopicArn"}


class BackupVault(Handler):
    """A vault that keeps recovery points: who may use it, and how long they must be kept.

    Its lock is the one that who may do so can take off. The other kind is for good, so people
    set it by hand; here it is left alone."""

    key = ("BackupVaultName",)
    naming = "BackupVaultName"
    immutable = {"BackupVaultName", "EncryptionKeyArn"}
    deferred = {POLICY, *LOCK, *NOTICES}
    lists = {"BackupVaultEvents": SET}
    policies = {POLICY}
    outputs = {"BackupVaultArn"}
    tagging = Tagging(id="ResourceArn", tags="Tags", key="", erased="TagKeyList")
    holds_data = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        for vault in self.listing("list_backup_vaults", since):
            # AWS makes such ones for other services, and lets nobody change them.
            owner = "AWS" if vault["BackupVaultName"].startswith("aws/") else ""
            arn = vault["BackupVaultArn"]
            yield Found(arn, vault, arn=arn, managed_by=owner)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        vault, name = dict(found.properties), found.properties["BackupVaultName"]
        if POLICY in mentioned:
            vault |= self._setting("get_backup_vault_access_policy", name)
        if NOTICES & mentioned:
            vault |= self._setting("get_backup_vault_notifications", name)
        with missing(GONE):
            tags = tags_of(self.client, found.id) if found.tags is None else found.tags
            return Observed(found.id, vault, tags)
        return None

    def create(self, desired: Desired) -> str:
        vault = self.accepted("create_backup_vault", desired.properties)
        more = {"BackupVaultTags": dict(desired.tags), "CreatorRequestId": token(desired.intent)}
        return str(self.client.create_backup_vault(**vault, **more)["BackupVaultArn"])

    def update(self, change: Change) -> None:
        if change.touches(POLICY):
            self._write("access_policy", change, {POLICY})
        if change.touches(*NOTICES):
            self._write("notifications", change, NOTICES)
        if change.touches(*LOCK):
            self._refuse_for_good(change)
            self._write("lock_configuration", change, LOCK)

    def delete(self, observed: Observed) -> None:
        # AWS refuses to while there is a recovery point in it. Those nobody deletes here.
        with missing(GONE):
            self.client.delete_backup_vault(BackupVaultName=observed["BackupVaultName"])

    def _setting(self, operation: str, name: str) -> dict[str, Any]:
        with missing(GONE):
            return dict(getattr(self.client, operation)(BackupVaultName=name))
        return {}

    def _write(self, setting: str, change: Change, names: Set[str]) -> None:
        """Put a setting whole, or take it away if nothing of it is wanted."""
        wanted = {name: change.wanted[name] for name in names if change.wanted.get(name)}
        vault = {"BackupVaultName": change.observed["BackupVaultName"]}
        if not wanted:
            getattr(self.client, f"delete_backup_vault_{setting}")(**vault)
            return
        sent = {name: self.sent(name, value) for name, value in wanted.items()}
        getattr(self.client, f"put_backup_vault_{setting}")(**vault, **sent)

    def _refuse_for_good(self, change: Change) -> None:
        """AWS would take such a lock off in its first days, if it is put without a date."""
        if date := change.observed.properties.get("LockDate"):
            raise Denied(
                f"somebody locks {change.observed['BackupVaultName']} for good as of {date}, and "
                "our lock would undo that: write into the YAML what AWS has, or change the lock "
                "by hand"
            )
