"""What a pull request causes, told from the plans of its base and its head."""

from __future__ import annotations

import json as standard
import re

import pytest

from reconciler.errors import Usage
from reconciler.model import Action, Wait
from reconciler.report import annotations, json, markdown, plans, pull_request
from reconciler.report.secrets import Masker
from reconciler.result import Coverage, Fate, Outcome
from tests.report import runs
from tests.report.runs import decision, result

DRIFT = decision("sqs.queue/a", Action.UPDATE, "Delay differs", ("Delay", 0, 5), line=4)
GONE = decision("sqs.queue/b", Action.DELETE, "declared no more")
NEW = decision("sqs.queue/c", Action.CREATE, "does not exist", line=9)


@pytest.fixture
def compared(tmp_path):
    def compared(base, head):
        files = tmp_path / "base.json", tmp_path / "head.json"
        for file, run in zip(files, (base, head), strict=True):
            file.write_text(run if isinstance(run, str) else json.render(runs.safe(run)))
        return plans.compared(*files)

    return compared


def planned(*decisions, **more):
    return result(*decisions, dry=True, **more)


def addresses(part):
    return [each.address for each in part.decisions]


def paths(part):
    return [field.path for each in part.decisions for field in each.diff]


def test_each_difference_stands_in_one_part(compared):
    told = compared(planned(DRIFT, GONE), planned(DRIFT, NEW))
    assert addresses(told.caused) == ["sqs.queue/c"]
    assert addresses(told.before) == ["sqs.queue/a"]
    assert addresses(told.settled) == ["sqs.queue/b"]


def test_a_field_more_in_what_drifted_is_told_apart(compared):
    both = decision("sqs.queue/a", Action.UPDATE, "two", ("Delay", 0, 5), ("Size", 1, 2), line=7)
    told = compared(planned(DRIFT), planned(both))
    assert (paths(told.caused), paths(told.before), paths(told.settled)) == (
        ["Size"],
        ["Delay"],
        [],
    )
    back = compared(planned(both), planned(DRIFT))
    assert (paths(back.caused), paths(back.before), paths(back.settled)) == (
        [],
        ["Delay"],
        ["Size"],
    )


def test_another_value_for_what_drifted_is_caused(compared):
    other = decision("sqs.queue/a", Action.UPDATE, "Delay differs", ("Delay", 0, 9), line=4)
    told = compared(planned(DRIFT), planned(other))
    assert [each.after for each in told.caused.decisions[0].diff] == [9]
    assert addresses(told.before) == addresses(told.settled) == []


def test_another_action_is_caused_whole(compared):
    worse = decision("sqs.queue/a", Action.REPLACE, "immutable", ("Delay", 0, 5), line=4)
    told = compared(planned(DRIFT), planned(worse))
    assert (addresses(told.caused), paths(told.caused)) == (["sqs.queue/a"], ["Delay"])
    assert addresses(told.before) == []


def test_lines_and_reasons_that_moved_are_no_difference(compared):
    moved = decision("sqs.queue/a", Action.UPDATE, "otherwise put", ("Delay", 0, 5), line=40)
    told = compared(planned(DRIFT), planned(moved))
    assert addresses(told.caused) == []
    assert told.before.decisions[0].source.line == 40


def test_what_is_held_only_now_is_caused(compared):
    held = decision("sqs.queue/a", Action.UPDATE, "d", ("Delay", 0, 5), line=4, gate="lift it so")
    told = compared(planned(DRIFT), planned(held))
    assert addresses(told.caused) == ["sqs.queue/a"]
    assert "lift it so" in pull_request.render(told)


def test_secrets_have_another_mark_in_each_run_and_are_no_difference(compared):
    secret = decision(
        "rds.db_cluster/x", Action.UPDATE, "", ("MasterUserPassword", None, "topsecret")
    )
    masks = [
        json.render(runs.masked(planned(secret), runs.facts, Masker(salt))) for salt in (b"1", b"2")
    ]
    assert masks[0] != masks[1]
    told = compared(*masks)
    assert addresses(told.before) == ["rds.db_cluster/x"]
    assert "topsecret" not in pull_request.render(told) + annotations.render(told)


def test_only_requests_and_warnings_of_the_head_are_told(compared):
    old, new = Wait("who runs DNS", "delegate a"), Wait("the pipeline", "push an image")
    ours = decision("sqs.queue/w", Action.WAIT, "waits", waits=(old, new))
    theirs = decision("sqs.queue/w", Action.WAIT, "waits", waits=(old,))
    base = planned(theirs, warnings=("a.yaml:3:1: it is old",))
    head = planned(ours, warnings=("a.yaml:9:1: it is old", "a.yaml:9:1: it is wrong"))
    told = pull_request.render(compared(base, head))
    assert "push an image" in told
    assert "delegate a" not in told
    assert "it is wrong" in told
    assert "it is old" not in told


