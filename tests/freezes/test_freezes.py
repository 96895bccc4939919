"""When nothing is changed: local times, calendars, and what a step may still do before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from textwrap import dedent

import pytest

from reconciler.freezes import Freezes, windows, wrong
from reconciler.model import Action
from reconciler.result import Decision

NOW = datetime(2026, 12, 20, tzinfo=UTC)
PREMIERE = {
    "name": "Premiere",
    "from": "2026-12-24T18:00",
    "to": "2026-12-25T02:00",
    "zone": "Asia/Riyadh",
}
CALENDAR = """
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//muvi//premieres//EN
BEGIN:VEVENT
UID:weekly
SUMMARY:Ticket sale
DTSTART;TZID=Asia/Riyadh:20261203T200000
DTEND;TZID=Asia/Riyadh:20261203T230000
RRULE:FREQ=WEEKLY
EXDATE;TZID=Asia/Riyadh:20261224T200000
END:VEVENT
BEGIN:VEVENT
UID:eid
SUMMARY:Eid
DTSTART;VALUE=DATE:20261226
DTEND;VALUE=DATE:20261228
END:VEVENT
BEGIN:VEVENT
UID:off
SUMMARY:Called off
STATUS:CANCELLED
DTSTART:20261222T100000Z
DTEND:20261222T120000Z
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "desired/test"
    folder.mkdir(parents=True)
    return folder


def said(windows):
    return [f"{each.name} {each.begin:%d %H:%M} {each.end:%d %H:%M}" for each in windows]


def test_local_times_are_those_of_their_zone(home):
    assert said(windows([PREMIERE], home, NOW)) == ["Premiere 24 15:00 24 23:00"]


@pytest.mark.parametrize(
    ("begin", "end", "utc"),
    [
        # On the 25th of October three o'clock comes twice in Berlin, and on the 29th of March two
        # o'clock never does.
        ("2026-10-25T02:30", "2026-10-25T04:00", "25 00:30 25 03:00"),
        ("2026-10-25T01:00", "2026-10-25T02:30", "24 23:00 25 01:30"),
        ("2026-03-29T02:30", "2026-03-29T04:00", "29 00:30 29 02:00"),
    ],
)
def test_where_a_clock_is_changed_the_longer_window_counts(home, begin, end, utc):
    night = {"name": "night", "from": begin, "to": end, "zone": "Europe/Berlin"}
    assert said(windows([night], home, datetime(2026, 1, 1, tzinfo=UTC))) == [f"night {utc}"]


def test_what_is_over_is_no_window(home):
    assert windows([PREMIERE], home, NOW + timedelta(days=30)) == []


def test_a_calendar_has_its_events_those_that_come_again_and_whole_days(home):
    (home / "sales.ics").write_text(dedent(CALENDAR).lstrip())
    found = windows([{"file": "sales.ics", "zone": "Asia/Riyadh"}], home, NOW)
    assert said(found)[:3] == [
        "Eid 25 21:00 27 21:00",
        "Ticket sale 31 17:00 31 20:00",
        "Ticket sale 07 17:00 07 20:00",
    ]


def test_where_a_clock_is_changed_an_event_is_the_longer_one_too(home):
    event = "DTSTART;TZID=Europe/Berlin:20261025T010000\nDTEND;TZID=Europe/Berlin:20261025T023000"
    event = f"BEGIN:VEVENT\nUID:x\nSUMMARY:night\n{event}\nEND:VEVENT"
    (home / "night.ics").write_text(f"BEGIN:VCALENDAR\n{event}\nEND:VCALENDAR\n")
    found = windows([{"file": "night.ics"}], home, datetime(2026, 10, 20, tzinfo=UTC))
    assert said(found) == ["night 24 23:00 25 01:30"]


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ({**PREMIERE, "zone": "Asia/Nowhere"}, "names no time zone: Asia/Nowhere"),
        ({**PREMIERE, "zone": "../../etc/passwd"}, "names no time zone"),
        ({**PREMIERE, "from": "tonight"}, "says tonight, which is no time"),
        ({**PREMIERE, "to": "2026-12-24T17:00"}, "before it begins"),
        ({"name": "Premiere"}, "lacks from and to and zone"),
        ({"file": "none.ics"}, "No such file"),
        ({"file": "../../outside.ics"}, "outside"),
        ({"file": "link.ics"}, "outside"),
        ({"file": "nowhere.ics"}, "is in Nowhere/Land, a time zone that nobody knows"),
        ({"file": "short.ics"}, "Ticket sale ends"),
        ({"file": "odd.ics"}, "is no calendar that can be read"),
    ],
)
def test_what_is_wrong_with_one_is_said_before_anything_is_asked(home, tmp_path, entry, what):
    (tmp_path / "outside.ics").write_text(CALENDAR.lstrip())
    (home / "link.ics").symlink_to(tmp_path / "outside.ics")
    event = (
        "BEGIN:VEVENT\nUID:x\nDTSTART;TZID={0}:20991220T200000\nDTEND;TZID={0}:20991220T210000\n"
    )
    nowhere = f"BEGIN:VCALENDAR\n{event.format('Nowhere/Land')}END:VEVENT\nEND:VCALENDAR\n"
    (home / "nowhere.ics").write_text(nowhere.replace("2099", str(datetime.now(UTC).year)))
    (home / "short.ics").write_text(CALENDAR.lstrip().replace("T230000", "T200000"))
    (home / "odd.ics").write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:yesterday\nEND:VEVENT\n")
    ((path, told),) = wrong([PREMIERE, entry], home)
    assert path == "freezes[1]"
    assert what in told


@pytest.mark.parametrize(
    ("now", "action", "held"),
    [
        ("24 14:00", Action.UPDATE, ""),
        ("24 14:55", Action.UPDATE, "it may take 10 minutes, and would run into Premiere"),
        ("24 14:55", Action.ADOPT, ""),
        ("24 15:00", Action.ADOPT, "nothing is changed during Premiere"),
        ("24 22:59", Action.UPDATE, "nothing is changed during Premiere"),
        ("24 23:00", Action.UPDATE, ""),
    ],
)
def test_a_step_begins_where_it_ends_before_one(home, now, action, held):
    clock = datetime.strptime(f"2026-12-{now}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    freezes = Freezes(windows([PREMIERE], home, NOW), lambda address: 600, lambda: clock)
    told = freezes(Decision("ecs.service/web", "eu-central-1", action, ""))
    assert told.startswith(held)
    assert bool(told) == bool(held)
