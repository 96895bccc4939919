"""Written from the IAM API reference: what AWS does with roles and policies."""

import json

import pytest
from botocore.exceptions import ClientError

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
RIGHTS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}],
}
ROLE = {"RoleName": "it", "AssumeRolePolicyDocument": json.dumps(TRUST)}


@pytest.fixture
def iam(moto):
    return moto("iam")


@pytest.fixture
def policy(iam):
    made = iam.create_policy(PolicyName="queues", PolicyDocument=json.dumps(RIGHTS))
    return made["Policy"]["Arn"]


def refused(call, **parameters):
    with pytest.raises(ClientError) as refusal:
        call(**parameters)
    return refusal.value.response["Error"]


def refusal(call, **parameters):
    return refused(call, **parameters)["Code"]


def trusting(principal):
    statement = {**TRUST["Statement"][0], "Principal": principal}
    return json.dumps({**TRUST, "Statement": statement})


@pytest.mark.parametrize("trust", ["{", json.dumps(RIGHTS)])
def test_a_trust_policy_that_is_none_is_refused(iam, trust):
    given = {"RoleName": "it", "AssumeRolePolicyDocument": trust}
    assert refusal(iam.create_role, **given) == "MalformedPolicyDocument"


@pytest.mark.parametrize("who", ["role/nobody", "user/nobody", "role/deploy/it"])
def test_who_is_not_there_cannot_be_trusted(iam, who):
    trust = trusting({"AWS": [f"arn:aws:iam::123456789012:{who}"]})
    error = refused(iam.create_role, **{**ROLE, "AssumeRolePolicyDocument": trust})
    assert error["Code"] == "MalformedPolicyDocument"
    assert "Invalid principal in policy" in error["Message"]


def test_an_update_trusts_who_is_there_and_nobody_else(iam):
    iam.create_role(**ROLE)
    ours = iam.create_role(**{**ROLE, "RoleName": "ours"})["Role"]["Arn"]
    theirs = "arn:aws:iam::210987654321:role/theirs"
    for someone in (ours, theirs, "210987654321", "*"):
        iam.update_assume_role_policy(RoleName="it", PolicyDocument=trusting({"AWS": someone}))
    nobody = trusting({"AWS": f"{ours}-not"})
    error = refused(iam.update_assume_role_policy, RoleName="it", PolicyDocument=nobody)
    assert error["Code"] == "MalformedPolicyDocument"
    assert iam.get_role(RoleName="it")["Role"]["AssumeRolePolicyDocument"] == json.loads(
        trusting({"AWS": "*"})
    )


def test_names_of_roles_are_told_apart_by_letters_only(iam):
    iam.create_role(**ROLE)
    assert refusal(iam.create_role, **{**ROLE, "RoleName": "IT"}) == "EntityAlreadyExists"


def test_a_service_has_one_linked_role(iam):
    service = {"AWSServiceName": "ecs.amazonaws.com"}
    iam.create_service_linked_role(**service)
    error = refused(iam.create_service_linked_role, **service)
    assert error["Code"] == "InvalidInput"
    assert "has been taken in this account" in error["Message"]


@pytest.mark.parametrize("other", [{"Path": "/other/"}, {"PolicyName": "QUEUES"}])
def test_a_policy_has_its_name_alone_whatever_the_path_and_the_letters(iam, policy, other):
    given = {"PolicyName": "queues", "PolicyDocument": json.dumps(RIGHTS), **other}
    assert refusal(iam.create_policy, **given) == "EntityAlreadyExists"


def test_the_listing_of_everything_names_policies(iam, policy):
    (shown,) = iam.get_account_authorization_details(Filter=["LocalManagedPolicy"])["Policies"]
    told = iam.get_policy(PolicyArn=policy)["Policy"]
    assert (shown["PolicyName"], shown["PolicyId"]) == ("queues", told["PolicyId"])


def test_what_is_attached_twice_is_attached_once(iam, policy):
    iam.create_role(**ROLE)
    for _ in range(2):
        iam.attach_role_policy(RoleName="it", PolicyArn=policy)
    assert iam.get_policy(PolicyArn=policy)["Policy"]["AttachmentCount"] == 1


def test_an_attached_policy_is_not_deleted(iam, policy):
    iam.create_role(**ROLE)
    iam.attach_role_policy(RoleName="it", PolicyArn=policy)
    assert refusal(iam.delete_policy, PolicyArn=policy) == "DeleteConflict"
    iam.detach_role_policy(RoleName="it", PolicyArn=policy)
    iam.delete_policy(PolicyArn=policy)


def test_a_policy_of_several_versions_is_not_deleted(iam, policy):
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=json.dumps(RIGHTS))
    assert refusal(iam.delete_policy, PolicyArn=policy) == "DeleteConflict"


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
@pytest.mark.parametrize("kind", ["role", "user"])
def test_nobody_is_trusted_who_does_not_exist(iam, kind):
    nobody = f"arn:aws:iam::123456789012:{kind}/nobody"
    statement = {"Effect": "Allow", "Principal": {"AWS": [nobody]}, "Action": "sts:AssumeRole"}
    trust = json.dumps({**TRUST, "Statement": [statement]})
    given = {"RoleName": "it", "AssumeRolePolicyDocument": trust}
    assert refusal(iam.create_role, **given) == "MalformedPolicyDocument"
    iam.create_role(RoleName="it", AssumeRolePolicyDocument=json.dumps(TRUST))
    given = {"RoleName": "it", "PolicyDocument": trust}
    assert refusal(iam.update_assume_role_policy, **given) == "MalformedPolicyDocument"
