"""What reaches EventBridge. Correction of moto: events.py."""

import json
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError
from moto.events.models import events_backends

from reconciler.model import Desired, Unknown
from resources.events.rule import Rule
from tests.conftest import ACCOUNT, REGION
from tests.handlers.steps import change, create, look, sent, update

RULE = {"Name": "film-sync", "ScheduleExpression": "rate(30 minutes)"}
ARN = f"arn:aws:events:{REGION}:123456789012:rule/film-sync"
SYNC = {"Id": "sync", "Arn": "arn:aws:lambda:eu-central-1:123456789012:function:sync"}
OTHER = {"Id": "other", "Arn": "arn:aws:sqs:eu-central-1:123456789012:other"}
WHERE = {"Rule": "film-sync", "EventBusName": "default"}


@pytest.fixture
def rules(aws):
    handler = Rule(aws, REGION)
    create(handler, Desired({**RULE, "Targets": [SYNC]}, {"Name": "it"}))
    return handler


def named(calls):
    return [operation for operation, _ in calls]


def test_a_rule_is_made_with_its_tags_and_its_targets_later(aws):
    handler = Rule(aws, REGION)
    calls = sent(handler.client)
    create(handler, Desired({**RULE, "Targets": [SYNC]}, {"Name": "it"}))
    assert calls == [("PutRule", {**RULE, "Tags": [{"Key": "Name", "Value": "it"}]})]


def test_a_rule_is_written_whole(rules):
    update(rules, ARN, {"Description": "keeps films up to date"})
    calls = sent(rules.client)
    assert update(rules, ARN, {"State": "DISABLED"}) == ()
    ((_, parameters),) = calls
    assert parameters == {
        **RULE,
        "State": "DISABLED",
        "Description": "keeps films up to date",
        "EventBusName": "default",
    }


def test_a_pattern_is_sent_as_text_and_read_as_a_mapping(aws):
    handler = Rule(aws, REGION)
    pattern = {"source": ["aws.ecr", "aws.s3"]}
    calls = sent(handler.client)
    create(handler, Desired({"Name": "film-sync", "EventPattern": pattern}))
    assert json.loads(calls[0][1]["EventPattern"]) == pattern
    turned = {"EventPattern": {"source": ["aws.s3", "aws.ecr"]}}
    assert change(handler, look(handler, ARN), turned).fields == ()


def test_targets_are_given_before_others_are_taken(rules):
    assert update(rules, ARN, {"Targets": [SYNC]}) == ()
    calls = sent(rules.client)
    assert update(rules, ARN, {"Targets": [OTHER]}) == ()
    assert calls == [
        ("PutTargets", {**WHERE, "Targets": [OTHER]}),
        ("RemoveTargets", {**WHERE, "Ids": ["sync"]}),
    ]


def test_where_aws_has_no_room_for_both_targets_are_taken_first(rules):
    """Five targets are all that a rule may have, at any time."""
    old, new = ([{"Id": f"{when}{n}", "Arn": OTHER["Arn"]} for n in range(5)] for when in "ab")
    update(rules, ARN, {"Targets": [{"Id": "sync", "$absent": True}, *old]})
    calls = sent(rules.client)
    assert update(rules, ARN, {"Targets": new}) == ()
    assert named(calls) == ["RemoveTargets", "PutTargets"]
    assert sorted(calls[0][1]["Ids"]) == [target["Id"] for target in old]


def test_a_changed_target_is_written_over_whole(rules):
    update(rules, ARN, {"Targets": [{**SYNC, "RetryPolicy": {"MaximumRetryAttempts": 2}}]})
    calls = sent(rules.client)
    assert update(rules, ARN, {"Targets": [{"Id": "sync", "Input": "{}"}]}) == ()
    whole = {**SYNC, "RetryPolicy": {"MaximumRetryAttempts": 2}, "Input": "{}"}
    assert calls == [("PutTargets", {**WHERE, "Targets": [whole]})]


