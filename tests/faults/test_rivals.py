"""Others write at the same time: who fights us ends in an error, and what is deleted is named."""

from dataclasses import replace

import pytest

from tests.faults.faults import Afterwards, Meanwhile
from tests.faults.wire import Wire
from tests.faults.world import PACE, account, census, client, converge, small
from tests.living import failures


@pytest.fixture(autouse=True)
def _account():
    with account():
        yield


def test_somebody_who_fights_us_ends_in_an_error_and_not_in_a_loop(tmp_path):
    def theirs():
        client("logs").put_retention_policy(logGroupName="/web", retentionInDays=7)

    wire = Wire([Afterwards("PutRetentionPolicy", theirs, times=float("inf"))])
    result = converge(small(tmp_path, "log_group"), wire)
    assert "retentionInDays: sent 14, reads 7" in result.outcomes["logs.log_group//web"].error
    assert wire.writes.count("logs:PutRetentionPolicy") == 2


def test_somebody_who_undoes_every_other_write_ends_in_an_error_and_not_in_a_loop(tmp_path):
    days = iter([7, 30, 7, 30, 7, 30])

    def theirs():
        client("logs").put_retention_policy(logGroupName="/web", retentionInDays=next(days))

    wire = Wire([Afterwards("PutRetentionPolicy", theirs, times=float("inf"))])
    result = converge(small(tmp_path, "log_group"), wire)
    assert "retentionInDays: sent 14, reads 7" in result.outcomes["logs.log_group//web"].error
    assert wire.writes.count("logs:PutRetentionPolicy") == 3


def test_two_resources_that_fight_end_in_an_error_and_not_in_a_loop(tmp_path, monkeypatch):
    # Load refuses them by name; it could not if only AWS knew the names.
    monkeypatch.setattr("reconciler.load.check", lambda *_: [])
    wire = Wire()
    told = failures(converge(small(tmp_path, "zone", "fight"), wire))
    assert any("changed again behind us: ResourceRecordSets" in why for why in told.values())
    assert wire.writes.count("route53:ChangeResourceRecordSets") <= 4


THEIRS = {"Name": "nightly", "ScheduleExpression": "rate(7 days)", "Description": "theirs"}
ALARM = {
    "AlarmName": "busy",
    "Namespace": "AWS/EC2",
    "MetricName": "CPUUtilization",
    "Statistic": "Maximum",
    "Period": 300,
    "EvaluationPeriods": 1,
    "Threshold": 99,
    "ComparisonOperator": "GreaterThanThreshold",
}


def test_what_a_stranger_makes_between_plan_and_create_survives_a_create_that_would_overwrite(
    tmp_path,
):
    declared = small(tmp_path, "cluster", "alarm", "nightly")

    def theirs(_):
        client("cloudwatch").put_metric_alarm(**ALARM)
        client("events").put_rule(**THEIRS)
        return True

    ticking = replace(PACE, tick=60)  # the plan's listings are of the same tick
    told = failures(converge(declared, confirm=theirs, pace=ticking))
    assert told.keys() == {"cloudwatch.alarm/busy", "events.rule/nightly"}
    assert all("the next run plans what to do about it" in why for why in told.values())
    (alarm,) = client("cloudwatch").describe_alarms()["MetricAlarms"]
    (rule,) = client("events").list_rules()["Rules"]
    assert ALARM.items() <= alarm.items()
    assert THEIRS.items() <= rule.items()
    assert client("events").list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"] == []


def test_what_somebody_deletes_during_the_run_is_named_and_made_again_by_the_next(tmp_path):
    later = {"/web": {"$depends_on": ["ec2.subnet/a"]}}
    declared = small(tmp_path, "vpc", "subnet", "log_group", logs__log_group=later)

    def theirs():
        (subnet,) = [each for each in census(declared).things if each.name == "a"]
        client("ec2").delete_subnet(SubnetId=subnet.id)

    result = converge(declared, Wire([Meanwhile("PutRetentionPolicy", theirs)]))
    assert failures(result).keys() == {"ec2.subnet/a"}
    assert "somebody else deleted it during this run" in failures(result)["ec2.subnet/a"]
    assert failures(converge(declared)) == {}
    assert census(declared).addresses("test")["ec2.subnet/a"] == 1


def test_what_somebody_deletes_between_plan_and_apply_is_named_and_made_again(tmp_path):
    pieces = ("cluster", "log_group")
    converge(small(tmp_path, *pieces))
    declared = small(tmp_path, *pieces, ecs__cluster={"main": {"Tags": {"a": "b"}}})

    def theirs(_):
        client("ecs").delete_cluster(cluster="main")
        return True

    assert failures(converge(declared, confirm=theirs)).keys() == {"ecs.cluster/main"}
    assert failures(converge(declared)) == {}
    assert census(declared).addresses("test")["ecs.cluster/main"] == 1
