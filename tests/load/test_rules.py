"""What AWS refuses late: each rule passes what is right, and refuses it once one thing is wrong."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import InvalidDesired
from reconciler.handler import Handler
from reconciler.load import facts, rules
from reconciler.load.declared import Environment, Resource
from reconciler.load.problems import Problems
from reconciler.load.rules import limits
from reconciler.load.rules.whole import Whole
from reconciler.model import Source

from . import broken, broken_backups, broken_firewalls, broken_tools

TABLES = (broken, broken_backups, broken_firewalls, broken_tools)
BROKEN = {name: case for each in TABLES for name, case in each.BROKEN.items()}
OPEN = {name: case for each in TABLES for name, case in each.OPEN.items()}
EXACT = """
    account: "123456789012"
    region: eu-central-1
    regions: {edge: us-east-1, gulf: me-central-1}
    lists: exact
    inputs: {some: {env: MUVI_SOME}}
"""
LATER = {  # types that we may not have yet: what fills their names, and what they are known by
    "cloudtrail.trail": ("Name", "TrailARN"),
    "cloudwatch.alarm": ("AlarmName", "AlarmArn"),
    "elasticache.cache_subnet_group": ("CacheSubnetGroupName", "ARN"),
    "elasticache.replication_group": ("ReplicationGroupId", "ARN"),
    "sns.topic": ("Name", "TopicArn"),
    "wafv2.web_acl": ("Name", "ARN"),
}


@pytest.fixture(autouse=True)
def shop(monkeypatch):
    """The types that there are, in place of the shop's; those to come hold what they like."""
    types, handler, shipped = facts.types(), facts.handler, facts.shipped
    made = {
        kind: type(kind, (Handler,), {"naming": naming, "outputs": {arn}})
        for kind, (naming, arn) in LATER.items()
        if kind not in types
    }
    monkeypatch.setattr(facts, "types", lambda: (*types, *made))
    monkeypatch.setattr(facts, "handler", lambda kind: made.get(kind) or handler(kind))
    monkeypatch.setattr(facts, "shipped", lambda *path: _shape(made, path) or shipped(*path))


def _shape(made, path):
    kind = ".".join(path)
    return {"properties": {made[kind].naming: {}}} if kind in made else None


@pytest.mark.parametrize("rule", BROKEN)
def test_what_is_right_passes(declared, rule):
    whole, _, _ = BROKEN[rule]
    assert declared(whole, environment=EXACT).resources


@pytest.mark.parametrize("rule", BROKEN)
def test_what_is_wrong_is_refused(problems, rule):
    whole, (right, wrong), says = BROKEN[rule]
    assert whole.count(right) == 1, f"{right!r} must stand in it once"
    (found,) = problems(whole.replace(right, wrong), environment=EXACT).splitlines()
    for part in says if isinstance(says, tuple) else (says,):
        assert part in found
    assert found.startswith("desired/test/shop.yaml:")


@pytest.mark.parametrize("rule", OPEN)
def test_what_nobody_knows_is_no_problem(declared, rule):
    whole, (right, _), _ = BROKEN[rule]
    assert declared(whole.replace(right, OPEN[rule]), environment=EXACT).resources


def test_every_rule_is_about_a_type_that_there_is_or_will_be():
    about = {*rules.RULES, *limits.LONGEST, *limits.AMONG, *limits.ALONE}
    assert about - {*facts.types(), "wafv2.ip_set", "iam.policy"} == set()


def test_every_rule_is_broken_by_one_of_these(declared, monkeypatch):
    broken = set()

    def watch(environment, resources, problems):
        whole = Whole(resources)
        for each in whole.resources.values():
            mine = (*rules.EVERY, *rules.RULES.get(each.type, ()))
            broken.update(rule for rule in mine if any(rule(whole.place(each))))
        return []

    monkeypatch.setattr("reconciler.load.check", watch)
    for text, (right, wrong), _ in BROKEN.values():
        with suppress(InvalidDesired):
            declared(text.replace(right, wrong), environment=EXACT)
    assert broken == {*rules.EVERY, *(rule for each in rules.RULES.values() for rule in each)}


def test_what_may_stand_in_aws_is_a_warning_where_lists_are_at_least(declared):
    whole, (right, wrong), says = BROKEN["a target group of a service that nothing forwards to"]
    environment = EXACT.replace("lists: exact", "")
    warnings = declared(whole.replace(right, wrong), environment=environment).warnings
    assert says in "\n".join(map(str, warnings))


def test_what_shall_be_absent_breaks_no_rule(declared):
    text = "ecs.service: {web: {$absent: true, launchType: FARGATE}}\n"
    net = "ec2.vpc: {main: {CidrBlock: 10.0.0.0/16}}\n"
    assert declared(text + net, environment=EXACT).warnings == ()


def test_desired_uat_breaks_no_rule():
    from reconciler.load import load
    from tests.command.test_uat import DESIRED

    assert load(DESIRED, "uat").warnings == ()


NAMES = st.sampled_from(["a", "b"])
TEXTS = st.sampled_from(
    [
        "a",
        "*.example.com",
        "HTTPS",
        "CNAME",
        "true",
        "${input.x}",
        "${",
        "$${x}",
        '{"Statement": 1}',
        "${ecs.service/a.cluster}",
        "${ecs.service/b.cluster}",
        "${elbv2.target_group/a.VpcId}",
        "${acm.certificate/a.CertificateArn}",
        "${route53.hosted_zone/a.Name}",
        "${route53.hosted_zone/a.length(Name)}",
        "${s3.bucket/a.Policy}",
        "${lambda.function/a.FunctionArn}",
    ]
)
INNER = sorted(
    {
        *("$initial", "$absent", "Statement", "Effect", "Principal", "Action", "Name", "Type"),
        *("ForwardConfig", "TargetGroups", "TargetGroupArn", "Items", "Key", "Value", "Arn"),
        *("AliasTarget", "CertificateArn", "portMappings", "containerPort", "Dimensions"),
    }
)
VALUES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers(0, 3),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.sampled_from(INNER), each),
    max_leaves=12,
)


@st.composite
def resources(draw):
    kinds = draw(st.lists(st.sampled_from([*rules.RULES, "s3.bucket", "acm.certificate"])))
    made = {}
    for kind in kinds:
        known = [*facts.properties(kind), *INNER[:1]] if kind in facts.types() else INNER
        properties = draw(st.dictionaries(st.sampled_from(known), VALUES, max_size=8))
        address = f"{kind}/{draw(NAMES)}"
        made[address] = Resource(address, "eu-central-1", properties, Source("a.yaml", 1))
    return made


@given(resources())
def test_any_resources_raise_nothing_but_problems(tmp_path_factory, made):
    environment = Environment("test", tmp_path_factory, "1", "eu-central-1", Source("a.yaml", 1))
    known = {a: each for a, each in made.items() if each.type in facts.types()}
    problems = Problems()
    for warning in rules.check(environment, known, problems):
        assert str(warning)
    with suppress(InvalidDesired):
        problems.raise_any()
