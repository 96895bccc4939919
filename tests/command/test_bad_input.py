"""Bad input is refused before the first call: where it stands, what is wrong, what to do."""

import errno
import re
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.command.lab import Lab
from tests.command.running import ENVIRONMENT, command
from tests.command.wrong import UNOFFERED, WRONG

PLACE = re.compile(r"test/\w+\.yaml:\d+:\d+: ")
UNREADABLE = {"a key twice", "a tab as indentation", "no mapping", "an alias bomb"}
"""What such a file declares is not known, so nobody says whether a reference to it is right."""


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """Where nobody would answer a call."""
    monkeypatch.chdir(tmp_path)
    return Lab(Path(), "http://127.0.0.1:1")


def refused(ran):
    assert (ran.code, ran.out, ran.calls) == (1, "", [])
    assert "Traceback" not in ran.err
    return ran.err


@pytest.mark.parametrize("arguments", [(), ("validate",)], ids=["converge", "validate"])
@pytest.mark.parametrize("case", WRONG)
def test_it_is_refused(lab, case, arguments):
    text, where, remedy = WRONG[case]
    lab.declare(wrong=text)
    told = refused(lab.run(*arguments))
    assert where in told
    assert remedy in told
    assert PLACE.match(told), told
    assert "hunter2" not in told
    assert len(told.strip().splitlines()) == 1


@pytest.mark.parametrize("readable", [True, False])
def test_every_problem_is_told_at_once(lab, readable):
    cases = [case for case in WRONG if (case not in UNREADABLE) is readable]
    lab.declare(**{f"file{n}": WRONG[case][0] for n, case in enumerate(cases)})
    told = refused(lab.run())
    assert {*re.findall(r"test/(file\d+)", told)} == {f"file{n}" for n in range(len(cases))}


def test_what_a_subcommand_would_not_hear_is_refused(lab):
    for arguments in (("--only", "ec2.vpc", "graph"), ("--output", "json", "explain", "ec2.vpc")):
        assert "leave it out" in refused(lab.run(*arguments))


def test_what_allow_would_not_lift_is_refused(lab):
    assert "Did you mean delete?" in refused(lab.run("--allow", "create,delte"))
    assert "'ec2.vcp/main' is neither" in refused(lab.run("--allow", "ec2.vcp/main"))


def test_a_port_that_there_is_not_is_refused(lab):
    assert "0<=x<=65535" in refused(lab.elsewhere("sandbox", "--port", "99999"))


def test_a_full_disk_is_told(lab, monkeypatch):
    lab.declare(it="ecr.repository: {it: {}}")
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr("reconciler.commands.graph", Mock(side_effect=full))
    assert refused(lab.elsewhere("graph")) == (
        "The output cannot be used: No space left on device.\n"
    )


def test_what_stands_in_a_file_does_not_steer_the_terminal(lab):
    lab.declare(wrong='ec2.vpc: {"a\\e[2Jb": {CidrBlok: 10.0.0.0/16}}')
    told = refused(lab.run())
    assert "\x1b" not in told
    assert "ec2.vpc/a\\x1b[2Jb: CidrBlok" in told


def test_a_cycle_is_named_step_by_step(lab):
    lab.declare(
        ring="""
        ec2.vpc:
          a: {CidrBlock: 10.0.0.0/16, Tags: {next: '${ec2.vpc/b.VpcId}'}}
          b: {CidrBlock: 10.1.0.0/16, Tags: {next: '${ec2.vpc/c.VpcId}'}}
          c: {CidrBlock: 10.2.0.0/16, Tags: {next: '${ec2.vpc/a.VpcId}'}}
        """
    )
    for arguments in ((), ("validate",), ("graph",), ("--dry-run",)):
        told = refused(lab.run(*arguments))
        assert re.match(r"test/ring\.yaml:\d:44: ec2\.vpc/[abc]: resources wait for each", told)
        for step, (waits, first) in enumerate((("a", "b"), ("b", "c"), ("c", "a")), start=3):
            assert f"ec2.vpc/{waits} waits for ec2.vpc/{first} because of Tags" in told
            assert f"test/ring.yaml:{step}:44" in told
        assert "Take one of these references out" in told


