"""§17: what else is there, or switched on."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.prod_account.account import Account
from tests.prod_account.tables import ACCOUNT, fact, table

DEFINITION = {"StartAt": "Scale", "States": {"Scale": {"Type": "Succeed"}}}


def fill(account: Account) -> None:
    for row in table(17, "state_machines"):
        account("stepfunctions").create_state_machine(
            name=row["name"], definition=json.dumps(DEFINITION), roleArn=account.role
        )
    for row in table(17, "tables"):
        _table(account, row["name"])
    for row in table(17, "enabled"):
        SWITCHES[row["service"]](account)


def _table(account: Account, name: str) -> None:
    account("dynamodb").create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
        ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    )
    scaling = account("application-autoscaling")
    for kind in ("Read", "Write"):
        whose = {
            "ServiceNamespace": "dynamodb",
            "ResourceId": f"table/{name}",
            "ScalableDimension": f"dynamodb:table:{kind}CapacityUnits",
        }
        scaling.register_scalable_target(**whose, MinCapacity=1, MaxCapacity=10)
        metric = {"PredefinedMetricType": f"DynamoDB{kind}CapacityUtilization"}
        scaling.put_scaling_policy(
            **whose,
            PolicyName=f"{name}-{kind.lower()}",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={
                "TargetValue": 70.0,
                "PredefinedMetricSpecification": metric,
            },
        )


def _inspector(account: Account) -> None:
    (types,) = (row["types"] for row in table(17, "enabled") if row["service"] == "inspector2")
    account("inspector2").enable(accountIds=[ACCOUNT], resourceTypes=types)


def _guardduty(account: Account) -> None:
    account("guardduty").create_detector(Enable=True)


def _cloudtrail(account: Account) -> None:
    trail = account("cloudtrail")
    trail.create_trail(
        Name="management-events",
        S3BucketName="aws-cloudtrail-logs-011566070219-95d0077e",
        IsMultiRegionTrail=True,
    )
    trail.start_logging(Name="management-events")


def _config(account: Account) -> None:
    config = account("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": account.role,
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    )
    config.put_delivery_channel(
        DeliveryChannel={"name": "default", "s3BucketName": "config-bucket-011566070219"}
    )
    config.start_configuration_recorder(ConfigurationRecorderName="default")


def _devops_guru(account: Account) -> None:
    account("devops-guru").update_resource_collection(
        Action="ADD",
        ResourceCollection={"CloudFormation": {"StackNames": ["*"]}},
    )


def _profiler(account: Account) -> None:
    account("codeguruprofiler").create_profiling_group(profilingGroupName="muvi")


def _athena(account: Account) -> None:
    """A work group is there in every account; a second one is theirs."""
    output = f"s3://{fact(8, 'buckets')[31]['name']}/"
    account("athena").create_work_group(
        Name="muvi", Configuration={"ResultConfiguration": {"OutputLocation": output}}
    )


SWITCHES: dict[str, Callable[[Account], None]] = {
    "inspector2": _inspector,
    "guardduty": _guardduty,
    "cloudtrail": _cloudtrail,
    "config": _config,
    "devops-guru": _devops_guru,
    "codeguruprofiler": _profiler,
    "athena": _athena,
}
