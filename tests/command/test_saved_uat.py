"""UAT, planned from nothing, is built exactly as it was planned."""

from __future__ import annotations

from pathlib import Path

from reconciler.sandbox.server import serve
from tests.command.running import command

DESIRED = Path(__file__).parents[2] / "desired"


def test_all_of_uat_is_built_as_it_was_planned(tmp_path):
    file = tmp_path / "plan.json"
    with serve("739991759290") as url:
        uat = ("--desired", str(DESIRED), "--env", "uat", "--sandbox", url)
        assert command(*uat, "--dry-run", "--save", str(file)).code == 2
        assert command(*uat, "--plan", str(file)).code == 0
        again = command(*uat, "--plan", str(file))
        assert (again.code, again.writes) == (0, [])
