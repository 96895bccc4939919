"""How large a journal grows, where a machine keeps it, and where the YAML comes from."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reconciler import origin
from reconciler.aws.recorded import Call
from reconciler.journal import document, places
from reconciler.journal.places import LARGEST, Folder, home

NOW = datetime(2026, 11, 26, 11, 41, 10, 5000, UTC)
CALL = Call(NOW, "ec2", "CreateTags", "eu-central-1", "ec2.vpc/main", "r" * 60, 200, "", 1, 0.1)


def step(number, after):
    diff = [{"path": f"p{n}", "before": None, "after": after} for n in range(20)]
    return {"address": f"ec2.vpc/{number}", "diff": diff, "error": "e" * 9_000}


def test_ten_thousand_calls_and_steps_stay_within_what_history_reads():
    steps = document.bounded([step(n, {"a": "x" * 9_000}) for n in range(1_000)])
    text = document.written({"steps": steps, **document.calls([CALL] * 10_000)})
    assert len(text) < LARGEST / 2
    told = json.loads(text)
    assert (len(told["calls"]), told["calls_left_out"]) == (document.CALLS, 5_000)
    assert len(told["steps"]) == 1_000
    assert told["steps"][0]["diff"][0]["after"].endswith("x… (9009 characters)")
    assert told["steps"][-1]["diff"] == []
    assert told["steps"][-1]["address"] == "ec2.vpc/999"


def test_what_is_short_is_kept_as_it_is():
    (kept,) = document.bounded([{**step(1, {"a": [1, None, True]}), "error": None}])
    assert kept["diff"][0]["after"] == {"a": [1, None, True]}
    assert kept["error"] is None


def test_keys_are_in_the_order_of_time_and_none_of_a_second_is_left_out():
    moments = [NOW, NOW + timedelta(milliseconds=1), NOW + timedelta(seconds=1)]
    keys = [document.key("prod", "f", each) for each in moments]
    assert keys == sorted(keys)
    assert keys[0] == "runs/prod/20261126T114110.005Z-f.json"
    assert f"runs/prod/{document.stamp(NOW)}" < keys[0]


def test_a_machine_keeps_the_newest(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "KEPT", 3)
    folder = Folder(tmp_path)
    for number in range(5):
        folder.put(f"runs/test/2026112{number}.json", str(number))
    assert [folder.get(key) for key in folder.keys("test", "20261123")] == ["3", "4"]
    assert len(folder.keys("test", "")) == 3
    assert folder.keys("other", "") == []


def test_a_link_and_what_is_far_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "LARGEST", 10)
    folder = Folder(tmp_path)
    folder.put("runs/test/1.json", "x" * 11)
    folder.put("runs/test/2.json", "x")
    (tmp_path / "runs/test/3.json").symlink_to(tmp_path / "runs/test/2.json")
    assert folder.keys("test", "") == ["runs/test/2.json"]


@pytest.mark.parametrize("said", ["", "relative/path"])
def test_the_state_home_is_as_xdg_says(said, monkeypatch):
    monkeypatch.setenv("HOME", "/home/anna")
    assert home(False, {"XDG_STATE_HOME": said}) == Path(
        "/home/anna/.local/state/muvi-converge/account"
    )
    assert home(True, {"XDG_STATE_HOME": "/var/s"}) == Path("/var/s/muvi-converge/sandbox")


@pytest.fixture
def git(tmp_path):
    def run(*arguments):
        who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        subprocess.run(["git", "-C", tmp_path, *who, *arguments], check=True, capture_output=True)

    run("init")
    return run


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Merge pull request #12 from muvi/x", "12"),
        ("Raise the floor (#7)", "7"),
        ("Fix #3 at last", ""),
    ],
)
def test_the_pull_request_is_the_one_that_the_commit_merges(git, tmp_path, subject, number):
    git("commit", "--allow-empty", "-m", subject)
    assert origin.pull_request(tmp_path) == number
    assert len(origin.commit(tmp_path)) == 12


def test_files_that_no_commit_knows_are_told(git, tmp_path):
    git("commit", "--allow-empty", "-m", "x")
    assert not origin.changed(tmp_path)
    (tmp_path / "it.yaml").write_text("")
    assert origin.changed(tmp_path)


def test_outside_of_a_repository_nothing_is_known(tmp_path):
    told = (origin.commit(tmp_path), origin.changed(tmp_path), origin.pull_request(tmp_path))
    assert told == ("", False, "")
