"""The periodic run through a night: what it repairs, what it leaves to people, and what it tells."""

from __future__ import annotations

import pytest
from moto.sns.models import sns_backends

from reconciler.sandbox.cloudtrail_events import happened
from tests.command.running import ACCOUNT, ENVIRONMENT, REGION

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


def let_in(lab, name, port, addresses, **event):
    """Anna lets somebody in."""
    there = group(lab, name)
    rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    lab.client("ec2").authorize_security_group_ingress(
        GroupId=there, IpPermissions=[{**rule, "IpRanges": [{"CidrIp": addresses}]}]
    )
    told = {"requestParameters": {"groupId": there}, **event}
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
