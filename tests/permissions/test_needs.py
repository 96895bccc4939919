"""What an environment needs: no type, name, region, role or key more than its files say."""

import pytest

from reconciler.permissions import policies, tables
from reconciler.permissions.operations import Operation
from tests.conftest import ACCOUNT, REGION
from tests.living import loaded, written
from tests.permissions.verdicts import Verdicts

ENV = {"account": ACCOUNT, "region": REGION, "lists": "exact"}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
BUCKET = {"s3.bucket": {"ours": {}}}
ROLES = {"iam.role": {name: {"AssumeRolePolicyDocument": TRUST} for name in ("task", "other")}}
TASK = {
    "ecs.task_definition": {
        "web": {
            "taskRoleArn": "${iam.role/task.Arn}",
            "containerDefinitions": [{"name": "web", "image": "nginx"}],
        }
    }
}


@pytest.fixture
def held(tmp_path):
    """What whoever holds the policies of these resources may do."""

    def hold(*files, reading=False, **environment):
        named = {f"f{n}": each for n, each in enumerate(files)}
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        declared = loaded(written(folder, {**ENV, **environment}, **named))
        return Verdicts(policies(declared, reading=reading), ACCOUNT)

    return hold


def _writes(verdicts):
    return {a for a in verdicts.actions if not tables.reference()[a].reads}


def test_what_is_not_declared_is_looked_for_and_not_written(held):
    ours = held(BUCKET)
    assert {each.partition(":")[0] for each in _writes(ours)} == {"s3"}
    assert ours.allow("ec2:DescribeVpcs", "*", REGION)


def test_a_bucket_is_written_by_its_name_alone(held):
    ours = held(BUCKET)
    assert ours.allow("s3:PutBucketPolicy", "arn:aws:s3:::ours", REGION)
    for other in ("theirs", "ours-too", "our"):
        assert not ours.allow("s3:PutBucketPolicy", f"arn:aws:s3:::{other}", REGION)


def test_nothing_is_allowed_in_another_region(held):
    ours = held(TASK, ROLES)
    assert ours.allow("ecs:DeregisterTaskDefinition", "*", REGION)
    assert not ours.allow("ecs:DeregisterTaskDefinition", "*", "us-west-2")
    assert not ours.allow("ec2:DescribeVpcs", "*", "us-west-2")


def test_who_only_reads_writes_nothing_and_passes_no_role(held):
    assert _writes(held(TASK, ROLES, BUCKET, reading=True)) == set()


def test_a_role_is_passed_only_to_the_service_of_those_who_name_it(held):
    (passes,) = [
        each for each in held(TASK, ROLES).statements if each["Action"] == ["iam:PassRole"]
    ]
    assert passes["Resource"] == [f"arn:aws:iam::{ACCOUNT}:role/task"]
    assert passes["Condition"] == {
        "StringEquals": {"iam:PassedToService": ["ecs-tasks.amazonaws.com"]}
    }
    assert "iam:PassRole" not in held(ROLES).actions


def test_a_service_is_given_its_own_role_where_one_of_its_types_is_declared(held):
    (linked,) = [
        each
        for each in held(TASK, ROLES).statements
        if "iam:CreateServiceLinkedRole" in each["Action"]
    ]
    assert linked["Condition"]["StringEquals"]["iam:AWSServiceName"] == ["ecs.amazonaws.com"]
    assert "iam:CreateServiceLinkedRole" not in held(BUCKET).actions


def test_what_has_no_name_yet_may_have_any(held):
    ours = held({"s3.bucket": {"ours": {"$unnamed": "true"}}})
    assert ours.allow("s3:PutBucketPolicy", "arn:aws:s3:::whatever-it-is", REGION)


def test_an_arn_holds_a_service_by_its_cluster_and_a_name_is_no_word_of_aws(held):
    service = {
        "ecs.cluster": {"web": {}},
        "ecs.service": {
            "gateway": {
                "cluster": "${ecs.cluster/web.clusterArn}",
                "taskDefinition": "${ecs.task_definition/web.taskDefinitionArn}",
            }
        },
    }
    ours, home = held(service, TASK, ROLES), f"arn:aws:ecs:{REGION}:{ACCOUNT}:service"
    assert ours.allow("ecs:UpdateService", f"{home}/web/gateway", REGION)
    assert not ours.allow("ecs:UpdateService", f"{home}/other/gateway", REGION)


