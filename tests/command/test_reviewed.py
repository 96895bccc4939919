"""What the YAML of a pull request cannot make a dry-run do: whatever it says, before its review.

Every way out of the YAML is named here: the code reads files and variables, and runs programs, in
no other places."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.command.running import ACCOUNT, ENVIRONMENT, REGION, RUNS, command

ROOT = Path(__file__).parents[2]
GROUP = "logs.log_group: {/a: {retentionInDays: 7}}\n"
TOLD = "logs.log_group: {/a: {retentionInDays: 7, Tags: {told: '${input.x}'}}}\n"
ELSEWHERE = "999999999999"
WAYS = {
    "read_text", "read_bytes", "open()", "fdopen", "getenv", "environ", "environb", "urlopen",
    "subprocess", "Popen", "system", "popen", "execv", "import_module", "eval()", "exec()",
    "compile()", "__import__()", "unsafe_load", "full_load", "pickle", "socket",
}  # fmt: skip
PLACES = {
    # Which YAML may reach, and what `--reviewed` makes of it.
    "load/declared.py": {"environ", "read_text"},  # inputs: of MUVI_… and beside the YAML; withheld
    "load/files.py": {"read_bytes"},  # YAML below the environment's folder, through no link
    "aws/terraform.py": {"read_bytes"},  # state files: only those that were reviewed
    "freezes/calendar.py": {"read_bytes"},  # calendars inside of desired/, through no link
    "lambda_/__init__.py": {"read_bytes"},  # folders of code, through no link
}
OURS = {
    # What YAML cannot steer: files of ours, and those that the command line names.
    "terminal.py": {"environ"},  # NO_COLOR
    "atomic.py": {"fdopen"},
    "discover/files.py": {"read_bytes"},
    "journal/places.py": {"environ", "read_text"},  # where this machine keeps it
    "load/facts.py": {"read_text"},
    "load/tables.py": {"read_text"},
    "origin.py": {"subprocess"},  # git, for the commit
    "permissions/code.py": {"import_module"},
    "permissions/tables.py": {"read_text"},
    "registry.py": {"import_module"},  # of the types that there are
    "report/explain.py": {"read_text"},
    "report/logs.py": {"environ"},
    "report/plans.py": {"read_bytes", "read_text"},
    "saved/file.py": {"fdopen"},
    "saved/plan.py": {"read_text"},
    "who.py": {"environ", "socket"},
}


@pytest.fixture
def reviewed(lab, tmp_path):
    """Plans other YAML than was reviewed, and applied."""
    lab.declare(it=GROUP)
    assert lab.run("--yes").code == 0
    (tmp_path / "reviewed").mkdir()
    (lab.folder / lab.name).rename(tmp_path / "reviewed" / lab.name)

    def plan(environment=ENVIRONMENT, *, was=None, it=GROUP):
        if was is not None:
            (tmp_path / "reviewed" / lab.name / "environment.yaml").write_text(was)
        lab.declare(environment, it=it)
        return lab.plan("--reviewed", str(tmp_path / "reviewed"))

    return plan


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("MUVI_TEST_SECRET", "topsecret")


def test_a_plan_of_what_reaches_no_further_is_a_plan_as_any(reviewed):
    ran = reviewed(it="logs.log_group: {/a: {retentionInDays: 30}}\n")
    assert (ran.code, ran.actions) == (2, {"logs.log_group//a": "update"})


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        (f"role: arn:aws:iam::{ACCOUNT}:role/admin\n", f"role is arn:aws:iam::{ACCOUNT}:role/adm"),
        ("terraform: ['s3://theirs/state']\n", "terraform is s3://theirs/state, but not said"),
        ("terraform: [../../../etc/passwd]\n", "terraform is ../../../etc/passwd"),
        ("state: {bucket: theirs}\n", f"state is theirs in {REGION}, but not said"),
    ],
)
def test_whom_we_ask_and_as_whom_is_not_for_it_to_say(reviewed, setting, says):
    ran = reviewed(ENVIRONMENT + setting)
    assert (ran.code, ran.calls, ran.out) == (3, [], "")
    assert says in ran.err
    assert "environment.yaml:6:" in ran.err


def test_another_account_is_refused_before_anybody_is_asked(reviewed):
    ran = reviewed(ENVIRONMENT.replace(ACCOUNT, ELSEWHERE))
    assert (ran.code, ran.calls) == (3, [])
    assert f"account is {ELSEWHERE}, but {ACCOUNT} where it was reviewed" in ran.err


def test_without_a_reviewed_one_another_account_ends_with_who_we_are(lab):
    lab.declare(ENVIRONMENT.replace(ACCOUNT, ELSEWHERE), it=GROUP)
    ran = lab.plan()
    assert (ran.code, [call.operation for call in ran.calls]) == (3, ["GetCallerIdentity"])


@pytest.mark.parametrize("source", ["env: MUVI_TEST_SECRET", "file: secret.txt"])
def test_a_new_input_is_not_read(reviewed, lab, source):
    (lab.folder / lab.name).mkdir()
    (lab.folder / lab.name / "secret.txt").write_text("topsecret")
    ran = reviewed(f"{ENVIRONMENT}inputs: {{x: {{{source}, sandbox: made up}}}}\n", it=TOLD)
    assert ran.code == 2
    assert "made up" in ran.out
    assert "topsecret" not in ran.out + ran.err + str(ran.calls)


def test_an_input_that_was_reviewed_is_read_from_where_it_was(reviewed):
    known = f"{ENVIRONMENT}inputs: {{x: {{env: MUVI_TEST_SECRET, sandbox: made up}}}}\n"
    assert "topsecret" in reviewed(known, was=known, it=TOLD).out
    other = known.replace("MUVI_TEST_SECRET", "MUVI_OTHER")
    ran = reviewed(known, was=other, it=TOLD)
    assert "topsecret" not in ran.out + ran.err
    assert "made up" in ran.out


def test_a_file_is_not_read_even_where_it_was_reviewed(reviewed, lab):
    (lab.folder / lab.name).mkdir()
    (lab.folder / lab.name / "secret.txt").write_text("topsecret")
    known = f"{ENVIRONMENT}inputs: {{x: {{file: secret.txt, sandbox: made up}}}}\n"
    ran = reviewed(known, was=known, it=TOLD)
    assert "topsecret" not in ran.out
    assert "made up" in ran.out


def test_an_environment_that_nobody_reviewed_is_refused(reviewed, lab, tmp_path):
    (tmp_path / "reviewed" / lab.name).rename(tmp_path / "reviewed" / "other")
    ran = reviewed()
    assert (ran.code, ran.calls) == (1, [])
    assert "there are other" in ran.err


def test_code_is_packed_through_no_link(lab):
    code = lab.folder / lab.name / "code"
    code.mkdir(parents=True)
    (code / "index.py").write_text("")
    (code / "more").symlink_to("/proc/self/environ")
    lab.declare(it=f"{RUNS}lambda.function: {{f: {{Code: {{Folder: code}}}}}}")
    ran = command("--desired", str(lab.folder), "--env", lab.name, "validate")
    assert (ran.code, ran.calls) == (1, [])
    assert "Code.Folder holds more, a link to what is outside" in ran.err


def test_yaml_is_read_through_no_link(lab, tmp_path):
    (tmp_path / "elsewhere.yaml").write_text(GROUP)
    lab.declare(it=GROUP)
    (lab.folder / lab.name / "more.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    (tmp_path / "outside").mkdir()
    (lab.folder / lab.name / "folder").symlink_to(tmp_path / "outside")
    ran = command("--desired", str(lab.folder), "--env", lab.name, "validate")
    assert ran.code == 1
    assert ran.err.count("is a link, and what it leads to may not be of this environment") == 2


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [id]", "!include /etc/passwd"])
def test_yaml_makes_no_objects(lab, tag):
    lab.declare(it=f"logs.log_group: {{/a: {tag}}}\n")
    ran = command("--desired", str(lab.folder), "--env", lab.name, "validate")
    assert ran.code == 1
    assert "would make an object of YAML" in ran.err


def test_it_says_dry_run_too(lab):
    lab.declare(it=GROUP)
    ran = lab.run("--reviewed", str(lab.folder))
    assert (ran.code, ran.calls) == (1, [])
    assert "--dry-run" in ran.err


def test_there_is_no_other_way_out():
    found = {}
    for part in ("reconciler", "resources"):
        for file in sorted((ROOT / part).rglob("*.py")):
            name = file.relative_to(ROOT / part).as_posix()
            if not name.startswith("sandbox/") and (uses := _uses(file)):
                found[name] = uses
    assert found == PLACES | OURS


def _uses(file):
    """How a file's code reads what is outside of it, or runs it."""
    words = set()
    for each in ast.walk(ast.parse(file.read_text())):
        match each:
            case ast.Attribute(attr=word):
                words.add(word)
            case ast.Call(func=ast.Name(id=word)):
                words.add(f"{word}()")
            case ast.alias(name=word):
                words.add(word)
    return words & WAYS