def test_what_failed_within_an_answer_is_an_error(rules, monkeypatch):
    entry = {"TargetId": "sync", "ErrorCode": "ConcurrentModificationException"}
    answer = {"FailedEntryCount": 1, "FailedEntries": [{**entry, "ErrorMessage": "later"}]}

    def put_targets(**_):
        return {**answer, "ResponseMetadata": {"HTTPStatusCode": 200}}

    monkeypatch.setattr(rules.client, "put_targets", put_targets)
    with pytest.raises(ClientError, match="PutTargets operation: sync: later") as failed:
        update(rules, ARN, {"Targets": [SYNC]})
    assert failed.value.response["Error"]["Code"] == "ConcurrentModificationException"


def test_targets_go_first_and_the_rule_when_they_are_gone(rules):
    update(rules, ARN, {"Targets": [SYNC, OTHER]})
    observed = look(rules, ARN)
    calls = sent(rules.client)
    rules.delete(observed)
    rules.delete(observed)
    rules.delete(observed)
    assert named(calls)[:2] == ["RemoveTargets", "DeleteRule"]
    assert look(rules, ARN) is None


def test_targets_are_read_only_if_mentioned(rules):
    calls = sent(rules.client, "ListTargetsByRule")
    look(rules, ARN, ["ScheduleExpression"])
    assert calls == []
    look(rules, ARN, ["Targets"])
    assert named(calls) == ["ListTargetsByRule"]


def test_rules_of_every_bus_are_found_by_bus_and_name(rules):
    rules.client.create_event_bus(Name="orders")
    pattern = {"Name": "film-sync", "EventPattern": {"source": ["orders"]}}
    create(rules, Desired({**pattern, "EventBusName": "orders"}))
    found = {each.properties["EventBusName"]: each.id for each in rules.listed()}
    assert found == {"default": ARN, "orders": ARN.replace("rule/", "rule/orders/")}


def test_a_rule_that_aws_made_is_its_own(rules):
    # Only AWS makes such a rule, so moto is told from inside.
    backend = events_backends[ACCOUNT][REGION]
    backend.put_rule("theirs", scheduled_expression="rate(1 day)", managed_by="autoscaling")
    owners = {found.properties["Name"]: found.managed_by for found in rules.listed()}
    assert owners == {"film-sync": "", "theirs": "autoscaling"}


def test_tags_are_read_only_where_nobody_showed_them(rules):
    (found,) = rules.listed()
    calls = sent(rules.client, "ListTagsForResource")
    assert rules.get(replace(found, tags={"Name": "it"}), set()).tags == {"Name": "it"}
    assert calls == []
    assert rules.get(found, set()).tags == {"Name": "it"}
    assert named(calls) == ["ListTagsForResource"]


DECLARED = {
    "$address": "lambda.function/sync",
    "$initial": {"Code": {"CodeSha256": "placeholder"}},
    "FunctionName": "sync",
}


def rest(aws, *functions, arn=SYNC["Arn"], **properties):
    desired = Desired({**RULE, "State": "ENABLED", "Targets": [{**SYNC, "Arn": arn}], **properties})
    known = {"lambda.function": functions}
    return Rule(aws, REGION).within(desired, lambda kind: known.get(kind, ()))


def live(code):
    return {
        "FunctionName": "sync",
        "FunctionArn": SYNC["Arn"],
        "Code": {"CodeSha256": code},
    }


def test_a_rule_stays_disabled_until_its_function_has_its_own_code(aws):
    (found,) = rest(aws, DECLARED, live("placeholder")).values()
    assert (found.value, found.wait.who) == ("DISABLED", "the pipeline of sync")
    assert f"update-function-code --region {REGION} --function-name sync" in found.wait.what


def test_a_rule_of_a_function_that_is_to_be_made_is_born_disabled(aws):
    assert rest(aws, DECLARED, arn=Unknown("lambda.function/sync"))["State"].value == "DISABLED"


def test_a_rule_wakes_what_has_been_deployed_or_was_ours_from_the_start(aws):
    assert rest(aws, DECLARED, live("deployed")) == {}
    ours = {name: value for name, value in DECLARED.items() if name != "$initial"}
    assert rest(aws, {**ours, "Code": {"CodeSha256": "x"}}, live("x")) == {}
    assert rest(aws, live("somebody else's")) == {}


def test_a_rule_that_is_declared_disabled_waits_for_nobody(aws):
    assert rest(aws, DECLARED, live("placeholder"), State="DISABLED") == {}
