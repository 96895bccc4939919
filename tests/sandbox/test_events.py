"""Written from EventBridge's API reference: schedules, and targets of rules."""

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def events(moto):
    return moto("events")


def refusal(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"]


@pytest.mark.parametrize("schedule", ["cron(foo)", "cron(0 3 * * * *)", "rate(1 minutes)"])
def test_a_schedule_that_never_comes_is_refused(events, schedule):
    given = {"Name": "it", "ScheduleExpression": schedule}
    assert refusal(events.put_rule, **given) == "ValidationException"


def test_a_rule_has_five_targets_at_most(events):
    events.put_rule(Name="it", ScheduleExpression="rate(5 minutes)")
    queues = [{"Id": f"q{n}", "Arn": f"arn:aws:sqs:eu-central-1:1:q{n}"} for n in range(6)]
    events.put_targets(Rule="it", Targets=queues[:5])
    events.put_targets(Rule="it", Targets=queues[:1])
    given = {"Rule": "it", "Targets": queues[5:]}
    assert refusal(events.put_targets, **given) == "LimitExceededException"
