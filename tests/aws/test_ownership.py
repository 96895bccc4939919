"""The tags by which we know our own."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.aws.ownership import (
    ADDRESS,
    ENVIRONMENT,
    LONGEST,
    NOBODY,
    RETIRED,
    escape,
    marks,
    owner,
    ownership,
    unescape,
)
from reconciler.aws.terraform import Standing, Terraform

quickly = settings(max_examples=50, deadline=None)  # machines may be busy
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html, of its letters ours only
TAKEN = re.compile(r"[A-Za-z0-9 _.:/=+\-@]*")


@quickly
@given(st.text(max_size=20))
def test_every_address_comes_back_as_it_was(address):
    assert unescape(escape(address)) == address


@quickly
@given(st.text(max_size=400))
def test_aws_takes_what_we_write(address):
    written = escape(address)
    assert len(written) <= LONGEST
    assert TAKEN.fullmatch(written)


def test_what_is_too_long_is_cut_not_refused():
    assert len(escape("*" * 200)) == LONGEST
    assert len(escape("a" * 300)) == LONGEST


@quickly
@given(st.text(max_size=20), st.text(max_size=20))
def test_two_addresses_stay_two(one, other):
    assert (escape(one) == escape(other)) is (one == other)


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("ecs.service/web", "ecs.service/web"),
        ("route53.record/*.uat", "route53.record/=2A=.uat"),
        ("a/=2A=", "a/=3D=2A=3D="),
        ("a/b=c", "a/b=3D=c"),
        ("a/ü", "a/=FC="),
        (RETIRED + "ec2.vpc/main", "retired:ec2.vpc/main"),
    ],
)
def test_an_address_stays_readable_where_it_can(address, value):
    assert escape(address) == value


def test_our_two_marks():
    assert marks("uat", "ec2.vpc/*") == {ENVIRONMENT: "uat", ADDRESS: "ec2.vpc/=2A="}


@pytest.mark.parametrize(
    ("tags", "whose"),
    [
        ({}, ""),
        ({"Name": "x"}, ""),
        ({ENVIRONMENT: "uat"}, "muvi-converge (uat)"),
        ({"aws:cloudformation:stack-name": "s"}, "CloudFormation stack s"),
        ({"aws:cloudformation:stack-name": "s", ENVIRONMENT: "uat"}, "muvi-converge (uat)"),
        ({"aws:autoscaling:groupName": "web"}, "Auto Scaling group web"),
        ({"aws:backup:source-resource": "arn:aws:rds:x"}, "AWS Backup"),
        ({"aws:secretsmanager:owningService": "rds"}, "rds"),
        ({"aws:servicecatalog:productArn": "arn"}, "Service Catalog"),
        ({"aws:createdBy": "somebody"}, ""),
    ],
)
def test_whose_an_object_is(tags, whose):
    assert owner(tags) == whose


STATES = Terraform(None, "eu-central-1", None, [])
STACK = {"aws:cloudformation:stack-name": "s"}
OURS = {ENVIRONMENT: "uat"}
STANDS = Standing('aws_vpc.it["a b"]', "s3://b/k")


@pytest.mark.parametrize(
    ("tags", "managed_by", "told", "whose", "other"),
    [
        ({}, "", None, "", ""),
        (OURS, "", None, "muvi-converge (uat)", ""),
        (STACK, "", None, "CloudFormation stack s", "CloudFormation stack s"),
        ({}, "rds.amazonaws.com", None, "rds.amazonaws.com", "rds.amazonaws.com"),
        # The tags of a stack may outlive it; who has marked the object nevertheless knew.
        ({**OURS, **STACK}, "", None, "muvi-converge (uat)", ""),
        ({}, "", STANDS, "Terraform (s3://b/k)", "Terraform (s3://b/k)"),
        # Terraform's next apply writes, whatever our tags say.
        (OURS, "", STANDS, "muvi-converge (uat) and Terraform (s3://b/k)", "Terraform (s3://b/k)"),
        ({**STACK}, "", STANDS, "Terraform (s3://b/k)", "Terraform (s3://b/k)"),
    ],
)
def test_who_else_owns_an_object(tags, managed_by, told, whose, other):
    known = ownership(tags, managed_by, STATES, told)
    assert (str(known), known.other) == (whose, other)
    assert bool(known.release) is bool(other)


def test_terraform_lets_go_by_a_command_that_a_shell_takes():
    known = ownership({}, "", STATES, STANDS)
    assert known.release == """`terraform state rm 'aws_vpc.it["a b"]'` there first"""
    assert 'key_prefixes = ["muvi-converge:"]' in known.code


def test_while_a_state_cannot_be_read_what_nobody_owns_may_be_terraforms(tmp_path):
    states = Terraform(None, "eu-central-1", tmp_path, ["none.tfstate"])
    assert states.owns("ec2.vpc", "vpc-12345678", []) is None
    nobodys, ours = (ownership(tags, "", states, None) for tags in ({}, OURS))
    asks = "it may be Terraform's: let us read none.tfstate first"
    assert (str(nobodys), nobodys.other, nobodys.yields) == ("", "", True)
    assert nobodys.objection(final=False) == nobodys.objection(final=True) == asks
    # We knew when we marked it, but what is lost by a delete no later apply brings back.
    assert (str(ours), ours.yields) == ("muvi-converge (uat)", False)
    assert (ours.objection(final=False), ours.objection(final=True)) == ("", asks)
    assert ownership(STACK, "", states, None).other == "CloudFormation stack s"
    assert ownership({}, "", STATES, None) is NOBODY
    assert (NOBODY.yields, NOBODY.objection(final=True)) == (False, "")
