"""The simulation of policies as IAM's API reference describes it.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html"""

import json

import pytest
from botocore.exceptions import ClientError

ACTIONS = ["ec2:CreateVpc", "s3:CreateBucket", "sns:CreateTopic"]
STATEMENTS = [
    {"Effect": "Allow", "Action": ["ec2:*", "s3:*"], "Resource": "*"},
    {"Effect": "Deny", "Action": "s3:CreateBucket", "Resource": "*"},
]
TRUST = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}


@pytest.fixture
def iam(moto):
    return moto("iam")


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def decisions(iam, arn):
    answer = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=ACTIONS)
    return {each["EvalActionName"]: each["EvalDecision"] for each in answer["EvaluationResults"]}


EXPECTED = dict(zip(ACTIONS, ["allowed", "explicitDeny", "implicitDeny"], strict=True))


def test_a_user_may_what_its_policies_and_its_groups_say(iam):
    arn = iam.create_user(UserName="ci")["User"]["Arn"]
    iam.create_group(GroupName="all")
    iam.add_user_to_group(GroupName="all", UserName="ci")
    iam.put_group_policy(GroupName="all", PolicyName="a", PolicyDocument=document(STATEMENTS[0]))
    iam.put_user_policy(UserName="ci", PolicyName="a", PolicyDocument=document(STATEMENTS[1]))
    assert decisions(iam, arn) == EXPECTED


def test_a_role_may_what_its_policies_say(iam):
    role = iam.create_role(RoleName="ci", Path="/x/", AssumeRolePolicyDocument=document(TRUST))
    policy = iam.create_policy(PolicyName="p", PolicyDocument=document(*STATEMENTS))
    iam.attach_role_policy(RoleName="ci", PolicyArn=policy["Policy"]["Arn"])
    assert decisions(iam, role["Role"]["Arn"]) == EXPECTED


def test_of_nobody_nothing_is_known(iam):
    with pytest.raises(ClientError, match="NoSuchEntity"):
        decisions(iam, "arn:aws:iam::123456789012:user/nobody")
