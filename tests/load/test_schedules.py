"""Which schedules AWS takes: all of the estate, the user guide's, and what is wrong with others."""

import pytest

from reconciler.load.schedules import wrong

ESTATE = [
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
    "cron(0 9 ? * FRI#5 *)",
    "cron(0 9 L * ? 2026-2030)",
    "cron(0 9 LW * ? *)",
    "cron(0 9 3W JAN,JUL ? *)",
    "cron(0 9 ? * 6L *)",
    "cron(5-55/10 * ? jan-mar * 2026/2)",
    "rate(1 minute)",
    "rate(1 hour)",
    "rate(1 day)",
    "rate(10 days)",
]
NO_SCHEDULE = "it is no schedule; write rate(5 minutes), or cron(minutes hours day-of-month month"
RATE = "a rate is a whole number of minutes, hours or days; write rate(5 minutes)"
DAYS = "one of day-of-month and day-of-week must be ?, and only one; write ? for one of them"
WRONG = {
    "every day": NO_SCHEDULE,
    "": NO_SCHEDULE,
    "cron": NO_SCHEDULE,
    "CRON(0 9 * * ? *)": NO_SCHEDULE,
    "cron(0 9 * * ? *": NO_SCHEDULE,
    "at(2026-11-22T10:00:00)": NO_SCHEDULE,
    "rate(1 minutes)": "AWS insists on grammar; write rate(1 minute)",
    "rate(5 minute)": "AWS insists on grammar; write rate(5 minutes)",
    "rate(2 day)": "AWS insists on grammar; write rate(2 days)",
    "rate(0 minutes)": RATE,
    "rate(-1 minutes)": RATE,
    "rate(1.5 hours)": RATE,
    "rate(5 seconds)": RATE,
    "rate(5minutes)": RATE,
    "rate()": RATE,
    "cron(foo)": "it has not six fields, but 1; write cron(minutes hours day-of-month month",
    "cron(0 9 * * ?)": "it has not six fields, but 5",
    "cron(0 9 * * ? * *)": "it has not six fields, but 7",
    "cron(0 3 * * * *)": DAYS,
    "cron(0 9 ? * ? *)": DAYS,
    "cron(0 9 ?,1 * ? *)": "“?,1” is no day-of-month; write 1-31, *, and lists",
    "cron(? 9 * * ? *)": "“?” is no minutes; write 0-59, *, and lists",
    "cron(60 * * * ? *)": "“60” is no minutes",
    "cron(* 24 * * ? *)": "“24” is no hours; write 0-23",
    "cron(0 9 32 * ? *)": "“32” is no day-of-month; write 1-31",
    "cron(0 9 0 * ? *)": "“0” is no day-of-month",
    "cron(0 9 32W * ? *)": "“32W” is no day-of-month",
    "cron(0 9 * 13 ? *)": "“13” is no month; write 1-12 or JAN-DEC",
    "cron(0 9 * JANUARY ? *)": "“JANUARY” is no month",
    "cron(0 9 ? * 8 *)": "“8” is no day-of-week; write 1-7 or SUN-SAT",
    "cron(0 9 ? * 0 *)": "“0” is no day-of-week",
    "cron(0 9 ? * 2#6 *)": "“2#6” is no day-of-week",
    "cron(0 9 * * ? 1969)": "“1969” is no year; write 1970-2199",
    "cron(0/0 9 * * ? *)": "“0/0” is no minutes",
    "cron(, 9 * * ? *)": "“,” is no minutes",
    "cron(1- 9 * * ? *)": "“1-” is no minutes",
    "cron(*-5 9 * * ? *)": "“*-5” is no minutes",
    "cron(0  9 * * ? *)": "it has not six fields, but 7",
}


@pytest.mark.parametrize("schedule", ESTATE + GUIDE)
def test_a_schedule_of_the_estate_or_the_guide_is_taken(schedule):
    assert wrong(schedule) == ""


@pytest.mark.parametrize("schedule", WRONG)
def test_a_wrong_schedule_is_told_what_is_wrong_and_what_to_write(schedule):
    assert wrong(schedule).startswith(WRONG[schedule])


def test_everything_wrong_is_told_at_once():
    told = wrong("cron(99 99 * * ? *)")
    assert "“99” is no minutes" in told
    assert "“99” is no hours" in told
