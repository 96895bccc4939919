"""https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Status, View, Within

GONE = "ResourceNotFoundException"
CAPACITY, STREAM, ENCRYPTION = "ProvisionedThroughput", "StreamSpecification", "SSESpecification"
RECOVERY, EXPIRY = "PointInTimeRecoverySpecification", "TimeToLiveSpecification"
PROTECTED, ON_DEMAND = "DeletionProtectionEnabled", "PAY_PER_REQUEST"
STEPS = ({PROTECTED}, {"BillingMode", CAPACITY}, {STREAM}, {ENCRYPTION}, {"TableClass"})
"""AWS takes one class of change at a time."""
SWITCHES = {
    RECOVERY: "PointInTimeRecoveryEnabled",
    ENCRYPTION: "Enabled",
    STREAM: "StreamEnabled",
    EXPIRY: "Enabled",
}
TARGET = "application_autoscaling.scalable_target"
SCALED = ("ReadCapacityUnits", "WriteCapacityUnits")


class Table(Handler):
    """A table: its key, how its capacity is paid, and how what stands in it is kept."""

    key = ("TableName",)
    naming = "TableName"
    immutable = {"AttributeDefinitions", "KeySchema", "TableName"}
    lists = {"AttributeDefinitions": ("AttributeName",), "KeySchema": ("AttributeName",)}
    additive = {"AttributeDefinitions"}  # those of others' indexes stand among them
    reads = {
        "BillingMode": "BillingModeSummary.BillingMode || 'PROVISIONED'",
        CAPACITY: (
            f"(BillingModeSummary.BillingMode!='{ON_DEMAND}' && {CAPACITY}.{{ReadCapacityUnits: "
            "ReadCapacityUnits, WriteCapacityUnits: WriteCapacityUnits}) || `null`"
        ),
        ENCRYPTION: (
            "{Enabled: contains(['ENABLING', 'ENABLED', 'UPDATING'], SSEDescription.Status || ''), "
            "SSEType: SSEDescription.SSEType, KMSMasterKeyId: SSEDescription.KMSMasterKeyArn}"
        ),
        STREAM: (
            f"{{StreamEnabled: {STREAM}.StreamEnabled==`true`, "
            f"StreamViewType: {STREAM}.StreamViewType}}"
        ),
        "TableClass": "TableClassSummary.TableClass || 'STANDARD'",
    }
    outputs = {"LatestStreamArn", "TableArn"}
    tagging = Tagging(id="ResourceArn", of="TableArn", tags="Tags", erased="TagKeys")
    settles_within = 3600
    holds_data = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        where = f"arn:{self.client.meta.partition}:dynamodb:{self.home}:{self.aws.account}"
        for name in self.listing("list_tables", since):
            yield Found(name, {"TableName": name}, arn=f"{where}:table/{name}")

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing(GONE, "TableNotFoundException"):
            table = self.client.describe_table(TableName=found.id)["Table"]
            if RECOVERY in mentioned:
                table[RECOVERY] = self._recovery(found.id)
            if EXPIRY in mentioned:
                table[EXPIRY] = self._expiry(found.id)
            tags = self._tags(found.arn) if found.tags is None else found.tags
            state = table["TableStatus"]
            status = Status.READY if state == "ACTIVE" else Status.PENDING
            reason = "" if status is Status.READY else f"its status is {state}"
            return Observed(found.id, table, tags, status, reason)
        return None

    def spelled(self, desired: Properties) -> Properties:
        """What is switched off says nothing else, as AWS shows it."""
        off = {
            name: {switch: False}
            for name, switch in SWITCHES.items()
            if name in desired and _is_off(desired[name], switch)
        }
        return {**desired, **off}

    def create(self, desired: Desired) -> str:
        table = self.accepted("create_table", desired.properties)
        self.client.create_table(**table, Tags=self.tagging.to_aws(desired.tags))
        return str(desired["TableName"])

    def update(self, change: Change) -> None:
        # What is left differs still when the engine looks again.
        which = {"TableName": change.observed.id}
        if step := next((each for each in STEPS if change.names & each), None):
            self.client.update_table(**which, **_step(step, change))
        elif change.touches(RECOVERY):
            wanted = change.wanted[RECOVERY]
            on = wanted["PointInTimeRecoveryEnabled"]
            kept = wanted if on else {"PointInTimeRecoveryEnabled": on}
            self.client.update_continuous_backups(**which, PointInTimeRecoverySpecification=kept)
        else:
            self.client.update_time_to_live(**which, TimeToLiveSpecification=_expiring(change))

    def delete(self, observed: Observed) -> None:
        # AWS deletes only what is not protected; the engine calls again once that has settled.
        with missing(GONE):
            if observed["TableStatus"] == "DELETING":
                return
            if observed.properties.get(PROTECTED):
                self.client.update_table(TableName=observed.id, DeletionProtectionEnabled=False)
            else:
                self.client.delete_table(TableName=observed.id)

    def within(self, desired: Desired, view: View) -> Mapping[str, Within]:
        name, bounds = f"table/{desired['TableName']}", {}
        targets = [each for each in view(TARGET) if each.get("ResourceId") == name]
        for unit in SCALED:
            # Declared or found: a capacity inside either is about to be right.
            ours = [e for e in targets if e.get("ScalableDimension") == f"dynamodb:table:{unit}"]
            low, high = (
                [each[bound] for each in ours if isinstance(each.get(bound), int)]
                for bound in ("MinCapacity", "MaxCapacity")
            )
            if low and high:
                bounds[f"{CAPACITY}.{unit}"] = Within("autoscaling", min(low), max(high))
        return bounds

    def _recovery(self, table: str) -> dict[str, Any]:
        answer = self.client.describe_continuous_backups(TableName=table)
        told = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        on = told.get("PointInTimeRecoveryStatus") == "ENABLED"
        days = {"RecoveryPeriodInDays": told.get("RecoveryPeriodInDays")} if on else {}
        return {"PointInTimeRecoveryEnabled": on, **days}

    def _expiry(self, table: str) -> dict[str, Any]:
        told = self.client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        on = told.get("TimeToLiveStatus") in ("ENABLING", "ENABLED")
        return {"Enabled": on, **({"AttributeName": told["AttributeName"]} if on else {})}

    def _tags(self, arn: str) -> dict[str, str]:
        pages = self.client.get_paginator("list_tags_of_resource").paginate(ResourceArn=arn)
        return dict(self.tagging.from_aws([tag for page in pages for tag in page["Tags"]]))


def _is_off(value: Any, switch: str) -> bool:
    return value is None or (isinstance(value, Mapping) and value.get(switch) is False)


def _step(step: Set[str], change: Change) -> dict[str, Any]:
    """What one call changes, whole."""
    wanted, observed = change.wanted, change.observed.properties
    if CAPACITY in step and wanted.get("BillingMode") == ON_DEMAND:
        return {"BillingMode": ON_DEMAND}
    request = {name: wanted[name] for name in step if wanted.get(name) is not None}
    if STREAM in step and observed[STREAM]["StreamEnabled"]:
        # What a stream shows is chosen when it begins: the old one ends first.
        return {STREAM: {"StreamEnabled": False}}
    if ENCRYPTION in step and not wanted[ENCRYPTION].get("Enabled"):
        return {ENCRYPTION: {"Enabled": False}}
    return request


def _expiring(change: Change) -> dict[str, Any]:
    """AWS wants to hear the attribute even where nothing expires by it any more."""
    now = change.observed.properties[EXPIRY]
    if now["Enabled"]:  # another attribute takes its place once this one is off
        return {"Enabled": False, "AttributeName": now["AttributeName"]}
    return dict(change.wanted[EXPIRY])
