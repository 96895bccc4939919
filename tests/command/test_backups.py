"""Backups that leave the region, plans known by name only, and a recorder with its channel."""

from __future__ import annotations

from tests.command.running import ACCOUNT, ENVIRONMENT

DR = "eu-west-1"
REGIONS = f"{ENVIRONMENT}regions: {{dr: {DR}}}"
COPIES = """
backup.backup_plan:
  RDS-DR-To-Ireland-1:
    Rules:
      - RuleName: daily
        TargetBackupVaultName: ${backup.backup_vault/home.BackupVaultName}
        CopyActions: [{DestinationBackupVaultArn: '${backup.backup_vault/ireland.BackupVaultArn}'}]
backup.backup_vault: {home: {$protect: false}}
---
$region: dr
backup.backup_vault: {ireland: {BackupVaultName: home, $protect: false}}
"""
NAMED = """
backup.backup_plan:
  $defaults: {$initial: {Rules: [{RuleName: daily, TargetBackupVaultName: home}]}}
  S3-Backup: {}
  Media-Backup: {}
"""
SELECTED = """
iam.role:
  backups:
    AssumeRolePolicyDocument:
      Version: '2012-10-17'
      Statement:
        {Effect: Allow, Principal: {Service: backup.amazonaws.com}, Action: 'sts:AssumeRole'}
backup.backup_vault: {home: {$protect: false}}
backup.backup_plan:
  nightly:
    Rules: [{RuleName: daily, TargetBackupVaultName: '${backup.backup_vault/home.BackupVaultName}'}]
backup.backup_selection:
  some:
    BackupPlanId: ${backup.backup_plan/nightly.BackupPlanId}
    IamRoleArn: ${iam.role/backups.Arn}
    Resources: ['arn:aws:s3:::%s']
"""
RECORDS = """
config.delivery_channel: {default: {s3BucketName: '${s3.bucket/muvi-config.Bucket}'}}
config.configuration_recorder: {default: {roleARN: '${iam.role/recorder.Arn}', recording: true}}
s3.bucket: {muvi-config: {$protect: false}}
iam.role:
  recorder:
    AssumeRolePolicyDocument:
      Version: '2012-10-17'
      Statement:
        {Effect: Allow, Principal: {Service: config.amazonaws.com}, Action: 'sts:AssumeRole'}
"""


def plans(lab, *names):
    """Plans that somebody else has made, by name; their ids."""
    backup = lab.client("backup")
    backup.create_backup_vault(BackupVaultName="home")
    rules = [[{"RuleName": f"r{n}", "TargetBackupVaultName": "home"}] for n in range(len(names))]
    documents = [
        {"BackupPlanName": name, "Rules": rule} for name, rule in zip(names, rules, strict=True)
    ]
    return [backup.create_backup_plan(BackupPlan=each)["BackupPlanId"] for each in documents]


def test_a_plan_copies_into_a_vault_of_another_region(lab):
    lab.declare(REGIONS, it=COPIES)
    ran = lab.json()
    assert (ran.code, len(ran.actions)) == (0, 3), ran.err
    made = [(c.operation, c.region) for c in ran.calls if c.operation == "CreateBackupVault"]
    assert {region for _, region in made} == {"eu-central-1", DR}
    assert ran.place("CreateBackupVault") < ran.place("CreateBackupPlan", f"{DR}:{ACCOUNT}")

    backup = lab.client("backup")
    (plan,) = backup.list_backup_plans()["BackupPlansList"]
    whole = backup.get_backup_plan(BackupPlanId=plan["BackupPlanId"])["BackupPlan"]
    (copied,) = whole["Rules"][0]["CopyActions"]
    assert copied["DestinationBackupVaultArn"] == (
        f"arn:aws:backup:{DR}:{ACCOUNT}:backup-vault:home"
    )
    assert lab.client("backup", DR).list_backup_plans()["BackupPlansList"] == []
    assert lab.json().actions == {}


def test_taken_away_they_go_from_both_regions(lab):
    lab.declare(REGIONS, it=COPIES)
    assert lab.json().code == 0
    ran = lab.json("destroy", "--confirm", "test")
    assert (ran.code, {*ran.actions.values()}) == (0, {"delete"})
    assert ran.place("DeleteBackupPlan") < ran.place("DeleteBackupVault")


def test_plans_known_by_name_cost_one_listing_and_are_not_read(lab):
    plans(lab, "S3-Backup", "Media-Backup")
    lab.declare(it=NAMED)
    ran = lab.plan()
    assert {*ran.actions.values()} == {"adopt"}
    asked = [call.operation for call in ran.calls if call.service == "backup"]
    assert asked.count("ListBackupPlans") == 1
    assert "GetBackupPlan" not in asked
    assert ran.writes == []


def test_two_plans_of_one_name_are_told_by_their_ids(lab):
    ids = plans(lab, "S3-Backup", "S3-Backup")
    lab.declare(it=NAMED)
    ran = lab.plan()
    told = ran.resources["backup.backup_plan/S3-Backup"]["reason"]
    assert ran.code == 1
    assert [each for each in ids if each not in told] == []


def test_a_selection_is_replaced_and_goes_before_its_plan(lab):
    lab.declare(it=SELECTED % "one-*")
    assert lab.json().code == 0
    lab.declare(it=SELECTED % "two-*")
    ran = lab.json()
    assert (ran.code, ran.actions) == (0, {"backup.backup_selection/some": "replace"})
    assert ran.writes == ["DeleteBackupSelection", "CreateBackupSelection"]
    assert lab.json().actions == {}
    gone = lab.json("destroy", "--confirm", "test")
    assert gone.code == 0, gone.err
    assert gone.place("DeleteBackupSelection") < gone.place("DeleteBackupPlan")


def test_a_recorder_is_made_then_its_channel_then_it_records_and_back_again(lab):
    lab.declare(it=RECORDS)
    ran = lab.json()
    assert ran.code == 0, ran.err
    assert ran.place("PutConfigurationRecorder") < ran.place("StartConfigurationRecorder")
    (state,) = lab.client("config").describe_configuration_recorder_status()[
        "ConfigurationRecordersStatus"
    ]
    assert state["recording"] is True
    assert lab.json().actions == {}

    gone = lab.json("destroy", "--confirm", "test")
    assert gone.code == 0, gone.err
    # A channel does not go while its recorder runs, so that it went says in which order. The two
    # are asked for at once, and which is written down first is chance.
    assert "StopConfigurationRecorder" in gone.writes
    config = lab.client("config")
    assert config.describe_delivery_channels()["DeliveryChannels"] == []
    assert config.describe_configuration_recorders()["ConfigurationRecorders"] == []
