"""What Secrets Manager is asked: never for a value."""

import json

import pytest

from reconciler.aws.ownership import ADDRESS, ENVIRONMENT
from reconciler.errors import Foreign
from reconciler.model import Desired, Found, Status
from reconciler.sandbox.people import people
from resources.secretsmanager.secret import Secret
from tests.conftest import REGION
from tests.handlers.steps import create, look, sent, update

NAME = "uat/orders/rds"
TAGS = {ENVIRONMENT: "uat", ADDRESS: "secretsmanager.secret/it"}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Action": "secretsmanager:GetSecretValue",
            "Resource": "*",
        }
    ],
}


@pytest.fixture
def handler(aws):
    return Secret(aws, REGION)


@pytest.fixture
def alone(monkeypatch):
    monkeypatch.setattr(people, "absent", True)


def made(handler, tags=None, **properties):
    return create(handler, Desired({"Name": NAME, **properties}, tags or TAGS))


def unrepeated(calls):
    """The calls, without the tokens that botocore adds."""
    return [
        (name, {n: v for n, v in given.items() if n != "ClientRequestToken"})
        for name, given in calls
    ]


def test_it_is_made_without_a_value_and_with_its_tags(handler):
    calls = sent(handler.client)
    made(handler, Description="the database", ResourcePolicy=POLICY)
    tags = [{"Key": name, "Value": TAGS[name]} for name in sorted(TAGS)]
    wanted = {"Name": NAME, "Description": "the database", "Tags": tags}
    assert unrepeated(calls) == [("CreateSecret", wanted)]


def test_without_a_value_it_waits_for_who_keeps_it(handler, alone):
    observed = look(handler, made(handler))
    assert observed.status is Status.WAITING
    (wait,) = observed.waits
    assert NAME in wait.who
    assert wait.what.endswith(
        f"aws secretsmanager put-secret-value --region {REGION} --secret-id {NAME} "
        "--secret-string file://value.txt"
    )


def test_it_is_ready_once_somebody_has_put_one_in_which_nobody_reads(handler, alone):
    arn = made(handler)
    handler.client.put_secret_value(SecretId=NAME, SecretString="hunter2")
    calls = sent(handler.client, "GetSecretValue", "BatchGetSecretValue")
    observed = look(handler, arn, {"ResourcePolicy", "Description"})
    assert (observed.status, observed.waits, calls) == (Status.READY, (), [])
    assert "hunter2" not in repr(observed)


def test_a_version_that_is_not_current_is_no_value(handler, alone, monkeypatch):
    arn = made(handler)
    answer = {"ARN": arn, "Name": NAME, "VersionIdsToStages": {"1": ["AWSPENDING"]}}
    monkeypatch.setattr(handler.client, "describe_secret", lambda **_: answer)
    assert look(handler, arn).status is Status.WAITING


def test_what_aws_does_not_list_yet_is_known_to_who_made_it(handler, monkeypatch):
    arn = made(handler)
    monkeypatch.setattr(handler, "listing", lambda *_: [])
    observed = look(handler, arn)
    assert (observed["Name"], observed.tags) == (NAME, TAGS)
    assert list(Secret(handler.aws, REGION).listed()) != []


def test_what_the_listing_says_is_not_believed(handler):
    arn = made(handler, Description="new")
    found = Found(arn, {"Name": NAME, "Description": "five minutes old"}, {"old": "tag"})
    observed = handler.get(found, set())
    assert (observed["Description"], observed.tags) == ("new", TAGS)


def test_a_policy_is_read_only_if_it_is_mentioned(handler):
    arn = made(handler)
    calls = sent(handler.client, "GetResourcePolicy")
    look(handler, arn, {"Description"})
    assert calls == []
    look(handler, arn, {"ResourcePolicy"})
    assert [name for name, _ in calls] == ["GetResourcePolicy"]


