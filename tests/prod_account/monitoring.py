"""§15 and §16: topics, alarms, backup."""

from __future__ import annotations

from typing import Any

from tests.prod_account.account import Account
from tests.prod_account.tables import ACCOUNT, MAIN, RECOVERY, table


def fill(account: Account) -> None:
    for row in table(15, "topics"):
        made = account("sns").create_topic(Name=row["name"])
        account.ids["topic"][row["name"]] = made["TopicArn"]
    for row in table(15, "security_alarms"):
        _alarm(account, row["keyword"])
    _backup(account)


def _alarm(account: Account, keyword: str) -> None:
    """The metric comes from a filter on the trail's log group, under a name of its own."""
    words = keyword.title().replace(" ", "").replace("-", "")
    account("cloudwatch").put_metric_alarm(
        AlarmName=words,
        AlarmDescription=keyword,
        Namespace="CloudTrailMetrics",
        MetricName=words,
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[account.ids["topic"]["Security-Alarms"]],
    )


def _backup(account: Account) -> None:
    for region in (MAIN, RECOVERY):
        account("backup", region).create_backup_vault(BackupVaultName="muvi")
    for row in table(16, "backup_plans"):
        account("backup").create_backup_plan(
            BackupPlan={"BackupPlanName": row["name"], "Rules": [_rule(row)]}
        )


def _rule(row: dict[str, Any]) -> dict[str, Any]:
    rule = {
        "RuleName": "daily",
        "TargetBackupVaultName": "muvi",
        "ScheduleExpression": "cron(0 3 * * ? *)",
        "Lifecycle": {"DeleteAfterDays": 35},
    }
    if not row["copies_to"]:
        return rule
    vault = f"arn:aws:backup:{row['copies_to']}:{ACCOUNT}:backup-vault:muvi"
    return {**rule, "CopyActions": [{"DestinationBackupVaultArn": vault}]}
