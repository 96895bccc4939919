"""Which object is a resource: by id, by tag, by an earlier address, by key, and never a guess."""

import pytest

from reconciler.aws.ownership import ADDRESS, ENVIRONMENT, RETIRED, marks
from reconciler.errors import Ambiguous, Foreign
from reconciler.model import UNKNOWN, Asked, Desired, Found
from reconciler.plan.find import index, keys, ours
from tests.shop import HANDLERS

WEB = "shop.store/web"


@pytest.fixture
def listing(shop):
    """The index of a listing; the sweep shows the tags of `swept`, by ARN."""

    def build(kind, *found, swept=None):
        handler = HANDLERS[kind](shop, "eu-central-1")
        return index(kind, handler, iter(found), "test", lambda: swept or {})

    return build


def store(id, name="web", address="", environment="test", **more):
    tags = marks(environment, address) if address else {}
    return Found(id, {"storeName": name}, tags, **more)


def locate(made, address=WEB, was="", known=None, **properties):
    named = properties or {"storeName": address.split("/")[1]}
    return made.locate(Desired(named, marks("test", address)), was, known)


def test_by_the_id_that_this_run_got_and_by_nothing_else(listing):
    made = listing("shop.store", store("s-1"), store("s-2", address=WEB))
    assert locate(made, known="s-1").id == "s-1"
    assert locate(made, known="s-9") is None


def test_by_our_tag_whatever_it_is_called(listing):
    made = listing("shop.store", store("s-1", "web"), store("s-2", "renamed", WEB))
    assert locate(made).id == "s-2"


def test_a_tag_that_aws_copied_to_another_type_does_not_count(listing):
    made = listing("shop.page", Found("p-1", {"title": "web"}, marks("test", WEB)))
    assert locate(made, "shop.page/web", aliases=["a"]) is None
    assert not made.tagged


@pytest.mark.parametrize(
    ("tags", "mine"),
    [
        (marks("test", WEB), True),
        (marks("test", RETIRED + WEB), True),
        (marks("prod", WEB), False),
        (marks("test", "shop.storehouse/web"), False),
        ({ADDRESS: WEB}, False),
        ({ENVIRONMENT: "test"}, False),
        ({}, False),
    ],
)
def test_what_counts_as_ours(tags, mine):
    assert ours("shop.store", "test", tags) is mine


def test_by_an_earlier_address_only_where_none_carries_the_new_one(listing):
    old, new = store("s-1", "x", "shop.store/old"), store("s-2", "y", WEB)
    assert locate(listing("shop.store", old), was="shop.store/old").id == "s-1"
    assert locate(listing("shop.store", old, new), was="shop.store/old").id == "s-2"


def test_names_that_a_tag_cannot_hold_are_found_all_the_same(listing):
    made = listing("shop.store", store("s-1", "x", "shop.store/*.a"))
    assert locate(made, "shop.store/*.a").id == "s-1"
    assert locate(made, "shop.store/b", was="shop.store/*.a").id == "s-1"


def test_by_key_where_nothing_is_tagged(listing):
    made = listing("shop.store", store("s-1", "web"), store("s-2", "other"))
    assert locate(made).id == "s-1"
    assert locate(made, "shop.store/none") is None


def test_a_key_may_be_a_tag(listing):
    made = listing("shop.net", Found("n-1", {}, {"Name": "main"}), Found("n-2", {}, {}))
    desired = Desired({}, {"Name": "main", **marks("test", "shop.net/main")})
    assert made.locate(desired, "", None).id == "n-1"


@pytest.fixture
def nets(shop, listing, monkeypatch):
    """Networks that are known by their name, or else by their range."""
    monkeypatch.setattr(HANDLERS["shop.net"], "other_keys", (("Range",),))
    return lambda *found: listing("shop.net", *found)


def net(id, range_, name=""):
    return Found(id, {"Range": range_}, {"Name": name} if name else {})


def wanted(**properties):
    return Desired(properties, marks("test", "shop.net/main"))


def test_what_is_said_without_its_name_is_found_by_what_it_does_say(nets):
    made = nets(net("n-1", "10.0.0.0/16", "theirs"), net("n-2", "10.1.0.0/16"))
    assert made.locate(wanted(Range="10.0.0.0/16"), "", None).id == "n-1"
    assert made.locate(wanted(Range="10.9.0.0/16"), "", None) is None
    assert made.locate(wanted(), "", None) is None


def test_who_says_the_name_is_not_found_by_less(nets):
    made = nets(net("n-1", "10.0.0.0/16", "theirs"))
    named = {"Name": "main", **marks("test", "shop.net/main")}
    assert made.locate(Desired({"Range": "10.0.0.0/16"}, named), "", None) is None


def test_two_that_answer_to_the_lesser_key_are_an_error_with_both_ids(nets):
    made = nets(net("n-2", "10.0.0.0/16", "theirs"), net("n-1", "10.0.0.0/16"))
    with pytest.raises(Ambiguous, match="could be any of n-1, n-2"):
        made.locate(wanted(Range="10.0.0.0/16"), "", None)