def test_only_what_differs_is_written(handler):
    arn = made(handler, Description="one", KmsKeyId="alias/ours")
    calls = sent(handler.client)
    same = {"Name": NAME, "Description": "one", "KmsKeyId": "alias/ours"}
    assert update(handler, arn, same) == ()
    assert update(handler, arn, {**same, "Description": "two"}) == ()
    assert update(handler, arn, {**same, "Description": None}) == ()
    assert update(handler, arn, {"KmsKeyId": "alias/aws/secretsmanager"}) == ()
    assert unrepeated(calls) == [
        ("UpdateSecret", {"SecretId": arn, "Description": "two"}),
        ("UpdateSecret", {"SecretId": arn, "Description": ""}),
        ("UpdateSecret", {"SecretId": arn, "KmsKeyId": ""}),
    ]


def test_a_policy_is_put_and_taken_away(handler):
    arn = made(handler)
    calls = sent(handler.client)
    assert update(handler, arn, handler.understood({"ResourcePolicy": POLICY})) == ()
    assert update(handler, arn, {"ResourcePolicy": None}) == ()
    (put, given), (gone, _) = calls
    assert (put, gone) == ("PutResourcePolicy", "DeleteResourcePolicy")
    assert json.loads(given["ResourcePolicy"])["Statement"][0]["Effect"] == "Allow"
    assert "BlockPublicPolicy" not in given


def test_a_delete_leaves_thirty_days_to_bring_it_back(handler):
    arn = made(handler)
    observed = look(handler, arn)
    calls = sent(handler.client)
    for _ in range(2):
        handler.delete(observed)
    assert calls == [("DeleteSecret", {"SecretId": arn, "RecoveryWindowInDays": 30})]
    assert handler.get(Found(arn, {}, {}), set()).status is Status.GONE
    assert Secret(handler.aws, REGION).client.list_secrets()["SecretList"] == []


def test_what_was_deleted_for_good_is_gone(handler):
    arn = made(handler)
    observed = look(handler, arn)
    handler.client.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    assert look(handler, arn) is None
    handler.delete(observed)


def test_ours_that_is_declared_again_comes_back_with_its_value(handler, alone):
    arn = made(handler)
    handler.client.put_secret_value(SecretId=NAME, SecretString="hunter2")
    handler.delete(look(handler, arn))
    calls = sent(handler.client)
    assert made(handler, Description="again") == arn
    assert [name for name, _ in calls] == ["CreateSecret", "RestoreSecret"]
    assert look(handler, arn).status is Status.READY
    assert update(handler, arn, {"Name": NAME, "Description": "again"}) == ()


@pytest.mark.parametrize(
    "tags", [{"owner": "them"}, {**TAGS, ENVIRONMENT: "prod"}, {**TAGS, ADDRESS: "another"}]
)
def test_a_strangers_is_not_brought_back(handler, tags):
    arn = made(handler, tags)
    handler.delete(look(handler, arn))
    calls = sent(handler.client)
    with pytest.raises(Foreign, match=f"restore-secret --region {REGION} --secret-id {NAME}"):
        made(handler)
    assert [name for name, _ in calls] == ["CreateSecret"]


def test_any_other_refusal_is_told_in_awss_words(handler, monkeypatch):
    handler.client.create_secret(Name=NAME, SecretString="theirs")
    refusal = handler.client.exceptions.InvalidRequestException
    error = {"Error": {"Code": "InvalidRequestException", "Message": "not so"}}

    def refuse(**_):
        raise refusal(error, "CreateSecret")

    monkeypatch.setattr(handler.client, "create_secret", refuse)
    with pytest.raises(refusal, match="not so"):
        made(handler)


def test_a_name_that_is_taken_is_left_alone(handler):
    handler.client.create_secret(Name=NAME, SecretString="theirs")
    calls = sent(handler.client)
    with pytest.raises(handler.client.exceptions.ResourceExistsException):
        made(handler)
    assert [name for name, _ in calls] == ["CreateSecret"]


def test_a_service_keeps_its_own_and_a_replica_is_no_secret_of_its_own(handler, monkeypatch):
    listed = [
        {"ARN": "arn:rds", "Name": "rds!cluster-1", "OwningService": "rds"},
        {"ARN": "arn:primary", "Name": "primary", "PrimaryRegion": REGION},
        {"ARN": "arn:replica", "Name": "replica", "PrimaryRegion": "eu-west-1"},
    ]
    monkeypatch.setattr(handler, "listing", lambda *_: listed)
    owners = {found.id: found.managed_by for found in handler.listed()}
    assert owners == {"arn:rds": "rds", "arn:primary": ""}
