"""Of which class a difference is."""

from __future__ import annotations

import pytest

from reconciler.healing import classes
from reconciler.load.heal import Bounds, Class
from reconciler.model import Action, FieldChange
from reconciler.result import Decision

RULE = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv4": "0.0.0.0/0"}
SSH = {**RULE, "FromPort": 22, "ToPort": 22}
ANYBODY = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
FROM_US = {**ANYBODY, "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}

CASES = {
    "a port for the world": ("ingress", [RULE, SSH], [RULE], Class.OPENED),
    "a port for the world's new half": (
        "ingress",
        [{**SSH, "CidrIpv6": "::/0", "CidrIpv4": None}],
        [],
        Class.OPENED,
    ),
    "a port for an address": ("ingress", [{**SSH, "CidrIpv4": "10.1.1.1/32"}], [], Class.OTHER),
    "a port that the world lost": ("ingress", [], [RULE], Class.OTHER),
    "a way out": ("egress", [SSH], [], Class.OTHER),
    "a policy for anybody": ("Policy", {"Statement": [ANYBODY]}, None, Class.OPENED),
    "a policy for some": ("Policy", {"Statement": [FROM_US]}, None, Class.OTHER),
    "a database for anybody": ("PubliclyAccessible", True, False, Class.OPENED),
    "a bucket's lock that is gone": (
        "PublicAccessBlockConfiguration.BlockPublicAcls",
        False,
        True,
        Class.OPENED,
    ),
    "a maximum": ("MaxCapacity", 20, 4, Class.SCALING),
    "a count within": ("deployment.desiredCount", 3, 1, Class.SCALING),
    "a tag": ("tags.team", None, "web", Class.TAGS),
    "anything else": ("retentionInDays", 7, 30, Class.OTHER),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_difference_is_about(case):
    path, before, after, expected = CASES[case]
    assert classes(decision(FieldChange(path, before, after))) == {expected}


def decision(*diff, action=Action.UPDATE):
    return Decision("ec2.security_group/x", "eu-central-1", action, "", id="sg-1", diff=diff)


def test_what_is_missing_is_of_no_class_of_its_own():
    tag = FieldChange("tags.team", None, "web")
    assert classes(decision(tag, action=Action.CREATE)) == {Class.OTHER}


def test_of_several_the_longest_patience_counts_and_one_that_is_urgent_ends_it():
    hours = [Bounds().patience(each) for each in ({Class.TAGS, Class.SCALING}, {*Class})]
    assert [each.total_seconds() / 3600 for each in hours] == [24, 0]
    assert Bounds(classes={Class.SCALING: "refuse"}).patience({Class.SCALING, Class.TAGS}) is None
