"""One resource, step by step: made once, made right, and no wait or doubt without an end."""

from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from reconciler.apply.converge import Converge
from reconciler.apply.executor import Later, Waits
from reconciler.apply.making import Making
from reconciler.apply.progress import Course
from reconciler.apply.waiting import PROPAGATION, Pace
from reconciler.aws.ownership import ADDRESS, RETIRED, marks
from reconciler.errors import Broken, Denied, Foreign, NotSettled, NotTaken, Unread
from reconciler.model import Action, Status, Wait
from reconciler.plan.graph import Node
from reconciler.result import Decision
from tests.shop import CARRIER, IGNORED, LOST, Clerk, Net, Page, Store, refusal, resource

PACE = Pace(tick=2, longest=15, grace=120, believed=20)
WEB, MAIN = "shop.store/web", "shop.net/main"


class Steps:
    """One resource's way through a run, with a clock that goes on by as much as each step says."""

    def __init__(self, estate, address, action, clock, **more):
        decision = Decision(address, "eu-central-1", action, "because", **more)
        self.converge = Converge(estate, {address: decision}, PACE)
        self.address, self.clock, self.whys = address, clock, []

    def once(self, part):
        answer = self.converge.visit(Node(self.address, part))
        if isinstance(answer, Later):
            self.clock.passes(answer.seconds)
            self.whys.append(answer.why)
        return answer

    def to(self, *parts, meanwhile=lambda: None):
        """Until these nodes are reached; what waits for people ends it too."""
        for part in parts or ("exists", "done"):
            while isinstance(answer := self.once(part), Later):
                meanwhile()
        return answer


@pytest.fixture
def steps(estate, clock):
    """The way of the last of these resources; the others are only seen."""

    def begin(*resources, action=Action.CREATE, gate="", **more):
        made = estate(*resources, **more)
        for each in resources:
            made.look(each.address)
        return Steps(made, resources[-1].address, action, clock, gate=gate)

    return begin


def store(**properties):
    return resource(WEB, properties)


def net():
    return resource(MAIN, {"Range": "10"})


# Making


def test_what_is_there_and_right_is_not_written(shop, steps):
    shop.put(WEB)
    way = steps(store(), action=Action.UPDATE)
    assert way.to() is None
    assert shop.said == []
    assert way.converge.course.touched == set()


def test_it_is_made_once_with_its_tags_and_without_what_is_deferred(shop, steps):
    way = steps(resource(WEB, {"size": 3, "rules": [{"id": "1"}]}, tags={"team": "x"}))
    assert way.to() is None
    assert shop.said == ["create web", "update store-1"]
    assert shop.sent[0] == {"storeName": "web", "size": 3}
    assert shop.sent[1]["rules"] == [{"id": "1"}]
    assert shop.things["store-1"].tags == {"team": "x", **marks("test", WEB)}
    assert way.converge.course.touched == {WEB}
    assert way.converge.estate.made == {WEB: "store-1"}


def test_nulls_and_initial_values_at_birth(shop, steps):
    steps(store(size=1, gone=None, **{"$initial": {"size": 2, "image": "web:1"}})).to("exists")
    assert shop.sent == [{"storeName": "web", "size": 2, "image": "web:1"}]


def test_what_a_create_does_not_take_of_its_initial_values_is_written_right_after_it(shop, steps):
    way = steps(store(size=1, **{"$initial": {"rules": [{"id": "1"}], "kind": "big"}}))
    assert way.to() is None
    assert shop.said == ["create web", "update store-1"]
    shop.things["store-1"].properties["rules"] = [{"id": "theirs"}]
    assert way.converge.estate.change(WEB, way.converge.estate.look(WEB)).fields == ()


def test_what_somebody_put_there_since_the_create_is_not_an_initial_value_s_to_undo(shop, steps):
    way = steps(store(size=1, **{"$initial": {"rules": [{"id": "1"}]}}))
    way.to("exists")
    shop.things["store-1"].properties["rules"] = [{"id": "theirs"}]
    way.clock.passes(60)
    assert way.to("done") is None
    assert shop.said == ["create web"]


def test_tags_that_only_a_birth_writes(shop, steps):
    born = replace(resource(WEB, {}, tags={"team": "x"}), born_tags={"shift": "night"})
    steps(born).to()
    assert shop.things["store-1"].tags == {"team": "x", "shift": "night", **marks("test", WEB)}
    assert shop.said == ["create web"]


