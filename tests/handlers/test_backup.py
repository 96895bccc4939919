"""What reaches AWS Backup. Corrections of moto: backup.py, backup_selections.py."""

import json

import pytest

from reconciler.errors import Denied
from reconciler.model import Desired
from resources.backup.backup_plan import BackupPlan
from resources.backup.backup_selection import BackupSelection
from resources.backup.backup_vault import BackupVault
from tests.conftest import REGION
from tests.handlers.steps import change, create, look, sent, update

DAILY = {"RuleName": "daily", "TargetBackupVaultName": "home"}
NIGHTLY = {"BackupPlanName": "nightly", "Rules": [DAILY]}
READS = ("GetBackupPlan", "ListBackupPlans", "ListTags", "GetBackupSelection")


@pytest.fixture
def vaults(aws):
    return BackupVault(aws, REGION)


@pytest.fixture
def plans(aws):
    return BackupPlan(aws, REGION)


@pytest.fixture
def selections(aws):
    return BackupSelection(aws, REGION)


@pytest.fixture
def home(vaults):
    return create(vaults, Desired({"BackupVaultName": "home"}, {"Name": "it"}, "run home"))


@pytest.fixture
def plan(plans, home):
    return create(plans, Desired(NIGHTLY, {"Name": "it"}, "run nightly"))


@pytest.fixture
def role(aws):
    trust = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}}
    document = {"Version": "2012-10-17", "Statement": [{**trust, "Action": "sts:AssumeRole"}]}
    asked = {"RoleName": "backups", "AssumeRolePolicyDocument": json.dumps(document)}
    return aws.client("iam", REGION).create_role(**asked)["Role"]["Arn"]


def test_a_vault_is_made_once_for_one_intent(vaults):
    calls = sent(vaults.client)
    create(vaults, Desired({"BackupVaultName": "home"}, {"Name": "it"}, "run home"))
    ((operation, parameters),) = calls
    token = parameters.pop("CreatorRequestId")
    assert operation == "CreateBackupVault"
    assert parameters == {"BackupVaultName": "home", "BackupVaultTags": {"Name": "it"}}
    assert len(token) == 50
    assert token.isalnum()


def test_settings_that_nobody_mentions_are_not_read(vaults, home):
    calls = sent(vaults.client, "GetBackupVaultAccessPolicy", "GetBackupVaultNotifications")
    assert look(vaults, home, {"BackupVaultName", "MinRetentionDays"})
    assert calls == []


def test_a_lock_is_put_whole_and_taken_off_when_nothing_of_it_is_wanted(vaults, home):
    assert update(vaults, home, {"MinRetentionDays": 7, "MaxRetentionDays": 400}) == ()
    calls = sent(vaults.client)
    assert update(vaults, home, {"MinRetentionDays": 14}) == ()
    assert update(vaults, home, {"MinRetentionDays": None}) == ()
    assert update(vaults, home, {"MaxRetentionDays": None}) == ()
    assert calls == [
        (
            "PutBackupVaultLockConfiguration",
            {"BackupVaultName": "home", "MinRetentionDays": 14, "MaxRetentionDays": 400},
        ),
        (
            "PutBackupVaultLockConfiguration",
            {"BackupVaultName": "home", "MaxRetentionDays": 400},
        ),
        ("DeleteBackupVaultLockConfiguration", {"BackupVaultName": "home"}),
    ]


def test_a_lock_that_becomes_one_for_good_is_not_undone(vaults, home):
    vaults.client.put_backup_vault_lock_configuration(
        BackupVaultName="home", MinRetentionDays=7, ChangeableForDays=3
    )
    calls = sent(vaults.client)
    with pytest.raises(Denied, match="somebody locks home for good as of"):
        update(vaults, home, {"MinRetentionDays": 1})
    assert calls == []


def test_a_vault_that_aws_made_for_others_is_awss(vaults, home, monkeypatch):
    named = {"BackupVaultName": "aws/efs/automatic-backup-vault", "BackupVaultArn": "arn:aws:x"}
    monkeypatch.setattr(vaults, "listing", lambda *_: [named])
    (found,) = vaults.listed()
    assert found.managed_by == "AWS"


def test_a_plan_is_made_with_its_tags_in_one_call(plans, home):
    calls = sent(plans.client)
    create(plans, Desired(NIGHTLY, {"Name": "it"}, "run nightly"))
    ((operation, parameters),) = calls
    assert operation == "CreateBackupPlan"
    assert parameters.pop("CreatorRequestId")
    assert parameters == {"BackupPlan": NIGHTLY, "BackupPlanTags": {"Name": "it"}}


def test_told_the_same_wish_again_aws_has_one_plan(plans, home):
    wish = Desired(NIGHTLY, {}, "run nightly")
    assert create(plans, wish) == create(plans, wish)
    assert len(list(plans.listed())) == 1


