"""`muvi-converge sandbox`: an AWS of its own for other processes, until somebody interrupts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest

from tests.command.lab import Lab
from tests.command.running import ACCOUNT, ENVIRONMENT, REGION

OUTSIDE = {"AWS_ENDPOINT_URL": "http://203.0.113.1", "AWS_PROFILE": "of-somebody-else"}
"""What a machine may be set up with, which must lead nobody out of the sandbox."""


def started(lab, *arguments, **more):
    """The command in a process of its own."""
    words = ["--desired", str(lab.folder), "--env", lab.name, *arguments]
    return subprocess.Popen(
        [sys.executable, "-m", "reconciler", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **OUTSIDE},
        **more,
    )


@pytest.fixture
def served(tmp_path):
    """An environment, and the process that serves its account."""
    lab = Lab(tmp_path, "http://127.0.0.1:1")
    lab.declare(it="ecr.repository: {one: {}}")
    with started(lab, "sandbox", "--port", "0") as process:
        try:
            told = process.stdout.readline()
            url = re.search(r"http://[\d.:]+", told)[0]
            yield Lab(tmp_path, url, whole=True), process, told
        finally:
            process.kill()


def test_another_process_uses_it_until_it_is_interrupted(served):
    lab, process, told = served
    assert told.startswith(f"AWS account {ACCOUNT} is served at http://127.0.0.1:")
    line = process.stdout.readline()
    assert line == f"  muvi-converge --env test --sandbox {lab.endpoint}\n"

    lab.client("ecr").create_repository(repositoryName="theirs")
    with started(lab, "--sandbox", lab.endpoint) as run:
        out, err = run.communicate(timeout=120)
    assert (run.returncode, "Done: created 1." in out) == (0, True), err
    names = [each["repositoryName"] for each in repositories(lab)]
    assert sorted(names) == ["one", "theirs"]
    assert lab.json().actions == {}

    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert "Traceback" not in process.stderr.read()


def repositories(lab):
    return lab.client("ecr", REGION).describe_repositories()["repositories"]


def test_a_sandbox_of_another_account_is_refused(lab):
    lab.declare(ENVIRONMENT.replace(ACCOUNT, "999999999999"), it="ecs.cluster: {one: {}}")
    ran = lab.run()
    assert (ran.code, ran.writes) == (3, [])
    assert f"these credentials are of account {ACCOUNT}" in ran.err


def test_a_sandbox_that_nobody_serves_is_told_in_one_line(lab):
    lab.declare(it="ecs.cluster: {one: {}}")
    ran = lab.elsewhere("--sandbox", "http://127.0.0.1:9")
    assert ran.code == 1
    assert ran.err.startswith("AWS cannot be reached")
    assert len(ran.err.strip().splitlines()) == 1
