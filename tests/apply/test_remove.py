"""Taking away: emptied first, users before what they use, and only what is ours."""

import networkx as nx
import pytest
from botocore.exceptions import ClientError

from reconciler.apply.executor import Later
from reconciler.apply.remove import Remove, add_removals
from reconciler.apply.waiting import Pace
from reconciler.errors import Denied, Foreign, NotSettled
from reconciler.model import Status
from reconciler.plan import prune
from reconciler.plan.graph import Node
from reconciler.plan.prune import Doomed
from tests.shop import IGNORED, REGION, Book, Net, refusal, resource

PACE = Pace(tick=2, longest=15, grace=120)
WEB = "shop.store/web"


class Steps:
    """The way of one doomed object, with a clock that goes on by as much as each step says."""

    def __init__(self, estate, doomed, clock, gates):
        self.remove = Remove(estate, doomed, gates, PACE)
        self.address, self.clock, self.whys = doomed[0].address, clock, []

    def once(self, part):
        answer = self.remove.visit(Node(self.address, part))
        if isinstance(answer, Later):
            self.clock.passes(answer.seconds)
            self.whys.append(answer.why)
        return answer

    def to(self, *parts):
        for part in parts or ("emptied", "gone"):
            while isinstance(self.once(part), Later):
                pass


@pytest.fixture
def steps(estate, clock):
    """The way of this resource's object, though nothing declares it; or though it is declared."""

    def begin(address, *resources, gates=None, **more):
        made = estate(*resources)
        kind = address.split("/")[0]
        handler = made.handler_of(kind, REGION)
        (found,) = made.index(kind, REGION).ids.values()
        observed = made.complete(handler, found, set())
        doomed = [Doomed(address, handler, observed, kind, REGION, **more)]
        return Steps(made, doomed, clock, gates or {})

    return begin


def test_what_it_refers_to_is_let_go_of_before_it_goes(shop, steps):
    shop.put(WEB, properties={"rules": [{"id": "1"}], "size": 3})
    steps(WEB).to()
    assert shop.said == ["update web-0", "delete web-0"]
    assert shop.sent == [{"storeName": "web", "storeArn": "arn:shop:web-0", "size": 3}]
    assert shop.things == {}


def test_what_holds_on_to_nothing_is_not_emptied(shop, steps):
    shop.put(WEB, properties={"rules": []})
    steps(WEB).to()
    assert shop.said == ["delete web-0"]


def test_what_cannot_be_emptied_goes_all_the_same(shop, steps):
    shop.put(WEB, properties={"rules": [{"id": "1"}]})
    shop.mood("update", IGNORED)
    steps(WEB).to()
    assert shop.said == ["update web-0", "delete web-0"]


def test_what_is_gone_already_is_fine(shop, steps):
    shop.put(WEB, properties={"rules": [{"id": "1"}]})
    way = steps(WEB)
    shop.things.clear()
    way.clock.passes(5)
    way.to()
    assert shop.said == ["delete web-0"]  # a listing may miss what is there


def test_what_a_listing_misses_is_not_taken_for_gone(shop, steps):
    shop.put(WEB)
    way = steps(WEB)
    shop.things["web-0"].hidden = 2
    way.clock.passes(5)
    way.to()
    assert shop.things == {}


def test_a_delete_is_repeated_until_the_object_is_gone(shop, steps):
    shop.put(WEB)
    shop.mood("delete", IGNORED, IGNORED)
    way = steps(WEB)
    way.to()
    assert shop.said == ["delete web-0"] * 3
    assert set(way.whys) == {"AWS to take it away"}


def test_while_aws_works_on_it_nothing_is_asked(shop, steps):
    shop.put(WEB, status=Status.PENDING, reason="deleting", properties={"rules": [{"id": "1"}]})
    way = steps(WEB)
    for part in ("emptied", "gone"):
        assert way.once(part).why == "AWS to take it away (deleting)"
    assert shop.said == []


@pytest.mark.parametrize("code", ["DependencyViolation", "ResourceInUse", "ThrottlingException"])
def test_what_is_still_in_use_is_parked_and_tried_again(shop, steps, code):
    shop.put(WEB)
    shop.mood("delete", refusal(code), refusal(code))
    way = steps(WEB)
    way.to()
    assert shop.said == ["delete web-0"] * 3
    assert code in way.whys[0]
    assert shop.things == {}


def test_what_stays_in_use_for_too_long_is_told_with_awss_words(shop, steps, clock):
    shop.put(WEB)
    shop.mood("delete", *[refusal("DependencyViolation", "eni-1 uses it")] * 10_000)
    begun = clock.now
    with pytest.raises(NotSettled, match="eni-1 uses it"):
        steps(WEB).to()
    assert 1800 < clock.now - begun < 1900


