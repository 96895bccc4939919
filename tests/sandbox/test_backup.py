"""Written from AWS Backup's API reference: settings of vaults, whole plans, what they select."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.conftest import ACCOUNT

KEEP = {"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"}
TOPIC = {"SNSTopicArn": "arn:aws:sns:eu-central-1:123456789012:backups"}
DAILY = {"RuleName": "daily", "TargetBackupVaultName": "home"}
DR = {"DestinationBackupVaultArn": "arn:aws:backup:eu-west-1:123456789012:backup-vault:dr"}


@pytest.fixture
def backup(moto):
    backup = moto("backup")
    backup.create_backup_vault(BackupVaultName="home")
    return backup


@pytest.fixture
def role(moto):
    trust = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}}
    document = {"Version": "2012-10-17", "Statement": [{**trust, "Action": "sts:AssumeRole"}]}
    asked = {"RoleName": "backups", "AssumeRolePolicyDocument": json.dumps(document)}
    return moto("iam").create_role(**asked)["Role"]["Arn"]


def policy(**more):
    return json.dumps({"Version": "2012-10-17", "Statement": [{**KEEP, **more}]})


def plan(backup, *rules, **more):
    document = {"BackupPlanName": "nightly", "Rules": list(rules) or [DAILY]}
    return backup.create_backup_plan(BackupPlan=document, **more)["BackupPlanId"]


def select(backup, plan, role, name="all", **more):
    selection = {"SelectionName": name, "IamRoleArn": role, "Resources": ["*"]}
    made = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=selection, **more)
    return made["SelectionId"]


def refusal(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_vault_keeps_its_policy_until_it_is_taken_away(backup):
    named = {"BackupVaultName": "home"}
    backup.put_backup_vault_access_policy(**named, Policy=policy())
    shown = backup.get_backup_vault_access_policy(**named)
    assert json.loads(shown["Policy"]) == json.loads(policy())
    assert shown["BackupVaultArn"].endswith(":backup-vault:home")
    backup.delete_backup_vault_access_policy(**named)
    code, _ = refusal(backup.get_backup_vault_access_policy, **named)
    assert code == "ResourceNotFoundException"


def test_a_policy_names_nobody_that_there_is_not(backup):
    stranger = policy(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/nobody"})
    named = {"BackupVaultName": "home"}
    code, message = refusal(backup.put_backup_vault_access_policy, **named, Policy=stranger)
    assert (code, message) == (
        "InvalidParameterValueException",
        "Provided principal is not valid",
    )
    code, _ = refusal(backup.put_backup_vault_access_policy, **named, Policy="{Statement")
    assert code == "InvalidParameterValueException"


def test_a_vault_tells_its_topic_until_it_is_told_not_to(backup):
    named, told = {"BackupVaultName": "home"}, {**TOPIC, "BackupVaultEvents": ["BACKUP_JOB_FAILED"]}
    backup.put_backup_vault_notifications(**named, **told)
    shown = backup.get_backup_vault_notifications(**named)
    assert {name: shown[name] for name in told} == told
    backup.delete_backup_vault_notifications(**named)
    code, _ = refusal(backup.get_backup_vault_notifications, **named)
    assert code == "ResourceNotFoundException"


def test_settings_are_of_a_vault_that_there_is(backup):
    missing = {"BackupVaultName": "other"}
    for call in (backup.get_backup_vault_access_policy, backup.get_backup_vault_notifications):
        assert refusal(call, **missing)[0] == "ResourceNotFoundException"


def test_two_plans_may_have_one_name(backup):
    one, two = plan(backup), plan(backup, {**DAILY, "StartWindowMinutes": 60})
    listed = backup.list_backup_plans()["BackupPlansList"]
    assert {each["BackupPlanId"] for each in listed} == {one, two}
    assert {each["BackupPlanName"] for each in listed} == {"nightly"}


def test_the_same_document_twice_is_refused_unless_the_first_is_gone(backup):
    backup.update_backup_plan(
        BackupPlanId=plan(backup), BackupPlan=_document(StartWindowMinutes=90)
    )
    again = plan(backup)
    assert refusal(plan, backup=backup)[0] == "AlreadyExistsException"
    backup.delete_backup_plan(BackupPlanId=again)
    assert plan(backup) != again


def test_one_request_makes_one_plan(backup):
    assert plan(backup, CreatorRequestId="one") == plan(backup, CreatorRequestId="one")
    assert len(backup.list_backup_plans()["BackupPlansList"]) == 1


def test_a_plan_backs_up_into_a_vault_that_there_is(backup):
    nowhere = {**DAILY, "TargetBackupVaultName": "nowhere"}
    with pytest.raises(ClientError, match="InvalidParameterValueException"):
        plan(backup, nowhere)
    document = {"BackupPlanName": "nightly", "Rules": [nowhere]}
    made = plan(backup)
    code, _ = refusal(backup.update_backup_plan, BackupPlanId=made, BackupPlan=document)
    assert code == "InvalidParameterValueException"


@pytest.mark.parametrize("where", ["rule", "copy"])
def test_what_moves_to_the_cold_stays_there_for_90_days(backup, where):
    def kept(days):
        lifecycle = {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": days}
        copied = {**DR, "Lifecycle": lifecycle}
        return {
            **DAILY,
            **({"CopyActions": [copied]} if where == "copy" else {}),
            **({"Lifecycle": lifecycle} if where == "rule" else {}),
        }

    with pytest.raises(ClientError, match="InvalidParameterValueException"):
        plan(backup, kept(119))
    assert plan(backup, kept(120))


def test_an_update_replaces_the_whole_document(backup):
    made = plan(backup, {**DAILY, "CopyActions": [DR]}, {**DAILY, "RuleName": "weekly"})
    before = backup.get_backup_plan(BackupPlanId=made)
    answer = backup.update_backup_plan(BackupPlanId=made, BackupPlan=_document())
    after = backup.get_backup_plan(BackupPlanId=made)
    (rule,) = after["BackupPlan"]["Rules"]
    assert rule["RuleName"] == "daily"
    assert "CopyActions" not in rule
    assert rule["CompletionWindowMinutes"] == 10080
    assert answer["BackupPlanId"] == after["BackupPlanId"] == before["BackupPlanId"]
    assert answer["VersionId"] == after["VersionId"] != before["VersionId"]


def test_the_tags_of_a_plan_are_shown_by_the_tagging_api(moto, backup):
    made = plan(backup, BackupPlanTags={"owner": "muvi"}, CreatorRequestId="one")
    plan(backup, {**DAILY, "RuleName": "weekly"})
    shown = moto("resourcegroupstaggingapi").get_resources()["ResourceTagMappingList"]
    assert [each["ResourceARN"].rpartition(":")[2] for each in shown] == [made]
    document = _document(RuleName="monthly")
    backup.update_backup_plan(BackupPlanId=made, BackupPlan=document)
    (shown,) = moto("resourcegroupstaggingapi").get_resources()["ResourceTagMappingList"]
    assert shown["Tags"] == [{"Key": "owner", "Value": "muvi"}]


def test_a_selection_is_shown_by_its_plan_and_whole_by_itself(backup, role):
    made = plan(backup)
    selection = select(backup, made, role)
    (listed,) = backup.list_backup_selections(BackupPlanId=made)["BackupSelectionsList"]
    assert (listed["SelectionId"], listed["SelectionName"]) == (selection, "all")
    assert (listed["BackupPlanId"], listed["IamRoleArn"]) == (made, role)
    shown = backup.get_backup_selection(BackupPlanId=made, SelectionId=selection)
    assert shown["BackupSelection"]["Resources"] == ["*"]
    assert shown["BackupSelection"]["ListOfTags"] == []


def test_one_request_makes_one_selection(backup, role):
    made = plan(backup)
    one = select(backup, made, role, CreatorRequestId="one")
    assert select(backup, made, role, CreatorRequestId="one") == one
    assert select(backup, made, role, CreatorRequestId="two") != one


def test_a_selection_needs_a_role_that_aws_backup_may_assume(moto, backup, role):
    code, message = refusal(select, backup=backup, plan=plan(backup), role=f"{role}-to-come")
    assert code == "InvalidParameterValueException"
    assert "cannot be assumed" in message


def test_a_plan_with_selections_is_not_deleted(backup, role):
    made = plan(backup)
    selection = select(backup, made, role)
    code, message = refusal(backup.delete_backup_plan, BackupPlanId=made)
    assert code == "InvalidRequestException"
    assert "selections must be deleted prior" in message
    backup.delete_backup_selection(BackupPlanId=made, SelectionId=selection)
    backup.delete_backup_plan(BackupPlanId=made)
    code, message = refusal(backup.list_backup_selections, BackupPlanId=made)
    assert code == "InvalidParameterValueException"
    assert "Cannot find Backup plan" in message


def test_what_is_gone_of_a_plan_is_not_found(backup, role):
    named = {"BackupPlanId": plan(backup), "SelectionId": "no"}
    for call in (backup.get_backup_selection, backup.delete_backup_selection):
        assert refusal(call, **named)[0] == "ResourceNotFoundException"


def _document(**more):
    return {"BackupPlanName": "nightly", "Rules": [{**DAILY, **more}]}
