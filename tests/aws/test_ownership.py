"""The tags by which we know our own."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.aws.ownership import (
    ADDRESS,
    ENVIRONMENT,
    LONGEST,
    RETIRED,
    escape,
    marks,
    owner,
    unescape,
)

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
    ],
)
def test_whose_an_object_is(tags, whose):
    assert owner(tags) == whose
