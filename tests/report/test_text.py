"""What people read at the terminal."""

import re
import sys

import pytest

from reconciler.model import Action, Wait
from reconciler.report import text
from reconciler.result import Coverage, Fate, Outcome
from tests.report import runs
from tests.report.runs import decision, result

COLORS = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("name", ["applied", "planned", "quiet", "large"])
def test_it_looks_as_it_did(golden, name):
    made = {
        "applied": runs.everything,
        "planned": lambda: runs.everything(dry=True),
        "quiet": runs.quiet,
        "large": runs.large,
    }
    golden(f"{name}.txt", text.render(runs.safe(made[name]())))


def test_what_may_hurt_comes_first():
    told = text.render(runs.safe(runs.everything()))
    heads = re.findall(
        r"^(Delete|Replace|Disrupt|Update|Create|Adopt|Wait|Unknown) \d", told, re.MULTILINE
    )
    assert heads == [
        "Delete",
        "Replace",
        "Disrupt",
        "Update",
        "Create",
        "Adopt",
        "Wait",
        "Unknown",
    ]


def test_nothing_to_do_is_never_said_without_coverage():
    told = text.render(runs.quiet())
    assert told.endswith("Nothing to do: 2 of 2 are as declared.\n")
    assert "Compared 3,412 properties; left 9,120" in told
    assert "Looked at 8 resources: ec2 5, ecs 3." in told
    assert "logs.log_group 1,041" in told


def test_two_hundred_creates_take_a_line_each():
    told = text.render(runs.large()).splitlines()
    assert sum(row.startswith("  + ") for row in told) == 200
    assert len(told) < 212
    assert "does not exist" in told[2]


def test_what_is_created_shows_no_fields():
    made = decision("sqs.queue/jobs", Action.CREATE, "", ("DelaySeconds", None, 5), line=3)
    assert "DelaySeconds" not in text.render(result(made, dry=True))


def test_what_is_as_declared_is_only_counted():
    assert "logs.log_group/api" not in text.render(runs.everything())


def test_colors_change_nothing_but_colors():
    run = runs.safe(runs.everything())
    colored = text.render(run, color=True)
    bare = [row.rstrip() for row in COLORS.sub("", colored).splitlines()]
    assert colored != text.render(run)
    assert bare == text.render(run).splitlines()


def test_a_plain_report_does_without_rich(monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "rich"]:
        monkeypatch.delitem(sys.modules, name)
    text.render(runs.safe(runs.everything()))
    assert "rich" not in sys.modules


def test_a_gate_is_explained_once_for_all_that_it_holds():
    told = text.render(runs.everything(), width=200)
    assert told.count(runs.ENFORCE) == 1
    assert told.count("held [2]") == 2
    assert f" 2. {runs.ENFORCE} (2 changes)" in told


def test_a_wait_that_many_share_is_asked_for_once():
    told = text.render(runs.everything())
    assert told.count(runs.DNS.what) == 1
    assert "Waiting for people 1\n" in told


def test_a_wait_that_does_not_say_for_whom_is_still_told():
    lost = decision("acm.certificate/a", Action.WAIT, "pending", waits=(Wait("", "approve it"),))
    assert "approve it" in text.render(result(lost, dry=True))


def test_what_people_hold_up_says_through_whom():
    below = decision("cloudfront.distribution/a", Action.CREATE, "AWS has none")
    needs = "it needs acm.certificate/a, which waits for people"
    told = text.render(result(below, outcomes={below.address: Outcome(Fate.WAITING, needs)}))
    assert f"  {needs}\n      cloudfront.distribution/a\n" in told


def test_an_image_is_cut_to_what_differs():
    assert "…/muvi-uat-api:1.4.2-alpine → …/muvi-uat-api:1.4.3-alpine" in text.render(
        runs.everything()
    )


