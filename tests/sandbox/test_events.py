"""Written from EventBridge's user guide and API reference: schedules, and targets of rules."""

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox.schedules import valid

PROD = [
    "cron(*/30 * ? * * *)",
    "cron(0/20 * * * ? *)",
    "cron(0 22-14 ? * * *)",
    "cron(0 0 1 */2 ? *)",
    "cron(0 5,9,13 * * ? *)",
    "cron(0 21-03,07-11 * * ? *)",
    "rate(10 minutes)",
]


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


# What follows asks no moto: every schedule of the estate, and the user guide's examples.
GUIDE = [
    "cron(0 10 * * ? *)",
    "cron(15 12 * * ? *)",
    "cron(0 18 ? * MON-FRI *)",
    "cron(0 8 1 * ? *)",
    "cron(0/15 * * * ? *)",
    "cron(0/10 * ? * MON-FRI *)",
    "cron(0/5 8-17 ? * MON-FRI *)",
    "cron(0/30 20-2 ? * MON-FRI *)",
    "cron(0 9 ? * 2#1 *)",
    "cron(0 9 L * ? 2026-2030)",
    "cron(0 9 3W JAN,JUL ? *)",
    "cron(0 9 ? * 6L *)",
    "rate(1 day)",
]
WRONG = [
    "cron(60 * * * ? *)",
    "cron(* 24 * * ? *)",
    "cron(0 9 32 * ? *)",
    "cron(0 9 * 13 ? *)",
    "cron(0 9 ? * 8 *)",
    "cron(0 9 ? * ? *)",
    "cron(0 9 ? * 2#6 *)",
    "cron(0 9 * * ? 1969)",
    "cron(0 9 * * ?)",
    "cron(0/0 9 * * ? *)",
    "cron(, 9 * * ? *)",
    "cron(*-5 9 * * ? *)",
    "rate(5 minute)",
    "rate(0 minutes)",
    "rate(5 seconds)",
    "every day",
]


@pytest.mark.parametrize("schedule", PROD + GUIDE)
def test_a_schedule_of_the_estate_or_the_guide_is_valid(schedule):
    assert valid(schedule)


@pytest.mark.parametrize("schedule", WRONG)
def test_a_wrong_schedule_is_not(schedule):
    assert not valid(schedule)
