"""Accepted drift is written where it stands, and nothing else moves."""

from __future__ import annotations

import difflib

import pytest

from reconciler.discover.accept import accept
from reconciler.discover.files import write
from reconciler.errors import Usage
from tests.conftest import ACCOUNT, REGION
from tests.living import actions, failures, loaded, run

ENVIRONMENT = f"""\
account: '{ACCOUNT}'
region: {REGION}
lists: exact
tags: {{owner: muvi}}
tables:
  groups:   # one row per group
    /first: {{days: 7}}    # a week
    /second: {{days: 14, class: STANDARD}}
"""
LOGS = """\
# Where logs go.
$for_each: groups

logs.log_group:
  ${each.key}: {retentionInDays: '${each.days}', logGroupClass: "${each.class?}"}
---
# and one alone
logs.log_group:
  $defaults: {retentionInDays: 30}   # a month
  /alone:
    Tags:
      team: web   # who asks
  /beside: {}
"""
NET = """\
ec2.vpc:
  net: {CidrBlock: 10.0.0.0/16}   # small

ec2.security_group:
  peer: {VpcId: "${ec2.vpc/net.VpcId}", Description: peer}
  web:
    VpcId: ${ec2.vpc/net.VpcId}
    Description: web
    # who may come in
    ingress:
      # the world
      - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIpv4: 0.0.0.0/0}   # TLS
      # our own
      - IpProtocol: tcp   # plain
        FromPort: 80
        ToPort: 80
        CidrIpv4: 10.0.0.0/8
    egress: [{IpProtocol: '-1', CidrIpv4: 0.0.0.0/0}, {IpProtocol: tcp, FromPort: 25,
      ToPort: 25, CidrIpv4: 10.1.0.0/16}]
iam.role:
  web:
    AssumeRolePolicyDocument:
      Version: '2012-10-17'
      Statement:
        - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
    MaxSessionDuration: 3600
    ManagedPolicyArns:
      - arn:aws:iam::aws:policy/AmazonS3FullAccess
"""
SECRETS = """\
ssm.parameter:
  /open: {Type: String, Value: harmless}
"""


class Files:
    def __init__(self, folder, aws):
        self.folder, self.aws, self.home = folder, aws, folder / "test"
        self.home.mkdir()

    def say(self, **files):
        (self.home / "environment.yaml").write_text(ENVIRONMENT)
        for name, text in files.items():
            (self.home / f"{name}.yaml").write_text(text)
        _, result = self.run()
        assert failures(result) == {}

    def run(self, **more):
        declared = loaded(self.folder)
        types = {address.split("/")[0] for address in declared.resources}
        return run(declared, self.aws, only=tuple(sorted(types)), **more)

    def accept(self, address):
        """The lines that went and came, by file."""
        declared = loaded(self.folder)
        made = accept(declared, self.aws, address)
        write(declared.environment, made)
        return [
            line
            for file, after in made.texts.items()
            for line in difflib.ndiff(made.before[file].splitlines(), after.splitlines())
            if line[0] in "+-"
        ]

    def differing(self):
        return actions(self.run(dry=True)[1])


@pytest.fixture
def files(aws, tmp_path):
    return Files(tmp_path, aws)


def test_a_scalar_in_a_row_of_a_table_is_written_there(files):
    files.say(logs=LOGS)
    logs = files.aws.client("logs", REGION)
    logs.put_retention_policy(logGroupName="/first", retentionInDays=3)
    assert files.accept("logs.log_group//first") == [
        "-     /first: {days: 7}    # a week",
        "+     /first: {days: 3}    # a week",
    ]
    assert files.differing() == {}


def test_a_default_that_others_share_is_refused_with_its_place(files):
    files.say(logs=LOGS)
    logs = files.aws.client("logs", REGION)
    logs.put_retention_policy(logGroupName="/alone", retentionInDays=3)
    before = (files.home / "logs.yaml").read_bytes()
    with pytest.raises(Usage, match=r"logs\.yaml:9:32: .*says it of others.*/beside"):
        files.accept("logs.log_group//alone")
    assert (files.home / "logs.yaml").read_bytes() == before


def test_tags_are_accepted_where_they_stand(files):
    files.say(logs=LOGS)
    logs = files.aws.client("logs", REGION)
    logs.tag_log_group(logGroupName="/alone", tags={"team": "api"})
    assert files.accept("logs.log_group//alone") == [
        "-       team: web   # who asks",
        "+       team: api   # who asks",
    ]
    logs.tag_log_group(logGroupName="/alone", tags={"owner": "they"})
    with pytest.raises(Usage, match="write it into the entry under Tags"):
        files.accept("logs.log_group//alone")


def _group(files):
    ec2 = files.aws.client("ec2", REGION)
    found = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["web"]}])
    return ec2, found["SecurityGroups"][0]["GroupId"]


