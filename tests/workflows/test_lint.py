"""What linters see in the workflows, the image and the scripts that are ready to copy."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflows.running import ROOT, WORKFLOWS, workflow

FILES = sorted(WORKFLOWS.glob("*.yaml"))
SCRIPTS = [
    step["run"]
    for file in FILES
    for job in workflow(file.stem)["jobs"].values()
    for step in job["steps"]
    if "run" in step
]
HAND_WRITTEN = [WORKFLOWS / "hourly", ROOT / "scripts/setup"]
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def tool(name, *arguments, text=None):
    """A linter of requirements.lock, beside the Python that runs this."""
    program = shutil.which(name, path=Path(sys.executable).parent)
    assert program, f"{name} is missing: scripts/setup installs it"
    command = [program, *map(str, arguments)]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def test_the_workflows_are_safe():
    done = tool("zizmor", "--offline", "--no-progress", "--quiet", *FILES)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("was", "worse"),
    [
        ("\n  pull_request:", "\n  pull_request_target:"),
        ("issues/$NUMBER", "issues/${{ github.event.pull_request.title }}"),
        ("persist-credentials: false", "clean: true"),
        ("@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7"),
        ("      contents: read\n", "      contents: write-all\n"),
    ],
)
def test_and_would_be_told_if_they_were_not(tmp_path, was, worse):
    text = (WORKFLOWS / "plan.yaml").read_text()
    assert was in text
    (tmp_path / "plan.yaml").write_text(text.replace(was, worse))
    assert tool("zizmor", "--offline", "--no-progress", tmp_path / "plan.yaml").returncode


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_others_wrote_is_pinned_to_a_commit(file):
    used = re.findall(r"uses: (.+)", file.read_text())
    assert [each for each in used if not PINNED.fullmatch(each)] == []


def test_an_action_has_one_version_everywhere():
    used = {each for file in FILES for each in re.findall(r"uses: (.+)", file.read_text())}
    assert len({each.partition("@")[0] for each in used}) == len(used)


def test_the_scripts_are_sound(tmp_path):
    for number, script in enumerate(SCRIPTS):
        (tmp_path / f"{number}.sh").write_text(f"#!/usr/bin/env bash\n{script}")
    done = tool("shellcheck", *tmp_path.iterdir(), *HAND_WRITTEN)
    assert (done.returncode, done.stdout) == (0, "")
    assert len(SCRIPTS) > 10


def test_the_image_is_sound():
    done = tool("hadolint", ROOT / "Dockerfile")
    assert (done.returncode, done.stdout) == (0, "")
