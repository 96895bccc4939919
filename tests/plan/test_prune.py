"""What is ours and nothing declares any more, and nothing of anybody else's."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from reconciler.aws.ownership import RETIRED, marks
from reconciler.plan.observe import kinds, observe
from reconciler.plan.planner import plan
from reconciler.plan.prune import declared, in_use, owned, prunable, retired, users
from reconciler.run import order
from tests.shop import HANDLERS, refusal, resource

WEB = resource("shop.store/web")


@pytest.fixture
def seen(estate):
    """An estate that has looked at all that is declared."""

    def looked(*resources, **more):
        made = estate(*resources, **more)
        with ThreadPoolExecutor(4) as pool:
            observe(made, set(made.resources), pool)
        return made

    return looked


def pruned(made):
    with ThreadPoolExecutor(4) as pool:
        return {each.address: each for each in prunable(made, kinds(made, HANDLERS), pool)}


def test_what_is_ours_and_declared_no_more_goes(shop, seen):
    shop.put("shop.store/web")
    shop.put("shop.store/old")
    found = pruned(seen(WEB))
    assert found.keys() == {"shop.store/old"}
    assert found["shop.store/old"].decision.reason == "nothing declares it any more"


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"Name": "old"},
        marks("prod", "shop.store/old"),
        marks("test", "shop.page/old"),  # AWS copies tags to what it makes of an object
        {"aws:cloudformation:stack-name": "theirs"},
    ],
)
def test_what_is_not_ours_stays(shop, seen, tags):
    shop.put("shop.store/old", ours=False, tags=tags)
    assert not pruned(seen(WEB))


def test_what_has_no_tags_goes_with_its_parent_and_stays_with_a_strangers(shop, seen):
    shop.put("shop.store/web", properties={"store": "web"})
    shop.put("shop.clerk/ann", properties={"store": "web"})
    shop.put("shop.clerk/bob", properties={"store": "another"})
    shop.put("shop.clerk/cid")
    assert pruned(seen(WEB)).keys() == {"shop.clerk/ann-0"}


def test_what_others_hang_on_ours_stays_where_lists_are_at_least(shop, seen):
    shop.put("shop.store/web", properties={"store": "web"})
    shop.put("shop.clerk/ann", properties={"store": "web"})
    assert not pruned(seen(WEB, exact=False))


def test_a_list_that_others_fill_is_never_pruned(shop, seen):
    shop.put("shop.store/web", properties={"bookName": "main"})
    shop.put("shop.book/main")
    assert not pruned(seen(WEB))


def test_what_was_retired_by_a_run_that_died_goes(shop, seen):
    shop.put("shop.store/web")
    shop.put("shop.store/older", tags=marks("test", f"{RETIRED}shop.store/web"))
    assert pruned(seen(WEB)).keys() == {"shop.store/older-0"}


def test_two_of_one_address_are_told_apart_by_their_ids(shop, seen):
    for id in ("net-1", "net-2"):
        shop.put("shop.net/main", id)
    assert pruned(seen(WEB)).keys() == {"shop.net/net-1", "shop.net/net-2"}


def test_what_cannot_be_listed_is_not_pruned_and_all_else_is(shop, seen):
    shop.put("shop.net/older")
    shop.put("shop.store/old")
    made = seen()
    shop.mood("list shop.net", refusal("AccessDenied"))
    assert pruned(made).keys() == {"shop.store/old"}


def test_what_may_be_the_object_of_a_resource_that_could_not_be_read_stays(shop, seen):
    shop.put("shop.store/old")
    shop.put("shop.net/older")
    for id in ("net-1", "net-2"):
        shop.put("shop.net/main", id)
    made = seen(resource("shop.net/main"))
    assert "could be any of net-1, net-2" in str(made.failed["shop.net/main"])
    assert pruned(made).keys() == {"shop.store/old"}


def test_what_cannot_be_read_whole_is_told_and_all_else_is_pruned(shop, seen, monkeypatch):
    shop.put("shop.net/older")
    shop.put("shop.store/old")
    monkeypatch.setattr(HANDLERS["shop.net"], "get", raising(refusal("AccessDenied")))
    made = seen()
    assert pruned(made).keys() == {"shop.store/old"}
    assert "AccessDenied" in str(made.failed["shop.net/older"])


def raising(error):
    def get(*_):
        raise error

    return get


def test_destroy_takes_what_is_declared_and_ours_only(shop, seen):
    shop.put("shop.store/web")
    shop.put("shop.page/theirs", ours=False, properties={"aliases": ["a"]})
    made = seen(WEB, resource("shop.page/theirs", {"aliases": ["a"]}))
    assert [each.address for each in owned(made)] == ["shop.store/web"]


def test_destroying_a_part_leaves_what_that_part_stands_on(shop, seen):
    shop.put("shop.net/main")
    shop.put("shop.store/web")
    made = seen(WEB, resource("shop.net/main"))
    assert [each.address for each in owned(made, {"shop.store/web"})] == ["shop.store/web"]


def decided(made):
    return plan(made, order(made), set(made.resources)).values()


def test_what_two_may_stand_side_by_side_is_retired_and_goes_last(shop, seen):
    shop.put("shop.net/main", properties={"Range": "10"})
    made = seen(resource("shop.net/main", {"Range": "11"}))
    (one,) = retired(made, decided(made))
    assert (one.address, one.heir) == ("shop.net/main (replaced)", "shop.net/main")
    assert not in_use(made, decided(made))


def test_what_must_go_before_its_replacement_names_its_users(shop, seen):
    shop.put("shop.store/web", "store-web", properties={"kind": "BAKERY"})
    shop.put("shop.page/home", properties={"of": "store-web"})
    made = seen(resource("shop.store/web", {"kind": "GROCERY"}), resource("shop.page/home"))
    assert in_use(made, decided(made)) == {"shop.store/web": ["shop.page/home"]}
    assert not retired(made, decided(made))


def test_who_lists_those_that_need_it_does_not_use_them(shop, estate):
    shop.put("shop.store/web-0001", id="web-0001", properties={"members": ["clerk-0001"]})
    shop.put("shop.clerk/ann", id="clerk-0001", properties={"store": "web-0001"})
    clerk = resource("shop.clerk/ann", {"store": "${shop.store/web-0001.storeName}"})
    made = estate(resource("shop.store/web-0001"), clerk)
    for address in made.resources:
        made.look(address)
    going, _ = users(declared(made, made.resources), made)
    assert going["shop.store/web-0001"] == {"shop.clerk/ann": False}
    assert going.get("shop.clerk/ann", {}) == {}
