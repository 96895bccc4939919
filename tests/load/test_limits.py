"""The limits of names and values that AWS documents: each is kept before the first call."""

from __future__ import annotations

import json

import pytest

from reconciler.errors import InvalidDesired

from .test_rules import EXACT, shop  # noqa: F401

# By type and property: what AWS takes, what it does not, and how we say so. For each the page of
# its API reference; the types' schemas and reconciler/load/rules/limits.py hold us to them.
LIMITS = {
    ("elbv2.load_balancer", "Name"): (
        ["a" * 32, "a-1"],
        ["a" * 33, "-a", "a-", "internal-a", "a_b"],
        "1-32 letters, digits and hyphens",
    ),
    ("elbv2.target_group", "Name"): (
        ["a" * 32],
        ["a" * 33, "-a", "a-", "a_b"],
        "1-32 letters, digits and hyphens",
    ),
    ("ec2.security_group", "GroupName"): (
        ["a" * 255],
        ["a" * 256, "sg-a"],
        "1 to 255 letters, digits, spaces",
    ),
    ("ec2.security_group", "Description"): (
        ["Tasks (all)"],
        ["a" * 256, "it's", 'a "b"', "a<b", "a—b"],
        "1 to 255 letters, digits, spaces",
    ),
    ("ecs.cluster", "clusterName"): (["a" * 255], ["a" * 256, "a.b"], "1-255 letters"),
    ("ecs.service", "serviceName"): (["a_b-1"], ["a" * 256, "a.b"], "1-255 letters"),
    ("ecs.task_definition", "family"): (["a" * 255], ["a" * 256, "a.b"], "1-255 letters"),
    ("rds.db_cluster", "DBClusterIdentifier"): (
        ["a" * 63, "a-1"],
        ["a" * 64, "1a", "a--b", "a-", "A"],
        "1-63 lower-case letters, digits and single hyphens",
    ),
    ("rds.db_instance", "DBInstanceIdentifier"): (
        ["a" * 63],
        ["a" * 64, "1a", "a--b", "a-", "A"],
        "1-63 lower-case letters, digits and single hyphens",
    ),
    ("rds.db_subnet_group", "DBSubnetGroupName"): (
        ["a" * 255],
        ["a" * 256, "A", "default"],
        "1-255 lower-case letters",
    ),
    ("cloudfront.origin_access_control", "Name"): (["a" * 64], ["a" * 65], "1 to 64 characters"),
    ("cloudfront.distribution", "Comment"): (["a" * 128], ["a" * 129], "at most 128 characters"),
    ("s3.bucket", "Bucket"): (
        ["a" * 63, "a.b-1"],
        ["ab", "a" * 64, "Ab1", "a_b"],
        "3 to 63 lower-case letters",
    ),
    ("lambda.function", "FunctionName"): (["a" * 64], ["a" * 65, "a.b"], "1-64 letters"),
    ("lambda.function", "Permissions"): (
        [[{"StatementId": "a" * 100}]],
        [[{"StatementId": "a" * 101}]],
        "1-100 letters",
    ),
    ("events.rule", "Name"): (["a" * 64], ["a" * 65, "a b"], "1-64 letters, digits and .-_"),
    ("ecr.repository", "repositoryName"): (
        ["a/b", "a" * 256],
        ["a", "a" * 257, "A1", "-a"],
        "2-256 lower-case letters",
    ),
    ("iam.role", "RoleName"): (["a" * 64], ["a" * 65, "a/b"], "1-64 letters"),
    ("iam.role", "Path"): (["/" + "a" * 510 + "/"], ["/" + "a" * 511 + "/", "a"], "at most 512"),
    ("iam.role", "ManagedPolicyArns"): (
        [["arn:aws:iam::aws:policy/a"] * 10],
        [["arn:aws:iam::aws:policy/a"] * 11],
        "AWS takes at most 10",
    ),
    ("iam.role", "AssumeRolePolicyDocument"): (
        [{"Statement": {"Effect": "Allow", "Action": "a" * 2000}}],
        [{"Statement": {"Effect": "Allow", "Action": "a" * 2048}}],
        "AWS takes 2048 in all",
    ),
    ("logs.log_group", "logGroupName"): (["/a#b"], ["a" * 513, "a b"], "1-512 letters"),
    ("logs.log_group", "retentionInDays"): ([1, 3653], [2, 45, 3650], "it takes 1, 3, 5, 7"),
    ("application_autoscaling.scaling_policy", "PolicyName"): (
        ["a" * 256],
        ["a" * 257],
        "1 to 256 characters",
    ),
    ("events.rule", "Targets"): (
        [[{"Id": "a", "Arn": "arn:aws:sqs:eu-central-1:1:a"}] * 5],
        [[{"Id": "a", "Arn": "arn:aws:sqs:eu-central-1:1:a"}] * 6],
        "AWS takes at most 5",
    ),
    ("events.rule", "EventPattern"): (
        [{"source": ["a" * 4000]}],
        [{"source": ["a" * 4096]}],
        "AWS takes 4096 in all",
    ),
}
CASES = [
    (*where, value, says, fits)
    for where, (right, wrong, says) in LIMITS.items()
    for fits, values in ((True, right), (False, wrong))
    for value in values
]


@pytest.mark.parametrize(("kind", "name", "value", "says", "fits"), CASES)
def test_a_limit_is_kept_and_named(kind, name, value, says, fits, declared):
    told = [line for line in _told(declared, {kind: {"it1": {name: value}}}) if name in line]
    assert len(told) == (0 if fits else 1)
    for line in told:
        assert says in line
        assert "AWS" in line


def _told(declared, types):
    """What is said of these resources."""
    try:
        declared(json.dumps(types), environment=EXACT)
    except InvalidDesired as refused:
        return str(refused).splitlines()
    return []