def test_what_is_not_listed_yet_is_pending_and_not_made_again(shop, steps):
    shop.hides = 4
    way = steps(net())
    assert way.to() is None
    assert shop.said == ["create main"]
    assert set(way.whys) == {"AWS to list what was created"}


def test_what_aws_never_lists_is_told_with_its_id(shop, steps):
    shop.hides = 10_000
    with pytest.raises(NotSettled, match="created as net-1, but AWS does not list it"):
        steps(net()).to()
    assert shop.said == ["create main"]


def test_what_exists_but_is_not_ready_lets_those_go_on_that_need_only_that(shop, steps):
    shop.born = Status.PENDING
    way = steps(store())
    assert way.once("exists") is None
    assert isinstance(way.once("done"), Later)


def test_what_nobody_may_make_is_not_made(shop, steps):
    way = steps(store(), gate="policy refuses it")
    with pytest.raises(Denied, match="policy refuses it"):
        way.once("exists")
    assert shop.said == []


def test_what_is_held_is_not_changed_and_those_behind_it_go_on(shop, steps):
    shop.put(WEB)
    assert steps(store(note="y"), action=Action.UPDATE, gate="policy refuses it").to() is None
    assert shop.said == []


def test_what_could_not_be_read_is_not_touched(shop, steps):
    with pytest.raises(Unread, match="because"):
        steps(store(), action=Action.UNKNOWN).once("exists")
    assert shop.said == []


def test_a_value_that_aws_has_not_chosen_is_waited_for_and_named(shop, steps):
    way = steps(resource(MAIN), store(netId=f"${{{MAIN}.NetId}}", size=1))
    with pytest.raises(NotSettled, match="for a value that netId needs"):
        way.to()
    assert shop.said == []


# A lost answer


def test_after_a_lost_answer_we_look_and_find_it(shop, steps):
    shop.mood("create", LOST)
    way = steps(net())
    assert way.to() is None
    assert shop.said == ["create main"]


def test_what_aws_would_make_twice_is_looked_for_long_before_it_is_made_again(shop, steps, clock):
    shop.mood("create", LOST)
    shop.hides = 8
    way = steps(net())
    assert way.to() is None
    assert shop.said == ["create main"]
    assert way.whys


def test_what_was_really_not_made_is_made_again_after_the_grace(shop, steps, clock):
    shop.mood("create", refusal("InternalError", status=500))
    begun, way = clock.now, steps(net())
    assert way.to() is None
    assert shop.said == ["create main", "create main"]
    assert clock.now - begun > PACE.grace


def test_what_aws_takes_for_the_first_is_made_again_soon(shop, steps, clock):
    shop.mood("create", refusal("InternalError", status=500))
    begun, way = clock.now, steps(store())
    assert way.to() is None
    assert shop.said == ["create web", "create web"]
    assert clock.now - begun < 30


def test_an_answer_that_says_it_is_there_already_is_believed_if_it_is_ours(shop, steps):
    shop.mood("create", LOST)
    shop.hides = 6
    way = steps(store())
    assert way.to() is None
    assert "create again" in shop.said
    assert len(shop.things) == 1


def test_a_strangers_object_of_that_name_is_left_alone(shop, steps):
    way = steps(store(size=1))
    shop.put(WEB, ours=False, properties={"size": 7})
    with pytest.raises(Foreign, match="web-0 has that name already and is not ours"):
        way.to()
    assert shop.things["web-0"].properties["size"] == 7
    assert shop.said == ["create again"]


def test_a_name_that_somebody_has_whom_we_cannot_see_is_told_in_awss_words(shop, steps, clock):
    shop.mood("create", *[refusal("BucketAlreadyExists", "choose another name")] * 1000)
    begun = clock.now
    with pytest.raises(ClientError, match="choose another name"):
        steps(store()).to()
    assert shop.said == ["create web"]
    assert clock.now - begun > PACE.grace  # it might have been our own, listed late


def test_a_wish_keeps_its_name_however_often_it_is_sent(shop, steps):
    shop.mood("create", refusal("ServiceLinkedRoleNotFoundException"), LOST)
    shop.hides = 2
    steps(store()).to()
    assert len(shop.intents) > 2
    assert set(shop.intents) == {f"run {WEB}"}


