"""The periodic run through a night: what it repairs, leaves to people, and tells them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from moto.sns.models import sns_backends

from reconciler.sandbox.cloudtrail_events import happened
from tests.command.running import ACCOUNT, ENVIRONMENT, REGION, denied

STATE = ENVIRONMENT + "state: {bucket: muvi-lab-state}\n"
HEALS = STATE + (
    "heal: {all: apply, delete: refuse, classes: {opened: urgent, scaling: 24h, other: 6h}}\n"
    "notify: {sns: '${sns.topic/news.TopicArn}', metrics: true}\n"
)
ESTATE = """
s3.bucket: {muvi-lab-state: {}}
sns.topic: {news: {}}
ec2.vpc: {net: {CidrBlock: 10.0.0.0/16}}
ec2.security_group:
  tasks:
    VpcId: ${ec2.vpc/net.VpcId}
    Description: Tasks
    ingress: [{IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIpv4: 0.0.0.0/0}]
  office:
    VpcId: ${ec2.vpc/net.VpcId}
    Description: Office
    ingress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIpv4: 10.1.0.0/16}]
ecs.cluster: {shop: {Tags: {team: web}}}
ecs.task_definition:
  web: {containerDefinitions: [{name: web, image: 'nginx:1', memory: 128}]}
ecs.service:
  web:
    cluster: ${ecs.cluster/shop.clusterArn}
    taskDefinition: ${ecs.task_definition/web.taskDefinitionArn}
    desiredCount: 1
application_autoscaling.scalable_target:
  web:
    ServiceNamespace: ecs
    ResourceId: service/${ecs.cluster/shop.clusterName}/${ecs.service/web.serviceName}
    ScalableDimension: ecs:service:DesiredCount
    MinCapacity: 1
    MaxCapacity: 4
"""
ANNA = {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/anna", "userName": "anna"}
MAXIMUM, OFFICE = "application_autoscaling.scalable_target/web", "ec2.security_group/office"
TASKS, CLUSTER = "ec2.security_group/tasks", "ecs.cluster/shop"


@pytest.fixture
def lab(lab, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    lab.declare(HEALS, it=ESTATE)
    assert lab.run().code == 0
    return lab


def tick(lab, *more, **others):
    """The clock's run."""
    return lab.json("--scheduled", "--policy", *more, **others)


def messages():
    """What was told, the oldest first: subject and lines."""
    (topic,) = sns_backends[ACCOUNT][REGION].topics.values()
    return [(each[2], each[1].splitlines()) for each in topic.sent_notifications]


def group(lab, name):
    (found,) = lab.client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": [name]}]
    )["SecurityGroups"]
    return found["GroupId"]


def let_in(lab, name, port, addresses, recorded=True, **event):
    """Anna lets somebody in."""
    there = group(lab, name)
    rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    lab.client("ec2").authorize_security_group_ingress(
        GroupId=there, IpPermissions=[{**rule, "IpRanges": [{"CidrIp": addresses}]}]
    )
    told = {"requestParameters": {"groupId": there}, **event}
    if recorded:
        happened(ACCOUNT, REGION, "ec2.AuthorizeSecurityGroupIngress", ANNA, **told)


def raise_maximum(lab, to=20, **event):
    key = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/shop/web",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    lab.client("application-autoscaling").register_scalable_target(**key, MaxCapacity=to)
    event = {"requestParameters": {"resourceId": "service/shop/web"}, **event}
    happened(ACCOUNT, REGION, "application-autoscaling.RegisterScalableTarget", ANNA, **event)


def lose_tag(lab):
    arn = lab.client("ecs").list_clusters()["clusterArns"][0]
    lab.client("ecs").untag_resource(resourceArn=arn, tagKeys=["team"])


