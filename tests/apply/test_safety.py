"""What a run refuses to do, and what would lift it."""

import pytest

from reconciler.apply.safety import Safety, in_the_way
from reconciler.aws.ownership import PROTECT, Ownership
from reconciler.errors import Brake
from reconciler.load import Policy
from reconciler.model import Action
from reconciler.result import Decision
from tests.shop import environment

WEB, SAFE = "shop.store/web", "shop.vault/safe"
WRITES = ["adopt", "create", "update", "disrupt", "replace", "delete"]


@pytest.fixture(autouse=True)
def types(shop):
    """The made-up types are all that there are."""


def safety(policy=None, limits=None, **more):
    return Safety(environment(policy=policy or Policy(), limits=limits or {}), **more)


def gate(one, action, address=WEB, tags=None, protected=False):
    return one.gate(Decision(address, "eu-central-1", Action(action), "x"), tags or {}, protected)


@pytest.mark.parametrize("action", WRITES)
def test_each_word_of_the_policy(action):
    assert gate(safety(Policy("apply")), action) == ""
    assert gate(safety(Policy("refuse")), action) == (
        f"policy for {action} of shop.store in environment.yaml refuses it: "
        f"--allow {action} lifts it for one run"
    )
    assert "asks first, and nobody can answer" in gate(safety(Policy("ask")), action)


@pytest.mark.parametrize("action", ["no-op", "wait", "unknown"])
def test_what_writes_nothing_is_never_held(action):
    assert gate(safety(Policy("refuse")), action, protected=True) == ""


def test_who_is_shown_the_plan_is_asked_by_that():
    assert gate(safety(Policy("ask"), attended=True), "create") == ""
    assert gate(safety(Policy("refuse"), attended=True), "create") != ""


@pytest.mark.parametrize(
    ("policy", "held"),
    [
        (Policy(actions={"delete": "refuse"}), {"delete"}),
        (Policy("refuse", {"create": "apply"}), set(WRITES) - {"create"}),
        (Policy(actions={"all": "refuse", "update": "apply"}), set(WRITES) - {"update"}),
        (Policy("refuse", types={"shop.store": {"all": "apply"}}), set()),
        (Policy(types={"shop.store": {"update": "refuse"}}), {"update"}),
        (Policy(actions={"update": "refuse"}, types={"shop.store": {"update": "apply"}}), set()),
        (Policy(types={"shop.net": {"all": "refuse"}}), set()),
        (Policy(types={"holds_data": {"all": "refuse"}}), set()),
    ],
)
def test_the_nearest_word_counts(policy, held):
    assert {action for action in WRITES if gate(safety(policy), action)} == held


@pytest.mark.parametrize(
    ("policy", "held"),
    [
        (Policy(), {"replace", "delete"}),
        (Policy(types={"holds_data": {"update": "refuse"}}), {"update", "replace", "delete"}),
        (Policy(types={"holds_data": {"delete": "apply"}}), {"replace"}),
        (Policy(types={"holds_data": {"all": "apply"}}), set()),
        (Policy(types={"shop.vault": {"all": "apply"}}), set()),
        (Policy(types={"shop.vault": {"delete": "apply"}}), {"replace"}),
    ],
)
def test_what_holds_data_is_not_lost_unless_the_policy_says_so(policy, held):
    assert {action for action in WRITES if gate(safety(policy), action, SAFE)} == held


@pytest.mark.parametrize("protection", [{"protected": True}, {"tags": {PROTECT: "true"}}])
def test_protection_holds_what_loses_and_only_its_name_lifts_it(protection):
    held = {action for action in WRITES if gate(safety(), action, **protection)}
    assert held == {"replace", "delete"}
    assert f"--allow {WEB}" in gate(safety(), "delete", **protection)
    assert gate(safety(allowed=["delete", "replace"]), "delete", **protection) != ""
    assert gate(safety(allowed=["shop.store/other"]), "delete", **protection) != ""
    assert gate(safety(allowed=[WEB]), "delete", **protection) == ""


def test_allow_lifts_these_kinds_or_this_address_and_no_others():
    refuses = Policy("refuse")
    kinds = safety(refuses, allowed=["create", "update"])
    assert {action for action in WRITES if not gate(kinds, action)} == {"create", "update"}
    named = safety(refuses, allowed=[WEB])
    assert not any(gate(named, action) for action in WRITES)
    assert gate(named, "create", "shop.store/web2")


