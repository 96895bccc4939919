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


@pytest.fixture
def iam(moto):
    return moto("iam")


@pytest.fixture
def policy(iam):
    made = iam.create_policy(PolicyName="queues", PolicyDocument=json.dumps(RIGHTS))
    return made["Policy"]["Arn"]


def refusal(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"]


@pytest.mark.parametrize("trust", ["{", json.dumps(RIGHTS)])
def test_a_trust_policy_that_is_none_is_refused(iam, trust):
    given = {"RoleName": "it", "AssumeRolePolicyDocument": trust}
    assert refusal(iam.create_role, **given) == "MalformedPolicyDocument"


def test_an_attached_policy_is_not_deleted(iam, policy):
    iam.create_role(RoleName="it", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.attach_role_policy(RoleName="it", PolicyArn=policy)
    assert refusal(iam.delete_policy, PolicyArn=policy) == "DeleteConflict"


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
