"""One run at a time, and runs that are interrupted: real processes against one account."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from reconciler.sandbox.server import forget
from tests.command.lab import Lab
from tests.command.running import ENVIRONMENT, denied

STATE = "state: {bucket: muvi-lab-state}\n"
BUCKET = "s3.bucket: {muvi-lab-state: {}}\n"
KEY = "lease/test.json"
MANY = "ecs.cluster:\n" + "".join(f"  c{n}: {{}}\n" for n in range(6))
CHAIN = "ecs.cluster:\n  c0: {}\n" + "".join(
    f"  c{n}: {{$depends_on: [ecs.cluster/c{n - 1}]}}\n" for n in range(1, 9)
)
SLOW = """
import sys, time
import reconciler.lease.lease as lease
from botocore.client import BaseClient
lease.BEAT, lease.MARGIN, lease.LENGTH = {beat}, {margin}, {length}
send = BaseClient._make_api_call
def slowly(client, operation, parameters):
    if operation == "CreateCluster":
        sys.stderr.write(f"creating {{parameters['clusterName']}}\\n")  # a line is one write
        time.sleep({each})
    return send(client, operation, parameters)
BaseClient._make_api_call = slowly
from reconciler.cli import main
main(sys.argv[1:])
"""


@pytest.fixture
def lab(endpoint, tmp_path):
    forget()
    lab = Lab(tmp_path, endpoint)
    lab.declare(ENVIRONMENT + STATE, it=MANY, state=BUCKET)
    return lab


@pytest.fixture
def started(lab):
    """Starts the command as a process of its own, whose every creation takes a while."""
    running = []

    def start(each=0.4, beat=0.2, margin=30, length=300):
        program = SLOW.format(each=each, beat=beat, margin=margin, length=length)
        where = ["--desired", str(lab.folder), "--env", "test", "--sandbox", lab.endpoint]
        process = subprocess.Popen(
            [sys.executable, "-c", program, *where, "--output", "json", "--only", "ecs.cluster"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.getcwd(), "AWS_EC2_METADATA_DISABLED": "true"},
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait()


def s3(lab):
    return lab.client("s3")


def note(lab):
    return json.loads(s3(lab).get_object(Bucket="muvi-lab-state", Key=KEY)["Body"].read())


def clusters(lab):
    arns = lab.client("ecs").list_clusters()["clusterArns"]
    return sorted(each.rpartition("/")[2] for each in arns)


def until(process, word):
    """Reads what the process says, up to a line with that word."""
    for line in process.stderr:
        if word in line:
            return line
    raise AssertionError(f"{word} was never said; it ended with {process.wait()}")


def made(lab):
    """The bucket is there already: it is not its first run."""
    assert lab.run("--only", "s3.bucket").code == 0


def test_the_first_run_makes_the_bucket_of_its_lease_before_all_else(lab):
    ran = lab.json()
    assert (ran.code, ran.err.count("warning")) == (0, 0)
    assert set(ran.actions.values()) == {"create"}
    assert ran.writes[0] == "CreateBucket"
    lease = ran.place("PutObject", "IfNoneMatch")
    assert all(ran.place("CreateCluster", f"c{n}") > lease for n in range(6))
    assert note(lab)["free"] is True
    assert note(lab)["run"] == ran.document["run"]


def test_a_dry_run_and_a_run_with_nothing_to_do_write_no_lease(lab):
    leases = {"Bucket": "muvi-lab-state", "Prefix": "lease/"}
    assert lab.run().code == 0
    before = s3(lab).list_object_versions(**leases)["Versions"]
    plan, again = lab.plan(), lab.run()
    assert [call for call in plan.calls if call.parameters.get("Key") == KEY] == []
    assert (again.code, again.writes) == (0, [])
    assert len(s3(lab).list_object_versions(**leases)["Versions"]) == len(before)


def test_a_watching_run_takes_none(lab):
    lab.declare(ENVIRONMENT + STATE + "policy: {all: refuse}\n", it=MANY)
    ran = lab.json("--policy")
    assert (ran.code, ran.writes) == (2, [])
    assert not [call for call in ran.calls if call.parameters.get("Key") == KEY]


def test_a_bucket_that_nobody_declares_and_has_made_is_refused(lab):
    lab.declare(ENVIRONMENT + STATE, it=MANY)
    ran = lab.run()
    assert (ran.code, ran.writes) == (3, [])
    assert "declare s3.bucket/muvi-lab-state" in ran.err


def test_a_first_run_that_leaves_the_bucket_out_is_refused(lab):
    ran = lab.run("--only", "ecs.cluster")
    assert (ran.code, ran.writes) == (3, [])
    assert "make it first, with all else or alone: --only s3.bucket/muvi-lab-state" in ran.err


def test_of_two_runs_one_converges_and_one_names_the_holder(lab, started):
    made(lab)
    first = started(each=2)
    until(first, "creating")
    holder = note(lab)
    second = lab.run()
    assert (second.code, second.writes) == (3, [])
    assert f"test is held by run {holder['run']} of {holder['owner']}" in second.err
    assert f"muvi-converge lock release --env test --run {holder['run']}" in second.err
    assert (first.wait(60), clusters(lab)) == (0, [f"c{n}" for n in range(6)])


def test_two_runs_started_together_do_nothing_twice(lab, started):
    made(lab)
    both = [started(), started()]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 3], said
    begun = [line for text in said for line in text.splitlines() if line.startswith("creating")]
    assert sorted(begun) == [f"creating c{n}" for n in range(6)]


def test_a_run_that_another_overtook_since_it_looked_changes_nothing(lab):
    made(lab)
    done = []

    def overtake(call):
        if call.operation == "ListClusters" and not done:
            done.append(1)
            assert lab.run("--only", "ecs.cluster/c0").code == 0

    ran = lab.run("--only", "ecs.cluster", fault=overtake)
    assert (ran.code, "CreateCluster" in ran.writes) == (3, True)  # the other's, in the same record
    assert "was at work since this run looked" in ran.err
    assert clusters(lab) == ["c0"]


def test_a_run_whose_lease_is_taken_away_stops_before_its_next_write(lab, started):
    made(lab)
    lab.declare(ENVIRONMENT + STATE, it=CHAIN, state=BUCKET)
    run = started(each=1)
    until(run, "creating c1")
    ended = lab.run("lock", "release", "--run", note(lab)["run"])
    assert ended.code == 0, ended.err
    there = clusters(lab)
    out, err = run.communicate(timeout=60)
    assert run.returncode == 1
    assert "the lease was lost: somebody released it" in err
    assert "stopped: the lease was lost: somebody released it" in lab.run("history").out
    assert len(clusters(lab)) <= len(there) + 1  # the one that was under way
    assert json.loads(out)["resources"][-1]["status"] != "done"
    assert note(lab)["free"] is True


def test_a_machine_that_slept_through_its_lease_writes_nothing_more(lab, started):
    made(lab)
    lab.declare(ENVIRONMENT + STATE, it=CHAIN, state=BUCKET)
    run = started(each=0.3, margin=1, length=2)
    until(run, "creating c1")
    os.kill(run.pid, signal.SIGSTOP)
    there = clusters(lab)
    time.sleep(3)
    taken = lab.run("--only", "ecs.cluster/c0")
    os.kill(run.pid, signal.SIGCONT)
    err = run.communicate(timeout=60)[1]
    assert (taken.code, run.returncode) == (0, 1)
    assert "the lease was lost" in err
    assert clusters(lab) == there


def test_a_stale_lease_is_taken_over_and_said_so(lab, started):
    made(lab)
    dead = started(each=20, length=2, margin=1)
    until(dead, "creating")
    dead.kill()
    dead.wait()
    held = lab.run()
    assert held.code == 3
    assert f"run {note(lab)['run']}  running" in lab.run("history").out  # nobody knows better yet
    time.sleep(2.2)
    assert "stale" in lab.run("lock", "show").out
    run = note(lab)["run"]
    assert f"run {run}  did not finish" in lab.run("history").out
    ran = lab.run()
    assert ran.code == 0, ran.err
    assert "warning: took over the lease that run" in ran.err
    assert note(lab)["free"] is True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_lets_running_calls_answer_and_gives_the_lease_back(lab, started, number):
    made(lab)
    lab.declare(ENVIRONMENT + STATE, it=CHAIN, state=BUCKET)
    run = started(each=0.5)
    until(run, "creating c1")
    os.kill(run.pid, number)
    out, err = run.communicate(timeout=60)
    assert run.returncode == 1
    assert f"Stopped: interrupted by {number.name}" in err
    assert clusters(lab) == ["c0", "c1"]
    assert note(lab)["free"] is True
    assert json.loads(out)["summary"]["skipped"] > 0
    assert lab.run().code == 0


def test_a_second_interruption_leaves_at_once_and_keeps_others_out_until_the_lease_ends(
    lab, started
):
    made(lab)
    run = started(each=30)
    until(run, "creating")
    os.kill(run.pid, signal.SIGINT)
    time.sleep(0.3)
    before = time.monotonic()
    os.kill(run.pid, signal.SIGINT)
    assert run.wait(10) == 1
    assert time.monotonic() - before < 5
    assert "Left at once" in run.stderr.read()
    assert lab.run().code == 3


def test_lock_tells_who_holds_it_and_releases_only_whom_one_names(lab, started):
    made(lab)
    assert "free" in lab.run("lock", "show").out
    run = started(each=30)
    until(run, "creating")
    run.kill()
    run.wait()
    shown = lab.run("lock", "show").out
    holder = note(lab)["run"]
    assert f"held by run {holder}" in shown
    unnamed, wrong = lab.run("lock", "release"), lab.run("lock", "release", "--run", "another")
    assert (unnamed.code, wrong.code) == (1, 3)
    assert f"--run {holder}" in unnamed.err
    assert "nothing was released" in wrong.err
    assert lab.run("lock", "release", "--run", holder).code == 0
    assert "free" in lab.run("lock", "show").out
    assert lab.run().code == 0


def test_a_bucket_that_cannot_be_read_or_written_refuses_the_run(lab):
    made(lab)

    def no(operation):
        return lambda call: denied(call) if call.operation == operation else None

    unread, unwritten = lab.run(fault=no("GetObject")), lab.run(fault=no("PutObject"))
    assert (unread.code, unwritten.code) == (3, 3)
    assert "cannot be read" in unread.err
    assert "cannot be written" in unwritten.err
    assert clusters(lab) == []


def test_destroy_leaves_the_bucket_of_its_own_lease(lab):
    assert lab.run().code == 0
    ran = lab.json("destroy", "--confirm", "test")
    assert ran.code == 2
    fates = {address: each["status"] for address, each in ran.resources.items()}
    assert fates.pop("s3.bucket/muvi-lab-state") == "refused"
    assert (len(fates), {*fates.values()}) == (6, {"done"})
    assert note(lab)["free"] is True
