"""Production, built in an empty account, is what the report states, row by row; then it goes."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from reconciler.sandbox.server import forget, serve
from tests.command.lab import Lab
from tests.facts import living
from tests.facts.stated import every, name_of
from tests.permissions.verdicts import hold
from tests.prod_account.tables import ACCOUNT

DESIRED = Path(__file__).parents[2] / "desired"
MAKES = ("--allow", "create,update,adopt")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The account in which everything has been made, and the runs that made it."""
    forget()
    folder = tmp_path_factory.mktemp("made")
    shutil.copytree(DESIRED / "prod", folder / "prod")
    with serve(ACCOUNT) as url:
        lab = Lab(folder, url, "prod", whole=True)
        built, again = lab.json(*MAKES), lab.json(*MAKES)
        yield SimpleNamespace(lab=lab, built=built, again=again, account=living.Account(lab.client))
    forget()


def test_an_empty_account_becomes_production_and_then_there_is_nothing_to_do(made):
    assert made.built.code == 0, made.built.err
    assert {*made.built.actions.values()} <= {"create", "adopt"}
    assert (made.again.code, made.again.actions, made.again.writes) == (0, {}, [])


@pytest.mark.parametrize("row", every(), ids=name_of)
def test_a_row_of_the_report_is_true_of_what_is_built(made, row):
    _, name, it = row
    pairs = list(getattr(living, name)(it, made.account))
    assert pairs
    for wanted, found in pairs:
        assert found == wanted


def test_the_policies_that_are_printed_for_it_are_enough_until_it_is_gone(made):
    planned, gone = made.lab.plan(), made.lab.json("destroy", "--confirm", "prod")
    assert (planned.code, gone.code) == (0, 0), gone.err
    runs = (made.built, made.again, gone)
    hold("prod", [call for ran in runs for call in ran.calls], planned.calls)
