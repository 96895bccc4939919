"""The crontab's line, and the script that it calls."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests.workflows.running import SETUP, WORKFLOWS, commit, git

FAKE = """#!/usr/bin/env bash
echo "told $*"
echo "{says}" >&2
[ {code} != 124 ] || exec sleep 60
exit {code}
"""


@pytest.fixture
def hourly(host, repository):
    """Runs it in a checkout of the repository, with a tool that ends as the test says."""
    checkout = host.folder / "checkout"
    git(host.folder, "clone", "--quiet", str(repository), str(checkout))
    (checkout / "docs/workflows").mkdir(parents=True)
    shutil.copy(WORKFLOWS / "hourly", checkout / "docs/workflows")
    commit(repository, **{"scripts/setup": SETUP, "desired/uat/merged.yaml": ""})

    def run(code, says=""):
        tool = host.folder / "bin/tool"
        tool.write_text(FAKE.format(code=code, says=says))
        done = subprocess.run(
            line().split()[5:],
            cwd=checkout,
            env={**host.variables, "LONGEST": "0.2"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert (checkout / "desired/uat/merged.yaml").exists(), "it takes what main says"
        (log,) = (host.folder / "logs").iterdir()
        return done, log.read_text()

    return run


def line():
    """The crontab's one entry."""
    (entry,) = (
        each
        for each in (WORKFLOWS / "crontab").read_text().splitlines()
        if each and not each.startswith("#") and "=" not in each
    )
    return entry


def test_the_entry_is_of_five_times_and_a_command():
    *times, command = line().split(" ", 5)
    assert all(re.fullmatch(r"\*|[0-9]{1,2}", each) for each in times)
    assert times[0] not in ("*", "0")
    assert "%" not in command  # cron would take it for the end of a line


@pytest.mark.parametrize(
    ("code", "says", "told"),
    [
        (0, "", False),
        (3, "uat is held by run 0123456789ab of somebody", False),
        (3, "this run would delete 12", True),
        (2, "", False),
        (4, "", False),
        (1, "no", True),
        (124, "", True),
    ],
)
def test_only_what_somebody_should_look_at_is_mailed(hourly, code, says, told):
    done, log = hourly(code, says)
    assert done.returncode == code
    assert ("told --env uat" in done.stdout and says in done.stdout) is told, done.stdout
    assert told or done.stdout == ""
    assert log.endswith(f"exit code {code}\n")
    assert "told --env uat" in log