def test_a_night_has_its_repairs_its_holds_and_four_messages(lab):
    assert tick(lab).code == 0
    assert messages() == []

    raise_maximum(lab)
    ran = tick(lab)
    assert (ran.code, ran.actions) == (2, {MAXIMUM: "update"})
    assert "PutScalingPolicy" not in ran.writes
    held = ran.resources[MAXIMUM]
    assert held["status"] == "refused"
    assert held["changed_by"].startswith("person anna changed it at ")
    assert f"muvi-converge discover --env test --accept {MAXIMUM}" in held["error"]
    assert f"muvi-converge --env test --only {MAXIMUM}" in held["error"]

    let_in(lab, "office", 443, "10.9.9.9/32")
    ran = tick(lab)
    assert ran.actions == {MAXIMUM: "update", OFFICE: "update"}
    assert ran.resources[OFFICE]["status"] == "refused"

    let_in(lab, "tasks", 22, "0.0.0.0/0")
    ran = tick(lab)
    assert ran.resources[TASKS]["status"] == "done"
    assert "RevokeSecurityGroupIngress" in ran.writes
    assert f'"address": "{OFFICE}", "fate": "refused"' in ran.err
    assert f'"address": "{TASKS}", "fate": "done"' in ran.err

    lose_tag(lab)
    ran = tick(lab)
    assert ran.resources[CLUSTER]["status"] == "done"

    for _ in range(10):
        ran = tick(lab)
        assert (ran.code, ran.actions) == (2, {MAXIMUM: "update", OFFICE: "update"})
        assert not {"RegisterScalableTarget", "RevokeSecurityGroupIngress"} & {*ran.writes}
    first, second, third, fourth = messages()
    assert first[0] == "muvi-converge test: 1 new"
    assert first[1][0].startswith(f"new: update {MAXIMUM}: MaxCapacity: refused: person anna")
    assert second[1][0].startswith(f"new: update {OFFICE}: ingress: refused: person anna")
    assert third[1][0].startswith(f"new: update {TASKS}: ingress: repaired: person anna")
    assert fourth[1][0].startswith(f"new: update {CLUSTER}: tags.team: repaired")


def test_what_people_were_told_of_comes_again_when_it_changes_and_when_it_is_gone(lab):
    raise_maximum(lab)
    assert tick(lab).code == 2
    raise_maximum(lab, to=30)
    assert tick(lab).code == 2
    raise_maximum(lab, to=4)
    assert tick(lab).code == 0
    assert [lines[0].split(": ")[:2] for _, lines in messages()] == [
        ["new", f"update {MAXIMUM}"],
        ["changed", f"update {MAXIMUM}"],
        ["gone", MAXIMUM],
    ]
    assert tick(lab).code == 0
    assert len(messages()) == 3


def test_a_persons_change_is_put_back_when_its_time_is_over(lab):
    let_in(lab, "office", 443, "10.9.9.9/32", ago=7 * 3600)
    raise_maximum(lab, ago=7 * 3600)
    ran = tick(lab)
    fates = {each: ran.resources[each]["status"] for each in (OFFICE, MAXIMUM)}
    assert fates == {OFFICE: "done", MAXIMUM: "refused"}


def test_what_cloudtrail_does_not_tell_yet_waits_for_it(lab):
    let_in(lab, "office", 443, "10.9.9.9/32", recorded=False)
    held = tick(lab).resources[OFFICE]
    assert held["status"] == "refused"
    assert "CloudTrail does not tell who changed it yet; repaired after" in held["error"]
    with patch("reconciler.healing.heal.LATE", timedelta()):
        assert tick(lab).resources[OFFICE]["status"] == "done"


def test_where_cloudtrail_may_not_be_read_all_but_what_is_urgent_waits(lab):
    raise_maximum(lab)
    let_in(lab, "tasks", 22, "0.0.0.0/0")
    ran = tick(lab, fault=lambda call: denied(call) if call.service == "cloudtrail" else None)
    fates = {each: ran.resources[each]["status"] for each in (TASKS, MAXIMUM)}
    assert fates == {TASKS: "done", MAXIMUM: "refused"}
    assert ran.err.count("CloudTrail may not be read") == 1


def test_what_heal_leaves_to_people_is_told_and_left(lab):
    lab.declare(HEALS.replace("heal: {all: apply", "heal: {all: refuse"), it=ESTATE)
    let_in(lab, "tasks", 22, "0.0.0.0/0", ago=9 * 3600)
    ran = tick(lab)
    assert (ran.code, "RevokeSecurityGroupIngress" in ran.writes) == (2, False)
    assert "`heal` leaves update of ec2.security_group to people" in ran.resources[TASKS]["error"]
    assert lab.json("--policy").resources[TASKS]["status"] == "done"  # somebody began that run


@pytest.mark.parametrize("operation", ["Publish", "PutMetricData", "PutObject"])
def test_what_cannot_be_told_ends_nothing_and_is_told_again(lab, operation):
    raise_maximum(lab)

    def fails(call):
        memory = call.parameters.get("Key", "drifts").startswith("drifts")
        return denied(call) if call.operation == operation and memory else None

    failed = tick(lab, fault=fails)
    assert (failed.code, failed.actions) == (2, {MAXIMUM: "update"})
    assert "warning: " in failed.err
    told = len(messages())
    assert tick(lab).code == 2
    assert len(messages()) == (1 if operation == "PutMetricData" else told + 1)


