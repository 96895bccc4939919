"""How a run ends for scripts: 0, 1, 2 or 4, the worst first."""

import pytest

from reconciler.model import Action, Wait
from reconciler.report import exit_code
from reconciler.result import Coverage, Fate, Outcome
from tests.report import runs
from tests.report.runs import decision, result


def ended(*fates, action=Action.UPDATE, **more):
    steps = [decision(f"sqs.queue/{number}", action, "") for number, _ in enumerate(fates)]
    outcomes = {step.address: Outcome(fate) for step, fate in zip(steps, fates, strict=True)}
    return result(*steps, outcomes=outcomes, **more)


@pytest.mark.parametrize(
    ("fates", "code"),
    [
        ([Fate.DONE], 0),
        ([Fate.DONE, Fate.FAILED], 1),
        ([Fate.DONE, Fate.REFUSED], 2),
        ([Fate.DONE, Fate.WAITING], 4),
        ([Fate.FAILED, Fate.REFUSED, Fate.WAITING], 1),
        ([Fate.REFUSED, Fate.WAITING], 2),
        ([Fate.SKIPPED, Fate.FAILED], 1),
        ([Fate.SKIPPED, Fate.WAITING], 4),
        ([Fate.SKIPPED, Fate.REFUSED], 2),
        ([Fate.SKIPPED], 1),
    ],
)
def test_the_worst_fate_counts(fates, code):
    assert exit_code(ended(*fates)) == code


@pytest.mark.parametrize(
    "action", sorted(set(Action) - {Action.NO_OP, Action.UNKNOWN, Action.WAIT})
)
def test_a_dry_run_with_a_difference_is_2(action):
    assert exit_code(result(decision("sqs.queue/a", action, ""), dry=True)) == 2


def test_a_dry_run_without_a_difference_is_0():
    assert exit_code(result(decision("sqs.queue/a", Action.NO_OP, ""), dry=True)) == 0


@pytest.mark.parametrize("dry", [True, False])
def test_what_is_busy_and_does_not_differ_is_no_difference(dry):
    busy = decision("rds.db_instance/a", Action.WAIT, "its status is modifying")
    assert exit_code(result(busy, dry=dry)) == 0


def test_a_dry_run_of_what_waits_for_people_is_4():
    waiting = decision("acm.certificate/a", Action.WAIT, "", waits=(Wait("Ann", "approve"),))
    assert exit_code(result(waiting, dry=True)) == 4


def test_what_could_not_be_read_is_an_error():
    unread = Coverage({}, {}, unread={"kms.key": "AccessDenied"})
    assert exit_code(ended(Fate.DONE, coverage=unread)) == 1
    assert exit_code(result(decision("kms.key/a", Action.UNKNOWN, ""), dry=True)) == 1


def test_an_interrupted_run_is_an_error():
    first, second = (decision(f"sqs.queue/{name}", Action.CREATE, "") for name in "ab")
    assert exit_code(result(first, second, outcomes={first.address: Outcome(Fate.DONE)})) == 1


def test_a_plan_that_nobody_confirmed_leaves_differences():
    assert exit_code(result(decision("sqs.queue/a", Action.CREATE, ""))) == 2


def test_what_policy_holds_leaves_differences_though_nothing_was_tried():
    held = decision("sqs.queue/a", Action.CREATE, "", gate="policy refuses it")
    assert exit_code(result(held)) == 2


def test_a_failed_last_look_at_a_no_op_is_an_error():
    assert exit_code(ended(Fate.FAILED, action=Action.NO_OP)) == 1


def test_a_run_with_nothing_to_do_is_0():
    assert exit_code(runs.quiet()) == 0
