"""What stands below a pull request."""

import re

import pytest

from reconciler.model import Action
from reconciler.report import markdown
from tests.report import runs
from tests.report.runs import decision, result


@pytest.mark.parametrize("name", ["applied", "planned", "quiet"])
def test_it_looks_as_it_did(golden, name):
    made = {
        "applied": runs.everything,
        "planned": lambda: runs.everything(dry=True),
        "quiet": runs.quiet,
    }
    golden(f"{name}.md", markdown.render(runs.safe(made[name]())))


def test_what_may_hurt_is_first_and_open():
    told = markdown.render(runs.everything())
    folds = re.findall(r"<details( open)?><summary>(\w+)", told)
    assert folds[:5] == [
        (" open", "Delete"),
        (" open", "Replace"),
        (" open", "Disrupt"),
        ("", "Update"),
        ("", "Create"),
    ]


def test_the_table_has_no_empty_columns():
    told = markdown.render(result(decision("sqs.queue/a", Action.CREATE, ""), dry=True))
    assert "| action | planned |\n| --- | --: |\n| create | 1 |\n" in told


def test_names_cannot_leave_their_fence():
    evil = decision("sqs.queue/a", Action.UPDATE, "", ("Name", "a", "````\n<script>"))
    told = markdown.render(result(evil, dry=True))
    fences = re.findall(r"^`+(?:diff)?$", told, re.MULTILINE)
    assert fences[:2] == ["`````diff", "`````"]


def test_reasons_in_headings_are_no_markup():
    both = [decision(f"sqs.queue/{name}", Action.CREATE, "<img src=x>") for name in "ab"]
    assert "<img" not in markdown.render(result(*both, dry=True))


def test_a_huge_plan_still_fits_into_a_comment():
    many = [
        decision(f"logs.log_group/{number:05}", Action.CREATE, f"reason {number}", line=number + 1)
        for number in range(3000)
    ]
    told = markdown.render(result(*many, dry=True))
    assert len(told) <= markdown.LONGEST
    assert "logs.log_group/00000" in told
    assert "… and 2500 lines more: see the run itself" in told
    assert "| create | 3000 |" in told
    assert told.count("<details") == told.count("</details>")


def test_two_hundred_creates_are_all_there():
    told = markdown.render(runs.large())
    assert told.count("\n+ logs.log_group/") == 200
