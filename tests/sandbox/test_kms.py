"""KMS as its API reference describes it.

https://docs.aws.amazon.com/kms/latest/APIReference/"""

import json

import pytest
from botocore.exceptions import ClientError

from tests.conftest import ACCOUNT, REGION

ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
ACCOUNTS = {"Effect": "Allow", "Principal": ROOT, "Action": "kms:*", "Resource": "*"}


@pytest.fixture
def kms(moto):
    return moto("kms")


@pytest.fixture
def key(kms):
    return kms.create_key()["KeyMetadata"]["KeyId"]


@pytest.fixture
def dying(kms, key):
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    return key


def refused(call, **parameters):
    with pytest.raises(ClientError) as failure:
        call(**parameters)
    return failure.value.response["Error"]["Code"]


def policy(**differently):
    statement = {**ACCOUNTS, **differently}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


WRONG = ["{", "[]", policy(Action="kms:Decrypt"), policy(Effect="Deny")]


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_policy_or_locks_us_out_is_refused_at_birth(kms, text):
    assert refused(kms.create_key, Policy=text) == "MalformedPolicyDocumentException"


@pytest.mark.parametrize("text", WRONG)
def test_and_later(kms, key, text):
    call = {"KeyId": key, "PolicyName": "default", "Policy": text}
    assert refused(kms.put_key_policy, **call) == "MalformedPolicyDocumentException"


@pytest.mark.parametrize(("asked", "told"), [({"RotationPeriodInDays": 180}, 180), ({}, 365)])
def test_the_period_of_rotation_is_told(kms, key, asked, told):
    kms.enable_key_rotation(KeyId=key, **asked)
    status = kms.get_key_rotation_status(KeyId=key)
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, told)


def test_a_key_that_is_disabled_is_not_turned(kms, key):
    kms.disable_key(KeyId=key)
    assert refused(kms.enable_key_rotation, KeyId=key) == "DisabledException"


@pytest.mark.parametrize("name", ["alias/aws/rds", "alias/aws/ours"])
def test_the_prefix_of_aws_is_not_for_us(aws, name):
    kms = aws.client("kms", REGION)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    assert refused(kms.create_alias, AliasName=name, TargetKeyId=key) == "NotAuthorizedException"


def test_not_even_where_aws_has_no_such_key(kms, key):
    parameters = {"AliasName": "alias/aws/ours", "TargetKeyId": key}
    assert refused(kms.create_alias, **parameters) == "NotAuthorizedException"


def test_awss_own_keys_are_awss(kms):
    assert kms.describe_key(KeyId="alias/aws/rds")["KeyMetadata"]["KeyManager"] == "AWS"


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("create_alias", {"AliasName": "alias/orders"}),
        ("enable_key", {}),
        ("enable_key_rotation", {}),
        ("schedule_key_deletion", {}),
        ("tag_resource", {"Tags": [{"TagKey": "a", "TagValue": "b"}]}),
    ],
)
def test_a_key_on_its_way_out_takes_no_writes(kms, dying, operation, parameters):
    named = {"TargetKeyId" if operation == "create_alias" else "KeyId": dying}
    assert refused(getattr(kms, operation), **named, **parameters) == "KMSInvalidStateException"


def test_its_alias_can_go_to_another(aws):
    kms = aws.client("kms", REGION)
    old, new = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    kms.create_alias(AliasName="alias/orders", TargetKeyId=old)
    kms.schedule_key_deletion(KeyId=old)
    kms.update_alias(AliasName="alias/orders", TargetKeyId=new)
    assert kms.describe_key(KeyId="alias/orders")["KeyMetadata"]["KeyId"] == new


def test_it_can_be_brought_back_and_is_disabled_then(aws):
    kms = aws.client("kms", REGION)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=key)
    kms.cancel_key_deletion(KeyId=key)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"