def test_a_memory_that_cannot_be_read_repairs_what_is_surely_old_and_tells_nobody(lab):
    raise_maximum(lab)
    let_in(lab, "office", 443, "10.9.9.9/32", ago=7 * 3600)

    def unread(call):
        return denied(call) if call.parameters.get("Key") == "drifts/test.json" else None

    ran = tick(lab, fault=unread)
    assert ran.resources[OFFICE]["status"] == "done"
    assert "people are not told what is new" in ran.err
    assert messages() == []


def test_a_dry_run_by_the_clock_tells_and_remembers_nothing(lab):
    raise_maximum(lab)
    ran = tick(lab, "--dry-run")
    assert (ran.code, ran.writes, messages()) == (2, [], [])


def test_the_clock_needs_a_memory(lab):
    lab.declare(it="ecs.cluster: {shop: {}}")
    ran = lab.run("--scheduled")
    assert (ran.code, ran.writes) == (1, [])
    assert "must name a bucket under `state`" in ran.err


def test_every_run_says_that_it_has_reported(lab):
    raise_maximum(lab)
    tick(lab)
    told = lab.client("cloudwatch").list_metrics(Namespace="MuviConverge")["Metrics"]
    assert {each["MetricName"] for each in told} == {"Reported", "Drifts", "Seconds"}
    assert told[0]["Dimensions"] == [{"Name": "Environment", "Value": "test"}]


def test_what_somebody_changes_while_the_clock_is_at_work_is_left_to_the_next_run(lab):
    raise_maximum(lab, ago=25 * 3600)
    done = []

    def meanwhile(call):
        if call.operation == "PutObject" and not done:
            done.append(1)
            raise_maximum(lab, to=50)

    with patch("reconciler.healing.heal.LATE", timedelta()):
        ran = tick(lab, fault=meanwhile)
    assert ran.resources[MAXIMUM]["status"] == "refused"
    assert "MaxCapacity came to differ since this run looked" in ran.resources[MAXIMUM]["error"]
    assert ran.writes.count("RegisterScalableTarget") == 1  # somebody's own


def test_a_sandbox_posts_to_no_webhook(lab, monkeypatch):
    monkeypatch.setenv("MUVI_TEST_HOOK", "https://hooks.example.com/hunter2")
    inputs = "inputs: {hook: {env: MUVI_TEST_HOOK}}\n"
    lab.declare(HEALS.replace("metrics: true", "webhook: '${input.hook}'") + inputs, it=ESTATE)
    raise_maximum(lab)
    with patch("urllib3.PoolManager.request", side_effect=AssertionError):
        ran = tick(lab)
    assert (ran.code, len(messages())) == (2, 1)
    assert "hunter2" not in ran.out + ran.err


class TestHolds:
    def hold(self, lab, *more):
        return lab.run("hold", *more)

    def test_what_is_held_is_neither_repaired_nor_counted_nor_told(self, lab):
        raise_maximum(lab, ago=48 * 3600)
        held = self.hold(lab, MAXIMUM, "--for", "24h", "--reason", "premiere")
        assert held.code == 0
        assert f"{MAXIMUM}: held by " in held.out
        assert ": premiere" in held.out
        ran = tick(lab)
        assert (ran.code, ran.actions, messages()) == (0, {}, [])
        assert f"{MAXIMUM}: differs in MaxCapacity, held by " in ran.err
        assert lab.run("hold").out == held.out

    def test_it_counts_again_once_it_is_released_or_over(self, lab):
        let_in(lab, "office", 443, "10.9.9.9/32", ago=7 * 3600)
        self.hold(lab, OFFICE, "--for", "24h", "--reason", "audit")
        assert lab.plan("--policy").actions == {}
        assert self.hold(lab, OFFICE, "--release").out == "nothing is held\n"
        assert lab.plan("--policy").actions == {OFFICE: "update"}
        self.hold(lab, OFFICE, "--for", "0h", "--reason", "audit")
        ran = tick(lab)
        assert ran.resources[OFFICE]["status"] == "done"
        assert "that is over, so it counts again" in ran.err

    def test_two_at_once_keep_both(self, lab):
        done = []

        def meanwhile(call):
            if call.operation == "PutObject" and not done:
                done.append(1)
                assert lab.run("hold", OFFICE, "--for", "1h", "--reason", "audit").code == 0

        both = lab.run("hold", MAXIMUM, "--for", "1h", "--reason", "premiere", fault=meanwhile)
        assert both.code == 0
        assert (OFFICE in both.out, MAXIMUM in both.out) == (True, True)

    def test_nobody_is_left_alone_by_mistake(self, lab):
        unknown = lab.run("hold", MAXIMUM[:-1], "--for", "1h", "--reason", "x")
        assert f"Did you mean {MAXIMUM}?" in unknown.err
        for arguments in (("--for", "1h"), ("--reason", "x"), ("--for", "soon", "--reason", "x")):
            assert self.hold(lab, MAXIMUM, *arguments).code == 1
        assert lab.run("hold").out == "nothing is held\n"

    def test_holds_that_cannot_be_read_refuse_a_run_that_would_repair(self, lab):
        raise_maximum(lab, ago=48 * 3600)

        def unread(call):
            return denied(call) if call.parameters.get("Key") == "holds/test.json" else None

        ran = tick(lab, fault=unread)
        assert (ran.code, ran.writes) == (3, [])
        assert "nobody knows what is to be left alone" in ran.err

    @pytest.mark.parametrize(("until", "code"), [("2999-01-01", 0), ("2020-01-01T18:00Z", 2)])
    def test_the_yaml_may_accept_a_difference_until_a_day(self, lab, until, code):
        raise_maximum(lab)
        accepted = f"    $accepted: {{until: {until}, reason: premiere}}\n    MinCapacity: 1"
        lab.declare(HEALS, it=ESTATE.replace("    MinCapacity: 1", accepted))
        ran = lab.plan("--policy")
        assert ran.code == code
        assert "premiere" in ran.err

    def test_an_acceptance_without_end_or_reason_is_refused(self, lab):
        for said in ("{until: 2999-01-01}", "{reason: x}", "{until: 2999-02-31, reason: x}"):
            accepted = f"    $accepted: {said}\n    MinCapacity: 1"
            lab.declare(HEALS, it=ESTATE.replace("    MinCapacity: 1", accepted))
            ran = lab.run("--dry-run")
            assert (ran.code, ran.calls) == (1, [])
            assert "$accepted" in ran.err


