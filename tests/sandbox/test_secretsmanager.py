"""Secrets Manager as its API reference describes it, and the people around it.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/"""

import json

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox.people import people
from tests.conftest import REGION

NAME = "uat/orders/rds"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}
    ],
}


@pytest.fixture
def secrets(moto):
    return moto("secretsmanager")


@pytest.fixture
def deleted(secrets):
    secrets.create_secret(Name=NAME, SecretString="theirs")
    secrets.delete_secret(SecretId=NAME)
    return secrets


def refused(call, **parameters):
    with pytest.raises(ClientError) as failure:
        call(**parameters)
    error = failure.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_name_that_is_scheduled_for_deletion_cannot_be_taken(deleted):
    code, message = refused(deleted.create_secret, Name=NAME)
    assert code == "InvalidRequestException"
    assert "scheduled for deletion" in message


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("put_secret_value", {"SecretString": "another"}),
        ("put_resource_policy", {"ResourcePolicy": json.dumps(POLICY)}),
        ("tag_resource", {"Tags": [{"Key": "a", "Value": "b"}]}),
    ],
)
def test_what_is_scheduled_for_deletion_takes_no_writes(deleted, operation, parameters):
    code, message = refused(getattr(deleted, operation), SecretId=NAME, **parameters)
    assert code == "InvalidRequestException"
    assert "marked for deletion" in message


def test_it_can_be_restored_with_its_value(aws):
    secrets = aws.client("secretsmanager", REGION)
    made = secrets.create_secret(Name=NAME, SecretString="theirs")
    secrets.delete_secret(SecretId=NAME)
    assert secrets.list_secrets()["SecretList"] == []
    secrets.restore_secret(SecretId=NAME)
    (listed,) = secrets.list_secrets()["SecretList"]
    assert listed["SecretVersionsToStages"] == {made["VersionId"]: ["AWSCURRENT"]}


def test_an_empty_description_clears_it(secrets):
    secrets.create_secret(Name=NAME, Description="one", SecretString="theirs")
    secrets.update_secret(SecretId=NAME, Description="")
    assert "Description" not in secrets.describe_secret(SecretId=NAME)


def test_an_empty_key_goes_back_to_awss_own(secrets):
    secrets.create_secret(Name=NAME, KmsKeyId="alias/ours", SecretString="theirs")
    secrets.update_secret(SecretId=NAME, KmsKeyId="")
    assert "KmsKeyId" not in secrets.describe_secret(SecretId=NAME)


@pytest.mark.parametrize("policy", ["{", "[]", '{"Version": "2012-10-17"}'])
def test_what_is_no_policy_is_refused(secrets, policy):
    secrets.create_secret(Name=NAME, SecretString="theirs")
    code, _ = refused(secrets.put_resource_policy, SecretId=NAME, ResourcePolicy=policy)
    assert code == "MalformedPolicyDocumentException"


def test_people_put_a_value_into_what_was_made_without_one(secrets):
    secrets.create_secret(Name=NAME)
    (stages,) = secrets.describe_secret(SecretId=NAME)["VersionIdsToStages"].values()
    assert stages == ["AWSCURRENT"]


def test_people_leave_a_value_that_is_there_alone(aws):
    secrets = aws.client("secretsmanager", REGION)
    secrets.create_secret(Name=NAME, SecretString="theirs")
    assert secrets.get_secret_value(SecretId=NAME)["SecretString"] == "theirs"


def test_people_who_are_absent_put_in_nothing(aws, monkeypatch):
    monkeypatch.setattr(people, "absent", True)
    secrets = aws.client("secretsmanager", REGION)
    secrets.create_secret(Name=NAME)
    assert "VersionIdsToStages" not in secrets.describe_secret(SecretId=NAME)
    secrets.put_secret_value(SecretId=NAME, SecretString="theirs")
    (stages,) = secrets.describe_secret(SecretId=NAME)["VersionIdsToStages"].values()
    assert stages == ["AWSCURRENT"]
