"""Who is asked before anything changes: people at a terminal, and nobody else."""

from __future__ import annotations

import pytest

SHOP = "ecr.repository: {shop: {}}\necs.cluster: {shop: {}}\nlogs.log_group: {shop: {}}"


@pytest.fixture
def shop(lab):
    lab.declare(it=SHOP)
    return lab


def test_on_a_terminal_the_plan_is_shown_and_a_no_changes_nothing(shop):
    ran = shop.run(typed="n\n")
    assert (ran.code, ran.writes) == (2, [])
    assert "Create 3" in ran.err
    assert "Apply this plan?" in ran.err


def test_on_a_terminal_a_yes_applies_it(shop):
    assert shop.run(typed="y\n").code == 0
    assert shop.json().actions == {}


def test_yes_on_the_command_line_asks_nobody(shop):
    ran = shop.run("--yes", typed="")
    assert ran.code == 0
    assert "Apply this plan?" not in ran.err


def test_destroy_asks_for_the_name_on_a_terminal_only(shop):
    assert shop.run("destroy").code == 1  # away from one nothing prompts, and nothing is done
    assert shop.run("destroy", typed="tset\n").code == 1
    assert shop.run().code == 0
    assert shop.json().actions == {}
    assert shop.run("destroy", typed="test\ny\n").code == 0
    assert len(shop.plan().actions) == 3


def test_a_dry_run_of_destroy_needs_no_name(shop):
    assert shop.run().code == 0
    ran = shop.json("--dry-run", "destroy")
    assert (ran.code, {*ran.actions.values()}, ran.writes) == (2, {"delete"}, [])
    assert {each["reason"] for each in ran.document["resources"]} == {
        "destroy takes all that is ours"
    }