def test_members_of_lists_come_and_go_and_comments_stay(files):
    files.say(net=NET)
    ec2, web = _group(files)
    ssh = {
        "IpProtocol": "tcp",
        "FromPort": 22,
        "ToPort": 22,
        "IpRanges": [{"CidrIp": "10.9.0.0/16"}],
    }
    http = {
        "IpProtocol": "tcp",
        "FromPort": 80,
        "ToPort": 80,
        "IpRanges": [{"CidrIp": "10.0.0.0/8"}],
    }
    mail = {
        "IpProtocol": "tcp",
        "FromPort": 25,
        "ToPort": 25,
        "IpRanges": [{"CidrIp": "10.1.0.0/16"}],
    }
    ec2.authorize_security_group_ingress(GroupId=web, IpPermissions=[ssh])
    ec2.revoke_security_group_ingress(GroupId=web, IpPermissions=[http])
    ec2.revoke_security_group_egress(GroupId=web, IpPermissions=[mail])
    lines = files.accept("ec2.security_group/web")
    assert files.differing() == {}
    text = (files.home / "net.yaml").read_text()
    for comment in ("# who may come in", "# the world", "# TLS", "# our own", "# small"):
        assert comment in text
    assert "-       - IpProtocol: tcp   # plain" in lines
    assert "+         CidrIpv4: 10.9.0.0/16" in lines
    assert "+     egress: [{IpProtocol: '-1', CidrIpv4: 0.0.0.0/0}]" in lines


def test_a_member_that_names_a_declared_object_becomes_a_reference(files):
    files.say(net=NET)
    ec2, web = _group(files)
    peer = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["peer"]}])
    group = peer["SecurityGroups"][0]["GroupId"]
    pairs = [{"GroupId": group}]
    ec2.authorize_security_group_ingress(
        GroupId=web,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": pairs}
        ],
    )
    lines = files.accept("ec2.security_group/web")
    assert "+           GroupId: ${ec2.security_group/peer.GroupId}" in lines
    assert files.differing() == {}


def test_numbers_texts_and_policies(files):
    files.say(net=NET)
    iam = files.aws.client("iam", "us-east-1")
    iam.update_role(RoleName="web", MaxSessionDuration=7200)
    iam.attach_role_policy(RoleName="web", PolicyArn="arn:aws:iam::aws:policy/PowerUserAccess")
    iam.update_assume_role_policy(
        RoleName="web",
        PolicyDocument='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": '
        '{"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}',
    )
    lines = files.accept("iam.role/web")
    assert "+     MaxSessionDuration: 7200" in lines
    assert "+       - arn:aws:iam::aws:policy/PowerUserAccess" in lines
    assert files.differing() == {}


def test_a_secret_is_never_accepted(files):
    files.say(secrets=SECRETS)
    ssm = files.aws.client("ssm", REGION)
    ssm.put_parameter(Name="/open", Value="hunter2hunter2", Type="String", Overwrite=True)
    with pytest.raises(Usage, match="is a secret") as refused:
        files.accept("ssm.parameter//open")
    assert "hunter2" not in str(refused.value)


def test_what_agrees_changes_no_byte(files):
    files.say(net=NET)
    assert files.accept("ec2.security_group/web") == []


def test_a_reference_to_what_we_do_not_know_is_not_overwritten(files):
    files.say(
        net="""\
sns.topic:
  ours: {}
cloudwatch.alarm:
  busy:
    Namespace: AWS/ECS
    MetricName: CPUUtilization
    Statistic: Average
    Period: 60
    EvaluationPeriods: 5
    Threshold: 80
    ComparisonOperator: GreaterThanThreshold
    AlarmActions: ['${sns.topic/ours.TopicArn}']
    AlarmDescription: tells ${sns.topic/ours.TopicArn}
"""
    )
    cloudwatch = files.aws.client("cloudwatch", REGION)
    (alarm,) = cloudwatch.describe_alarms()["MetricAlarms"]
    kept = ("Namespace", "MetricName", "Statistic", "Period", "EvaluationPeriods", "Threshold")
    same = {name: alarm[name] for name in (*kept, "ComparisonOperator", "AlarmActions")}
    cloudwatch.put_metric_alarm(AlarmName="busy", AlarmDescription="tells nobody", **same)
    with pytest.raises(Usage, match=r"net\.yaml:13:23: .*AlarmDescription.*stands as"):
        files.accept("cloudwatch.alarm/busy")


def test_what_is_gone_or_undeclared_is_told(files):
    files.say(logs=LOGS)
    files.aws.client("logs", REGION).delete_log_group(logGroupName="/alone")
    with pytest.raises(Usage, match="AWS has no"):
        files.accept("logs.log_group//alone")
    with pytest.raises(Usage, match="is not declared"):
        files.accept("logs.log_group//nowhere")