def test_what_somebody_made_since_the_plan_is_not_made_twice(shop, steps):
    way = steps(net())
    shop.put(MAIN, properties={"Range": "10"})
    way.clock.passes(60)
    assert way.to() is None
    assert shop.said == []


@pytest.fixture(params=["tagged", "without tags"])
def overwritten(request, monkeypatch):
    """A type whose create changes what exists: an entry of it, and its address."""
    kind, entry = {
        "tagged": (Store, store(size=1)),
        "without tags": (Clerk, resource("shop.clerk/ann", {"store": "web", "size": 1})),
    }[request.param]
    monkeypatch.setattr(kind, "overwrites", True)
    return entry


def test_what_a_stranger_made_since_the_plan_is_not_overwritten(shop, steps, overwritten):
    way = steps(overwritten)
    theirs = {**overwritten.properties, "size": 7}
    shop.put(overwritten.address, "theirs", theirs, ours=False)
    way.clock.passes(60)
    with pytest.raises(Foreign, match=r"theirs .*Nothing was done to it: the next run plans"):
        way.to()
    assert shop.said == []
    assert shop.things["theirs"].properties == theirs


def test_what_a_dead_run_made_since_the_plan_is_taken_as_it_is(shop, steps, overwritten):
    way = steps(overwritten)
    shop.put(overwritten.address, properties=overwritten.properties)
    way.clock.passes(60)
    assert way.to() is None
    assert shop.said == []


def test_what_would_be_overwritten_is_made_where_there_is_none(shop, steps, overwritten):
    way = steps(overwritten)
    shop.mood("create", LOST)
    way.clock.passes(60)
    assert way.to() is None
    assert len(shop.things) == 1


def test_many_creates_that_would_overwrite_share_one_look_a_tick(shop, estate, clock, monkeypatch):
    monkeypatch.setattr(Store, "overwrites", True)
    many = [resource(f"shop.store/{number}") for number in range(20)]
    made = estate(*many)
    for each in many:
        made.look(each.address)
    clock.passes(60 - clock.now % PACE.tick)  # the begin of a tick
    making, looked = Making(Course(made, PACE)), shop.listed["shop.store"]
    for each in many:
        assert not making.made_meanwhile(each.address, making.course.progress[each.address])
    assert shop.listed["shop.store"] == looked + 1


# Refusals


def test_a_refusal_that_passes_is_waited_out(shop, steps):
    shop.mood("create", *[refusal("ServiceLinkedRoleNotFoundException")] * 3)
    way = steps(store())
    assert way.to() is None
    assert shop.said == ["create web"] * 4
    assert "ServiceLinkedRoleNotFoundException" in way.whys[0]


def test_one_that_does_not_pass_in_time_is_told(shop, steps, clock):
    shop.mood("create", *[refusal("ServiceLinkedRoleNotFoundException", "no role")] * 1000)
    begun = clock.now
    with pytest.raises(NotSettled, match=r"seconds still.*no role"):
        steps(store()).to()
    bound = max(PROPAGATION, Store.settles_within)
    assert bound < clock.now - begun < bound + 60


def test_any_other_refusal_is_told_at_once(shop, steps):
    shop.mood("create", refusal("ValidationError", "the size is odd"))
    with pytest.raises(ClientError, match="the size is odd"):
        steps(store()).to()
    assert shop.said == ["create web"]


def test_a_throttled_look_comes_again(shop, steps):
    way = steps(store())
    way.to("exists")
    shop.mood("list shop.store", refusal("ThrottlingException"))
    way.clock.passes(5)
    assert way.to("done") is None
    assert "ThrottlingException" in way.whys[0]


# Making it right


def test_only_what_differs_is_made_right_and_the_rest_is_sent_as_it_is(shop, steps):
    shop.put(WEB, properties={"note": "x", "theirs": {"a": 1}}, tags={"theirs": "t"})
    change = resource(WEB, {"note": "y", "theirs": {"b": 2}}, tags={"team": "shop"})
    assert steps(change, action=Action.UPDATE).to() is None
    assert shop.said == ["tag web-0", "update web-0"]
    thing = shop.things["web-0"]
    assert thing.properties["theirs"] == {"a": 1, "b": 2}
    assert thing.tags == {"theirs": "t", "team": "shop", **marks("test", WEB)}