def test_a_set_shows_what_it_gains_and_loses():
    told = text.render(runs.everything())
    assert "- {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIpv4: 10.0.0.0/8}" in told
    assert "+ {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIpv4: 0.0.0.0/0}" in told
    assert "FromPort: 80" not in told


def test_a_script_shows_the_lines_that_differ():
    before, after = ("#!/bin/sh\nset -e\n" + "echo same\n" * 20 + end for end in ("a", "b"))
    changed = decision("ec2.instance/a", Action.UPDATE, "", ("UserData", before, after))
    told = text.render(result(changed, dry=True))
    assert "        - a\n        + b\n" in told
    assert "echo same" not in told


def test_documents_show_the_lines_that_differ():
    before, after = ({"Version": "1", "Rules": ["a" * 40, "b" * 40, end]} for end in "cd")
    changed = decision("iam.role/a", Action.UPDATE, "", ("Document", before, after))
    told = text.render(result(changed, dry=True))
    assert "        -   - c\n" in told
    assert "        +   - d\n" in told
    assert "Version" not in told


def test_the_tags_that_adopting_means_are_no_news():
    told = text.render(runs.everything())
    assert "tags.Environment" in told
    assert "tags.muvi-converge" not in told


def test_an_object_of_another_tool_says_whose_it_is():
    told = text.render(runs.everything())
    assert "owned by CloudFormation stack legacy-network" in told
    assert "owned by muvi-converge (uat)" not in told


def test_regions_are_named_where_a_type_has_several():
    here = decision("s3.bucket/a", Action.CREATE, "", region="eu-central-1")
    there = decision("s3.bucket/b", Action.CREATE, "", region="eu-west-1")
    told = text.render(result(here, there, dry=True))
    assert "s3.bucket/b (eu-west-1)" in told
    assert "(eu-" not in text.render(result(here, dry=True))


def test_names_cannot_steer_the_terminal():
    evil = decision(
        "sqs.queue/a\x1b[2J", Action.DELETE, "gone\u202e", ("Name", "\x1b]0;x\x07", None)
    )
    told = text.render(result(evil, dry=True))
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "\\x1b[2J" in told


def test_a_plan_that_is_not_yet_applied_is_still_to_do():
    told = text.render(result(decision("sqs.queue/a", Action.CREATE, "AWS has none")))
    assert told.endswith("To do: create 1.\n")
    assert "not reached" not in told


def test_a_narrow_page_never_cuts_a_word_of_a_reason():
    told = text.render(runs.safe(runs.everything()), width=50)
    assert " ".join(runs.ENFORCE.split()) in " ".join(told.split())


def test_what_could_not_be_read_stands_in_the_coverage():
    coverage = Coverage({}, {}, unread={"kms.key": "AccessDenied"})
    assert "Not read: kms.key: AccessDenied\n" in text.render(result(coverage=coverage))


def test_a_first_word_says_which_account():
    first = text.render(runs.everything()).splitlines()[0]
    assert first == "uat  account 123456789012 · run 20261122-160412-3f2a · commit 1a2b3c4"


def test_what_a_dry_run_would_skip_is_no_error_of_the_run():
    left = decision("kms.key/a", Action.UNKNOWN, "kms.key could not be listed")
    told = text.render(result(left, dry=True, outcomes={"kms.key/a": Outcome(Fate.PLANNED)}))
    assert "Not tried 1\n  kms.key could not be listed\n      kms.key/a\n" in told


def test_members_of_a_list_that_take_many_lines_are_told_apart():
    rules = [{f"Property{n}": f"a value of rule {rule}" for n in range(4)} for rule in (1, 2)]
    updated = decision("ec2.security_group/web", Action.UPDATE, "", ("ingress", [], rules))
    told = [row.strip() for row in text.render(result(updated)).splitlines()]
    assert [row for row in told if row.startswith("+ -")] == [
        "+ - Property0: a value of rule 1",
        "+ - Property0: a value of rule 2",
    ]
    assert "+   Property1: a value of rule 1" in told