def test_a_key_is_used_only_through_the_service_that_is_told_of_it(held):
    plain = {"secretsmanager.secret": {"s": {}}}
    locked = {"secretsmanager.secret": {"s": {"KmsKeyId": "alias/ours"}}}
    assert "kms:GenerateDataKey" not in held(plain).actions
    (uses,) = [each for each in held(locked).statements if "kms:GenerateDataKey" in each["Action"]]
    assert uses["Condition"] == {
        "StringEquals": {"kms:ViaService": [f"secretsmanager.{REGION}.amazonaws.com"]}
    }


def test_the_tags_of_a_function_are_shown_only_to_who_may_list_them():
    """https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html"""
    assert "lambda:ListTags" in tables.actions(Operation("lambda", "GetFunction"))


def test_the_state_of_terraform_is_read_and_nothing_else_of_its_bucket(held):
    ours = held(BUCKET, reading=True, terraform=["s3://states/prod/it.tfstate"])
    assert ours.allow("s3:GetObject", "arn:aws:s3:::states/prod/it.tfstate", REGION)
    assert not ours.allow("s3:GetObject", "arn:aws:s3:::states/other", REGION)


def test_the_lease_and_the_journals_are_written_and_no_other_environments(held):
    state = {"state": {"bucket": "states"}}
    home, name = "arn:aws:s3:::states", "test"
    ours, reading = held(BUCKET, **state), held(BUCKET, reading=True, **state)
    for each in (f"{home}/lease/{name}.json", f"{home}/runs/{name}/20260101T000000Z-1.json"):
        assert ours.allow("s3:PutObject", each, REGION)
        assert reading.allow("s3:GetObject", each, REGION)
        assert not reading.allow("s3:PutObject", each, REGION)
    for other in (f"{home}/lease/other.json", f"{home}/runs/other/1.json", f"{home}/x"):
        assert not ours.allow("s3:PutObject", other, REGION)
        assert not ours.allow("s3:GetObject", other, REGION)
    # else S3 answers as if what is not there were forbidden
    assert ours.allow("s3:ListBucket", home, REGION)
    assert "s3:PutObject" not in held(BUCKET).actions


def test_who_else_changed_something_is_asked_at_home_and_where_what_is_global_is_recorded(held):
    for ours in (held(BUCKET), held(BUCKET, reading=True)):
        assert ours.allow("cloudtrail:LookupEvents", "*", REGION)
        assert ours.allow("cloudtrail:LookupEvents", "*", "us-east-1")
        assert not ours.allow("cloudtrail:LookupEvents", "*", "eu-west-3")


def test_who_converges_tells_the_topic_that_is_named_and_no_other(held):
    home = f"arn:aws:sns:{REGION}:{ACCOUNT}"
    topics = {"sns.topic": {"alarms": {"Name": "called-otherwise"}, "more": {}}}
    for said, name in (("${sns.topic/alarms.TopicArn}", "called-otherwise"), (f"{home}:x", "x")):
        ours = held(topics, notify={"sns": said})
        assert ours.allow("sns:Publish", f"{home}:{name}", REGION)
        assert not ours.allow("sns:Publish", f"{home}:more", REGION)
        assert "cloudwatch:PutMetricData" not in ours.actions
    assert "sns:Publish" not in held(topics, notify={"sns": f"{home}:x"}, reading=True).actions
    assert "sns:Publish" not in held(topics).actions


def test_metrics_go_to_our_namespace_alone(held):
    (told,) = [
        each
        for each in held(BUCKET, notify={"metrics": "true"}).statements
        if "cloudwatch:PutMetricData" in each["Action"]
    ]
    assert told["Action"] == ["cloudwatch:PutMetricData"]
    assert told["Condition"] == {"StringEquals": {"cloudwatch:namespace": ["MuviConverge"]}}
    for not_told in ({}, {"notify": {"metrics": "false"}}):
        assert "cloudwatch:PutMetricData" not in held(BUCKET, **not_told).actions
    reading = held(BUCKET, notify={"metrics": "true"}, reading=True)
    assert "cloudwatch:PutMetricData" not in reading.actions