def test_a_plan_of_which_the_name_is_all_we_say_is_not_read(plans, plan):
    calls = sent(plans.client, *READS)
    observed = look(plans, plan, {"BackupPlanName", "BackupPlanArn"})
    assert observed["BackupPlanName"] == "nightly"
    assert [operation for operation, _ in calls] == ["ListBackupPlans", "ListTags"]


def test_an_update_sends_the_whole_document_without_the_ids_of_rules(plans, plan):
    theirs = {**DAILY, "RuleName": "theirs", "CopyActions": [], "StartWindowMinutes": 90}
    plans.client.update_backup_plan(
        BackupPlanId=plan, BackupPlan={**NIGHTLY, "Rules": [DAILY, theirs]}
    )
    calls = sent(plans.client)
    both = [{**DAILY, "CompletionWindowMinutes": 180}, {"RuleName": "theirs"}]
    assert update(plans, plan, {"Rules": both}) == ()
    ((operation, parameters),) = calls
    assert (operation, parameters["BackupPlanId"]) == ("UpdateBackupPlan", plan)
    ours, others = parameters["BackupPlan"]["Rules"]
    assert (ours["CompletionWindowMinutes"], others["StartWindowMinutes"]) == (180, 90)
    assert "RuleId" not in {*ours, *others}
    assert parameters["BackupPlan"]["BackupPlanName"] == "nightly"


def test_a_new_name_is_sent_with_the_rules_that_nobody_mentions(plans, plan):
    calls = sent(plans.client)
    assert update(plans, plan, {"BackupPlanName": "weekly"}) == ()
    ((_, parameters),) = calls
    (rule,) = parameters["BackupPlan"]["Rules"]
    assert (rule["RuleName"], rule["TargetBackupVaultName"]) == ("daily", "home")
    assert parameters["BackupPlan"]["BackupPlanName"] == "weekly"


def test_what_aws_leaves_out_because_it_is_so_by_default_is_no_difference(plans, plan):
    said = {
        **DAILY,
        "EnableContinuousBackup": False,
        "Lifecycle": {"DeleteAfterDays": 35, "OptInToArchiveForSupportedResources": False},
    }
    assert update(plans, plan, {"Rules": [{**DAILY, "Lifecycle": {"DeleteAfterDays": 35}}]}) == ()
    assert change(plans, look(plans, plan, {"Rules"}), {"Rules": [said]}).fields == ()


def test_tags_of_a_plan_are_written_by_arn(plans, plan):
    observed = look(plans, plan)
    calls = sent(plans.client)
    plans.tag(observed, {"owner": "muvi"})
    arn = observed["BackupPlanArn"]
    assert calls == [
        ("TagResource", {"ResourceArn": arn, "Tags": {"owner": "muvi"}}),
        ("UntagResource", {"ResourceArn": arn, "TagKeyList": ["Name"]}),
    ]
    assert look(plans, plan).tags == {"owner": "muvi"}


def test_a_plan_that_aws_still_shows_though_it_is_gone_is_gone(plans, plan):
    (found,) = plans.listed()
    plans.delete(plans.get(found, set()))
    assert plans.get(found, {"Rules"}) is None
    assert list(plans.listed(float("inf"))) == []


@pytest.fixture
def selection(selections, plan, role):
    asked = {"BackupPlanId": plan, "SelectionName": "all", "IamRoleArn": role, "Resources": ["*"]}
    return asked, create(selections, Desired(asked, {}, "run all"))


def test_a_selection_is_made_below_its_plan(selections, plan, role):
    asked = {"BackupPlanId": plan, "SelectionName": "all", "IamRoleArn": role, "Resources": ["*"]}
    calls = sent(selections.client)
    create(selections, Desired(asked, {}, "run all"))
    ((operation, parameters),) = calls
    assert operation == "CreateBackupSelection"
    assert parameters.pop("CreatorRequestId")
    whole = {name: value for name, value in asked.items() if name != "BackupPlanId"}
    assert parameters == {"BackupPlanId": plan, "BackupSelection": whole}


def test_what_it_selects_is_read_only_where_somebody_says_it(selections, selection):
    _, made = selection
    calls = sent(selections.client, "GetBackupSelection")
    assert look(selections, made, {"IamRoleArn", "SelectionName"})["SelectionName"] == "all"
    assert calls == []
    assert look(selections, made, {"Resources"})["Resources"] == ["*"]
    assert len(calls) == 1


def test_a_plan_that_goes_while_we_look_takes_its_selections_along(selections, selection, plans):
    asked, made = selection
    gone = {"BackupPlanId": "gone", "BackupPlanName": "gone"}
    listing = selections.listing

    def with_one_more(operation, since=0, items="", **parent):
        found = listing(operation, since, items, **parent)
        return [gone, *found] if operation == "list_backup_plans" else found

    selections.listing = with_one_more
    assert [each.id for each in selections.listed()] == [made]
    (found,) = selections.listed()
    selections.delete(selections.get(found, set()))
    plans.client.delete_backup_plan(BackupPlanId=asked["BackupPlanId"])
    selections.delete(selections.get(found, set()))
    assert selections.get(found, {"Resources"}) is None