def test_any_other_refusal_is_told_at_once(shop, steps):
    shop.put(WEB)
    shop.mood("delete", refusal("AccessDenied", "explicit deny"))
    with pytest.raises(ClientError, match="explicit deny"):
        steps(WEB).to()
    assert shop.said == ["delete web-0"]


def test_what_is_held_is_neither_emptied_nor_deleted(shop, steps):
    shop.put(WEB, properties={"rules": [{"id": "1"}]})
    way = steps(WEB, gates={WEB: "it is protected"})
    for part in ("emptied", "gone"):
        with pytest.raises(Denied, match="it is protected"):
            way.once(part)
    assert shop.said == []


def test_what_lost_our_tags_meanwhile_is_not_ours_to_delete(shop, steps):
    shop.put(WEB)
    way = steps(WEB)
    shop.things["web-0"].tags.clear()
    way.clock.passes(5)
    with pytest.raises(Foreign, match="web-0 carries our tags no more"):
        way.to()
    assert shop.said == []


def test_what_the_yaml_wants_gone_goes_whoever_owns_it(shop, steps):
    shop.put(WEB, ours=False)
    steps(WEB, whoever=True).to()
    assert shop.things == {}


def test_what_nobody_can_delete_is_released(shop, steps, monkeypatch):
    shop.put("shop.net/main")

    def untag(self, observed):
        self.aws.said.append("untag")
        self.aws.things[observed.id].tags.clear()

    monkeypatch.setattr(Net, "delete", untag)
    steps("shop.net/main").to()
    assert shop.said == ["untag"]
    assert list(shop.things) == ["main-0"]


def entries(*ids):
    return {"entries": [{"id": id, "text": f"of {id}"} for id in ids]}


@pytest.mark.parametrize("ours", [["a", "c"], ["c"]])
def test_a_shared_list_loses_only_our_members(shop, steps, monkeypatch, ours):
    shop.put("shop.book/main", properties=entries("a", "b", "c"))

    def cross_out(self, change):
        gone = change.items("entries").removed
        self.aws.said.append(f"take out {[each['id'] for each in gone]}")
        thing = self.aws.things[change.observed.id]
        thing.properties["entries"] = [e for e in thing.properties["entries"] if e not in gone]

    monkeypatch.setattr(Book, "update", cross_out)
    declared = resource("shop.book/main", {"entries": [{"id": id} for id in ours]})
    steps("shop.book/main", declared).to()
    assert shop.said == [f"take out {ours}"]
    left = [each["id"] for each in shop.things["main-0"].properties["entries"]]
    assert left == [id for id in "abc" if id not in ours]


def test_a_shared_list_that_nothing_declares_is_left(shop, steps):
    shop.put("shop.book/main", properties=entries("a"))
    steps("shop.book/main").to()
    assert shop.said == []


# The order of it


def order(going, staying=None, graph=None):
    made = graph or nx.DiGraph()
    doomed = [Doomed(address, None, None, "", "") for address in ("net", "web")]
    add_removals(made, doomed, going, staying or {})
    return made


def before(graph, one, other):
    return nx.has_path(graph, Node(*one.split()), Node(*other.split()))


def test_it_is_emptied_before_it_goes_and_users_go_before_what_they_use():
    made = order({"net": {"web": False}})
    assert before(made, "web gone", "net gone")
    assert before(made, "net emptied", "net gone")
    assert not before(made, "web gone", "net emptied")


def test_who_holds_on_by_deferred_properties_need_only_be_emptied():
    made = order({"net": {"web": True}, "web": {"net": True}})
    assert before(made, "web emptied", "net gone")
    assert before(made, "net emptied", "web gone")
    assert not before(made, "web gone", "net gone")


def test_what_stays_is_repointed_before_what_it_used_is_touched():
    graph = nx.DiGraph([(Node("ann", "exists"), Node("ann", "done"))])
    made = order({}, {"net": {"ann": False, "bystander": False}}, graph)
    assert before(made, "ann done", "net emptied")
    assert Node("bystander", "done") not in made


def test_what_holds_each_other_firmly_is_left_to_aws_to_order():
    made = order({"net": {"web": False}, "web": {"net": False}})
    assert nx.is_directed_acyclic_graph(made)
    assert before(made, "net emptied", "net gone")
    assert not before(made, "web gone", "net gone")


def test_what_is_declared_and_there_can_be_taken_away(shop, estate):
    shop.put(WEB)
    made = estate(resource(WEB), resource("shop.store/none"))
    for address in made.resources:
        made.look(address)
    assert [each.address for each in prune.declared(made, made.resources)] == [WEB]
