"""Who uses what, told from ids and ARNs in what AWS answers."""

import pytest

from reconciler.model import Observed
from reconciler.plan.uses import identifiers, users, uses
from tests.shop import Book, Clerk, Net, Store

ARN = "arn:aws:shop:eu-central-1:123456789012:store/main/web-1"
WEB = {"shop.store/web"}
NAMES = {"store-0001": WEB, ARN: WEB, "store/main/web-1": WEB}


def store(id="store-0001", **properties):
    return Store, Observed(id, properties)


@pytest.mark.parametrize(
    "value",
    [
        "store-0001",
        ["x", "store-0001"],
        {"deep": [{"inner": "store-0001"}]},
        "arn:aws:other:::thing/store-0001",
        "store-0001/*",
        "store-0001.shop.amazonaws.com",
        "prefix:store-0001",
        ARN,
        "store/main/web-1",
    ],
)
def test_these_name_it(value):
    assert uses({"any": value}, Store, NAMES) == {"shop.store/web": False}


@pytest.mark.parametrize("value", ["store-00012", "my store-0001 is", "", 5, None, "main", ["x"]])
def test_these_do_not(value):
    assert uses({"any": value}, Store, NAMES) == {}


def test_an_arn_with_a_star_behind_it_names_its_object():
    arn = "arn:aws:s3:::media-bucket"
    assert uses({"any": f"{arn}/*"}, Store, {arn: WEB}) == {"shop.store/web": False}


def test_an_object_is_called_by_its_id_its_arn_and_the_arns_tail():
    found = {"shop.store/web": store(storeArn=ARN, size=1)}
    assert identifiers(found) == NAMES


def test_outputs_too_short_to_mean_anything_are_no_names():
    assert identifiers({"shop.store/web": store(storeArn="1")}) == {"store-0001": WEB}


def test_an_id_may_mean_objects_of_several_types():
    found = {"shop.store/a": store("main-001"), "shop.net/a": (Net, Observed("main-001", {}))}
    assert identifiers(found) == {"main-001": {"shop.store/a", "shop.net/a"}}


def test_what_several_show_or_another_is_called_is_no_name_of_theirs():
    found = {
        "shop.store/a": store("store-a", storeArn=ARN),
        "shop.store/b": store("store-b", storeArn=ARN),
        "shop.store/c": store("store-c", storeArn="store-a"),
    }
    assert {name: {*each} for name, each in identifiers(found).items()} == {
        f"store-{each}": {f"shop.store/{each}"} for each in "abc"
    }


def test_what_only_deferred_properties_name_can_be_let_go_of_first():
    assert uses({"rules": [{"of": "store-0001"}]}, Store, NAMES) == {"shop.store/web": True}
    both = {"rules": [{"of": "store-0001"}], "other": "store-0001"}
    assert uses(both, Store, NAMES) == {"shop.store/web": False}
    assert uses(dict(reversed(both.items())), Store, NAMES) == {"shop.store/web": False}


def test_those_that_go_and_those_that_stay_are_told_apart_and_nobody_uses_himself():
    going = {
        "shop.net/a": (Net, Observed("net-00001", {"NetId": "net-00001"})),
        "shop.store/web": store(netId="net-00001", self="store-0001"),
    }
    staying = {"shop.clerk/ann": (Clerk, Observed("clerk-001", {"store": "store-0001"}))}
    assert users(going, staying, {}) == (
        {"shop.net/a": {"shop.store/web": False}},
        {"shop.store/web": {"shop.clerk/ann": False}},
    )


def test_a_part_of_an_object_uses_it_though_both_have_one_id():
    part = Book, Observed("store-0001", {"bookName": "store-0001"})
    going, _ = users({"shop.store/web": store(), "shop.book/log": part}, {}, {})
    assert going == {"shop.store/web": {"shop.book/log": False}}
