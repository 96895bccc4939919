"""What nobody has told us the name of: AWS has it, unless there is nothing that it could be."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from reconciler.model import Action
from reconciler.plan.observe import observe
from reconciler.plan.planner import plan
from reconciler.plan.unnamed import candidates
from reconciler.run import order
from tests.shop import resource


@pytest.fixture
def decisions(estate):
    def decided(*resources, only=None):
        made = estate(*resources)
        with ThreadPoolExecutor(4) as pool:
            observe(made, set(made.resources), pool)
        made.maybe = candidates(made)
        return plan(made, order(made), only or set(made.resources))

    return decided


def unnamed(address, **properties):
    return replace(resource(address, properties), unnamed=True)


def test_an_object_that_it_could_be_is_left_for_discovery_to_name(shop, decisions):
    shop.put("shop.store/theirs", ours=False)
    made = decisions(unnamed("shop.store/web"))["shop.store/web"]
    assert made.action is Action.NO_OP
    assert made.reason == "AWS has theirs-0: discovery must say which of them it is"


def test_where_there_is_none_that_it_could_be_it_is_missing(decisions):
    assert decisions(unnamed("shop.store/web"))["shop.store/web"].action is Action.CREATE


def test_of_two_that_share_one_object_one_is_missing(shop, decisions):
    shop.put("shop.store/theirs", properties={"kind": "big"}, ours=False)
    made = decisions(unnamed("shop.store/a", kind="big"), unnamed("shop.store/b", kind="big"))
    assert sorted(each.action for each in made.values()) == [Action.CREATE, Action.NO_OP]


def test_two_of_which_nothing_is_stated_may_be_one(shop, decisions):
    shop.put("shop.store/theirs", ours=False)
    made = decisions(unnamed("shop.store/a"), unnamed("shop.store/b"))
    assert [each.action for each in made.values()] == [Action.NO_OP, Action.NO_OP]


def test_one_that_fits_two_leaves_the_other_the_one_that_only_it_fits(shop, decisions):
    shop.put("shop.store/x", properties={"kind": "big"}, ours=False)
    shop.put("shop.store/y", properties={"kind": "small"}, ours=False)
    made = decisions(unnamed("shop.store/a"), unnamed("shop.store/b", kind="big"))
    assert {each.action for each in made.values()} == {Action.NO_OP}


@pytest.mark.parametrize(
    "theirs",
    [{"properties": {"kind": "small"}}, {"managed_by": "AWS"}],
    ids=["differs in what AWS cannot change", "is another's"],
)
def test_what_it_cannot_be_does_not_stand_in_for_it(shop, decisions, theirs):
    shop.put("shop.store/theirs", ours=False, **theirs)
    made = decisions(unnamed("shop.store/web", kind="big"))["shop.store/web"]
    assert made.action is Action.CREATE


def test_the_object_of_another_resource_does_not_stand_in_for_it(shop, decisions):
    shop.put("shop.store/named", ours=False)
    made = decisions(resource("shop.store/named"), unnamed("shop.store/web"))
    assert made["shop.store/web"].action is Action.CREATE


def test_under_a_parent_that_is_not_there_it_cannot_be(shop, decisions):
    shop.put("shop.store/theirs", properties={"kind": "arn:shop:other"}, ours=False)
    parent = resource("shop.net/main")
    made = decisions(parent, unnamed("shop.store/web", kind="${shop.net/main.NetId}"))
    assert made["shop.store/web"].action is Action.CREATE


def test_what_is_missing_is_not_made_on_what_nobody_can_name(shop, decisions):
    shop.put("shop.store/theirs", ours=False)
    page = resource("shop.page/front", {"shop": "${shop.store/web.storeArn}", "aliases": ["a"]})
    made = decisions(unnamed("shop.store/web"), page)["shop.page/front"]
    assert made.action is Action.UNKNOWN
    assert made.reason == "it stands on shop.store/web, and nobody knows yet which object that is"


def test_what_stands_on_it_can_be_chosen_alone(shop, decisions):
    shop.put("shop.store/theirs", ours=False)
    shop.put("shop.page/front", properties={"aliases": ["a"]}, ours=False)
    born = {"$initial": {"shop": "${shop.store/web.storeArn}"}}
    page = resource("shop.page/front", {"aliases": ["a"], **born})
    made = decisions(unnamed("shop.store/web"), page, only={"shop.page/front"})
    assert made["shop.page/front"].action is Action.ADOPT


def test_once_it_carries_our_tag_it_is_known(shop, decisions):
    shop.put("shop.store/web", properties={"note": "x"})
    made = decisions(unnamed("shop.store/web", note="y"))["shop.store/web"]
    assert made.action is Action.UPDATE
