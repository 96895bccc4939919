"""A listing is asked once, however many want it, and again only for those who wrote since."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from types import SimpleNamespace

import jmespath
import pytest
from botocore.exceptions import PaginationError

from reconciler.aws.listings import Listings, Shared


class Client:
    """Answers as it is told, and counts."""

    def __init__(self, *pages, paginates=True):
        self.pages, self.paginates = pages, paginates
        self.calls, self.asked, self.fails = 0, [], None
        self.may_answer = Event()
        self.may_answer.set()
        shape = {"Marker": "string", "Vpcs": "list", "Others": "list"}
        members = {name: SimpleNamespace(type_name=kind) for name, kind in shape.items()}
        model = SimpleNamespace(output_shape=SimpleNamespace(members=members))
        self.meta = SimpleNamespace(
            method_to_api_mapping={"describe_vpcs": "DescribeVpcs"},
            service_model=SimpleNamespace(operation_model={"DescribeVpcs": model}.__getitem__),
        )

    def can_paginate(self, operation):
        return self.paginates

    def get_paginator(self, operation):
        return SimpleNamespace(paginate=lambda **asked: Pages(self._answer(asked)))

    def describe_vpcs(self, **asked):
        return self._answer(asked)[0]

    def _answer(self, asked):
        self.calls += 1
        self.asked.append(asked)
        self.may_answer.wait(5)
        if self.fails:
            raise self.fails
        return self.pages


class Pages(tuple):
    result_keys = (jmespath.compile("Vpcs"),)


def ask(client, listings=None, since=0.0, items="", operation="describe_vpcs", **parent):
    return (listings or Listings()).ask(client, operation, since, items, parent)


def test_sixteen_threads_share_one_call():
    client, listings, together = Client({"Vpcs": [1]}), Listings(), Barrier(17)
    client.may_answer.clear()

    def wish(_):
        together.wait()
        return ask(client, listings)

    with ThreadPoolExecutor(16) as pool:
        answers = pool.map(wish, range(16))
        together.wait()
        client.may_answer.set()
        assert list(answers) == [[1]] * 16
    assert client.calls == 1


def test_after_a_write_one_later_listing_serves_everybody():
    client, listings = Client({"Vpcs": []}), Listings()
    ask(client, listings)
    written = time.monotonic()
    for _ in range(20):
        ask(client, listings, since=written)
    ask(client, listings)
    assert client.calls == 2


def test_a_listing_counts_from_its_beginning_not_from_its_answer():
    client, listings = Client({"Vpcs": []}), Listings()
    client.may_answer.clear()
    with ThreadPoolExecutor(1) as pool:
        early = pool.submit(ask, client, listings)
        while not client.calls:
            time.sleep(0.001)
        written = time.monotonic()
        client.may_answer.set()
        early.result()
    ask(client, listings, since=written)
    assert client.calls == 2


def test_each_client_operation_parent_and_list_has_its_own_listing():
    client, other, listings = Client({"Vpcs": [], "Others": []}), Client({"Vpcs": []}), Listings()
    for cluster in ("a", "b", "a"):
        ask(client, listings, cluster=cluster)
    assert client.asked == [{"cluster": "a"}, {"cluster": "b"}]
    ask(client, listings, items="Others", cluster="a")
    ask(client, listings, operation="describe_others", cluster="a")
    ask(other, listings, cluster="a")
    assert (client.calls, other.calls) == (4, 1)


def test_the_order_of_parameters_makes_no_other_listing():
    client, listings = Client({"Vpcs": []}), Listings()
    ask(client, listings, a=1, b=2)
    ask(client, listings, b=2, a=1)
    assert client.calls == 1


def test_a_failure_is_shared_by_all_who_want_no_newer_answer():
    client, listings = Client({"Vpcs": [1]}), Listings()
    client.fails = ConnectionError("once")
    for _ in range(2):
        with pytest.raises(ConnectionError, match="once"):
            ask(client, listings)
    assert client.calls == 1
    client.fails = None
    assert ask(client, listings, since=time.monotonic()) == [1]


def test_an_interrupt_while_asking_leaves_nobody_waiting():
    shared = Shared()

    def interrupted():
        raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            shared.ask("key", 0, 0, interrupted)


def test_what_was_worked_out_counts_as_of_the_time_given():
    shared, made = Shared(), []
    for since, as_of in [(0, 5), (5, 9), (6, 6), (6, 7), (7, 8)]:
        shared.ask("key", since, as_of, lambda number=as_of: made.append(number))
    assert made == [5, 6, 8]


@pytest.mark.parametrize("items", ["", "Vpcs"])
def test_all_pages_are_read(items):
    client = Client({"Vpcs": [1, 2]}, {"Vpcs": [3]}, {"Vpcs": None}, {})
    assert ask(client, items=items) == [1, 2, 3]


@pytest.mark.parametrize(("items", "objects"), [("", [1]), ("Others", [2]), ("Missing", [])])
def test_what_has_no_pages_is_asked_once(items, objects):
    client = Client({"Marker": "x", "Vpcs": [1], "Others": [2]}, paginates=False)
    assert ask(client, items=items) == objects


@pytest.mark.parametrize("mark", ["NextMarker", "NextToken", "nextToken"])
def test_what_names_the_place_to_go_on_from_is_read_to_its_end(mark):
    client = Client(paginates=False)
    answers = {"": {"Vpcs": [1, 2], mark: "2"}, "2": {"Vpcs": [3], mark: "3"}}
    client.describe_vpcs = lambda **asked: answers.get(asked.get(mark, ""), {"Vpcs": []})
    assert ask(client) == [1, 2, 3]


def test_a_listing_that_comes_no_further_is_no_listing():
    client = Client({"Vpcs": [1], "NextMarker": "1"}, paginates=False)
    with pytest.raises(PaginationError, match="the same place again"):
        ask(client)
