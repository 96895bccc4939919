"""DynamoDB as its API reference describes it.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/"""

import pytest

LOCKS = {
    "TableName": "locks",
    "AttributeDefinitions": [{"AttributeName": "LockID", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "LockID", "KeyType": "HASH"}],
}
CAPACITY = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
SHOWN = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}


@pytest.fixture
def dynamodb(moto):
    return moto("dynamodb")


@pytest.fixture
def locks(dynamodb):
    dynamodb.create_table(**LOCKS, BillingMode="PAY_PER_REQUEST")
    state(dynamodb)
    return dynamodb


def table(dynamodb):
    return dynamodb.describe_table(TableName="locks")["Table"]


def state(dynamodb):
    return table(dynamodb)["TableStatus"]


def update(dynamodb, **more):
    return dynamodb.update_table(TableName="locks", **more)["TableDescription"]


def expire(dynamodb, by="expires", on=True):
    spec = {"Enabled": on, "AttributeName": by}
    dynamodb.update_time_to_live(TableName="locks", TimeToLiveSpecification=spec)


def test_a_new_table_is_being_created_and_then_active(dynamodb):
    dynamodb.create_table(**LOCKS, BillingMode="PAY_PER_REQUEST")
    assert [state(dynamodb), state(dynamodb)] == ["CREATING", "ACTIVE"]


def test_a_changed_table_is_being_updated_and_then_active(locks):
    assert update(locks, DeletionProtectionEnabled=True)["TableStatus"] == "UPDATING"
    assert [state(locks), state(locks)] == ["UPDATING", "ACTIVE"]


@pytest.mark.parametrize("act", [update, lambda it: it.delete_table(TableName="locks")])
def test_nothing_overtakes_a_change(locks, act):
    update(locks, DeletionProtectionEnabled=False)
    with pytest.raises(locks.exceptions.ResourceInUseException, match="Table is being updated"):
        act(locks)


def test_a_tables_class_is_remembered(locks):
    assert table(locks)["TableClassSummary"]["TableClass"] == "STANDARD"
    update(locks, TableClass="STANDARD_INFREQUENT_ACCESS")
    assert table(locks)["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"


def test_a_table_is_encrypted_later_too(locks):
    update(locks, SSESpecification={"Enabled": True})
    assert table(locks)["SSEDescription"]["Status"] == "ENABLED"


def test_the_key_of_nobodys_choice_is_aws_own(moto, locks):
    update(locks, SSESpecification={"Enabled": True})
    key = table(locks)["SSEDescription"]["KMSMasterKeyArn"]
    assert moto("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyManager"] == "AWS"


def test_what_is_paid_per_request_has_no_capacity(dynamodb):
    dynamodb.create_table(**LOCKS, ProvisionedThroughput=CAPACITY)
    state(dynamodb)
    update(dynamodb, BillingMode="PAY_PER_REQUEST")
    assert table(dynamodb)["ProvisionedThroughput"]["ReadCapacityUnits"] == 0


def test_what_is_bought_ahead_has_a_capacity(locks):
    with pytest.raises(locks.exceptions.ClientError, match="must both be specified"):
        update(locks, BillingMode="PROVISIONED")


def test_a_stream_ends_and_another_begins(locks):
    for wanted in (SHOWN, {"StreamEnabled": False}, SHOWN):
        update(locks, StreamSpecification=wanted)
        state(locks)
    assert table(locks)["StreamSpecification"] == SHOWN


def test_what_never_began_does_not_end(locks):
    with pytest.raises(locks.exceptions.ClientError, match="has no enabled stream"):
        update(locks, StreamSpecification={"StreamEnabled": False})


def test_items_expire_by_one_attribute(locks):
    expire(locks)
    with pytest.raises(locks.exceptions.ClientError, match="active on a different AttributeName"):
        expire(locks, by="ends")


def test_what_expires_already_is_not_told_again(locks):
    expire(locks)
    with pytest.raises(locks.exceptions.ClientError, match="already enabled"):
        expire(locks)


def test_what_expires_no_more_shows_no_attribute(locks):
    expire(locks)
    expire(locks, on=False)
    shown = locks.describe_time_to_live(TableName="locks")["TimeToLiveDescription"]
    assert shown == {"TimeToLiveStatus": "DISABLED"}
