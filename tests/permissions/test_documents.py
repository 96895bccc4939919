"""Policies as AWS takes them: none too long, nothing lost, nothing added."""

import json

from reconciler.permissions.documents import LONGEST, documents, size
from reconciler.permissions.need import Need

REGIONS = (("StringEquals", "aws:RequestedRegion", ("eu-central-1",)),)


def _pairs(policies):
    return {
        (action, arn, json.dumps(each.get("Condition")))
        for policy in policies
        for each in policy["Statement"]
        for action in each["Action"]
        for arn in each["Resource"]
    }


def test_none_is_longer_than_aws_takes_and_none_needless():
    names = [f"arn:aws:s3:::a-bucket-with-a-rather-long-name-{n}" for n in range(300)]
    policies = documents(
        [Need("s3:DeleteBucket", tuple(names)), Need("s3:GetBucketPolicy", ("*",))]
    )
    assert all(size(each) <= LONGEST for each in policies)
    assert {arn for _, arn, _ in _pairs(policies)} == {*names, "*"}
    assert len(policies) <= -(-sum(map(size, policies)) // LONGEST) + 1


def test_what_is_allowed_on_the_same_is_one_statement():
    needs = [Need("s3:A", ("x",)), Need("s3:B", ("x",)), Need("s3:A", ("y",)), Need("s3:B", ("y",))]
    (policy,) = documents(needs)
    assert policy["Statement"] == [
        {"Effect": "Allow", "Action": ["s3:A", "s3:B"], "Resource": ["x", "y"]}
    ]


def test_no_condition_is_lost_or_lent_to_others():
    needs = [Need("a:X", ("*",), REGIONS), Need("a:Y", ("*",)), Need("a:X", ("z",))]
    assert _pairs(documents(needs)) == {
        ("a:X", "*", '{"StringEquals": {"aws:RequestedRegion": ["eu-central-1"]}}'),
        ("a:Y", "*", "null"),
        ("a:X", "z", "null"),
    }


def test_it_is_counted_as_aws_counts_without_blanks():
    assert size({"a": ["b c"]}) == len('{"a":["b c"]}')


def test_a_wider_need_covers_a_narrower_one_and_no_other():
    wide = Need("a:X", ("*",), REGIONS)
    assert wide.covers(Need("a:X", ("arn:aws:a:eu-central-1:1:thing/x",)))
    assert not wide.covers(Need("a:X", ("arn:aws:a:us-east-1:1:thing/x",)))
    assert not wide.covers(Need("a:X", ("arn:aws:a:::thing/x",)))
    assert not wide.covers(Need("a:Y", ("arn:aws:a:eu-central-1:1:thing/x",)))
    assert not Need("a:X", ("arn:aws:a:::thing/x",)).covers(wide)
