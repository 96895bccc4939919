"""What waits for what, and rings that no order can serve."""

from dataclasses import replace

import networkx as nx
import pytest

from reconciler.errors import Cycle
from reconciler.load.references import Reference
from reconciler.model import Source
from reconciler.plan.graph import Node, build, unblocked
from tests.shop import HANDLERS

NET, STORE, OTHER = "shop.net/a", "shop.store/web", "shop.store/other"
CLERK, PAGE = "shop.clerk/ann", "shop.page/home"


def refer(place, address, line=7):
    return Reference(place, place, address, "x", Source("shop.yaml", line))


def graph(references, **depends_on):
    everybody = {each.address: [] for theirs in references.values() for each in theirs}
    facts = lambda address: HANDLERS[address.split("/")[0]]  # noqa: E731
    return build({**everybody, **references}, facts, depends_on.get("depends_on", {}))


def edges(made):
    return {
        (f"{one.address} {one.part}", f"{two.address} {two.part}")
        for one, two in made.edges
        if one.address != two.address
    }


def test_a_resource_exists_before_it_is_done():
    assert list(graph({NET: []}).edges) == [(Node(NET, "exists"), Node(NET, "done"))]


def test_a_reference_waits_for_the_other_to_be_done():
    assert edges(graph({STORE: [refer("netId", NET)]})) == {(f"{NET} done", f"{STORE} exists")}


def test_a_deferred_reference_needs_only_that_both_exist():
    assert edges(graph({STORE: [refer("rules", OTHER)]})) == {(f"{OTHER} exists", f"{STORE} done")}


def test_a_loose_reference_needs_only_that_the_other_exists():
    assert edges(graph({STORE: [refer("near", OTHER)]})) == {(f"{OTHER} exists", f"{STORE} exists")}


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        (
            {"open": False},
            {(f"{STORE} exists", f"{PAGE} exists"), (f"{PAGE} done", f"{STORE} done")},
        ),
        ({"open": True}, {(f"{STORE} done", f"{PAGE} exists")}),
        ({}, {(f"{STORE} done", f"{PAGE} exists")}),
    ],
)
def test_what_shall_rest_is_done_after_those_that_could_not_follow(monkeypatch, wanted, first):
    monkeypatch.setattr(HANDLERS["shop.store"], "rests_after", {"shop.page": ("open", False)})
    references = {STORE: [], PAGE: [refer("store", STORE)]}
    facts = lambda address: HANDLERS[address.split("/")[0]]  # noqa: E731
    made = build(references, facts, {}, {STORE: wanted, PAGE: {}}.__getitem__)
    assert edges(made) == first


def test_a_reference_to_oneself_is_no_reason_to_wait():
    assert edges(graph({STORE: [refer("netId", STORE), refer("rules", STORE)]})) == set()


@pytest.mark.parametrize(
    ("place", "named"), [("size", "storeArn"), ("near", "storeArn"), ("size", "size")]
)
def test_nothing_knows_of_itself_what_is_not_known_before(place, named):
    reference = replace(refer(place, STORE), expression=named)
    with pytest.raises(Cycle, match=f"{STORE} waits for {STORE} because of {place}"):
        graph({STORE: [reference]})
    assert not edges(graph({STORE: [replace(reference, place="rules")]}))


def test_types_of_after_come_first_where_they_share_a_reference():
    made = graph({CLERK: [refer("store", STORE)], PAGE: [refer("store", STORE)]})
    assert (f"{PAGE} done", f"{CLERK} exists") in edges(made)
    apart = graph({CLERK: [refer("store", STORE)], PAGE: [refer("store", OTHER)]})
    assert (f"{PAGE} done", f"{CLERK} exists") not in edges(apart)


def test_depends_on_waits_until_the_other_is_done():
    made = graph({STORE: [], NET: []}, depends_on={STORE: {NET: Source("shop.yaml", 3)}})
    assert edges(made) == {(f"{NET} done", f"{STORE} exists")}


def test_stores_that_let_each_other_in_are_no_ring():
    made = graph({STORE: [refer("rules", OTHER)], OTHER: [refer("rules", STORE)]})
    order = list(nx.topological_sort(made))
    assert {each.part for each in order[:2]} == {"exists"}


def test_a_ring_is_named_step_by_step_with_lines_and_a_remedy():
    page = {PAGE: [refer("store", STORE, 30)]}
    with pytest.raises(Cycle) as caught:
        graph({STORE: [refer("netId", NET, 10)], NET: [refer("page", PAGE, 20)], **page})
    (problem,) = caught.value.problems
    for waiting, first, place, line in [
        (STORE, NET, "netId", 10),
        (NET, PAGE, "page", 20),
        (PAGE, STORE, "store", 30),
    ]:
        step = f"{waiting} waits for {first} because of {place} (shop.yaml:{line}:1)"
        assert step in problem.what
    assert "Take one of these references out" in problem.what
    assert problem.address in (STORE, NET, PAGE)
    assert problem.source.file == "shop.yaml"


def test_a_ring_through_depends_on_names_it():
    with pytest.raises(Cycle, match=rf"{NET} waits for {STORE} because of \$depends_on"):
        graph(
            {STORE: [refer("netId", NET)], NET: []},
            depends_on={NET: {STORE: Source("shop.yaml", 3)}},
        )


def test_a_ring_through_after_names_it():
    after = {CLERK: [refer("store", STORE)], PAGE: [refer("store", STORE), refer("clerk", CLERK)]}
    with pytest.raises(Cycle, match=f"{CLERK} waits for {PAGE} because of it comes first"):
        graph(after)


def test_bystanders_are_no_step_of_a_ring():
    ring = {STORE: [refer("netId", NET)], NET: [refer("store", STORE)]}
    with pytest.raises(Cycle) as caught:
        graph({CLERK: [refer("store", STORE)], **ring})
    assert CLERK not in str(caught.value)


def test_a_path_of_a_property_may_be_loose_on_its_own():
    deep = Reference("shelf", "shelf[0].note.text", OTHER, "x", Source("shop.yaml", 7))
    assert edges(graph({STORE: [deep]})) == {(f"{OTHER} exists", f"{STORE} exists")}
    beside = Reference("shelf", "shelf[0].notes", OTHER, "x", Source("shop.yaml", 7))
    assert edges(graph({STORE: [beside]})) == {(f"{OTHER} done", f"{STORE} exists")}


def test_what_makes_another_ready_is_done_before_it():
    book = "shop.book/log"
    made = edges(graph({book: [refer("entries", STORE)]}))
    assert made == {(f"{STORE} exists", f"{book} done"), (f"{book} done", f"{STORE} done")}
    assert (f"{book} done", f"{STORE} done") not in edges(graph({book: [refer("x", STORE)]}))


def test_all_that_stands_on_a_resource_is_named_or_counted():
    users = {f"shop.clerk/{name}": [refer("store", STORE)] for name in "abcde"}
    made = graph({STORE: [refer("netId", NET)], **users})
    assert unblocked(made, STORE) == "shop.clerk/a, shop.clerk/b, shop.clerk/c and 2 more"
    assert unblocked(made, "shop.clerk/a") == ""
