"""docs/workflows/plan.yaml, on pull requests good and bad."""

from __future__ import annotations

import json

import pytest

from tests.workflows.conftest import ACCOUNT, ENVIRONMENT, GROUPS
from tests.workflows.running import SETUP, commit, git, holds, lookup, workflow

EVIL = 'echo pwned > "$HOME/pwned"\n'
MARKER = "<!-- muvi-converge uat -->"


@pytest.fixture
def pull_request(repository, host):
    """Runs the workflow on a pull request of these files, merged as GitHub merges it."""
    host.contexts["github"]["event"] = {"pull_request": {"number": 7}}

    def run(**files):
        git(repository, "checkout", "--quiet", "-b", "change")
        commit(repository, **files)
        git(repository, "checkout", "--quiet", "main")
        git(repository, "merge", "--quiet", "--no-ff", "--message", "merged", "change")
        code = host.run("plan", "plan")
        asked = (host.folder / "asked").read_text().splitlines()
        return code, [json.loads(each) for each in asked]

    return run


@pytest.fixture
def drifted(cloud):
    """/a is not as main says; /b is."""
    cloud.group("/a", 1)
    cloud.group("/b", 7)
    return cloud


def test_it_tells_what_is_caused_and_what_was_there(drifted, host, pull_request):
    code, asked = pull_request(
        **{
            "desired/uat/groups.yaml": GROUPS.replace(
                "/b: {retentionInDays: 7", "/b: {retentionInDays: 30"
            ),
            # What runs is the base's, whatever the pull request makes of it.
            "scripts/setup": SETUP + EVIL,
            "reconciler/cli.py": "raise SystemExit('pwned')\n",
        }
    )
    assert code == 0, host.log
    listed, commented = asked
    caused, before = commented["body"][0].split("#### There before")
    assert caused.startswith(MARKER)
    assert ("logs.log_group//b" in caused, "logs.log_group//a" in caused) == (True, False)
    assert "logs.log_group//a" in before
    assert f'startswith("{MARKER}")' in listed["arguments"][-1]
    assert commented["arguments"][3:] == [
        "POST", "--field", "body=@comment.md", "repos/muvi/infrastructure/issues/7/comments",
    ]  # fmt: skip
    assert (
        "::notice file=desired/uat/groups.yaml,line=3,title=update logs.log_group//b::" in host.log
    )
    assert host.summary == commented["body"][0]
    assert not (host.folder / "pwned").exists()
    assert drifted.days() == {"/a": 1, "/b": 7}
    assert [each["allowed-account-ids"] for each in host.allowed] == [ACCOUNT]

    # With the next push that comment is written anew.
    (host.folder / "answer").write_text("42\n43\n")
    (comment,) = (each for each in _steps() if each.get("name") == "Comment")
    assert host.step(comment) == 0
    again = json.loads((host.folder / "asked").read_text().splitlines()[-1])
    assert again["arguments"][3:] == [
        "PATCH", "--field", "body=@comment.md",
        "repos/muvi/infrastructure/issues/comments/42",
    ]  # fmt: skip


def test_one_that_would_reach_another_account_is_refused_and_told_where(
    drifted, host, pull_request
):
    other = ENVIRONMENT.replace(ACCOUNT, "999999999999")
    code, asked = pull_request(
        **{
            "desired/uat/environment.yaml": other + "role: arn:aws:iam::999999999999:role/theirs\n",
        }
    )
    assert code == 1
    assert "This pull request cannot be planned." in asked[-1]["body"][0]
    assert "::error file=desired/uat/environment.yaml,line=1,col=" in host.log
    assert "::account is 999999999999, but 739991759290 where it was reviewed" in host.log
    assert "::role is arn:aws:iam::999999999999:role/theirs, but not said" in host.log


def test_a_base_that_cannot_be_planned_is_mended(drifted, host, repository, pull_request):
    """What its YAML says is told in the log, between two marks, where it is no command."""
    commit(repository, **{"desired/uat/more.yaml": '"::warning::x\\n::add-mask::y": {z: {}}\n'})
    code, asked = pull_request(**{"desired/uat/more.yaml": ""})
    assert code == 0, host.log
    assert "The base commit could not be planned" in asked[-1]["body"][0]
    told, _, said = host.log.partition("::stop-commands::")
    mark, _, rest = said.partition("\n")
    hidden, _, after = rest.partition(f"::{mark}::\n")
    assert "::warning::" in hidden
    assert "::" not in told + after


def test_no_fork_gets_as_far_as_aws():
    (job,) = workflow("plan")["jobs"].values()
    for head, runs in (("muvi/infrastructure", True), ("stranger/infrastructure", False)):
        event = {"pull_request": {"head": {"repo": {"full_name": head}}}}
        github = {"repository": "muvi/infrastructure", "event": event}
        assert holds(job["if"], {"github": github}) is runs


def test_it_may_comment_and_nothing_else():
    whole = workflow("plan")
    assert [*whole["on"]] == ["pull_request"]
    assert whole["permissions"] == "{}" or whole["permissions"] == {}
    (job,) = whole["jobs"].values()
    assert job["permissions"] == {
        "contents": "read",
        "id-token": "write",
        "pull-requests": "write",
    }
    tokens = [each["name"] for each in _steps() if "github.token" in str(each)]
    assert tokens == ["Comment"]
    assert "secrets." not in str(whole)


def _steps():
    return workflow("plan")["jobs"]["plan"]["steps"]


def test_lookups_fail_where_github_would_take_nothing():
    with pytest.raises(KeyError):
        lookup({"github": {}}, "github.tokn")