class TestFreezes:
    def freeze(self, lab, begins, lasts=timedelta(hours=2), it=ESTATE):
        begin = datetime.now(UTC) + begins
        times = [f"{each:%Y-%m-%dT%H:%M:%S}" for each in (begin, begin + lasts)]
        window = "name: premiere, from: {}, to: {}, zone: UTC".format(*times)
        lab.declare(f"{HEALS}freezes: [{{{window}}}]\n", it=it)

    def test_nothing_is_changed_during_one_but_what_lets_the_world_in(self, lab):
        raise_maximum(lab, ago=48 * 3600)
        let_in(lab, "tasks", 22, "0.0.0.0/0")
        self.freeze(lab, timedelta(minutes=-5))
        ran = lab.json("--policy")
        assert (ran.code, ran.resources[TASKS]["status"]) == (2, "done")
        assert ran.resources[MAXIMUM]["status"] == "refused"
        assert "nothing is changed during premiere" in ran.resources[MAXIMUM]["error"]

    def test_a_reason_lifts_it_and_is_journalled(self, lab):
        raise_maximum(lab, ago=48 * 3600)
        self.freeze(lab, timedelta(minutes=-5))
        ran = lab.json("--policy", "--during-freeze", "the premiere needs it")
        assert ran.resources[MAXIMUM]["status"] == "done"
        s3 = lab.client("s3")
        keys = s3.list_objects_v2(Bucket="muvi-lab-state", Prefix="runs/test/")["Contents"]
        last = s3.get_object(Bucket="muvi-lab-state", Key=max(each["Key"] for each in keys))
        asked = json.loads(last["Body"].read())["asked"]
        assert asked["during_freeze"] == "the premiere needs it"

    def test_no_step_begins_that_might_last_into_one(self, lab):
        raise_maximum(lab, ago=48 * 3600)
        self.freeze(lab, timedelta(minutes=5))
        ran = lab.json("--policy")
        assert ran.resources[MAXIMUM]["status"] == "refused"
        assert "and would run into premiere" in ran.resources[MAXIMUM]["error"]
        self.freeze(lab, timedelta(minutes=30))
        assert lab.json("--policy").resources[MAXIMUM]["status"] == "done"

    def test_the_clock_is_read_again_when_a_steps_turn_comes(self, lab):
        raise_maximum(lab, ago=48 * 3600)
        self.freeze(lab, timedelta(hours=3))
        asked = []

        def later(freezes, decision):
            asked.append(decision.address)
            return "nothing is changed during premiere" if len(asked) > 1 else ""

        with patch("reconciler.freezes.freezes.Freezes.__call__", later):
            ran = lab.json("--policy")
        assert (ran.code, asked) == (2, [MAXIMUM, MAXIMUM])
        assert ran.resources[MAXIMUM]["status"] == "refused"
        assert "RegisterScalableTarget" not in ran.writes