def test_a_cycle_of_dependencies_says_where_they_stand(lab):
    lab.declare(
        ring="""
        ecr.repository:
          aa: {$depends_on: [ecr.repository/bb]}
          bb: {$depends_on: [ecr.repository/aa]}
        """
    )
    told = refused(lab.run())
    assert "ecr.repository/aa waits for ecr.repository/bb because of $depends_on" in told
    assert re.match(r"test/ring\.yaml:[34]:\d+: ecr\.repository/(aa|bb): resources wait", told)


def test_tags_of_python_are_never_executed(lab, tmp_path):
    proof = tmp_path / "executed"
    lab.declare(wrong=f"ecr.repository: {{one: !!python/object/apply:os.system ['touch {proof}']}}")
    told = refused(lab.run())
    assert "test/wrong.yaml:1:23: the tag tag:yaml.org,2002:python/object/apply:os.system" in told
    assert "write the plain value, without a tag" in told
    assert not proof.exists()


def test_a_file_that_is_not_utf_8_is_named_with_the_line(lab):
    lab.declare(wrong="")
    (lab.folder / "test" / "wrong.yaml").write_bytes(b"ecr.repository:\n  one: {} # caf\xe9\n")
    assert "test/wrong.yaml:2:1: is not UTF-8; save the file as UTF-8" in refused(lab.run())


def test_an_environment_that_declares_nothing_is_refused(lab):
    lab.declare()
    told = refused(lab.run())
    assert "test:1:1: declares nothing, and everything that is ours there would be deleted" in told
    assert "use destroy" in told


def test_an_empty_folder_is_no_environment(lab):
    lab.declare(one="ecr.repository: {one: {}}")
    (lab.folder / "empty").mkdir()
    lab.name = "empty"
    assert "there are test" in refused(lab.run())
    lab.declare("")
    assert "empty/environment.yaml:1:1: must be one mapping" in refused(lab.run())


def test_an_unknown_environment_lists_those_that_there_are(lab):
    for lab.name in ("prod", "uat"):
        lab.declare(one="ecr.repository: {one: {}}")
    lab.name = "uta"
    told = refused(lab.run())
    assert "the environment 'uta' has no" in told
    assert "there are prod, uat. Did you mean uat?" in told


def test_a_mistake_on_the_command_line_is_told_in_a_sentence(lab):
    lab.declare(one="ecr.repository: {one: {}}")
    assert "No such option '--dry-rnu'. Did you mean '--dry-run'?" in refused(lab.run("--dry-rnu"))
    assert "No such command 'validat'. Did you mean 'validate'?" in refused(lab.run("validat"))
    assert "which environment? Name it: --env uat" in refused(command())
    assert "ecr.repo names no resource here" in refused(lab.run("--only", "ecr.repo"))
    assert "--confirm test" in refused(lab.run("destroy", "--confirm", "tset"))
    assert "--confirm test" in refused(lab.run("destroy"))


def test_environment_yaml_is_held_to_the_same(lab):
    wrong = ENVIRONMENT.replace("account", "acount") + "outputs: {x: '${ec2.vpc/gone.VpcId}'}"
    lab.declare(wrong, one="ecr.repository: {one: {}}")
    told = refused(lab.run())
    assert "test/environment.yaml:2:9: acount is no property here" in told
    assert "Did you mean account?" in told


@pytest.mark.parametrize("case", UNOFFERED)
def test_a_value_that_aws_does_not_offer_in_that_region_is_refused(lab, case):
    text, where, remedy = UNOFFERED[case]
    lab.declare(wrong=text)
    told = refused(lab.run("validate"))
    assert where in told
    assert remedy in told
