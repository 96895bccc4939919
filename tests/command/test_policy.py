"""What policy, protection and the brake hold back, and the words that lift it."""

from __future__ import annotations

import pytest

from tests.command.running import ENVIRONMENT

BOTH = "ecs.cluster: {one: {}}\necr.repository: {one: {}}\nlogs.log_group: {stays: {}}\n"
STAYS = "logs.log_group: {stays: {}}\n"


def held(ran):
    """By address: what holds it back."""
    return {
        address: each["error"]
        for address, each in ran.resources.items()
        if each["status"] == "refused"
    }


@pytest.fixture
def declare(lab):
    """A file of resources, and what environment.yaml says besides the usual."""
    return lambda text, more="": lab.declare(ENVIRONMENT + more, it=text)


def test_the_sandbox_knows_no_policy_unless_it_is_told(lab, declare):
    declare("ecs.cluster: {one: {}}", "policy: {all: refuse}")
    refused = lab.json("--policy")
    assert (refused.code, refused.writes) == (2, [])
    assert lab.json().code == 0


def test_what_policy_refuses_is_told_with_the_word_that_lifts_it(lab, declare):
    declare("ecs.cluster: {one: {}}", "policy: {all: refuse}")
    (why,) = held(lab.json("--policy")).values()
    assert "policy for create of ecs.cluster in" in why
    assert "test/environment.yaml refuses it: --allow create lifts it for one run" in why
    assert held(lab.json("--policy", "--allow", "update,delete")) != {}

    lifted = lab.json("--policy", "--allow", "update,create")
    assert (lifted.code, lifted.actions) == (0, {"ecs.cluster/one": "create"})


def test_where_policy_asks_nobody_is_prompted_without_a_terminal(lab, declare):
    declare("ecs.cluster: {one: {}}", "policy: {create: ask}")
    ran = lab.json("--policy")
    assert (ran.code, ran.writes) == (2, [])
    assert "asks first, and nobody can answer here" in held(ran)["ecs.cluster/one"]


def test_a_type_may_have_a_policy_of_its_own(lab, declare):
    declare(BOTH, "policy: {all: apply, ecs.cluster: {create: refuse}}")
    ran = lab.json("--policy")
    assert (ran.code, [*held(ran)]) == (2, ["ecs.cluster/one"])
    assert ran.resources["ecr.repository/one"]["status"] == "done"


def test_what_holds_data_goes_only_by_its_name(lab, declare):
    declare(BOTH)
    assert lab.json("--policy").code == 0
    declare(STAYS)
    for allowed in ((), ("--allow", "delete"), ("--allow", "ecr.repository/two")):
        ran = lab.json("--policy", *allowed)
        assert ran.code == 2
        assert held(ran) == {
            "ecr.repository/one": "it is protected, so only its name lifts this: "
            "--allow ecr.repository/one"
        }
    assert "ecs.cluster/one" not in ran.resources  # the first of these runs took it away

    ran = lab.json("--policy", "--allow", "ecr.repository/one")
    assert (ran.code, ran.actions) == (0, {"ecr.repository/one": "delete"})


def test_protection_outlives_the_yaml_that_asked_for_it(lab, declare):
    declare("ecs.cluster: {one: {$protect: true}}\n" + STAYS)
    assert lab.json("--policy").code == 0
    declare(STAYS)
    assert [*held(lab.json("--policy"))] == ["ecs.cluster/one"]
    assert lab.json("--policy", "--allow", "ecs.cluster/one").code == 0


def test_who_does_not_want_protection_says_so(lab, declare):
    declare(BOTH.replace("ecr.repository: {one: {}}", "ecr.repository: {one: {$protect: false}}"))
    assert lab.json("--policy").code == 0
    declare(STAYS, "policy: {holds_data: {delete: apply}}")
    ran = lab.json("--policy")
    assert (ran.code, {*ran.actions.values()}) == (0, {"delete"})


def test_destroy_leaves_what_is_protected(lab, declare):
    declare(BOTH)
    assert lab.json("--policy").code == 0
    ran = lab.json("--policy", "destroy", "--confirm", "test")
    assert (ran.code, {*held(ran)}) == (2, {"ecr.repository/one", "logs.log_group/stays"})
    assert ran.resources["ecs.cluster/one"]["status"] == "done"


LIMITS = {
    "delete": ("limits: {delete: 1}", "ecs.cluster: {three: {}}\n"),
    "change": (
        "limits: {change: 1}",
        "ecs.cluster: {$defaults: {settings: [{name: containerInsights, value: enabled}]}, "
        "one: {}, two: {}}",
    ),
}


@pytest.mark.parametrize("what", LIMITS)
def test_the_brake_stops_a_run_before_its_first_change(lab, declare, what):
    declare("ecs.cluster: {one: {}, two: {}}")
    assert lab.json().code == 0
    limits, text = LIMITS[what]
    declare(text, limits)
    ran = lab.run("--policy")
    assert (ran.code, ran.out, ran.writes) == (3, "", [])
    assert "this run stops before its first change" in ran.err
    assert f"2 to {what}, and the limit is 1" in ran.err
    assert "raise `limits` in" in ran.err
    plan = lab.run("--policy", "--dry-run")
    assert plan.code == 2
    assert "this run stops before its first change" in plan.err


def test_within_the_limits_the_brake_stays_off(lab, declare):
    declare("ecs.cluster: {one: {}, two: {}}")
    assert lab.json().code == 0
    declare("ecs.cluster: {two: {}}", "limits: {delete: 1}")
    assert lab.json("--policy").code == 0
