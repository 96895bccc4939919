"""How values look."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import UNKNOWN
from reconciler.report.values import apart, as_json, block, shown


@pytest.mark.parametrize(
    ("value", "look"),
    [
        (None, "(none)"),
        (True, "true"),
        ("true", '"true"'),
        (3, "3"),
        ("3", '"3"'),
        ("14.20", '"14.20"'),
        (0.5, "0.5"),
        ("", '""'),
        ("arn:aws:s3:::a/*", "arn:aws:s3:::a/*"),
        ("two words", "two words"),
        ("(none)", '"(none)"'),
        ("a, b", '"a, b"'),
        ("line\nline", '"line\\nline"'),
        (["a", {"b": None}], "[a, {b: (none)}]"),
        ({}, "{}"),
        (UNKNOWN, "‹known after apply›"),
        ("‹hidden 3f2a›", "‹hidden 3f2a›"),
        ("‹hidden›", '"‹hidden›"'),
    ],
)
def test_values_look_like_yaml(value, look):
    assert shown(value) == look


@given(st.text())
def test_text_never_looks_like_something_else(value):
    read = json.loads(shown(value)) if shown(value).startswith('"') else shown(value)
    assert read == value
    assert shown(value).isprintable()


@given(st.text(), st.text(), st.integers(20, 100))
def test_what_differs_still_differs_when_cut(before, after, room):
    cut = apart(before, after, room)
    assert (cut[0] == cut[1]) == (before == after)


@given(st.text(min_size=200, max_size=400), st.text("ab", min_size=1), st.text("ab", min_size=1))
def test_long_values_are_cut(common, one, other):
    for each in apart(common + one + common, common + other + common, 60):
        assert len(each) <= 60


def test_a_value_that_fits_is_left_whole():
    assert apart("postgres-13", "postgres-16", 40) == ("postgres-13", "postgres-16")


def test_a_long_document_takes_lines_as_yaml_does():
    policy = {"Version": "2012-10-17", "Statement": [{"Sid": "A" * 30, "Effect": "Allow" * 8}]}
    assert block(policy, 40) == [
        "Version: 2012-10-17",
        "Statement:",
        f"  - Sid: {'A' * 30}",
        f"    Effect: {'Allow' * 8}",
    ]


def test_dates_and_sets_have_a_place_in_json():
    assert as_json(datetime(2026, 11, 22, tzinfo=UTC)) == "2026-11-22T00:00:00+00:00"
    assert as_json(frozenset("ba")) == ["a", "b"]
    assert as_json({"a": UNKNOWN}) == {"a": "‹known after apply›"}
