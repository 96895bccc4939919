"""UAT in another region: only the lines that name the region change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.command.lab import Lab

DESIRED = Path(__file__).parents[2] / "desired"
FROM, TO = "me-central-1", "eu-central-1"


@pytest.fixture
def moved(tmp_path):
    """UAT, its region and zones exchanged, and the lines that this changed."""
    shutil.copytree(DESIRED / "uat", tmp_path / "uat")
    file = tmp_path / "uat" / "environment.yaml"
    before = file.read_text().splitlines()
    after = [
        line.replace(FROM, TO) if line.startswith(("region:", "zones:")) else line
        for line in before
    ]
    file.write_text("\n".join(after))
    changed = [line for line in after if line not in before]
    return Lab(tmp_path, "", "uat", whole=True), changed


def test_uat_converges_where_only_its_region_and_zones_were_changed(moved):
    lab, changed = moved
    assert changed == [f"region: {TO}", f"zones: [{TO}a, {TO}b]"]
    ran = lab.elsewhere("--sandbox", "--output", "json")
    assert ran.code == 0, ran.err
    assert {*ran.actions.values()} == {"create"}
    assert {call.region for call in ran.calls} == {TO, "us-east-1"}
    assert {each["region"] for each in ran.resources.values()} == {TO, "us-east-1"}
    assert FROM not in ran.out