def test_what_is_to_be_changed_is_read_anew(shop, steps):
    shop.put(WEB, properties={"note": "x"})
    way = steps(store(note="y"), action=Action.UPDATE)
    shop.things["web-0"].properties["note"] = "y"
    assert way.to() is None
    assert shop.said == []


def test_what_came_to_differ_since_the_plan_is_not_made_a_graver_step(shop, steps):
    shop.put(WEB, properties={"note": "x", "size": 2})
    way = steps(store(note="y", size=2), action=Action.UPDATE)
    shop.things["web-0"].properties["size"] = 1
    with pytest.raises(Denied, match="size has come to differ as well"):
        way.to()
    assert shop.said == []


def test_what_aws_works_on_is_waited_for_with_its_words_and_a_bound(shop, steps, clock):
    shop.put(WEB, status=Status.PENDING, reason="deploying", properties={"note": "x"})
    way = steps(resource(WEB, {"note": "y"}, settles_within=50), action=Action.UPDATE)
    begun = clock.now
    with pytest.raises(NotSettled, match="still: deploying"):
        way.to()
    assert 50 < clock.now - begun < 80
    assert shop.said == []


def test_the_bound_is_the_types_unless_the_yaml_says_another(shop, steps, clock, monkeypatch):
    monkeypatch.setattr(Store, "settles_within", 300)
    shop.put(WEB, status=Status.PENDING)
    begun = clock.now
    with pytest.raises(NotSettled, match="still: AWS to finish"):
        steps(store(), action=Action.WAIT).to()
    assert 300 < clock.now - begun < 330


def test_every_change_has_the_whole_bound_to_settle(shop, steps, clock):
    """The time that its creation took is not taken from the update behind it."""
    shop.born = Status.PENDING
    way = steps(resource(WEB, {"rules": [{"id": "1"}]}, settles_within=100))
    way.to("exists")
    pending, begun, thing = 80, clock.now, shop.things["store-1"]

    def finishes():
        wrote = [0, *(1 for each in shop.said if each.startswith("update"))]
        busy = begun + pending * sum(wrote) + pending > clock.now
        thing.status = Status.PENDING if busy else Status.READY

    assert way.to("done", meanwhile=finishes) is None
    assert clock.now - begun > 100


def test_who_waits_for_people_is_told_once_all_else_is_right(shop, steps):
    wait = Wait("the DNS team", "add a record")
    shop.put(WEB, status=Status.WAITING, waits=(wait,), properties={"note": "x"})
    assert steps(store(note="y"), action=Action.UPDATE).to() == Waits((wait,))
    assert shop.said == ["update web-0"]


def test_the_same_difference_again_after_aws_has_accepted_is_told_with_both_values(
    shop, steps, clock
):
    shop.put(WEB, properties={"note": "x", "rules": [{"id": "1", "to": 80}]})
    shop.mood("update", *[IGNORED] * 9)
    way = steps(store(note="y", rules=[{"id": "1", "to": 81}]), action=Action.UPDATE)
    begun = clock.now
    with pytest.raises(NotTaken) as caught:
        way.to()
    assert "note: sent 'y', reads 'x'" in str(caught.value)
    assert "rules[1].to: sent 81, reads 80" in str(caught.value)
    assert shop.said == ["update web-0"]
    assert PACE.believed <= clock.now - begun < PACE.believed + 10


def test_an_old_value_that_aws_shows_for_a_while_is_no_failure(shop, steps, clock):
    shop.put(WEB, properties={"note": "x"})
    shop.mood("update", IGNORED)
    way, begun = steps(store(note="y"), action=Action.UPDATE), clock.now

    def shows():
        if clock.now > begun + 10:
            shop.things["web-0"].properties["note"] = "y"

    assert way.to(meanwhile=shows) is None
    assert shop.said == ["update web-0"]
    assert "AWS to show what it accepted" in way.whys


def test_no_secret_is_told(shop, steps, monkeypatch):
    monkeypatch.setattr(Store, "secret", {"labels.*", "engine.password"})
    shop.put(WEB, properties={"labels": {"key": "hidden1"}, "engine": {"password": "hidden2"}})
    shop.mood("update", *[IGNORED] * 9)
    secret = store(labels={"key": "hidden3"}, engine={"password": "hidden4"}, note="seen")
    with pytest.raises(NotTaken) as caught:
        steps(secret, action=Action.UPDATE).to()
    assert "hidden" not in str(caught.value)
    assert "labels.key" in str(caught.value)
    assert "seen" in str(caught.value)


