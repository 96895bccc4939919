"""What DynamoDB is asked, and whose capacity is."""

import pytest

from reconciler.model import Desired
from resources.dynamodb.table import Table
from tests.conftest import REGION
from tests.handlers import steps

READ, WRITE = (
    "ProvisionedThroughput.ReadCapacityUnits",
    "ProvisionedThroughput.WriteCapacityUnits",
)
LOCKS = {
    "TableName": "locks",
    "AttributeDefinitions": [{"AttributeName": "LockID", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "LockID", "KeyType": "HASH"}],
    "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
}


@pytest.fixture
def tables(aws):
    handler = Table(aws, REGION)
    handler.create(Desired(LOCKS))
    steps.look(handler, "locks")
    return handler


def target(unit, low, high, table="locks"):
    return {
        "ResourceId": f"table/{table}",
        "ScalableDimension": f"dynamodb:table:{unit}CapacityUnits",
        "MinCapacity": low,
        "MaxCapacity": high,
    }


def test_each_capacity_is_autoscalings_within_its_own_target(tables):
    targets = [target("Read", 1, 10), target("Write", 2, 20), target("Read", 9, 99, "other")]
    bounds = tables.within(Desired(LOCKS), lambda _: targets)
    assert {path: (each.low, each.high) for path, each in bounds.items()} == {
        READ: (1, 10),
        WRITE: (2, 20),
    }


def test_a_capacity_without_a_target_is_ours(tables):
    assert tables.within(Desired(LOCKS), lambda _: [target("Read", 1, 10)]).keys() == {READ}


def test_aws_is_told_one_class_of_change_at_a_time(tables):
    sent = steps.sent(tables.client)
    wanted = {
        "BillingMode": "PAY_PER_REQUEST",
        "DeletionProtectionEnabled": True,
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
        "SSESpecification": {"Enabled": True},
        "TableClass": "STANDARD_INFREQUENT_ACCESS",
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "expires"},
    }
    while steps.update(tables, "locks", wanted):
        steps.look(tables, "locks")
    told = [params.keys() - {"TableName"} for _, params in sent]
    assert len(sent) == len(wanted)
    assert sorted(told, key=str) == sorted(({name} for name in wanted), key=str)


def test_a_stream_that_shall_show_something_else_ends_before_it_begins(tables):
    shown = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    steps.update(tables, "locks", {"StreamSpecification": shown})
    steps.look(tables, "locks")
    other = {"StreamSpecification": {**shown, "StreamViewType": "NEW_IMAGE"}}
    assert steps.update(tables, "locks", other) != ()
    steps.look(tables, "locks")
    assert steps.update(tables, "locks", other) == ()


def test_a_protected_table_is_unprotected_and_then_deleted(tables):
    steps.update(tables, "locks", {"DeletionProtectionEnabled": True})
    steps.look(tables, "locks")
    for _ in range(2):
        tables.delete(steps.look(tables, "locks"))
        steps.look(tables, "locks")
    assert steps.look(tables, "locks") is None
