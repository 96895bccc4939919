"""Which schedules EventBridge takes: those of the estate, and the user guide's examples."""

import pytest

from reconciler.load.cron import valid

PROD = [
    "cron(*/30 * ? * * *)",
    "cron(0/20 * * * ? *)",
    "cron(0 22-14 ? * * *)",
    "cron(0 0 1 */2 ? *)",
    "cron(0 5,9,13 * * ? *)",
    "cron(0 21-03,07-11 * * ? *)",
    "rate(10 minutes)",
]
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