def test_a_tag_that_aws_does_not_take_is_told(shop, steps):
    shop.put(WEB)
    shop.mood("tag", *[IGNORED] * 9)
    with pytest.raises(NotTaken, match="team"):
        steps(resource(WEB, tags={"team": "shop"}), action=Action.UPDATE).to()
    assert shop.said == ["tag web-0"]


def test_one_difference_less_each_time_is_progress(shop, steps, monkeypatch):
    """A handler may need two calls, with a wait of the engine between."""
    shop.put(WEB, properties={"a": 1, "b": 1})

    def one_at_a_time(self, change):
        name = sorted(change.names)[0]
        thing = self.aws.things[change.observed.id]
        thing.properties[name] = change.wanted[name]
        shop.said.append(f"update {name}")

    monkeypatch.setattr(Store, "update", one_at_a_time)
    assert steps(store(a=2, b=2), action=Action.UPDATE).to() is None
    assert shop.said == ["update a", "update b"]


def test_a_write_that_comes_too_late_looks_again(shop, steps):
    shop.put(WEB, properties={"note": "x", "theirs": 1})
    shop.mood("update", refusal("PreconditionFailed"))
    way = steps(store(note="y"), action=Action.UPDATE)
    way.once("done")
    shop.things["web-0"].properties["theirs"] = 2
    assert way.to() is None
    assert shop.things["web-0"].properties["note"] == "y"
    assert shop.things["web-0"].properties["theirs"] == 2
    assert way.whys[0] == "somebody else changed it: looking again"


def test_who_is_always_too_late_gives_up(shop, steps):
    shop.put(WEB, properties={"note": "x"})
    shop.mood("update", *[refusal("PreconditionFailed", "stale")] * 1000)
    with pytest.raises(ClientError, match="stale"):
        steps(store(note="y"), action=Action.UPDATE).to()
    assert len(shop.said) == 4


def test_a_lost_answer_of_an_update_looks_before_it_writes_again(shop, steps, monkeypatch):
    monkeypatch.setattr(Page, "repeatable", False)
    shop.put("shop.page/home", properties={"note": "x"})
    shop.mood("update", LOST)
    way = steps(resource("shop.page/home", {"note": "y"}), action=Action.UPDATE)
    assert way.to() is None
    assert shop.said == ["update home-0"]


def test_answers_that_are_always_lost_come_to_an_end(shop, steps, monkeypatch):
    monkeypatch.setattr(Page, "repeatable", False)
    shop.put("shop.page/home", properties={"note": "x"})
    shop.mood("update", *[refusal("InternalError", status=500)] * 500)
    way = steps(resource("shop.page/home", {"note": "y"}), action=Action.UPDATE)
    with pytest.raises(NotSettled, match="the answer was lost"):
        way.to()


def test_an_object_that_aws_made_otherwise_than_asked_is_not_made_again(shop, steps, monkeypatch):
    def otherwise(self, desired):
        return self.aws.make("shop.net", {"Range": "99"}, desired.tags)

    monkeypatch.setattr(Net, "create", otherwise)
    with pytest.raises(NotTaken, match="otherwise than we asked: Range: sent '10', reads '99'"):
        steps(net()).to()


# Broken


def test_what_aws_gave_up_on_in_this_run_is_made_again_once(shop, steps):
    shop.born = Status.BROKEN
    way = steps(store(rules=[{"id": "1"}]))
    way.once("exists")
    shop.born = Status.PENDING

    def finishes():
        if "delete store-1" in shop.said and shop.said[-1].startswith("create"):
            shop.things["store-2"].status = Status.READY

    assert way.to("done", meanwhile=finishes) is None
    assert shop.said == ["create web", "delete store-1", "create web", "update store-2"]
    assert shop.things["store-2"].properties["rules"] == [{"id": "1"}]


def test_what_is_made_again_is_done_only_when_it_is_ready(shop, steps):
    shop.born = Status.BROKEN
    way = steps(store())
    way.once("exists")
    shop.born = Status.PENDING
    with pytest.raises(NotSettled, match="AWS to finish"):
        way.to("done")


def test_what_is_made_again_is_another_wish(shop, steps):
    """Told the same one again, AWS would answer with the object that failed."""
    shop.born = Status.BROKEN
    way = steps(store())
    with pytest.raises(Broken):
        way.to()
    assert len(set(shop.intents)) == 2


