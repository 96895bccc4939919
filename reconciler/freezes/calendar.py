"""Windows of a calendar: every event of an .ics file, those that come again included.

https://www.rfc-editor.org/rfc/rfc5545"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, tzinfo
from pathlib import Path
from typing import Any

from reconciler.freezes.window import Window, between

LARGEST = 4 << 20  # bytes


def windows(file: Path, home: Path, zone: tzinfo, begin: datetime, end: datetime) -> list[Window]:
    """Those between two moments; `zone` is for events that name none.

    `home`: the folder that the file may not be outside of. Raises ValueError."""
    import icalendar
    import recurring_ical_events

    text = _read(file, home)
    try:
        calendar = icalendar.Calendar.from_ical(text)
        _refuse_nowhere(calendar)
        events = recurring_ical_events.of(calendar).between(begin, end)
        return [window for each in events for window in _window(each, zone)]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"is no calendar that can be read: {error}; export it anew") from error


def _read(file: Path, home: Path) -> bytes:
    if not file.resolve().is_relative_to(home.resolve()):
        raise ValueError(f"names {file}, which is outside {home} or leads there; copy it inside")
    try:
        if file.stat().st_size > LARGEST:
            raise ValueError(f"names {file}, which has more than {LARGEST} bytes; export less")
        return file.read_bytes()
    except OSError as error:
        raise ValueError(f"names {file}, which cannot be read: {error.strerror}") from error


def _window(event: Any, zone: tzinfo) -> Iterator[Window]:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    begin, end = (_moment(event[each].dt) for each in ("DTSTART", "DTEND"))
    window = between(str(event.get("SUMMARY", "a freeze")), begin, end, zone)
    if window.end <= window.begin:
        raise ValueError(f"{window.name} ends {end} and begins {begin}, so it would freeze nothing")
    yield window


def _moment(said: date) -> datetime:
    """A day begins at its midnight; the end of one is the midnight of the day after."""
    return said if isinstance(said, datetime) else datetime.combine(said, time())


def _refuse_nowhere(calendar: Any) -> None:
    """The library takes a time of a zone that it does not know for one without a zone."""
    for event in calendar.walk("VEVENT"):
        begin = event.get("DTSTART")
        zone = begin.params.get("TZID") if begin else None
        if zone and getattr(begin.dt, "tzinfo", None) is None:
            raise ValueError(f"an event is in {zone}, a time zone that nobody knows")
