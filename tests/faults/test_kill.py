"""A sample of the kill matrix. `scripts/kill-matrix` fills all of it: see docs/kill-matrix.md."""

import pytest

from tests.faults.census import difference
from tests.faults.faults import Kill, Killed, LoseEveryOther
from tests.faults.matrix import AFTER, LOST, matrix
from tests.faults.relay import relay
from tests.faults.wire import Wire
from tests.faults.world import account, census, converge, small, uat
from tests.living import failures

SAMPLE = [
    ("ec2:CreateVpc", AFTER),
    ("ec2:CreateInternetGateway", AFTER),  # it stands unattached
    ("ec2:CreateNatGateway", LOST),
    ("route53:CreateHostedZone", AFTER),  # it has no tags yet
    ("route53:ChangeResourceRecordSets", LOST),
    ("cloudfront:CreateDistributionWithTags", LOST),
    ("ecs:RegisterTaskDefinition", LOST),
    ("ecs:CreateService", AFTER),
]


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """Each call of the sample, the first of its kind, with its fault."""
    folder, seen, filled = tmp_path_factory.mktemp("matrix"), set(), {}

    def chosen(call, fault):
        cell = (str(call), fault)
        first = cell in SAMPLE and cell not in seen
        seen.add(cell)
        return first

    def told(cell):
        filled[cell.call, cell.fault] = cell

    matrix(uat(folder, few=True), chosen, 2, folder, told)
    return filled


@pytest.mark.parametrize(("call", "fault"), SAMPLE, ids=str)
def test_the_next_run_ends_in_the_same_account(cells, call, fault):
    assert cells[call, fault].wrong == ()


@pytest.mark.parametrize("after", [False, True])
def test_a_killed_run_sends_nothing_more(after, tmp_path):
    with account():
        wire = Wire([Kill(2, after)])
        with pytest.raises(Killed):
            converge(small(tmp_path, "vpc", "subnet", "gateway", "group"), wire)
    assert len(wire.writes) == 1 + after


def test_runs_that_die_at_every_single_call_end_in_the_same_account(tmp_path):
    declared = small(tmp_path, "vpc", "subnet", "gateway", "routes", "group", "zone", "revision")
    calls, wrong = relay(declared)
    assert wrong == []
    assert len(calls) > len(declared.resources)


def test_with_every_other_answer_lost_the_runs_end_in_the_same_account(tmp_path):
    declared = uat(tmp_path, few=True)
    with account():
        converge(declared)
        reference = census()
    with account():
        converge(declared, Wire([LoseEveryOther()]))
        assert failures(converge(declared)) == {}
        after = census()
    assert (after.twice(), difference(reference, after)) == ([], [])


def test_a_key_whose_run_died_before_it_had_a_name_is_no_orphan(tmp_path):
    with account():
        declared = small(tmp_path, "key")
        with pytest.raises(Killed):
            converge(declared, Wire([Kill(1, True)]))
        assert failures(converge(declared)) == {}
        assert census(declared).counts["kms.key"] == 1
