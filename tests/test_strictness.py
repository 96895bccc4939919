"""docs/strictness.md, row by row: what moto lets through is stopped, where the page says it is."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from reconciler.errors import InvalidDesired
from reconciler.load import load, values
from reconciler.sandbox.corrections import corrected
from tests import strictness, strictness_guards, strictness_stores, strictness_tools
from tests.conftest import ACCOUNT, REGION
from tests.living import read, written

ROOT = Path(__file__).parents[1]
CALLS = (
    strictness.CALLS | strictness_guards.CALLS | strictness_stores.CALLS | strictness_tools.CALLS
)
YAML = read(Path(__file__).parent / "strictness.yaml")
ENVIRONMENT = {"account": ACCOUNT, "region": REGION, "lists": "exact"}


class Row(NamedTuple):
    """One line of a table: what is done, AWS's answer, moto's, and which code stops it."""

    what: str
    aws: str
    moto: str
    stopped: str

    @property
    def places(self):
        """The files that stop it, and what to look for in them."""
        return re.findall(r"`([\w/.]+): (\w+)`", self.stopped)


def rows():
    lines = (ROOT / "docs/strictness.md").read_text().splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line[:2] == "| "]
    return {what: Row(what, *more) for what, *more in cells if what != "what"}


ROWS = rows()


def test_every_row_is_run_and_every_case_has_a_row():
    assert ROWS.keys() == YAML.keys() | CALLS.keys()


@pytest.mark.parametrize("what", ROWS)
def test_what_stops_it_is_there_and_is_run(what):
    row = ROWS[what]
    assert len(row.places) == row.stopped.count("`") / 2 > 0
    for file, name in row.places:
        path = ROOT / file if file.startswith("schemas/") else ROOT / "reconciler" / file
        assert re.search(rf"\b{name}\b", path.read_text()), (file, name)
    sandboxed = [file.startswith("sandbox/") for file, _ in row.places]
    assert (not all(sandboxed), any(sandboxed)) == (what in YAML, what in CALLS)


@pytest.mark.parametrize("what", CALLS)
def test_the_sandbox_answers_as_aws_does(what, session):
    with corrected(), mock_aws():
        assert f"`{_answer(CALLS[what], session.client)}`" == ROWS[what].aws


@pytest.mark.parametrize("what", CALLS)
def test_moto_alone_answers_as_the_page_says(what, session):
    with mock_aws():
        answer = _answer(CALLS[what], session.client)
    said = ROWS[what].moto
    assert answer == (said.strip("`") if said.startswith("`") else None)


@pytest.mark.parametrize("what", YAML)
def test_the_loader_refuses_it(what, tmp_path):
    assert YAML[what]["says"] in _told(tmp_path, YAML[what]["declared"])


def _answer(call, moto):
    """The code of a refusal, or what is shown; None for a call that is simply done."""
    try:
        return call(moto)
    except NotImplementedError:
        return "lacks the call"
    except ClientError as error:
        return error.response["Error"]["Code"]


def _told(folder, declared):
    """What is said before the first call, by the loader or by the tables of what AWS offers."""
    try:
        whole = load(written(folder, ENVIRONMENT, it=declared), "test")
    except InvalidDesired as refused:
        return str(refused)
    verdict = values.check(whole, creating=whole.resources, today=date(2026, 1, 1))
    return "\n".join(map(str, verdict.problems))