def test_what_could_not_be_read_is_told(compared):
    blind = planned(coverage=Coverage({}, {}, unread={"sqs.queue": "AccessDenied"}))
    assert "sqs.queue: AccessDenied" in pull_request.render(compared(planned(), blind))


def test_nothing_is_said_in_few_words(compared):
    assert pull_request.render(compared(planned(), planned())) == (
        "<!-- muvi-converge uat -->\n\n### muvi-converge uat, dry-run\n\n"
        "**Caused by this pull request: nothing.**\n"
    )
    assert annotations.render(compared(planned(), planned())) == ""


def test_a_base_without_a_plan_blames_nobody(compared):
    told = compared("", planned(DRIFT, NEW))
    assert addresses(told.caused) == []
    text = pull_request.render(told)
    assert pull_request.NO_BASE in text
    assert "#### Differences: update 1, create 1" in text
    assert annotations.render(told) == ""


def test_the_comment_looks_as_it_did(golden, compared):
    worse = decision("sqs.queue/d", Action.REPLACE, "immutable", ("Fifo", False, True), line=12)
    golden(
        "pull_request.md",
        pull_request.render(compared(planned(DRIFT, GONE), planned(DRIFT, NEW, worse))),
    )


def test_nobody_is_called_and_nothing_is_markup(compared):
    evil = [
        decision(f"sqs.queue/{name}", Action.CREATE, "<img src=x> @muvi/ops ```", line=2)
        for name in "ab"
    ]
    text = pull_request.render(compared(planned(), planned(*evil)))
    fenced = re.sub(r"(?ms)^(`{3,})diff$.*?^\1$", "", text)
    assert "<img" not in fenced
    assert "@muvi" not in fenced
    assert fenced.count("<!--") == fenced.count("-->") == 1


def test_a_huge_comment_is_cut_and_stays_whole(compared):
    many = [
        decision(f"logs.log_group/{n:05}", Action.CREATE, f"reason {n}", line=n + 1)
        for n in range(3000)
    ]
    text = pull_request.render(compared(planned(), planned(*many)))
    assert len(text) <= markdown.LONGEST
    assert text.count("<details") == text.count("</details>")
    assert "create 3,000" in text


def test_annotations_stand_on_their_lines(compared):
    failed = planned(DRIFT, NEW, outcomes={DRIFT.address: Outcome(Fate.FAILED, "no such key")})
    rows = annotations.render(compared(planned(), failed)).splitlines()
    assert rows == [
        "::error file=desired/uat/20-network.yaml,line=4,title=update sqs.queue/a"
        "::Delay differs (Delay) - no such key",
        "::notice file=desired/uat/20-network.yaml,line=9,title=create sqs.queue/c::does not exist",
    ]


def test_what_may_hurt_is_a_warning_even_without_a_line(compared):
    told = annotations.render(compared(planned(), planned(GONE)))
    assert told == "::warning title=delete sqs.queue/b::declared no more\n"


def test_nobody_can_write_a_command_of_his_own(compared):
    evil = decision("sqs.queue/a,b::c", Action.CREATE, "100%\r\n::error::x\n::add-mask::y", line=1)
    (row,) = annotations.render(compared(planned(), planned(evil))).splitlines()
    assert row.endswith("title=create sqs.queue/a%2Cb%3A%3Ac::100%25%0A::error::x%0A::add-mask::y")


def test_no_more_annotations_than_github_shows(compared):
    many = [decision(f"sqs.queue/{n:02}", Action.DELETE, "gone") for n in range(25)]
    rows = annotations.render(compared(planned(), planned(*many))).splitlines()
    assert len(rows) == annotations.MOST
    assert rows[-1] == "::warning::16 more stand in the comment"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "is no JSON"),
        ("{}", "is no plan"),
        (standard.dumps([]), "is no plan"),
    ],
)
def test_what_is_no_plan_is_refused(compared, text, says):
    with pytest.raises(Usage, match=says):
        compared(planned(), text)


def test_a_run_that_changed_something_is_no_plan(compared):
    done = result(NEW, outcomes={NEW.address: Outcome(Fate.DONE)})
    with pytest.raises(Usage, match="made changes"):
        compared(planned(), done)


def test_plans_of_two_environments_are_not_compared(compared):
    with pytest.raises(Usage, match="is of prod and"):
        compared(planned(environment="prod"), planned())


def test_a_plan_is_read_as_it_was_written(tmp_path):
    file = tmp_path / "plan.json"
    run = runs.safe(runs.everything(dry=True))
    file.write_text(json.render(run))
    read, _ = plans.read(file)
    assert json.document(read)["summary"] == json.document(run)["summary"]
    own = {each["address"]: each["status"] for each in json.document(run)["resources"]}
    assert {each["address"]: each["status"] for each in json.document(read)["resources"]} == own
