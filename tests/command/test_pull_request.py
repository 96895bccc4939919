"""`compare-plans` on what the command itself printed."""

from tests.command.running import command

BOTH = "logs.log_group: {/a: {retentionInDays: 7}, /b: {retentionInDays: 7}}\n"


def test_drift_is_told_from_what_the_yaml_changes(lab, tmp_path):
    lab.declare(groups=BOTH)
    assert lab.run("--yes").code == 0
    lab.client("logs").put_retention_policy(logGroupName="/a", retentionInDays=1)
    (tmp_path / "base.json").write_text(lab.plan().out)
    lab.declare(groups=BOTH.replace("/b: {retentionInDays: 7}", "/b: {retentionInDays: 30}"))
    (tmp_path / "head.json").write_text(lab.plan().out)

    ran = command("compare-plans", str(tmp_path / "base.json"), str(tmp_path / "head.json"))
    assert (ran.code, ran.err, ran.calls) == (0, "", [])
    caused, before = ran.out.split("#### There before")
    assert "logs.log_group//b" in caused
    assert "logs.log_group//a" not in caused
    assert "logs.log_group//a" in before
    assert "logs.log_group//b" not in before

    marks = command(
        "compare-plans",
        *(str(tmp_path / f"{name}.json") for name in ("base", "head")),
        *("--output", "github"),
    )
    (row,) = marks.out.splitlines()
    assert row.startswith("::notice file=")
    assert "groups.yaml,line=1,title=update logs.log_group//b::" in row


def test_a_file_that_is_no_plan_is_an_error_without_a_traceback(tmp_path):
    (tmp_path / "x.json").write_text("nothing")
    ran = command("compare-plans", *[str(tmp_path / "x.json")] * 2)
    assert ran.code == 1
    assert "is no JSON" in ran.err
    assert "Traceback" not in ran.err


def test_a_missing_file_is_named(tmp_path):
    ran = command("compare-plans", str(tmp_path / "no.json"), str(tmp_path / "no.json"))
    assert ran.code == 1
    assert "no.json" in ran.err
