"""What is shown while a run is under way."""

import io
import re
import threading

import pytest
from rich.console import Console
from structlog.testing import CapturingLogger

from reconciler.report.board import Board
from reconciler.report.progress import LiveProgress, LogProgress
from reconciler.result import Fate

WEB, DB = "ecs.service/web", "rds.db_instance/main"


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def log():
    return CapturingLogger()


@pytest.fixture
def lines(log, clock):
    return LogProgress(log, Board(clock))


@pytest.fixture
def page():
    return io.StringIO()


@pytest.fixture
def live(page, clock):
    return LiveProgress(Console(file=page, force_terminal=True, width=100), Board(clock))


def told(log):
    return [(call.args[0], call.kwargs) for call in log.calls]


def test_every_event_is_a_log_line(lines, log, clock):
    lines.begin(2)
    lines.started(WEB, "creating")
    clock.now += 3
    lines.ended(WEB, Fate.DONE)
    lines.end()
    assert told(log) == [
        ("begin", {"resources": 2}),
        ("started", {"address": WEB, "doing": "creating", "elapsed": 0.0}),
        ("ended", {"address": WEB, "fate": "done", "elapsed": 3.0, "seconds": 3.0}),
        ("end", {"elapsed": 3.0, "done": 1}),
    ]


def test_a_failure_is_an_error_in_the_log(lines, log):
    lines.ended(WEB, Fate.FAILED, "CreateService: no")
    (call,) = log.calls
    assert call.method_name == "error"
    assert call.kwargs["error"] == "CreateService: no"


def test_a_wait_is_logged_once_a_minute_or_when_its_reason_changes(lines, log, clock):
    lines.started(DB, "creating")
    for _ in range(13):
        lines.waits(DB, "creating")
        clock.now += 10
    lines.waits(DB, "backing-up")
    waits = [(more["reason"], more["seconds"]) for event, more in told(log) if event == "waits"]
    assert waits == [
        ("creating", 0.0),
        ("creating", 60.0),
        ("creating", 120.0),
        ("backing-up", 130.0),
    ]


def test_messages_go_through_the_masker_first(log, page):
    def scrub(address, text):
        return text.replace("hunter2", "‹hidden 3f2a›")

    lines = LogProgress(log, scrub=scrub)
    live = LiveProgress(Console(file=page, force_terminal=True), scrub=scrub)
    for progress in (lines, live):
        progress.started(DB, "creating")
        progress.waits(DB, "hunter2")
        progress.ended(DB, Fate.FAILED, "hunter2 is too short")
    assert "hunter2" not in repr(log.calls) + page.getvalue()
    assert "‹hidden 3f2a› is too short" in page.getvalue()


def test_the_live_view_shows_what_runs_what_waits_and_what_is_left(live, clock):
    live.begin(10)
    live.started(DB, "creating")
    clock.now += 60
    live.waits(DB, "AWS says backing-up")
    live.started(WEB, "updating")
    live.ended("ec2.vpc/main", Fate.DONE)
    clock.now += 65
    assert list(live.rows()) == [
        "02:05  1 done · 2 under way, 1 of them wait · 7 left",
        "       rds.db_instance/main  creating  2 min 5 s  waits 1 min 5 s: AWS says backing-up",
        "       ecs.service/web  updating  1 min 5 s",
    ]
    live.end()


def test_the_live_view_stays_short(live):
    live.begin(100)
    for number in range(40):
        live.started(f"sqs.queue/{number:02}", "creating")
    assert len(list(live.rows())) == 17
    assert list(live.rows())[-1] == "       … and 25 more"
    live.end()


def test_what_ended_scrolls_by_with_its_time(live, page, clock):
    live.begin(3)
    live.started(WEB, "updating")
    clock.now += 12
    live.ended(WEB, Fate.DONE)
    live.started(DB, "creating")
    live.ended(DB, Fate.FAILED, "no\x1b[2J")
    live.ended("logs.log_group/a", Fate.DONE)
    live.end()
    bare = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", page.getvalue())
    assert "00:12  ✓ ecs.service/web  12 s\n" in bare
    assert "00:12  ✗ rds.db_instance/main  0.0 s  failed: no\\x1b[2J\n" in bare
    assert "logs.log_group/a" not in bare
    assert "\x1b[2J" not in page.getvalue()


def test_many_threads_may_tell_at_once(clock):
    board = Board(clock)
    board.begin(400)

    def work(thread):
        for number in range(100):
            board.started(f"{thread}/{number}", "creating")
            board.waits(f"{thread}/{number}", "AWS")
            board.steps()
            board.ended(f"{thread}/{number}", Fate.DONE)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (board.fates(), board.steps(), board.left()) == ({"done": 400}, (), 0)
