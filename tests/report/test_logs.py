"""What stands on stderr."""

import json

import pytest
import structlog

from reconciler.report import logs


@pytest.fixture(autouse=True)
def as_before():
    yield
    structlog.reset_defaults()


def said(capsys):
    return capsys.readouterr().err


def test_machines_get_one_json_document_a_line(capsys):
    logs.configure(terminal=False, verbose=False)
    structlog.get_logger().info("started", address="ecs.service/web", name="Zoë")
    (line,) = said(capsys).splitlines()
    event = json.loads(line)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "started",
        "level": "info",
        "address": "ecs.service/web",
        "name": "Zoë",
    }


def test_people_get_a_line_they_can_read(capsys, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    logs.configure(terminal=True, verbose=False)
    structlog.get_logger().info("started", address="ecs.service/web")
    line = said(capsys)
    assert "started" in line
    assert "address=ecs.service/web" in line
    assert "\x1b" not in line


@pytest.mark.parametrize(("verbose", "lines"), [(False, 0), (True, 1)])
def test_details_are_for_the_verbose(capsys, verbose, lines):
    logs.configure(terminal=False, verbose=verbose)
    structlog.get_logger().debug("asked")
    assert len(said(capsys).splitlines()) == lines


@pytest.mark.parametrize("terminal", [False, True])
def test_a_traceback_shows_no_values(capsys, terminal):
    logs.configure(terminal=terminal, verbose=False)
    password = "-".join(["correct", "horse"])
    try:
        int(password and "no number")
    except ValueError:
        structlog.get_logger().exception("failed")
    told = said(capsys)
    assert "ValueError" in told
    assert password not in told


def test_nothing_goes_to_stdout(capsys):
    logs.configure(terminal=False, verbose=True)
    structlog.get_logger().info("started")
    assert capsys.readouterr().out == ""
