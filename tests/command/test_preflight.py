"""What only the account knows is told before the first change, and stops nothing."""

from __future__ import annotations

import json

import pytest
from botocore.session import get_session

from reconciler import registry
from reconciler.preflight.actions import CREATES, DELETES
from tests.command.running import ACCOUNT, REGION, denied

ASKS = {"GetServiceQuota", "HeadBucket", "SimulatePrincipalPolicy"}
BUCKET = "s3.bucket: {muvi-media: {}}\n"
VPC = "ec2.vpc: {main: {CidrBlock: 10.0.0.0/16}}\n"
BALANCER = """
ec2.vpc: {main: {CidrBlock: 10.0.0.0/16}}
ec2.internet_gateway: {main: {VpcId: '${ec2.vpc/main.VpcId}'}}
ec2.subnet:
  a: {VpcId: '${ec2.vpc/main.VpcId}', CidrBlock: 10.0.0.0/28, AvailabilityZone: eu-central-1a}
  b: {VpcId: '${ec2.vpc/main.VpcId}', CidrBlock: 10.0.1.0/28, AvailabilityZone: eu-central-1b}
"""
TWO = """
elbv2.load_balancer:
  one: {Subnets: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/b.SubnetId}'], Scheme: internal}
  two: {Subnets: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/b.SubnetId}'], Scheme: internal}
"""


def asked(ran):
    return sorted(call.operation for call in ran.calls if call.operation in ASKS)


def refusing(*operations, status=403):
    def fault(call):
        if call.operation not in operations:
            return None
        error = denied(call)
        error.response["ResponseMetadata"]["HTTPStatusCode"] = status
        return error

    return fault


def test_what_shall_be_made_is_asked_about_and_a_run_with_nothing_to_do_asks_nothing(lab):
    lab.declare(it=BUCKET + VPC)
    planned = lab.json("--dry-run")
    assert asked(planned) == [
        "GetServiceQuota",
        "GetServiceQuota",
        "HeadBucket",
        "SimulatePrincipalPolicy",
    ]
    assert planned.document["warnings"] == []
    assert asked(lab.run()) == asked(planned)
    assert asked(lab.run()) == []


def test_what_is_held_is_not_asked_about(lab):
    from tests.command.running import ENVIRONMENT

    lab.declare(ENVIRONMENT + "policy: refuse\n", it=BUCKET + VPC)
    assert asked(lab.run("--policy")) == []


def test_a_name_that_is_taken_elsewhere_is_told(lab):
    lab.declare(it=BUCKET)
    ran = lab.json("--dry-run", fault=refusing("HeadBucket"))
    (warning,) = ran.document["warnings"]
    assert "it.yaml:1:" in warning
    assert "s3.bucket/muvi-media: the name muvi-media is taken, and not by this account" in warning
    assert ran.code == 2


def test_a_quota_that_would_not_do_is_told(lab):
    ec2 = lab.client("ec2", REGION)
    there = len(ec2.describe_vpcs()["Vpcs"])
    for number in range(5 - there):
        ec2.create_vpc(CidrBlock=f"10.{number + 1}.0.0/16")
    lab.declare(it=VPC)
    (warning,) = lab.json("--dry-run").document["warnings"]
    assert f"in {REGION} AWS allows 5 VPCs, there are 5, and 1 more are to be made" in warning
    assert "--service-code vpc --quota-code L-F678F1CE" in warning


def test_subnets_with_too_few_free_addresses_are_told(lab):
    lab.declare(it=BALANCER)
    assert lab.run().code == 0
    lab.declare(it=BALANCER + TWO)
    (warning,) = lab.json("--dry-run").document["warnings"]
    assert "elbv2.load_balancer/two: it needs 8 free addresses in each of its subnets" in warning
    assert warning.count(" has 3") == 2


class TestPermissions:
    @pytest.fixture
    def limited(self, lab):
        """We are a user who may make networks, must not make buckets, and may no more."""

        def policy(effect, action):
            return {"Effect": effect, "Action": action, "Resource": "*"}

        statements = [policy("Allow", "ec2:*"), policy("Deny", "s3:CreateBucket")]
        iam = lab.client("iam", REGION)
        iam.create_user(UserName="moto")
        iam.put_user_policy(
            UserName="moto",
            PolicyName="some",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
        )
        lab.declare(it=BUCKET + VPC + "ecr.repository: {muvi: {}}\n")
        return lab

    def test_what_our_policies_do_not_allow_is_told(self, limited):
        who = f"arn:aws:iam::{ACCOUNT}:user/moto"
        assert sorted(limited.json("--dry-run").document["warnings"]) == [
            f"a policy denies s3:CreateBucket to {who}; needed by s3.bucket/muvi-media",
            f"no policy allows ecr:CreateRepository to {who} on every object, and one must name "
            "this one; needed by ecr.repository/muvi",
        ]

    def test_it_is_told_and_nothing_is_stopped(self, limited):
        assert limited.run().code == 0


def test_what_may_not_be_asked_is_told_once(lab):
    lab.declare(it=BUCKET + VPC + "iam.role: {}\n")
    ran = lab.json("--dry-run", fault=refusing(*ASKS, status=400))
    told = "could not be read (AccessDeniedException), so AWS tells of it only when it is asked"
    assert ran.document["warnings"] == [
        f"quotas (servicequotas:GetServiceQuota) {told}",
        f"what our policies allow (iam:SimulatePrincipalPolicy, iam:GetRole) {told}",
        f"whether names of buckets are taken (s3:ListBucket) {told}",
    ]
    assert lab.run(fault=refusing(*ASKS, status=400)).code == 0


@pytest.mark.parametrize("arn", ["root", "assumed-role/ci/run", "user/people/me"])
def test_who_we_are_to_iam(arn):
    from reconciler.preflight.permissions import principal

    class Asked:
        def client(self, service, region):
            return self

        def get_caller_identity(self):
            service = "sts" if "assumed" in arn else "iam"
            return {"Arn": f"arn:aws:{service}::{ACCOUNT}:{arn}"}

        def get_role(self, RoleName):  # noqa: N803
            return {"Role": {"Arn": f"arn:aws:iam::{ACCOUNT}:role/path/{RoleName}"}}

    expected = {
        "root": "",
        "assumed-role/ci/run": f"arn:aws:iam::{ACCOUNT}:role/path/ci",
        "user/people/me": f"arn:aws:iam::{ACCOUNT}:user/people/me",
    }
    assert principal(Asked(), REGION) == expected[arn]


def test_every_type_has_an_action_that_makes_it_and_one_that_deletes_it():
    assert CREATES.keys() == DELETES.keys() == {*registry.types()}


def test_every_action_is_an_operation_of_its_service():
    session = get_session()
    for kind, action in (*CREATES.items(), *DELETES.items()):
        folder = registry.handler(kind).__module__.split(".")[-2].rstrip("_").replace("_", "-")
        model = session.get_service_model(folder)
        assert action.partition(":")[2] in model.operation_names, action


def test_what_aws_answers_to_a_simulation_of_an_organization():
    from reconciler.preflight.permissions import _words

    answer = {
        "EvalDecision": "implicitDeny",
        "OrganizationsDecisionDetail": {"AllowedByOrganizations": False},
    }
    assert _words("me", "s3:CreateBucket", answer) == (
        "the organization lets nobody here do s3:CreateBucket"
    )