def test_what_broke_after_it_was_changed_may_be_changed_the_same_way_again(shop, steps):
    way = steps(store(rules=[{"id": "1"}]))
    way.to("exists")
    way.once("done")
    assert shop.said[-1] == "update store-1"
    shop.things["store-1"].status = Status.BROKEN
    assert way.to("done") is None
    assert shop.said[2:] == ["delete store-1", "create web", "update store-2"]


def test_what_breaks_twice_is_told_with_awss_words(shop, steps):
    shop.born = Status.BROKEN
    way = steps(store())
    with pytest.raises(Broken, match="AWS gave up on store-2: it gives no reason"):
        way.to()
    assert shop.said == ["create web", "delete store-1", "create web"]


def test_what_was_broken_before_this_run_is_not_remade_behind_the_plan(shop, steps):
    shop.put(WEB, status=Status.BROKEN, reason="no capacity")
    with pytest.raises(Broken, match="AWS gave up on web-0: no capacity"):
        steps(store(), action=Action.UPDATE).to()
    assert shop.said == []


# Replacing


def test_where_two_may_stand_side_by_side_the_old_one_is_retired_first(shop, steps):
    shop.put(MAIN, properties={"Range": "9"}, tags={"team": "x"})
    way = steps(net(), action=Action.REPLACE)
    assert way.to() is None
    assert shop.said == ["tag main-0", "create main"]
    old, new = shop.things["main-0"], shop.things["net-1"]
    assert old.tags[ADDRESS] == f"{RETIRED}{MAIN}"
    assert old.tags["team"] == "x"
    assert new.tags[ADDRESS] == MAIN
    assert way.converge.estate.seen[MAIN].id == "net-1"


def test_where_aws_takes_a_name_once_the_old_one_goes_first(shop, steps):
    shop.put(WEB, properties={"kind": "BAKERY"})
    assert steps(store(kind="GROCERY"), action=Action.REPLACE).to() is None
    assert shop.said == ["delete web-0", "create web"]
    assert {each.properties["kind"] for each in shop.things.values()} == {"GROCERY"}


def test_an_old_one_that_is_busy_or_in_use_is_waited_for(shop, steps):
    shop.put(WEB, status=Status.PENDING)
    shop.mood("delete", refusal("DependencyViolation"))
    way = steps(store(kind="GROCERY"), action=Action.REPLACE)
    way.once("exists")
    assert shop.said == []
    shop.things["web-0"].status = Status.READY
    assert way.to() is None
    assert shop.said == ["delete web-0", "delete web-0", "create web"]


def test_an_old_one_that_does_not_go_is_told(shop, steps):
    shop.put(WEB)
    shop.mood("delete", *[IGNORED] * 10_000)
    with pytest.raises(NotSettled, match="the old object to go"):
        steps(store(kind="GROCERY"), action=Action.REPLACE).to()
    assert "create web" not in shop.said


def test_a_replacement_that_is_held_touches_neither(shop, steps):
    shop.put(MAIN)
    with pytest.raises(Denied):
        steps(net(), action=Action.REPLACE, gate="policy refuses it").to()
    assert shop.said == []


# People


def test_what_must_not_begin_yet_is_made_at_rest_and_holds_nobody_up(shop, steps):
    way = steps(store(open=True, rules=[{"id": "1"}]))
    assert way.to() == Waits((CARRIER,), holds=False)
    assert shop.sent[0] == {"storeName": "web", "open": False}
    assert shop.said == ["create web", "update store-1"]


def test_aws_is_given_time_to_notice_what_this_run_did(shop, steps, clock):
    shop.born = Status.WAITING
    way = steps(store())
    way.to("exists")
    begun = clock.now
    assert way.to("done") == Waits(())
    assert 60 <= clock.now - begun < 80


def test_whom_this_run_did_nothing_for_is_not_watched(shop, steps, clock):
    shop.put(WEB, status=Status.WAITING)
    begun = clock.now
    assert steps(store(), action=Action.WAIT).to() == Waits(())
    assert clock.now - begun < 1


def test_a_refusal_that_only_people_can_lift_waits_for_them(shop, steps):
    words = "Your account must be verified before you can add new CloudFront resources."
    shop.mood("create", refusal("AccessDenied", words))
    (wait,) = steps(store()).once("exists").waits
    assert "AWS Support" in wait.who
    assert shop.things == {}