def test_a_lesser_key_that_is_not_known_names_nothing(nets):
    made = nets(net("n-1", "10.0.0.0/16"))
    assert made.locate(wanted(Range=UNKNOWN), "", None) is None


def test_one_key_is_never_taken_for_another(nets):
    made = nets(net("n-1", "main"))
    assert made.locate(Desired({}, {"Name": "main"}), "", None) is None


def test_a_key_of_two_needs_both(listing):
    made = listing(
        "shop.clerk",
        Found("c-1", {"clerkName": "ann", "store": "s-1"}),
        Found("c-2", {"clerkName": "ann", "store": "s-2"}),
    )
    assert made.locate(Desired({"clerkName": "ann", "store": "s-2"}), "", None).id == "c-2"
    assert made.locate(Desired({"clerkName": "ann"}), "", None) is None


def test_one_shared_member_of_a_list_is_enough(listing):
    made = listing(
        "shop.page", Found("p-1", {"aliases": ["a", "b"]}), Found("p-2", {"aliases": ["c"]})
    )
    assert locate(made, "shop.page/x", aliases=["z", "b", "a"]).id == "p-1"
    assert locate(made, "shop.page/x", aliases=["z"]) is None


@pytest.mark.parametrize(
    "found",
    [[store("s-2"), store("s-1")], [store("s-2", address=WEB), store("s-1", "z", WEB)]],
    ids=["by key", "by tag"],
)
def test_two_candidates_are_an_error_with_both_ids(listing, found):
    with pytest.raises(Ambiguous, match=rf"{WEB} could be any of s-1, s-2.*{ADDRESS}={WEB}"):
        locate(listing("shop.store", *found))


def test_members_of_two_objects_are_two_candidates(listing):
    made = listing("shop.page", Found("p-1", {"aliases": ["a"]}), Found("p-2", {"aliases": ["b"]}))
    with pytest.raises(Ambiguous, match="p-1, p-2"):
        locate(made, "shop.page/x", aliases=["a", "b"])


def test_what_is_retired_is_found_neither_by_its_key_nor_by_its_address(listing):
    made = listing("shop.store", store("s-1", "web", RETIRED + WEB))
    assert locate(made) is None
    assert made.ids.keys() == {"s-1"}


@pytest.mark.parametrize("address", [WEB, ""])
def test_what_this_run_retired_is_not_found_again_though_tags_lag_behind(listing, address):
    old, new = store("s-1", address=address), store("s-2", address=address)
    desired = Desired({"storeName": "web"}, marks("test", WEB))
    assert listing("shop.store", old).locate(desired, "", None, "s-1") is None
    assert listing("shop.store", old, new).locate(desired, "", None, "s-1").id == "s-2"


@pytest.mark.parametrize("value", [UNKNOWN, None, [UNKNOWN]])
def test_a_key_that_is_not_known_names_nothing(listing, value):
    made = listing("shop.clerk", Found("c-1", {"clerkName": "ann", "store": None}))
    desired = Desired({"clerkName": "ann", "store": value})
    assert list(keys(made.handler, desired)) == []
    assert made.locate(desired, "", None) is None


def test_what_aws_manages_is_refused_by_key_and_taken_by_our_tag(listing):
    theirs = store("s-1", managed_by="backup.amazonaws.com")
    with pytest.raises(Foreign, match=r"s-1.*backup\.amazonaws\.com manages it"):
        locate(listing("shop.store", theirs))
    ours = store("s-1", "x", WEB, managed_by="backup.amazonaws.com")
    assert locate(listing("shop.store", ours)).id == "s-1"


def test_tags_that_the_listing_does_not_show_come_from_the_sweep(listing):
    hidden = Found("s-1", {"storeName": "x"}, None, arn="arn:1")
    assert locate(listing("shop.store", hidden, swept={"arn:1": marks("test", WEB)})).id == "s-1"
    assert locate(listing("shop.store", hidden)) is None


def test_the_sweep_is_not_asked_where_the_listing_shows_tags(shop):
    def sweep():
        raise AssertionError("asked for nothing")

    handler = HANDLERS["shop.store"](shop, "eu-central-1")
    assert index("shop.store", handler, iter([store("s-1")]), "test", sweep).ids


def test_a_run_without_inputs_knows_an_object_by_all_else_of_its_key(listing):
    mine = Found("c-1", {"clerkName": "ann@x", "store": "web"})
    other = Found("c-2", {"clerkName": "bob@x", "store": "else"})
    desired = Desired({"clerkName": Asked("address"), "store": "web"})
    assert listing("shop.clerk", mine, other).locate(desired, "", None).id == "c-1"
    assert listing("shop.clerk", other).locate(desired, "", None) is None


def test_only_the_input_tells_two_apart_that_differ_in_nothing_else(listing):
    two = [Found(f"c-{name}", {"clerkName": name, "store": "web"}) for name in ("ann", "bob")]
    desired = Desired({"clerkName": Asked("address"), "store": "web"})
    with pytest.raises(Ambiguous, match=r"c-ann, c-bob.*only the input address says which"):
        listing("shop.clerk", *two).locate(desired, "", None)