def test_in_the_sandbox_all_of_it_is_let():
    free = safety(Policy("refuse"), {"delete": 0}, enforced=False)
    assert not any(gate(free, action, protected=True) for action in WRITES)
    free.brake([Decision(WEB, "x", Action.DELETE, "x")])


def decisions(gate="", **counts):
    return [
        Decision(f"shop.store/{action}{number}", "x", Action(action), "x", gate=gate)
        for action, count in counts.items()
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("limits", "counts"),
    [
        ({"delete": 2}, {"delete": 2}),
        ({"delete": 0}, {"replace": 9, "create": 9}),
        ({"replace": 1}, {"replace": 1, "delete": 5}),
        ({"change": 3}, {"update": 2, "disrupt": 1, "create": 50}),
        ({}, {"delete": 99, "replace": 99, "update": 99}),
    ],
)
def test_within_the_limits_a_run_goes_on(limits, counts):
    safety(limits=limits).brake(decisions(**counts))


@pytest.mark.parametrize(
    ("limits", "counts", "words"),
    [
        ({"delete": 2}, {"delete": 3}, "3 to delete, and the limit is 2"),
        ({"replace": 0}, {"replace": 1}, "1 to replace, and the limit is 0"),
        ({"change": 2}, {"update": 2, "disrupt": 1}, "3 to change, and the limit is 2"),
    ],
)
def test_beyond_a_limit_it_stops_before_its_first_change(limits, counts, words):
    with pytest.raises(Brake, match=f"stops before its first change: {words}.*environment.yaml"):
        safety(limits=limits).brake(decisions(**counts))


def test_every_limit_that_is_passed_is_named():
    with pytest.raises(Brake, match=r"2 to delete.*; 1 to replace"):
        safety(limits={"delete": 1, "replace": 0}).brake(decisions(delete=2, replace=1))


def test_what_is_held_anyway_does_not_count():
    safety(limits={"delete": 0}).brake(decisions(delete=5, gate="policy refuses it"))


def test_a_replacement_that_would_leave_users_without_is_held_with_a_remedy():
    assert in_the_way(WEB, {}) == in_the_way(WEB, {WEB: []}) == ""
    told = in_the_way(WEB, {WEB: ["a/1", "b/2", "c/3", "d/4"]})
    assert "a/1, b/2, c/3 would be without it" in told
    assert "under a new name beside it" in told


def test_what_another_tool_owns_only_its_name_lifts():
    owned = Ownership(other="Terraform (s3://b/k)", release="`terraform state rm x` there first")
    decision = Decision(WEB, "eu-central-1", Action.UPDATE, "x")
    assert safety(allowed=["update"]).gate(decision, {}, False, owned) == (
        "Terraform (s3://b/k) owns it and would undo it: `terraform state rm x` there first, "
        f"or --allow {WEB}"
    )
    assert safety(allowed=[WEB]).gate(decision, {}, False, owned) == ""


@pytest.mark.parametrize(
    ("policy", "allowed", "watches"),
    [
        (Policy("refuse"), (), True),
        (Policy("ask"), (), True),
        (Policy(), (), False),
        (Policy("refuse"), ["delete"], False),
        (Policy("refuse"), [WEB], False),
        (Policy("refuse"), ["shop.store/other"], True),
        (Policy("refuse", types={"shop.store": {"update": "apply"}}), (), False),
        (Policy("refuse", types={WEB: {"adopt": "apply"}}), (), False),
        (Policy("refuse", types={"shop.net": {"all": "apply"}}), (), True),
    ],
)
def test_whether_anything_may_be_done_to_one_resource(policy, allowed, watches):
    wait = Decision(WEB, "eu-central-1", Action.WAIT, "x")
    assert safety(policy, allowed=allowed).watches(wait) is watches


def test_an_addresss_own_word_is_told_as_its_own():
    words = Policy(types={"shop.store": {"all": "apply"}, WEB: {"update": "refuse"}})
    assert gate(safety(words), "update").startswith(f"policy for update of {WEB} in")
    assert gate(safety(words), "update", "shop.store/other") == ""
