"""What a run did is told for good: its journal in both places, and what history makes of it."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import signal
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session
from jsonschema import Draft202012Validator

from reconciler.journal import journal, table
from reconciler.journal.journal import Journal
from reconciler.sandbox.cloudtrail_events import happened
from tests.command.running import ACCOUNT, ENVIRONMENT, REGION, denied

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "schemas/journal.json").read_text())
)
STATE = ENVIRONMENT + "state: {bucket: muvi-lab-state}\n"
BUCKET = "s3.bucket: {muvi-lab-state: {}}\n"
CLUSTER = "ecs.cluster: {muvi: {settings: [{name: containerInsights, value: %s}]}}\n"
FIELD = "settings[containerInsights].value"
ANNA = {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/anna", "userName": "anna"}
INPUTS = STATE + "inputs: {password: {env: MUVI_TEST_PASSWORD, sandbox: made-up}}\n"
LOGIN = """
ssm.parameter:
  /login: {Type: SecureString, Value: '${input.password}'}
  /open: {Type: String, Value: 'x ${input.password}'}
"""
PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Where this machine keeps its journals."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    return tmp_path / "home/muvi-converge/sandbox"


@pytest.fixture
def shop(lab):
    """A cluster and the bucket that stand."""
    lab.declare(STATE, it=CLUSTER % "disabled", state=BUCKET)
    assert lab.run().code == 0
    return lab


def enable(lab):
    lab.declare(STATE, it=CLUSTER % "enabled", state=BUCKET)


def kept(lab):
    """The journals in the bucket, the oldest first."""
    s3 = lab.client("s3")
    found = s3.list_objects_v2(Bucket="muvi-lab-state", Prefix="runs/test/").get("Contents", [])
    read = [
        s3.get_object(Bucket="muvi-lab-state", Key=each["Key"])["Body"].read() for each in found
    ]
    documents = [json.loads(each) for each in read]
    for each in documents:
        SCHEMA.validate(each)
    return documents


def last(lab):
    return max(kept(lab), key=lambda each: each["began"])


def here(home):
    return sorted((home / "runs/test").glob("*"))


def rows(lab, *more):
    ran = lab.run("history", "--csv", *more)
    assert ran.code == 0, ran.err
    return list(csv.DictReader(io.StringIO(ran.out)))


def at(operation, named="", do=None):
    """Has it happen just before that call."""
    done = []

    def fault(call):
        if call.operation == operation and named in str(call.parameters) and not done:
            done.append(call)
            return do(call)
        return None

    return fault


def test_a_run_is_told_in_both_places_with_every_call_and_nothing_that_was_sent(shop, home):
    enable(shop)
    answers = []
    with patch("reconciler.aws.recorded._call", side_effect=_noting(answers)):
        ran = shop.json()
    told = last(shop)
    assert (ran.code, told["run"], told["status"], told["exit"]) == (
        0,
        ran.document["run"],
        "done",
        0,
    )
    assert (told["account"], told["environment"], told["sandbox"]) == (ACCOUNT, "test", True)
    assert told["began"] < told["ended"]
    (step,) = told["steps"]
    assert step == ran.resources["ecs.cluster/muvi"]
    assert step["diff"] == [{"path": FIELD, "before": "disabled", "after": "enabled"}]
    (call,) = told["calls"]
    assert (call["operation"], call["address"]) == ("ecs.UpdateCluster", "ecs.cluster/muvi")
    assert [call["request_id"]] == answers != [""]
    file = here(home)[-1]
    assert (json.loads(file.read_text()), stat.S_IMODE(file.stat().st_mode)) == (told, 0o600)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert not [each for each in here(home) if each.suffix != ".json"]


def _noting(answers):
    from reconciler.aws.recorded import _call

    def note(*given):
        answers.append(given[-1]["parsed"]["ResponseMetadata"]["RequestId"])
        return _call(*given)

    return note


def test_a_second_run_does_nothing_and_its_journal_says_so(shop):
    again = shop.json()
    assert (again.code, again.writes) == (0, [])
    told = last(shop)
    assert (told["run"], told["status"], told["exit"]) == (again.document["run"], "done", 0)
    assert (told["steps"], told["calls"], told["calls_left_out"]) == ([], [], 0)
    assert shop.run("history").out.splitlines()[-1].count("nothing changed, 0 calls") == 1
    assert rows(shop)[-1]["action"] == "none"


def test_a_dry_run_a_watching_run_and_one_that_nobody_confirms_keep_none(shop, home):
    enable(shop)
    before, there = len(kept(shop)), len(here(home))
    assert shop.run(typed="n\n").code == 2
    plan = shop.plan()
    shop.declare(STATE + "policy: {all: refuse}\n", it=CLUSTER % "enabled", state=BUCKET)
    watching = shop.json("--policy")
    assert (plan.code, watching.code) == (2, 2)
    assert not [call for call in (*plan.calls, *watching.calls) if call.operation == "PutObject"]
    assert (len(kept(shop)), len(here(home))) == (before, there)


def test_history_tells_what_was_and_what_became_of_it_by_whom(shop, monkeypatch):
    for name, value in {"ACTIONS": "true", "ACTOR": "bo", "REF": "refs/pull/7/merge"}.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    enable(shop)
    run = shop.json().document["run"]
    told = shop.run("history")
    assert (told.code, told.err) == (0, "")
    line = next(row for row in told.out.splitlines() if "  update  " in row)
    assert f"ecs.cluster/muvi  {FIELD}: disabled → enabled  request " in line
    head = next(row for row in told.out.splitlines() if run in row)
    assert "bo in " in head
    assert "pull request 7" in head
    row = rows(shop)[-1]
    (call,) = last(shop)["calls"]
    assert (row["object"], row["field"]) == ("ecs.cluster/muvi", FIELD)
    assert (row["before"], row["after"], row["by"]) == ("disabled", "enabled", "us")
    assert (row["run"], row["pull_request"]) == (run, "7")
    assert (row["request_ids"], row["result"]) == (call["request_id"], "done")


def test_what_others_changed_stands_between_the_runs_under_our_addresses(shop):
    (call,) = [c for c in last(shop)["calls"] if c["operation"] == "ecs.CreateCluster"]
    arn = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/muvi"
    happened(ACCOUNT, REGION, "ecs.UpdateCluster", ANNA, {arn: "x"}, requestID="r-anna")
    happened(ACCOUNT, REGION, "ecs.CreateCluster", ANNA, {arn: "x"}, requestID=call["request_id"])
    service = {"type": "AWSService", "invokedBy": "rds.amazonaws.com"}
    happened(ACCOUNT, REGION, "ec2.CreateNetworkInterface", service, {"eni-1": "x"})
    told = shop.run("history")
    (line,) = [row for row in told.out.splitlines() if "person" in row]
    assert line.endswith("person anna  ecs.UpdateCluster  ecs.cluster/muvi  request r-anna")
    assert "eni-1" not in told.out
    assert told.err.count("1 changes by AWS and by unknown sessions") == 1
    row = next(each for each in rows(shop) if each["by"] == "person")
    assert (row["who"], row["object"], row["run"]) == ("anna", "ecs.cluster/muvi", "")


def test_what_a_killed_run_did_last_is_known_by_the_user_agent(shop):
    run = last(shop)["run"]
    agent = f"Boto3/1.44.5 app/muvi-converge-{run} Botocore/1.44.5"
    happened(ACCOUNT, REGION, "ecs.UpdateCluster", ANNA, {"muvi": ""}, userAgent=agent)
    (row,) = [each for each in rows(shop) if each["action"] == "ecs.UpdateCluster"]
    assert (row["by"], row["object"]) == ("us", "ecs.cluster/muvi")


def test_every_call_has_the_run_in_its_user_agent(shop):
    agents, send = [], URLLib3Session.send

    def noting(session, request):
        agents.append(request.headers["User-Agent"].decode())
        return send(session, request)

    with patch.object(URLLib3Session, "send", noting):
        run = shop.json().document["run"]
    others = [each for each in agents if f"app/muvi-converge-{run} " not in f"{each} "]
    assert len(agents) > 5
    assert len(others) == 1  # who we are


def test_what_was_taken_away_is_told_by_what_it_was(shop):
    assert shop.run("destroy", "--confirm", "test").code == 2  # but for the lease's bucket
    assert last(shop)["asked"]["destroy"] is True
    row = rows(shop)[-1]
    assert (row["action"], row["object"], row["after"]) == ("delete", "ecs.cluster/muvi", "")
    assert row["before"].endswith(":cluster/muvi")


def test_where_cloudtrail_may_not_be_read_that_is_said_once_and_the_rest_told(shop):
    told = shop.run("history", fault=lambda c: denied(c) if c.service == "cloudtrail" else None)
    assert told.code == 0
    assert told.err.count("note: CloudTrail may not be read") == 1
    assert "create  ecs.cluster/muvi" in told.out


def test_an_interruption_is_journalled_with_what_was_done_until_then(lab):
    chain = "ecs.cluster:\n  c0: {}\n  c1: {$depends_on: [ecs.cluster/c0]}\n"
    lab.declare(STATE, it=chain, state=BUCKET)
    ran = lab.json(
        fault=at("CreateCluster", "c0", lambda call: os.kill(os.getpid(), signal.SIGTERM))
    )
    told = last(lab)
    assert (ran.code, told["status"], told["exit"]) == (1, "stopped", 1)
    assert told["why"] == "interrupted by SIGTERM"
    fates = {each["address"]: each["status"] for each in told["steps"]}
    assert fates["s3.bucket/muvi-lab-state"] == "done"
    assert fates["ecs.cluster/c1"] in ("skipped", "not reached")
    assert [c["operation"] for c in told["calls"] if c["address"] == "ecs.cluster/c0"] == [
        "ecs.CreateCluster"
    ]
    assert "stopped: interrupted by SIGTERM" in lab.run("history").out


def test_what_failed_is_told_with_aws_s_code_and_the_run_goes_into_the_journal(shop):
    enable(shop)
    ran = shop.json(fault=at("UpdateCluster", do=denied))
    told = last(shop)
    assert (ran.code, told["status"], told["exit"]) == (1, "done", 1)
    assert told["steps"][0]["status"] == "failed"
    assert rows(shop)[-1]["result"] == "failed"


def test_an_error_of_ours_ends_the_journal_and_not_only_the_run(shop):
    enable(shop)
    with (
        patch("reconciler.run.final_look", side_effect=RuntimeError(PASSWORD)),
        pytest.raises(RuntimeError),
    ):
        shop.run()
    told = last(shop)
    assert (told["status"], told["why"], told["exit"]) == ("failed", "RuntimeError", 1)
    assert [each["operation"] for each in told["calls"]] == ["ecs.UpdateCluster"]
    assert PASSWORD not in json.dumps(told)


def test_a_lost_lease_is_no_reason_to_lose_the_journal(shop):
    enable(shop)

    def take(call):
        key = "lease/test.json"
        shop.client("s3").put_object(Bucket="muvi-lab-state", Key=key, Body=b"{}")
        from reconciler.errors import LeaseLost

        raise LeaseLost("UpdateCluster was not sent")

    ran = shop.run(fault=at("UpdateCluster", do=take))
    told = last(shop)
    assert (ran.code, told["exit"]) == (1, 1)
    assert (told["steps"][0]["status"], told["calls"]) == ("failed", [])


def test_a_run_that_was_killed_shows_as_unfinished_with_the_calls_it_had_made(shop):
    enable(shop)
    updated = []

    def slowly(call):
        if updated and call.operation == "DescribeClusters":
            time.sleep(0.2)
        updated.extend([call] if call.operation == "UpdateCluster" else [])

    die = patch.object(Journal, "_end", lambda self, *_: self._over.set())
    with die, patch.object(journal, "BEAT", 0.02):
        shop.run(fault=slowly)
    told = last(shop)
    assert (told["status"], told["ended"], told["exit"]) == ("running", None, None)
    assert [each["address"] for each in told["steps"]] == ["ecs.cluster/muvi"]
    assert [each["operation"] for each in told["calls"]] == ["ecs.UpdateCluster"]
    assert rows(shop)[-1]["result"] == "begun"
    assert f"run {told['run']}  did not finish" in shop.run("history").out
    key = {"Bucket": "muvi-lab-state", "Key": "lease/test.json"}
    s3 = shop.client("s3")
    note = json.loads(s3.get_object(**key)["Body"].read())
    s3.put_object(**key, Body=json.dumps({**note, "free": False}))
    assert f"run {told['run']}  running" in shop.run("history").out


def test_a_bucket_that_does_not_take_the_journal_refuses_the_run_before_its_first_change(
    shop, home
):
    enable(shop)
    ran = shop.run(fault=lambda call: denied(call) if call.journal else None)
    assert (ran.code, ran.writes.count("UpdateCluster")) == (3, 0)
    assert "no journal, no change" in ran.err
    told = json.loads(here(home)[-1].read_text())
    assert (told["status"], told["calls"]) == ("refused", [])
    assert json.loads(lease(shop))["free"] is True


def lease(lab):
    return (
        lab.client("s3").get_object(Bucket="muvi-lab-state", Key="lease/test.json")["Body"].read()
    )


def test_a_bucket_that_fails_at_the_end_is_told_and_the_machine_has_it(shop, home):
    enable(shop)

    def fails(call):
        return denied(call) if call.journal and b'"ended":"' in call.parameters["Body"] else None

    ran = shop.run(fault=fails)
    assert ran.code == 1  # what environment.yaml wants kept is not kept where it wants it
    assert "warning: the journal: s3://muvi-lab-state/runs/test/" in ran.err
    assert last(shop)["status"] == "running"
    assert json.loads(here(home)[-1].read_text())["status"] == "done"
    row = rows(shop)[-1]  # from this machine's
    assert (row["run_status"], row["after"]) == ("done", "enabled")


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_and_the_bucket_has_it(shop, home):
    enable(shop)
    before = here(home)
    with patch("reconciler.journal.places.os.fsync", full):
        ran = shop.run()
    assert ran.code == 0
    assert ran.err.count("could not be written (No space left on device)") == 1
    assert last(shop)["calls"][0]["operation"] == "ecs.UpdateCluster"
    assert here(home) == before  # nothing half


def test_where_nothing_keeps_it_the_journal_is_on_stderr(lab):
    lab.declare(it=CLUSTER % "enabled")
    with patch("reconciler.journal.places.os.fsync", full):
        ran = lab.run()
    assert ran.code == 0
    (line,) = [each for each in ran.err.splitlines() if "so here it is: " in each]
    told = json.loads(line.partition("so here it is: ")[2])
    SCHEMA.validate(told)
    assert told["calls"][0]["operation"] == "ecs.CreateCluster"


def test_a_home_that_is_no_folder_is_told(lab, home, tmp_path):
    lab.declare(it=CLUSTER % "enabled")
    (tmp_path / "home").write_text("")
    ran = lab.run()
    assert ran.code == 0
    assert "Not a directory" in ran.err


def test_without_a_bucket_history_tells_this_machines_and_says_so(lab, home):
    lab.declare(it=CLUSTER % "enabled")
    assert lab.run().code == 0
    (file,) = here(home)
    assert json.loads(file.read_text())["status"] == "done"
    told = lab.run("history")
    assert (told.code, told.err.count("these are the journals of this machine")) == (0, 1)
    assert "create  ecs.cluster/muvi" in told.out


def test_no_secret_is_in_a_journal_or_in_history(lab, home, monkeypatch):
    monkeypatch.setenv("MUVI_TEST_PASSWORD", PASSWORD)
    lab.declare(INPUTS, it=LOGIN, state=BUCKET)

    def quoting(call):
        said = {"Code": "ValidationException", "Message": f"{PASSWORD} is not well"}
        return ClientError(
            {"Error": said, "ResponseMetadata": {"HTTPStatusCode": 400}}, call.operation
        )

    failed = lab.run(fault=at("PutParameter", "/login", do=quoting))
    assert failed.code == 1
    assert lab.run().code == 0
    monkeypatch.setenv("MUVI_TEST_PASSWORD", PASSWORD.upper())
    s3 = lab.client("s3")
    versions = s3.list_objects_v2(Bucket="muvi-lab-state")["Contents"]
    texts = [
        s3.get_object(Bucket="muvi-lab-state", Key=each["Key"])["Body"].read().decode()
        for each in versions
    ]
    texts += [file.read_text() for file in here(home)]
    texts += [lab.run("history").out, lab.run("history", "--csv").out]
    assert any("/login" in text for text in texts)
    assert any("is not well" in text for text in texts)
    assert [text for text in texts if PASSWORD in text] == []


def test_only_what_since_asks_is_listed_and_read(shop):
    s3 = shop.client("s3")
    old = last(shop) | {"run": "0ld", "began": "2020-01-02T03:04:05.000Z"}
    key = "runs/test/20200102T030405Z-0ld.json"
    s3.put_object(Bucket="muvi-lab-state", Key=key, Body=json.dumps(old))
    told = shop.run("history")
    (listed,) = [call for call in told.calls if call.operation == "ListObjectsV2"]
    week = datetime.now(UTC) - timedelta(days=7)
    assert listed.parameters["StartAfter"].startswith(f"runs/test/{week:%Y%m%dT%H}")
    assert "0ld" not in told.out + str([call.parameters for call in told.calls])
    assert "0ld" in shop.run("history", "--since", "2020-01-02").out
    assert "0ld" not in shop.run("history", "--since", "2020-01-02T03:05").out
    assert shop.run("history", "--since", "yesterday").code == 1


FORGED = [b"", b"[]", b"{}", b'{"format": 1}', b"[" * 100_000, b"\xff\xfe", b'{"format": 2}']


def test_what_is_no_journal_of_ours_is_left_out_and_said_so(shop):
    s3, told = shop.client("s3"), last(shop)
    odd = [*FORGED, json.dumps(told | {"account": ACCOUNT, "steps": [1]}).encode()]
    for number, body in enumerate(odd):
        key = f"runs/test/{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{number}.json"
        s3.put_object(Bucket="muvi-lab-state", Key=key, Body=body)
    history = shop.run("history")
    assert history.code == 0
    assert "journals are left out" in history.err
    assert history.out.count("  run ") == 1


def test_what_others_wrote_steers_neither_terminal_nor_spreadsheet(shop):
    happened(ACCOUNT, REGION, "ecs.UpdateCluster", ANNA | {"userName": "=1+1\x1b[2J"}, {"muvi": ""})
    assert "\x1b" not in shop.run("history").out
    assert [row["who"] for row in rows(shop) if row["by"] == "person"] == ["'=1+1\\x1b[2J"]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@SUM", "  =1", "\N{FULLWIDTH EQUALS SIGN}1"])
def test_no_cell_is_a_formula(cell):
    assert table.safe(cell) == f"'{cell}"
    assert table.safe(f"a{cell}") == f"a{cell}"
    assert table.safe(f"\n{cell}") == f"\\n{cell}"
