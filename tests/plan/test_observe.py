"""Everything declared is read, in parallel; what cannot be read is known, and why."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from reconciler.errors import Ambiguous, Foreign, Unread
from reconciler.model import Status
from reconciler.plan.observe import kinds, observe, warm
from tests.shop import REGION, Net, refusal, resource

NET = resource("shop.net/main", {"Range": "10"})
WEB = resource("shop.store/web", {"netId": "${shop.net/main.NetId}"})
ANN = resource("shop.clerk/ann", {"store": "${shop.store/web.storeArn}"})


@pytest.fixture
def look(estate):
    def looked(*resources, at=None, **more):
        made = estate(*resources, **more)
        with ThreadPoolExecutor(4) as pool:
            observe(made, set(made.resources) if at is None else at, pool)
        return made

    return looked


def test_what_is_there_is_seen_and_what_is_not_is_none(shop, look):
    shop.put("shop.net/main", properties={"Range": "10"})
    seen = look(NET, WEB).seen
    assert seen["shop.net/main"].id == "main-0"
    assert seen["shop.store/web"] is None


def test_each_type_is_listed_once_however_many_there_are(shop, look):
    look(*(resource(f"shop.store/s{number}") for number in range(20)), NET)
    assert shop.listed == {"shop.store": 1, "shop.net": 1}


def test_only_what_is_asked_for_is_read(shop, look):
    assert look(NET, WEB, at={"shop.net/main"}).seen.keys() == {"shop.net/main"}
    assert shop.listed == {"shop.net": 1}


def test_a_key_waits_for_what_it_is_made_of(shop, look):
    shop.put("shop.store/web")
    shop.put("shop.clerk/ann", properties={"store": "arn:shop:web-0"})
    assert look(ANN, WEB, NET).seen["shop.clerk/ann"].id == "ann-0"


def test_under_a_parent_that_is_not_there_nothing_is(shop, look):
    shop.put("shop.clerk/ann", properties={"store": "arn:shop:another"})
    assert look(ANN, WEB, NET).seen["shop.clerk/ann"] is None


def test_keys_that_wait_for_each_other_do_not_wait_for_ever(look):
    one = resource("shop.clerk/a", {"store": "${shop.clerk/b.clerkName}"})
    two = resource("shop.clerk/b", {"store": "${shop.clerk/a.clerkName}"})
    assert look(one, two).seen == {"shop.clerk/a": None, "shop.clerk/b": None}


def test_what_cannot_be_listed_is_known_and_all_else_is_read(shop, look):
    shop.put("shop.net/main")
    shop.mood("list shop.store", refusal("AccessDenied"))
    made = look(NET, WEB)
    assert made.seen["shop.net/main"]
    assert "AccessDenied" in str(made.failed["shop.store/web"])
    assert "shop.store/web" not in made.seen


def test_below_what_could_not_be_read_nothing_is_looked_for(shop, look):
    shop.mood("list shop.store", refusal("AccessDenied"))
    failure = look(ANN, WEB, NET).failed["shop.clerk/ann"]
    assert isinstance(failure, Unread)
    assert "since shop.store/web could not be read" in str(failure)


def test_what_carries_our_tag_needs_no_parent(shop, look, monkeypatch):
    monkeypatch.setattr(Net, "key", ("store",))
    shop.put("shop.net/main")
    shop.mood("list shop.store", refusal("AccessDenied"))
    net = resource("shop.net/main", {"store": "${shop.store/web.storeArn}"})
    assert look(net, resource("shop.store/web")).seen["shop.net/main"].id == "main-0"


def test_two_candidates_are_a_failure_of_that_one_only(shop, look):
    shop.put("shop.net/main", "net-1", ours=False)
    shop.put("shop.net/main", "net-2", ours=False)
    made = look(NET, resource("shop.store/other"))
    assert isinstance(made.failed["shop.net/main"], Ambiguous)
    assert made.seen == {"shop.store/other": None}


def test_what_belongs_to_another_environment_is_not_ours_to_read(shop, look):
    shop.put("shop.store/web", tags={"muvi-converge:environment": "prod"})
    failure = look(WEB, NET).failed["shop.store/web"]
    assert isinstance(failure, Foreign)
    assert "environment prod" in str(failure)


def test_the_object_of_another_resource_of_ours_is_not_this_one(shop, look):
    shop.put("shop.store/other", properties={"storeName": "web"})
    failure = look(WEB, NET, resource("shop.store/other")).failed["shop.store/web"]
    assert isinstance(failure, Foreign)
    assert "is shop.store/other" in str(failure)


def test_what_aws_still_describes_but_is_gone_is_not_there(shop, look):
    shop.put("shop.store/web", status=Status.GONE)
    assert look(WEB, NET).seen["shop.store/web"] is None


def test_listings_are_asked_for_in_every_region_and_global_ones_once(estate, monkeypatch):
    made = estate(regions={"main": REGION, "edge": "us-east-1", "same": REGION})
    monkeypatch.setattr(Net, "region", "us-east-1")
    assert kinds(made, ["shop.net", "shop.store"]) == {
        ("shop.net", "us-east-1"),
        ("shop.store", REGION),
        ("shop.store", "us-east-1"),
    }


def test_every_listing_is_tried_and_the_failures_are_told(shop, estate):
    shop.mood("list shop.net", refusal("AccessDenied"))
    with ThreadPoolExecutor(4) as pool:
        unread = warm(estate(), {("shop.net", REGION), ("shop.store", REGION)}, pool)
    assert unread.keys() == {("shop.net", REGION)}
    assert shop.listed == {"shop.net": 1, "shop.store": 1}
