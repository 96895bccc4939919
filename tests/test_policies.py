"""All spellings of a policy mean the same, and other policies do not."""

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.handler import Handler
from reconciler.overlay import Overlay, differences
from reconciler.policies import canonical

quickly = settings(max_examples=50, deadline=None)  # machines may be busy
ACCOUNT = "123456789012"
WORDS = st.lists(st.sampled_from(["s3:Get", "s3:Put", "iam:Pass"]), min_size=1, unique=True)
PRINCIPALS = st.one_of(
    st.just("*"),
    st.fixed_dictionaries(
        {"AWS": st.lists(st.sampled_from([ACCOUNT, "*", "arn:aws:iam::1:role/x"]), min_size=1)}
    ),
    st.fixed_dictionaries({"Service": st.lists(st.just("ecs.amazonaws.com"), min_size=1)}),
)
CONDITIONS = st.dictionaries(
    st.sampled_from(["Bool", "StringLike"]),
    st.dictionaries(
        st.sampled_from(["a", "b"]),
        st.lists(st.booleans() | st.integers(1, 9) | st.sampled_from(["x", "y"]), min_size=1),
        min_size=1,
    ),
)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.just("Allow"), "Action": WORDS, "Resource": WORDS},
    optional={"Principal": PRINCIPALS, "Condition": CONDITIONS},
)
# Every statement has a resource of its own: none of them says all that another says.
POLICIES = st.lists(STATEMENTS, min_size=1, max_size=3).map(
    lambda each: {
        "Version": "2012-10-17",
        "Statement": [
            {**one, "Resource": [*one["Resource"], str(n)]} for n, one in enumerate(each)
        ],
    }
)


class Bucket(Handler):
    policies = {"Policy"}

    def listed(self, since=0):
        return iter(())

    def create(self, desired):
        raise NotImplementedError

    def delete(self, observed):
        raise NotImplementedError


def differing(one, other):
    before, lists = {"Policy": canonical(one)}, Bucket.compared()
    after = Overlay(lists).lay(before, {"Policy": canonical(other)})
    return [each.path for each in differences(before, after, lists)]


def respelled(value, draw):
    """The same with lists turned, lists of one as their member, and scalars as text."""
    if isinstance(value, dict):
        names = draw(st.permutations(sorted(value)))
        return {name: respelled(value[name], draw) for name in names}
    if isinstance(value, list):
        turned = [respelled(each, draw) for each in draw(st.permutations(value))]
        return turned[0] if len(turned) == 1 and draw(st.booleans()) else turned
    if isinstance(value, bool | int) and draw(st.booleans()):
        return str(value).lower()
    if value == ACCOUNT and draw(st.booleans()):
        return f"arn:aws:iam::{ACCOUNT}:root"
    return value


@quickly
@given(POLICIES)
def test_the_canonical_spelling_is_canonical(policy):
    assert canonical(canonical(policy)) == canonical(policy)


@quickly
@given(POLICIES, st.data())
def test_all_spellings_mean_the_same(policy, data):
    assert not differing(policy, respelled(policy, data.draw))


@quickly
@given(POLICIES, st.data())
def test_another_action_is_another_policy(policy, data):
    statements = [dict(each) for each in policy["Statement"]]
    data.draw(st.sampled_from(statements))["Action"] = ["kms:Decrypt"]
    assert differing(policy, {**policy, "Statement": statements})


STATEMENT = {"Effect": "Allow", "Action": "s3:Get", "Resource": "*"}


def policy(**more):
    return {"Version": "2012-10-17", "Statement": [{**STATEMENT, **more}]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Principal": "*"}, {"Principal": {"AWS": "*"}}),
        ({"Principal": {"AWS": ACCOUNT}}, {"Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root"]}}),
        ({"NotPrincipal": {"AWS": ["b", "a"]}}, {"NotPrincipal": {"AWS": ["a", "b"]}}),
        ({"NotAction": "a"}, {"NotAction": ["a"]}),
        ({"Condition": {"Bool": {"x": True}}}, {"Condition": {"Bool": {"x": ["true"]}}}),
        (
            {"Condition": {"NumericLessThan": {"x": 5}}},
            {"Condition": {"NumericLessThan": {"x": "5"}}},
        ),
    ],
)
def test_two_spellings_of_one_meaning(one, other):
    assert not differing(policy(**one), policy(**other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Effect": "Allow"}, {"Effect": "Deny"}),
        ({"Principal": "*"}, {"Principal": {"Service": "*"}}),
        ({"Principal": {"AWS": "a"}}, {"NotPrincipal": {"AWS": "a"}}),
        ({"Action": "a"}, {"NotAction": "a"}),
        ({"Condition": {"Bool": {"x": True}}}, {"Condition": {"Bool": {"x": False}}}),
        (
            {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}},
            {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/root"}},
        ),
    ],
)
def test_two_meanings_stay_two(one, other):
    assert differing(policy(**one), policy(**other))


def test_one_statement_may_stand_alone_and_the_version_has_its_default():
    assert not differing(
        {"Statement": STATEMENT}, {"Version": "2008-10-17", "Statement": [STATEMENT]}
    )
    assert differing({"Statement": STATEMENT}, policy())


def test_statements_are_told_apart_by_their_sid():
    before = {
        "Policy": canonical({"Statement": [{"Sid": "a", **STATEMENT}, {"Sid": "b", **STATEMENT}]})
    }
    after = {"Policy": canonical({"Statement": [{"Sid": "b", **STATEMENT, "Action": "s3:Put"}]})}
    lists = Bucket.compared()
    laid = Overlay(lists, exact=False).lay(before, after)
    assert [each.path for each in differences(before, laid, lists)] == [
        "Policy.Statement[b].Action"
    ]


@pytest.mark.parametrize("value", ["", None, "text", 5, {"other": 1}, {"Statement": "odd"}])
def test_what_is_no_policy_is_left_as_it_is(value):
    left = canonical(value)
    assert left == value or left["Statement"] == ["odd"]


@pytest.mark.parametrize("spell", [str, quote])
def test_a_policy_is_read_from_json_url_encoded_or_not(aws_free, spell):
    text = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get"}}'
    read = aws_free.read({"Policy": spell(text), "Name": "%7B"})
    assert read["Policy"]["Statement"] == [{"Effect": "Allow", "Action": ["s3:Get"]}]
    assert read["Name"] == "%7B"


@pytest.fixture
def aws_free():
    return Bucket(None, "eu-central-1")
