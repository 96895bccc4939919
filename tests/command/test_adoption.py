"""Production on first contact: an account that is right, made by others, and full of their things.

Corrections of moto that this needs: all of reconciler/sandbox; the account is an in-process one."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.sandbox.server import forget, serve, session
from tests.command.running import Ran, command
from tests.prod_account import fill
from tests.prod_account.dump import dump
from tests.prod_account.planted import SECRETS
from tests.prod_account.tables import ACCOUNT

DESIRED = Path(__file__).parents[2] / "desired"
TAGGING = {"AddTags", "AddTagsToCertificate", "AddTagsToResource", "ChangeTagsForResource"}
TAGGING |= {"CreateTags", "PutBucketTagging", "TagResource"}
OURS = {"muvi-converge:environment", "muvi-converge:address"}
GUARD = "muvi-converge:protect"  # on what holds data, so that no YAML that is lost deletes it
FORGOTTEN = {"redis-token"}  # moto keeps none


@dataclass
class Story:
    """What was done one after the other, and how the account was before and after each."""

    watched: list[Ran]
    adopted: Ran
    again: Ran
    printed: Ran
    written: Ran
    planned: Ran
    rewritten: Ran
    states: dict[str, dict[str, Any]]
    files: dict[str, bytes]
    changed: dict[str, bytes]
    """Files that the second discovery changed."""


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    forget()
    home = tmp_path_factory.mktemp("production")
    shutil.copytree(DESIRED / "prod", home / "prod")
    with serve(ACCOUNT) as url:
        place = ("--env", "prod", "--desired", str(home), "--sandbox", url)
        fill(session(url))
        for _ in range(2):  # until what was just made is ready, as it has long been
            command(*place, "--policy", "--dry-run")
        states = {"before": dump(ACCOUNT)}
        watched = [command(*place, "--policy", "--output", each) for each in OUTPUTS]
        states["watched"] = dump(ACCOUNT)
        adopted = command(*place, "--policy", "--allow", "adopt", "--output", "json")
        states["adopted"] = dump(ACCOUNT)
        again = command(*place, "--policy", "--allow", "adopt", "--verbose")
        printed = command("discover", *place)
        written = command("discover", *place, "--write")
        files = _files(home)
        planned = command(*place, "--policy", "--dry-run", "--output", "json")
        rewritten = command("discover", *place, "--write")
        changed = {name: text for name, text in _files(home).items() if files.get(name) != text}
        states["discovered"] = dump(ACCOUNT)
        yield Story(
            watched, adopted, again, printed, written, planned, rewritten, states, files, changed
        )
    forget()


OUTPUTS = ("json", "text", "markdown")


def _files(home):
    return {each.name: each.read_bytes() for each in (home / "prod").glob("*.yaml")}


def test_watching_reads_and_finds_all_that_the_report_states(story):
    for ran in story.watched:
        assert (ran.code, ran.writes) == (0, []), ran.err
    assert story.watched[0].actions == {}
    assert story.states["watched"] == story.states["before"]
    assert len(story.states["before"]) > 10_000


def test_what_has_no_name_in_the_report_is_not_missed_but_to_be_named(story):
    told = [each for each in story.watched[0].resources.values() if "discovery" in each["reason"]]
    assert {each["action"] for each in told} == {"no-op"}
    assert len(told) == len(story.watched[0].document["coverage"]["unnamed"]) > 50


def test_enforcing_writes_our_tags_and_nothing_else(story):
    assert story.adopted.code == 0, story.adopted.err
    assert set(story.adopted.actions.values()) == {"adopt"}
    assert set(story.adopted.writes) <= TAGGING
    paths = {d["path"] for each in story.adopted.resources.values() for d in each["diff"]}
    assert paths == {f"tags.{name}" for name in (*OURS, GUARD)}
    assert story.states["adopted"] == story.states["before"]


def test_what_another_tool_owns_is_left_to_it(story):
    resources = story.adopted.resources
    assert resources["ec2.vpc/Muvi-VPC"]["owner"].startswith("Terraform")
    stack = "lambda.function/DatadogIntegration-DatadogA-DatadogAPICallFunction"
    assert resources[stack]["owner"] == "CloudFormation stack DatadogIntegration"
    assert not {"ec2.vpc/Muvi-VPC", stack} & story.adopted.actions.keys()


def test_the_second_time_there_is_nothing_to_do(story):
    assert (story.again.code, story.again.writes) == (0, [])
    assert "Nothing to do" in story.again.out


def test_discovery_writes_what_is_left_and_the_plan_is_empty(story):
    assert story.written.code == 0, story.written.err
    assert (story.planned.code, story.planned.actions) == (0, {}), story.planned.err
    assert len(story.planned.resources) > len(story.watched[0].resources)
    assert (story.rewritten.code, story.changed) == (0, {})
    reading = [story.printed, story.written, story.planned, story.rewritten]
    assert [ran.writes for ran in reading] == [[], [], [], []]
    assert story.states["discovered"] == story.states["before"]


@pytest.mark.parametrize("place", SECRETS)
def test_what_was_planted_is_told_to_nobody(story, place):
    runs = (*story.watched, story.adopted, story.again, story.printed, story.written)
    texts = [ran.out + ran.err for ran in (*runs, story.planned, story.rewritten)]
    texts += [text.decode() for text in story.files.values()]
    assert not any(SECRETS[place] in text for text in texts)
    there = any(SECRETS[place] in str(value) for value in story.states["before"].values())
    assert there is (place not in FORGOTTEN)
