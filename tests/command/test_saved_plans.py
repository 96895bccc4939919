"""What a dry-run promised and kept, an apply does exactly, or refuses and names what moved."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.saved.document import checksum
from tests.command.lab import Lab
from tests.command.running import ACCOUNT, ENVIRONMENT, REGION, denied

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/plan.json").read_text())
ARN = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/muvi"
CLUSTER, REPOSITORY, GROUP = "ecs.cluster/muvi", "ecr.repository/muvi", "ec2.security_group/web"
TEXT = """
ecs.cluster: {muvi: {settings: [{name: containerInsights, value: %s}]}}
ecr.repository: {muvi: {imageTagMutability: %s}}
"""
NETWORK = """
ec2.vpc: {main: {CidrBlock: 10.0.0.0/16}}
ec2.security_group:
  web:
    GroupName: web
    Description: web
    VpcId: ${ec2.vpc/main.VpcId}
    ingress:
      - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIpv4: 10.0.0.0/8}
      - {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIpv4: 10.0.0.0/8}
"""
INPUTS = ENVIRONMENT + "inputs: {password: {env: MUVI_TEST_PASSWORD, sandbox: made-up}}\n"
SECRET = """
ssm.parameter: {/login: {Type: SecureString, Value: '${input.password}'}}
"""
PASSWORD, OTHER = "correct-horse-battery", "another-horse-battery"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "plan.json"


@pytest.fixture
def shop(lab):
    """A cluster and a repository that stand, and YAML that wants both otherwise."""
    lab.declare(it=TEXT % ("disabled", "MUTABLE"))
    assert lab.run().code == 0
    lab.declare(it=TEXT % ("enabled", "IMMUTABLE"))
    return lab


def saved(lab, file, *more, code=2):
    ran = lab.run("--dry-run", "--save", str(file), *more)
    assert (ran.code, ran.writes) == (code, []), ran.err
    assert f"The plan is in {file}" in ran.err
    document = json.loads(file.read_text())
    Draft202012Validator(SCHEMA).validate(document)
    return document


def applied(lab, file, *more, **how):
    return lab.json("--plan", str(file), *more, **how)


def refused(ran, *told, code=3):
    assert (ran.code, ran.out, ran.writes) == (code, "", []), ran.err
    for each in told:
        assert each in ran.err, ran.err
    assert "Traceback" not in ran.err
    return ran.err


def rewritten(file, sealed=False, **changes):
    document = {**json.loads(file.read_text()), **changes}
    if sealed:
        document["checksum"] = checksum(document)
    file.write_text(json.dumps(document))


def mutability(lab, value=None):
    ecr = lab.client("ecr", REGION)
    if value:
        ecr.put_image_tag_mutability(repositoryName="muvi", imageTagMutability=value)
    (one,) = ecr.describe_repositories(repositoryNames=["muvi"])["repositories"]
    return one["imageTagMutability"]


def test_the_plan_is_applied(shop, file):
    document = saved(shop, file)
    assert [each["address"] for each in document["steps"]] == [REPOSITORY, CLUSTER]
    assert document["steps"][0]["diff"] == [
        {"path": "imageTagMutability", "before": "MUTABLE", "after": "IMMUTABLE"}
    ]
    ran = applied(shop, file)
    assert (ran.code, ran.actions) == (0, {REPOSITORY: "update", CLUSTER: "update"})
    assert sorted(ran.writes) == ["PutImageTagMutability", "UpdateCluster"]
    assert shop.plan().actions == {}


def test_what_stands_on_what_is_yet_to_be_made_is_planned_and_made(lab, file):
    lab.declare(it=NETWORK)
    document = saved(lab, file)
    after = {each["path"]: each["after"] for each in document["steps"][0]["diff"]}
    assert after["VpcId"] == "‹known after apply›"
    assert applied(lab, file).code == 0
    assert lab.plan().actions == {}


def test_applied_twice_nothing_is_left_to_do(shop, file):
    saved(shop, file)
    assert applied(shop, file).code == 0
    again = applied(shop, file)
    assert (again.code, again.actions, again.writes) == (0, {}, [])


def test_a_change_in_the_account_is_refused_with_what_moved(lab, file):
    lab.declare(it=TEXT % ("disabled", "IMMUTABLE") + NETWORK)
    assert lab.run().code == 0
    ec2 = lab.client("ec2", REGION)
    (group,) = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["web"]}])[
        "SecurityGroups"
    ]
    port = {"IpProtocol": "tcp", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}

    def opened(number):
        ec2.authorize_security_group_ingress(
            GroupId=group["GroupId"], IpPermissions=[{**port, "FromPort": number, "ToPort": number}]
        )

    opened(22)
    saved(lab, file)
    opened(3389)
    told = refused(
        applied(lab, file),
        "the account has changed since",
        f"{GROUP}: ingress has gained [{{SecurityGroupRuleId: ",
        "3389",
        f"--dry-run --save {file}",
    )
    assert "it.yaml:" in told
    assert CLUSTER not in told


def test_what_was_put_right_meanwhile_is_told(shop, file):
    saved(shop, file)
    mutability(shop, "IMMUTABLE")
    refused(
        applied(shop, file),
        f"{REPOSITORY}: the plan was to update it ({ARN}), and by now it is as the YAML wants it",
    )


def test_an_object_that_is_gone_is_told(shop, file):
    saved(shop, file)
    shop.client("ecr", REGION).delete_repository(repositoryName="muvi")
    refused(
        applied(shop, file),
        f"{REPOSITORY}: the plan was to update it ({ARN}), and by now it would be to create it: "
        "AWS has none",
    )


def test_an_object_that_came_meanwhile_is_told(lab, file):
    lab.declare(it=TEXT % ("disabled", "MUTABLE"))
    saved(lab, file)
    lab.client("ecr", REGION).create_repository(repositoryName="muvi")
    refused(applied(lab, file), f"{REPOSITORY}: the plan was to create it, and by now")


def test_an_object_of_the_same_name_that_is_another_is_told(lab, file):
    lab.declare(it=NETWORK)
    assert lab.run().code == 0
    lab.declare(it=NETWORK.replace("10.0.0.0/8}", "10.0.0.0/9}"))
    saved(lab, file)
    ec2 = lab.client("ec2", REGION)
    (group,) = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["web"]}])[
        "SecurityGroups"
    ]
    ec2.delete_security_group(GroupId=group["GroupId"])
    other = ec2.create_security_group(GroupName="web", Description="web", VpcId=group["VpcId"])
    told = refused(applied(lab, file), f"the plan was to update it ({group['GroupId']})")
    assert other["GroupId"] in told


def test_a_change_in_the_yaml_is_refused_before_the_account_is_asked(shop, file):
    saved(shop, file)
    shop.declare(it=TEXT % ("enabled", "MUTABLE"))
    ran = applied(shop, file)
    told = refused(ran, "the YAML has changed since")
    assert ran.calls == []
    assert f"it.yaml:3: {REPOSITORY}: imageTagMutability is another by now" in told
    assert CLUSTER not in told


def test_what_came_into_the_yaml_or_left_it_is_told(shop, file):
    saved(shop, file)
    shop.declare(it="ecs.cluster: {muvi: {}}\necr.repository: {other: {}}\n")
    told = refused(applied(shop, file))
    assert f"it.yaml:3: {REPOSITORY} stood here, and is gone from the YAML" in told
    assert "it.yaml:2: ecr.repository/other is new" in told


def test_a_change_of_policy_is_told(shop, file):
    saved(shop, file)
    shop.declare(ENVIRONMENT + "policy: {delete: refuse}\n", it=TEXT % ("enabled", "IMMUTABLE"))
    refused(applied(shop, file), "environment.yaml:", "policy is another by now")


def test_a_comment_and_another_order_are_no_change(shop, file):
    saved(shop, file)
    cluster, repository = (TEXT % ("enabled", "IMMUTABLE")).strip().splitlines()
    shop.declare(it=f"# A comment.\n\n{repository}\n---\n{cluster}\n")
    assert applied(shop, file).code == 0


def test_what_drifts_meanwhile_elsewhere_is_told_and_left(lab, file):
    lab.declare(it=TEXT % ("disabled", "IMMUTABLE"))
    assert lab.run().code == 0
    lab.declare(it=TEXT % ("enabled", "IMMUTABLE"))
    saved(lab, file)
    mutability(lab, "MUTABLE")
    ran = applied(lab, file)
    assert (ran.code, ran.writes) == (2, ["UpdateCluster"])
    assert ran.resources[REPOSITORY]["status"] == "refused"
    assert ran.resources[REPOSITORY]["error"] == (
        f"it is no part of {file}: a new plan tells what becomes of it"
    )
    assert mutability(lab) == "MUTABLE"


def test_what_is_no_longer_declared_elsewhere_is_pruned_by_the_plan_alone(shop, file):
    shop.declare(
        it=f"ecs.cluster: {{muvi: {{settings: [{{name: containerInsights, value: {'enabled'}}}]}}}}"
    )
    saved(shop, file)
    ran = applied(shop, file)
    assert (ran.code, ran.actions) == (0, {REPOSITORY: "delete", CLUSTER: "update"})


def test_what_cannot_be_read_by_now_is_not_taken_for_done(shop, file):
    shop.declare(it="ecs.cluster: {muvi: {settings: [{name: containerInsights, value: disabled}]}}")
    assert [each["action"] for each in saved(shop, file)["steps"]] == ["delete"]
    ran = applied(
        shop, file, fault=lambda c: denied(c) if c.operation == "DescribeRepositories" else None
    )
    refused(
        ran, f"{REPOSITORY}: the plan was to delete it ({ARN}), and by now it could not be read"
    )


def test_a_full_disk_leaves_the_plan_of_before(shop, file, monkeypatch):
    saved(shop, file)
    before = file.read_text()

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("reconciler.saved.file.os.fsync", full)
    ran = shop.run("--dry-run", "--save", str(file))
    refused(ran, "No space left on device", code=1)
    assert file.read_text() == before
    assert sorted(each.name for each in file.parent.iterdir()) == ["plan.json", "test"]


def test_a_part_of_the_environment_is_planned_and_applied(shop, file):
    saved(shop, file, "--only", CLUSTER)
    ran = applied(shop, file)
    assert (ran.code, ran.writes) == (0, ["UpdateCluster"])
    assert mutability(shop) == "MUTABLE"
    refused(applied(shop, file, "--only", CLUSTER), "leave them out", code=1)


def test_with_a_dry_run_it_is_only_held_against_the_account(shop, file):
    saved(shop, file)
    assert applied(shop, file, "--dry-run").writes == []
    mutability(shop, "IMMUTABLE")
    refused(applied(shop, file, "--dry-run"), REPOSITORY)


def test_what_policy_holds_is_held_by_the_plan_too(shop, file):
    text = TEXT % ("enabled", "IMMUTABLE")
    shop.declare(ENVIRONMENT + "policy: {update: ask}\n", it=text)
    saved(shop, file, "--policy")
    held = applied(shop, file, "--yes")
    assert (held.code, held.writes) == (2, [])

    document = saved(shop, file, "--policy", "--allow", "update")
    assert document["options"]["allow"] == ["update"]
    refused(applied(shop, file), "was made with --allow update, so say the same", code=1)
    assert applied(shop, file, "--allow", "update").code == 0


def test_on_a_terminal_the_plan_is_shown_and_confirmed(shop, file):
    saved(shop, file)
    assert applied(shop, file, typed="n\n").writes == []
    assert applied(shop, file, typed="y\n").code == 0


def test_it_is_for_its_owner_alone_and_replaced_whole(shop, file):
    file.write_text("old")
    file.chmod(0o644)
    saved(shop, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(each.name for each in file.parent.iterdir()) == ["plan.json", "test"]


def test_no_plan_is_written_through_a_link(shop, file):
    victim = file.with_name("victim")
    victim.write_text("kept")
    file.symlink_to(victim)
    ran = shop.run("--dry-run", "--save", str(file))
    assert refused(ran, "is a link", code=1)
    assert (ran.calls, victim.read_text()) == ([], "kept")


def test_no_plan_is_read_through_a_link(shop, file):
    saved(shop, file)
    link = file.with_name("link")
    link.symlink_to(file)
    refused(applied(shop, link), "is a link")


def test_a_pipe_is_no_plan(shop, file):
    os.mkfifo(file)
    refused(applied(shop, file), "is not a plan of ours")
    refused(shop.run("--dry-run", "--save", str(file)), "is no file", code=1)


@pytest.mark.parametrize(
    "text",
    ["", "no", "[]", "{}", "null", '{"tool": 1}', "[" * 100_000, '{"checksum": NaN}', "\x00\xff"],
)
def test_garbage_is_refused(shop, file, text):
    file.write_text(text)
    ran = applied(shop, file)
    refused(ran, str(file))
    assert ran.calls == []


def test_a_file_that_is_not_there_is_told(shop, file):
    refused(applied(shop, file), f"there is no plan {file}", code=1)


def test_a_plan_that_somebody_edited_is_refused(shop, file):
    document = saved(shop, file)
    document["steps"].pop()
    rewritten(file, steps=document["steps"])
    ran = applied(shop, file)
    refused(ran, "is no longer as it was written")
    assert ran.calls == []


def test_a_forged_plan_does_nothing_that_the_yaml_does_not_want(shop, file):
    document = saved(shop, file)
    document["steps"][0]["diff"][0]["after"] = "MUTABLE_WITH_EXCLUSION"
    rewritten(file, sealed=True, steps=document["steps"])
    refused(applied(shop, file), "was to become MUTABLE_WITH_EXCLUSION")


def test_a_plan_of_another_version_is_refused(shop, file):
    saved(shop, file)
    rewritten(file, sealed=True, tool="0.0.9")
    refused(applied(shop, file), "was made by muvi-converge 0.0.9")


def test_a_plan_of_another_environment_is_refused(shop, file, endpoint):
    saved(shop, file)
    other = Lab(shop.folder, endpoint, "other")
    other.declare(it=TEXT % ("enabled", "IMMUTABLE"))
    refused(applied(other, file), "is for environment test, and this is other")


def test_a_plan_of_another_account_is_refused(shop, file):
    saved(shop, file)
    rewritten(file, sealed=True, account="210987654321")
    refused(applied(shop, file), "is for account 210987654321")


def test_a_plan_of_the_sandbox_is_for_the_sandbox_only(shop, file):
    saved(shop, file)
    ran = shop.elsewhere("--plan", str(file))
    refused(ran, "was made in the sandbox")
    assert ran.calls == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--save", "x.json"), "say --dry-run too"),
        (("--dry-run", "--save", "x.json", "--plan", "x.json"), "so say either"),
        (("--dry-run", "--save", "none/x.json"), "is no folder"),
    ],
)
def test_what_cannot_be_meant_is_refused(shop, words, told):
    refused(shop.run(*words), told, code=1)


class TestSecrets:
    """Inputs are given to the apply as usual, and stand in no plan."""

    @pytest.fixture
    def shop(self, lab):
        lab.declare(INPUTS, it=SECRET)
        return lab

    def test_they_stand_in_no_plan(self, shop, file, monkeypatch):
        monkeypatch.setenv("MUVI_TEST_PASSWORD", PASSWORD)
        document = saved(shop, file)
        assert PASSWORD not in file.read_text()
        assert document["inputs"]["password"].startswith("‹hidden ")
        again = saved(shop, file)
        assert again["inputs"] != document["inputs"]
        ran = applied(shop, file)
        assert ran.code == 0, ran.err
        assert password(shop) == PASSWORD

    def test_another_value_than_the_plan_knew_is_told(self, shop, file, monkeypatch):
        monkeypatch.setenv("MUVI_TEST_PASSWORD", PASSWORD)
        saved(shop, file)
        monkeypatch.setenv("MUVI_TEST_PASSWORD", OTHER)
        told = refused(applied(shop, file), "the input password has another value")
        assert PASSWORD not in told
        assert OTHER not in told

    def test_what_stands_in_aws_does_not_either(self, shop, file):
        text = "ssm.parameter: {/level: {Type: String, Value: declared}}\n"
        shop.declare(it=text)
        assert shop.run().code == 0
        ssm = shop.client("ssm", REGION)
        ssm.put_parameter(Name="/level", Value=PASSWORD, Overwrite=True)
        saved(shop, file)
        assert PASSWORD not in file.read_text()
        ssm.put_parameter(Name="/level", Value=OTHER, Overwrite=True)
        told = refused(applied(shop, file), "ssm.parameter//level: Value was ‹hidden ")
        assert PASSWORD not in told
        assert OTHER not in told
        ssm.put_parameter(Name="/level", Value=PASSWORD, Overwrite=True)
        assert applied(shop, file).code == 0

    def test_a_dry_run_without_them_leaves_them_to_the_apply(self, shop, file, monkeypatch):
        with monkeypatch.context() as bare:
            bare.setattr("reconciler.sandbox.stand_ins.made_up", _asked)
            saved(shop, file)
        monkeypatch.setenv("MUVI_TEST_PASSWORD", PASSWORD)
        ran = applied(shop, file)
        assert ran.code == 0, ran.err
        assert password(shop) == PASSWORD


def password(shop):
    ssm = shop.client("ssm", REGION)
    return ssm.get_parameter(Name="/login", WithDecryption=True)["Parameter"]["Value"]


def _asked(given):
    """Outside of the sandbox nothing stands in for what nobody gave."""
    from reconciler.model import Asked

    return Asked(given.name)
