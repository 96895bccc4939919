"""One action with one reason for each resource."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from reconciler.aws.ownership import ADDRESS, ENVIRONMENT, PROTECT
from reconciler.errors import Ambiguous
from reconciler.model import Action, FieldChange, Status, Unknown, Wait, Within
from reconciler.plan.observe import observe
from reconciler.plan.planner import plan
from reconciler.run import order
from tests.shop import CARRIER, Store, refusal, resource

WEB = "shop.store/web"


@pytest.fixture
def decisions(estate):
    """What a run would decide about these resources."""

    def decided(*resources, only=None, gate=lambda decision: "", **more):
        made = estate(*resources, **more)
        chosen = set(made.resources) if only is None else only
        with ThreadPoolExecutor(4) as pool:
            observe(made, set(made.resources), pool)
        return plan(made, order(made), chosen, gate)

    return decided


def store(**properties):
    return resource(WEB, properties)


def test_what_aws_lacks_is_created_and_its_values_are_told(decisions):
    made = decisions(resource(WEB, {"size": 3, "gone": None, "$initial": {"image": "web:1"}}))[WEB]
    assert (made.action, made.reason, made.id) == (Action.CREATE, "AWS has none", "")
    assert {each.path: each.after for each in made.diff} == {
        "storeName": "web",
        "size": 3,
        "image": "web:1",
    }


def test_what_is_as_wanted_is_left_alone(shop, decisions):
    shop.put(WEB, properties={"note": "x", "unmentioned": 1})
    made = decisions(store(note="x"))[WEB]
    assert (made.action, made.id, made.diff) == (Action.NO_OP, "web-0", ())
    assert made.owner == "muvi-converge (test)"


def test_a_difference_is_an_update_and_named(shop, decisions):
    shop.put(WEB, properties={"note": "x", "other": 1})
    made = decisions(store(note="y", other=1))[WEB]
    assert (made.action, made.reason) == (Action.UPDATE, "note differs from the YAML")
    assert made.diff == (FieldChange("note", "x", "y"),)


STACK = {"aws:cloudformation:stack-name": "network"}


def test_what_another_tool_owns_and_does_not_differ_is_left_alone(shop, decisions):
    shop.put(WEB, ours=False, properties={"note": "x"}, tags=STACK)
    made = decisions(store(note="x"))[WEB]
    assert (made.action, made.diff) == (Action.NO_OP, ())
    assert made.owner == "CloudFormation stack network"


def test_what_another_tool_owns_and_differs_is_told_and_gets_no_tags_of_ours(shop, decisions):
    shop.put(WEB, ours=False, properties={"note": "x"}, tags=STACK)
    made = decisions(store(note="y"))[WEB]
    assert (made.action, made.owner) == (Action.UPDATE, "CloudFormation stack network")
    assert made.diff == (FieldChange("note", "x", "y"),)


def test_by_its_name_it_is_taken_over(shop, estate):
    shop.put(WEB, ours=False, properties={"note": "x"}, tags=STACK)
    made = estate(store(note="x"))
    made.overruled = [WEB]
    made.look(WEB)
    told = plan(made, order(made), {WEB})[WEB]
    assert (told.action, told.reason) == (
        Action.ADOPT,
        "it exists and CloudFormation stack network owns it",
    )


def test_what_stands_in_terraforms_state_is_terraforms_even_beside_our_tags(
    shop, decisions, tmp_path
):
    shop.put(WEB, properties={"note": "x"})
    instance = {"attributes": {"arn": "arn:shop:web-0"}}
    resource_ = {"mode": "managed", "type": "shop_store", "name": "web", "instances": [instance]}
    state = tmp_path / "terraform.tfstate"
    state.write_text(json.dumps({"version": 4, "resources": [resource_]}))
    for note, action in (("x", Action.NO_OP), ("y", Action.UPDATE)):
        made = decisions(store(note=note), terraform=[str(state)])[WEB]
        assert made.action is action
        assert made.owner == f"muvi-converge (test) and Terraform ({state})"
        assert not [each for each in made.diff if each.path.startswith("tags.")]


def test_many_differences_are_named_in_part(shop, decisions):
    shop.put(WEB)
    made = decisions(store(a=1, b=2, c=3, d=4))[WEB]
    assert made.reason == "a, b, c and more differs from the YAML"


def test_a_tag_alone_is_an_update(shop, decisions):
    shop.put(WEB, tags={"team": "x", "theirs": "y", "old": "z"})
    made = decisions(resource(WEB, tags={"team": "shop", "old": None, "none": None}))[WEB]
    assert (made.action, made.reason) == (Action.UPDATE, "a tag differs from the YAML")
    assert made.diff == (
        FieldChange("tags.old", "z", None),
        FieldChange("tags.team", "x", "shop"),
    )


def test_what_nobody_owns_is_adopted(shop, decisions):
    shop.put(WEB, ours=False, properties={"note": "x"})
    made = decisions(store(note="x"))[WEB]
    assert (made.action, made.reason) == (Action.ADOPT, "it exists and nobody owns it")
    assert {each.path for each in made.diff} == {f"tags.{ENVIRONMENT}", f"tags.{ADDRESS}"}
    assert made.owner == ""


def test_what_has_moved_to_this_address_is_ours_already(shop, decisions):
    shop.put("shop.store/old")
    made = decisions(resource(WEB, {"storeName": "old"}, was="shop.store/old"))[WEB]
    assert made.action is Action.UPDATE
    assert made.diff == (FieldChange(f"tags.{ADDRESS}", "shop.store/old", WEB),)


@pytest.mark.parametrize(
    ("before", "after", "felt"),
    [
        ({"size": 1}, {"size": 2}, "size"),
        ({"engine": {"version": "1"}}, {"engine": {"version": "2"}}, "engine.version"),
        ({"engine": {"version": {"a": 1}}}, {"engine": {"version": {"a": 2}}}, "engine.version"),
    ],
)
def test_what_users_feel_is_told(shop, decisions, before, after, felt):
    shop.put(WEB, properties={**before, "note": "x"})
    made = decisions(store(**after, note="y"))[WEB]
    assert (made.action, made.reason) == (Action.DISRUPT, f"users feel it when {felt} changes")


def test_what_stands_beside_a_disruptive_property_is_not_felt(shop, decisions):
    shop.put(WEB, properties={"engine": {"name": "x", "versions": 1}})
    assert decisions(store(engine={"name": "y", "versions": 2}))[WEB].action is Action.UPDATE


def test_what_aws_cannot_change_is_replaced_whatever_else_differs(shop, decisions):
    shop.put(WEB, properties={"kind": "BAKERY", "size": 1})
    made = decisions(store(kind="GROCERY", size=2))[WEB]
    assert made.action is Action.REPLACE
    assert made.reason == "AWS cannot change kind of an object that exists"


def test_what_is_not_ours_is_never_replaced(shop, decisions):
    shop.put(WEB, ours=False, properties={"kind": "BAKERY"})
    made = decisions(store(kind="GROCERY"))[WEB]
    assert made.action is Action.UNKNOWN
    assert "not ours to replace" in made.reason


def test_what_aws_gave_up_on_is_replaced_with_its_words(shop, decisions):
    shop.put(WEB, status=Status.BROKEN, reason="no capacity")
    made = decisions(store())[WEB]
    assert (made.action, made.reason) == (Action.REPLACE, "AWS gave up on it: no capacity")


def test_a_tombstone_deletes_what_is_there_and_nothing_else(shop, decisions):
    shop.put(WEB)
    made = decisions(resource(WEB, absent=True), resource("shop.store/none", absent=True))
    assert made[WEB].action is Action.DELETE
    assert "$absent" in made[WEB].reason
    assert made["shop.store/none"].action is Action.NO_OP


@pytest.mark.parametrize(
    ("status", "reason", "told"),
    [
        (Status.PENDING, "deploying", "deploying"),
        (Status.PENDING, "", "AWS is still working on it"),
        (Status.WAITING, "the record is missing", "the record is missing"),
    ],
)
def test_what_is_not_finished_is_waited_for(shop, decisions, status, reason, told):
    shop.put(WEB, status=status, reason=reason, waits=(Wait("DNS team", "add a record"),))
    made = decisions(store())[WEB]
    assert (made.action, made.reason) == (Action.WAIT, told)
    assert made.waits == (Wait("DNS team", "add a record"),)


def test_what_is_not_finished_and_differs_is_changed(shop, decisions):
    shop.put(WEB, status=Status.PENDING, properties={"note": "x"})
    made = decisions(store(note="y"))[WEB]
    assert made.action is Action.UPDATE
    assert made.reason == (
        "note differs from the YAML; AWS is at work on it: it does not say at what"
    )


def test_what_could_not_be_read_is_unknown_and_so_is_what_stands_on_it(shop, decisions):
    shop.mood("list shop.net", refusal("AccessDenied", "no"))
    made = decisions(
        resource("shop.net/main"),
        resource(WEB, {"netId": "${shop.net/main.NetId}"}),
        resource("shop.vault/safe"),
    )
    assert made["shop.net/main"].action is made[WEB].action is Action.UNKNOWN
    assert "AccessDenied" in made["shop.net/main"].reason
    assert made[WEB].reason == "it stands on shop.net/main, which could not be read"
    assert made["shop.vault/safe"].action is Action.CREATE


def test_what_could_be_two_is_unknown_and_never_created(shop, decisions):
    for id in ("net-1", "net-2"):
        shop.put("shop.net/main", id, ours=False)
    made = decisions(resource("shop.net/main"))["shop.net/main"]
    assert made.action is Action.UNKNOWN
    assert "net-1, net-2" in made.reason
    assert Ambiguous.__name__ not in made.reason


def test_what_stands_on_something_missing_that_was_not_selected_is_unknown(shop, decisions):
    net, web = resource("shop.net/main"), resource(WEB, {"netId": "${shop.net/main.NetId}"})
    made = decisions(net, web, only={WEB})
    assert made.keys() == {WEB}
    assert made[WEB].reason == (
        "it stands on shop.net/main, which does not exist and was not selected"
    )
    shop.put("shop.net/main")
    assert decisions(net, web, only={WEB})[WEB].action is Action.CREATE


def test_what_refers_to_something_new_sees_a_value_that_is_not_known(decisions, shop):
    shop.put(WEB, properties={"netId": "net-old"})
    made = decisions(
        resource("shop.net/main"), resource(WEB, {"netId": "${shop.net/main.NetId}", "plain": 1})
    )
    assert list(made) == ["shop.net/main", WEB]
    assert made[WEB].action is Action.UPDATE
    (after,) = [each.after for each in made[WEB].diff if each.path == "netId"]
    assert isinstance(after, Unknown)
    assert after.of == "shop.net/main"


@pytest.mark.parametrize(
    ("before", "action"),
    [
        ({"note": "y"}, Action.NO_OP),
        ({"note": "x"}, Action.UPDATE),
        ({"note": "y", "size": 1}, Action.UPDATE),
    ],
)
def test_an_output_that_an_update_moves_makes_those_who_follow_it_differ(
    shop, decisions, before, action
):
    shop.put(WEB, properties={**before, "revision": "web:1"})
    shop.put("shop.page/user", properties={"uses": "web:1"})
    made = decisions(
        store(note="y", size=before.get("size") and 2),
        resource("shop.page/user", {"uses": f"${{{WEB}.revision}}"}),
    )
    assert made["shop.page/user"].action is action


def test_what_is_held_moves_nothing(shop, decisions):
    shop.put(WEB, properties={"note": "x", "revision": "web:1"})
    shop.put("shop.page/user", properties={"uses": "web:1"})
    made = decisions(
        store(note="y"),
        resource("shop.page/user", {"uses": f"${{{WEB}.revision}}"}),
        gate=lambda decision: "policy refuses it" if decision.address == WEB else "",
    )
    assert (made[WEB].action, made[WEB].gate) == (Action.UPDATE, "policy refuses it")
    assert (made["shop.page/user"].action, made["shop.page/user"].gate) == (Action.NO_OP, "")


def test_a_replacement_is_held_with_what_would_have_to_be_replaced_with_it(shop, decisions):
    shop.put("shop.net/main", properties={"Range": "10"})
    shop.put(WEB, properties={"kind": "old"})
    web = resource(WEB, {"kind": "${shop.net/main.NetId}"})
    net = resource("shop.net/main", {"Range": "11"})
    made = decisions(net, web, gate=lambda each: "it is protected" if each.address == WEB else "")
    assert made[WEB].action is made["shop.net/main"].action is Action.REPLACE
    assert made["shop.net/main"].gate == (
        f"{WEB} would have to be replaced with it, and is held: it is protected"
    )


def test_a_tag_moves_no_output(shop, decisions):
    shop.put(WEB, properties={"revision": "web:1"})
    shop.put("shop.page/user", properties={"uses": "web:1"})
    made = decisions(
        resource(WEB, tags={"team": "x"}),
        resource("shop.page/user", {"uses": f"${{{WEB}.revision}}"}),
    )
    assert made[WEB].action is Action.UPDATE
    assert made["shop.page/user"].action is Action.NO_OP


def test_outputs_that_an_update_leaves_stay_known_and_a_replacement_moves_all(shop, decisions):
    def user(**properties):
        shop.put(WEB, properties={"revision": "web:1", "kind": "BAKERY"})
        shop.put("shop.page/user", properties={"uses": "arn:shop:web-0"})
        user = resource("shop.page/user", {"uses": f"${{{WEB}.storeArn}}"})
        return decisions(store(**properties), user)["shop.page/user"].action

    assert user(note="y") is Action.NO_OP
    assert user(kind="GROCERY") is Action.UPDATE


def test_whose_fields_are_whose(shop, decisions, monkeypatch):
    inferred = {"count": Within("autoscaling", 1, 9)}
    monkeypatch.setattr(Store, "within", lambda self, desired, view: inferred)
    shop.put(WEB, properties={"count": 7, "parts": [{"n": 5}]})
    part = {"n": 1, "$within": {"n": {"from": 1, "to": 6, "by": "the shop"}}}
    made = decisions(store(count=2, parts=[part]))[WEB]
    assert made.action is Action.NO_OP
    assert made.owners == {"count": "autoscaling", "parts[0].n": "the shop"}


def test_protection_is_written_where_it_must_outlive_the_yaml(shop, decisions):
    shop.put("shop.vault/safe")
    shop.put("shop.vault/open")
    made = decisions(resource("shop.vault/safe"), resource("shop.vault/open", protect=False))
    assert made["shop.vault/safe"].diff == (FieldChange(f"tags.{PROTECT}", None, "true"),)
    assert made["shop.vault/open"].action is Action.NO_OP


def test_an_input_nobody_gave_changes_nothing_that_exists(shop, decisions):
    shop.put(WEB, properties={"image": "web:7"})
    asks = {"image": "${input.image}"}
    made = decisions(resource(WEB, asks), resource("shop.store/new", asks))
    assert made[WEB].action is Action.NO_OP
    assert repr(made["shop.store/new"].diff[-1].after) == "‹input image›"


def test_a_plan_follows_the_graph(decisions):
    made = decisions(
        resource("shop.clerk/ann", {"store": f"${{{WEB}.storeArn}}"}),
        resource(WEB, {"netId": "${shop.net/main.NetId}"}),
        resource("shop.net/main"),
    )
    assert list(made) == ["shop.net/main", WEB, "shop.clerk/ann"]


def test_what_stands_on_something_that_waits_for_people_is_planned_behind_it(shop, decisions):
    shop.put(WEB, status=Status.WAITING, waits=(Wait("DNS team", "add a record"),))
    made = decisions(store(), resource("shop.clerk/ann", {"store": "${shop.store/web.storeArn}"}))
    assert made["shop.clerk/ann"].action is Action.CREATE
    assert made["shop.clerk/ann"].behind == WEB
    assert made[WEB].behind == ""


def test_what_must_not_begin_yet_is_created_at_rest(shop, decisions):
    made = decisions(store(open=True))[WEB]
    assert {each.path: each.after for each in made.diff}["open"] is False


def test_what_rests_is_left_alone_and_says_whom_it_waits_for(shop, decisions):
    shop.put(WEB, properties={"open": False})
    made = decisions(
        store(open=True), resource("shop.page/home", {"store": "${shop.store/web.storeArn}"})
    )
    assert (made[WEB].action, made[WEB].waits) == (Action.WAIT, (CARRIER,))
    assert made["shop.page/home"].behind == ""


def test_what_rested_begins_once_people_have_done_their_part(shop, decisions):
    shop.put(WEB, properties={"open": False})
    shop.put("shop.page/home", properties={"goods": "bread"})
    made = decisions(store(open=True))[WEB]
    assert [(each.path, each.before, each.after) for each in made.diff] == [("open", False, True)]


def test_what_only_one_resource_needs_to_know_leaves_the_others_planned(shop, decisions):
    shop.mood("list shop.page", refusal("AccessDenied", "no pages for you"))
    made = decisions(store(open=True), resource("shop.net/main"))
    assert (made[WEB].action, made["shop.net/main"].action) == (Action.UNKNOWN, Action.CREATE)
    assert "no pages for you" in made[WEB].reason


def test_what_aws_has_yet_to_show_of_a_new_object_is_no_reason_to_replace_it(shop, decisions):
    shop.put(WEB, status=Status.PENDING)
    assert decisions(store(kind="new"))[WEB].action is Action.UPDATE
    shop.put(WEB, status=Status.PENDING, properties={"kind": "old"})
    assert decisions(store(kind="new"))[WEB].action is Action.REPLACE
