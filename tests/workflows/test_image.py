"""The image holds what the wheel's tests install, by the commands that scripts/setup runs."""

from __future__ import annotations

import re
import shutil
from fnmatch import fnmatch

import pytest

from tests.test_wheel import PACKED
from tests.workflows.running import ROOT

LINES = (ROOT / "Dockerfile").read_text().splitlines()
PIP = re.compile(r"pip install (.+)")


def said(word):
    """What stands behind an instruction, each time."""
    return [line.split(" ", 1)[1] for line in LINES if line.startswith(f"{word} ")]


def test_its_base_is_one_image_and_no_other():
    (base,) = said("FROM")
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm@sha256:[0-9a-f]{64}", base)


def test_it_holds_what_is_packed_and_what_pins_it():
    copied = [name for line in said("COPY") for name in line.split()[:-1]]
    assert sorted(copied) == sorted((*PACKED, "requirements.lock"))


def test_nothing_else_goes_into_its_context():
    rules = (ROOT / ".dockerignore").read_text().splitlines()
    assert rules[1] == "*"
    let_in = {rule[1:] for rule in rules if rule.startswith("!")}
    assert let_in == {*PACKED, "requirements.lock"}
    assert not any(fnmatch(name, rule) for name in let_in for rule in rules[2:] if rule[0] != "!")


def test_it_installs_as_setup_does():
    setup = PIP.findall((ROOT / "scripts/setup").read_text())
    image = [
        line.replace(" --no-cache-dir", "") for each in said("RUN") for line in PIP.findall(each)
    ]
    assert image == [each.replace("-e .", ".") for each in setup]
    assert all("--no-cache-dir" in each for each in said("RUN") if "pip install" in each)


def test_it_runs_as_nobody_in_particular():
    (user,) = said("USER")
    assert user == "10001:10001"
    assert LINES.index(f"USER {user}") > max(n for n, line in enumerate(LINES) if "RUN" in line)
    assert said("ENTRYPOINT") == ['["muvi-converge"]']


@pytest.fixture
def image(tmp_path):
    """What COPY takes, where it puts it."""
    for line in said("COPY"):
        *names, into = line.split()
        for name in names:
            target = tmp_path / into if (ROOT / name).is_dir() else tmp_path / name
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, target)
    return tmp_path


def test_what_is_copied_is_a_project(image):
    assert (image / "reconciler/cli.py").is_file()
    assert (image / "schemas/environment.json").is_file()
    assert "packages = find:" in (image / "setup.cfg").read_text()
