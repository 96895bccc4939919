"""DynamoDB: moto is done at once, forgets what tables are made of, and lets writes overtake."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import MockValidationException, ResourceInUseException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler, DynamoResult
from moto.kms.models import kms_backends

from reconciler.sandbox.corrections import Method, corrects

NO_CAPACITY = {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0, "NumberOfDecreasesToday": 0}
SAYS = "One or more parameter values were invalid: "


@corrects(DynamoHandler, "create_table")
def create_table(original: Method, self: Any) -> ActionResult:
    """moto forgets the class, and is done at once. API_CreateTable.html"""
    original(self)
    table = self.dynamodb_backend.get_table(self.body["TableName"])
    table.table_class = self.body.get("TableClass", "STANDARD")
    table.moving = "CREATING"
    return DynamoResult(table.describe())


@corrects(DynamoHandler, "update_table")
def update_table(original: Method, self: Any) -> ActionResult:
    """moto forgets class and encryption, wants no capacity, and takes a second change before the
    first is done. API_UpdateTable.html"""
    table = self.dynamodb_backend.get_table(self.body["TableName"])
    _refuse_while_moving(table)
    if self.body.get("BillingMode") == "PROVISIONED" and not self.body.get("ProvisionedThroughput"):
        raise MockValidationException(
            f"{SAYS}ReadCapacityUnits and WriteCapacityUnits must both be specified when "
            "BillingMode is PROVISIONED"
        )
    original(self)
    if self.body.get("BillingMode") == "PAY_PER_REQUEST":
        table.throughput = dict(NO_CAPACITY)
    table.table_class = self.body.get("TableClass", table.table_class)
    if (encryption := self.body.get("SSESpecification")) is not None:
        key = table._get_default_encryption_key(table.account_id, table.region_name)
        table.sse_specification = {"KMSMasterKeyId": key, **encryption}
    table.moving = "UPDATING"
    return DynamoResult(table.describe())


@corrects(DynamoDBBackend, "update_table_streams")
def update_table_streams(_: Method, self: Any, table: Table, wanted: dict[str, Any]) -> None:
    """moto begins no stream after one that ended, and ends what never began.
    API_UpdateTable.html"""
    on = bool((table.stream_specification or {}).get("StreamEnabled"))
    if on is bool(wanted.get("StreamEnabled")):
        raise MockValidationException(f"Table {'already has' if on else 'has no'} enabled stream")
    table.set_stream_specification(wanted)


@corrects(DynamoDBBackend, "delete_table")
def delete_table(original: Method, self: Any, name: str) -> Table:
    """moto deletes what is not done yet. API_DeleteTable.html"""
    _refuse_while_moving(self.get_table(name))
    table: Table = original(self, name)
    return table


@corrects(DynamoDBBackend, "describe_table")
def describe_table(original: Method, self: Any, name: str) -> dict[str, Any]:
    """Whoever looks again finds AWS done. API_DescribeTable.html"""
    answer: dict[str, Any] = original(self, name)
    self.get_table(name).moving = ""
    return answer


@corrects(Table, "describe")
def describe(original: Method, self: Any, base_key: str = "TableDescription") -> dict[str, Any]:
    """moto shows neither that a table is not ready nor its class. API_TableDescription.html"""
    answer: dict[str, Any] = original(self, base_key)
    answer[base_key]["TableClassSummary"] = {"TableClass": getattr(self, "table_class", "STANDARD")}
    answer[base_key]["TableStatus"] = getattr(self, "moving", "") or "ACTIVE"
    return answer


@corrects(Table, "_get_default_encryption_key")
def amazons_own(_: Method, self: Any, account_id: str, region: str) -> str:
    """moto makes a key of the customer's. API_SSESpecification.html"""
    return str(kms_backends[account_id][region].describe_key("alias/aws/dynamodb").arn)


@corrects(DynamoDBBackend, "update_time_to_live")
def update_time_to_live(original: Method, self: Any, name: str, wanted: dict[str, Any]) -> None:
    """moto takes what changes nothing, and another attribute. API_UpdateTimeToLive.html"""
    table = self.get_table(name)
    on = table.ttl["TimeToLiveStatus"] == "ENABLED"
    if on and table.ttl["AttributeName"] != wanted["AttributeName"]:
        raise MockValidationException(
            "TimeToLive is active on a different AttributeName: current AttributeName is "
            f"{table.ttl['AttributeName']}"
        )
    if on is wanted["Enabled"]:
        raise MockValidationException(f"TimeToLive is already {'en' if on else 'dis'}abled")
    original(self, name, wanted)
    if not wanted["Enabled"]:
        del table.ttl["AttributeName"]


def _refuse_while_moving(table: Any) -> None:
    if moving := getattr(table, "moving", ""):
        raise ResourceInUseException(
            "Attempt to change a resource which is still in use: Table is being "
            f"{moving.lower().replace('ing', 'ed')}: {table.name}"
        )
