"""CloudWatch Logs as its API reference describes it.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/"""

import pytest

KEY = "arn:aws:kms:eu-central-1:123456789012:key/1"


@pytest.fixture
def logs(moto):
    return moto("logs")


def look(logs):
    (group,) = logs.describe_log_groups(logGroupNamePrefix="/ecs/web")["logGroups"]
    return group


def test_a_group_remembers_its_class(logs):
    logs.create_log_group(logGroupName="/ecs/web", logGroupClass="INFREQUENT_ACCESS")
    assert look(logs)["logGroupClass"] == "INFREQUENT_ACCESS"


def test_a_group_without_a_class_is_standard(logs):
    logs.create_log_group(logGroupName="/ecs/web")
    assert look(logs)["logGroupClass"] == "STANDARD"


@pytest.mark.parametrize("days", [2, 45, 4000])
def test_retention_comes_in_certain_numbers_of_days(logs, days):
    logs.create_log_group(logGroupName="/ecs/web")
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.put_retention_policy(logGroupName="/ecs/web", retentionInDays=days)


def test_a_key_comes_and_goes(logs):
    logs.create_log_group(logGroupName="/ecs/web")
    logs.associate_kms_key(logGroupName="/ecs/web", kmsKeyId=KEY)
    assert look(logs)["kmsKeyId"] == KEY
    logs.disassociate_kms_key(logGroupName="/ecs/web")
    assert "kmsKeyId" not in look(logs)


def test_what_is_no_group_gets_no_key(logs):
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.associate_kms_key(logGroupName="/ecs/web", kmsKeyId=KEY)


def test_a_group_made_again_has_none_of_the_old_tags(logs):
    logs.create_log_group(logGroupName="/ecs/web", tags={"owner": "them"})
    logs.delete_log_group(logGroupName="/ecs/web")
    logs.create_log_group(logGroupName="/ecs/web", tags={"stage": "uat"})
    tags = logs.list_tags_for_resource(resourceArn=look(logs)["logGroupArn"])["tags"]
    assert tags == {"stage": "uat"}
