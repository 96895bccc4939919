"""What AWS Backup refuses: vaults of other regions, backups that go too soon, half a notice.

https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.load.problems import Finding
from reconciler.load.rules.place import Place

COLD, POINTS = 90, 35
"""Days in cold storage at least, and days that continuous backups are kept at most."""
SELECTING = ("Resources", "ListOfTags", "Conditions", "NotResources")
TOLD = ("SNSTopicArn", "BackupVaultEvents")


def vault_region(plan: Place) -> Iterator[Finding]:
    """A plan names vaults of its own region; copies go where they like."""
    home = plan.resource.region
    for place in plan.all("Rules.TargetBackupVaultName"):
        vault = place.of("backup.backup_vault")
        if vault and vault.resource.region != home:
            yield place.wrong(
                f"is {vault.resource.address}, which stands in {vault.resource.region}, but a plan "
                f"backs up into vaults of its own region, {home}, only; name one of those, and "
                "this one as DestinationBackupVaultArn of CopyActions"
            )


def kept_in_the_cold(plan: Place) -> Iterator[Finding]:
    """What moves to cold storage stays there for a while."""
    for where in ("Rules.Lifecycle", "Rules.CopyActions.Lifecycle"):
        for kept in plan.all(where):
            cold = kept.at("MoveToColdStorageAfterDays").value
            gone = kept.at("DeleteAfterDays").value
            if isinstance(cold, int) and isinstance(gone, int) and gone < cold + COLD:
                yield kept.at("DeleteAfterDays").wrong(
                    f"is {gone}, which is less than {COLD} days after MoveToColdStorageAfterDays, "
                    f"{cold}, so AWS would refuse it; write {cold + COLD} or more"
                )


def kept_by_the_second(plan: Place) -> Iterator[Finding]:
    """Continuous backups go after some weeks, and never to cold storage."""
    for rule in plan.all("Rules"):
        gone = rule.at("Lifecycle.DeleteAfterDays").value
        cold = rule.at("Lifecycle.MoveToColdStorageAfterDays")
        if rule.at("EnableContinuousBackup").value is not True:
            continue
        if (isinstance(gone, int) and gone > POINTS) or isinstance(cold.value, int):
            yield rule.at("EnableContinuousBackup").wrong(
                f"is true, but AWS keeps continuous backups for {POINTS} days at most, and not in "
                "cold storage; shorten the Lifecycle, or keep longer by a rule of its own"
            )


def something_selected(selection: Place) -> Iterator[Finding]:
    """Nothing said is everything to AWS, and everything costs."""
    if all(selection.at(name).raw in (None, [], {}) for name in SELECTING):
        yield selection.at("Resources").wrong(
            "is not said, nor any tag, so AWS would back up all that there is in the account; say "
            "which, or Resources: ['*'] if all is meant"
        )


def told_of_something(vault: Place) -> Iterator[Finding]:
    """A topic and what it is told of go together."""
    said = {name: vault.at(name) for name in TOLD}
    for name, other in (TOLD, TOLD[::-1]):
        if said[name].raw not in (None, []) and said[other].raw in (None, []):
            yield said[name].wrong(f"is said without {other}, so AWS would refuse it; add {other}")
