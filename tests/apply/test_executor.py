"""The walk: order, parallelism, failures that stay where they are, and an end that comes."""

import threading
import time
from threading import Barrier, Event
from typing import NamedTuple

import networkx as nx
import pytest

from reconciler.apply.executor import Executor, Later, Waits
from reconciler.errors import Denied, Unread
from reconciler.model import Wait
from reconciler.result import Fate


class Node(NamedTuple):
    address: str
    part: str = "done"


A, B, C, D, E = (Node(name) for name in "abcde")
PATIENCE = 5


def graph(*edges, alone=()):
    made = nx.DiGraph()
    made.add_nodes_from(alone)
    made.add_edges_from(edges)
    return made


def walk(made, visit, **more):
    executor = Executor(made, visit, **more)
    executor.run()
    return executor


def meeting(barrier, nodes):
    """A step that ends only when all of these nodes are at it."""

    def visit(node):
        if node in nodes:
            barrier.wait(PATIENCE)

    return visit


def test_nobody_begins_before_those_it_waits_for_and_everybody_is_reached():
    made, done = graph((A, B), (A, C), (B, D), (C, D), alone=[E]), []

    def visit(node):
        assert set(made.predecessors(node)) <= set(done)
        done.append(node)

    executor = walk(made, visit)
    assert executor.reached == set(made)
    assert sorted(done) == sorted(made)
    assert executor.outcomes == {}


def test_what_does_not_wait_for_each_other_runs_at_the_same_time():
    made = graph((A, B), (A, C), (A, D))
    assert walk(made, meeting(Barrier(3), {B, C, D})).reached == set(made)


def test_never_more_at_a_time_than_threads():
    lock, running, most = threading.Lock(), [], []

    def visit(node):
        with lock:
            running.append(node)
            most.append(len(running))
        time.sleep(0.005)
        with lock:
            running.remove(node)

    walk(graph(alone=[Node(str(n)) for n in range(12)]), visit, threads=3)
    assert max(most) == 3


def test_who_must_come_later_holds_no_worker():
    visits = []

    def visit(node):
        visits.append(node)
        return Later(0.05, "AWS") if node == A and visits.count(A) < 3 else None

    executor = walk(graph(alone=[A, B, C]), visit, threads=1)
    assert executor.reached == {A, B, C}
    assert visits[:3] == [A, B, C]
    assert visits[3:] == [A, A]


def test_who_must_come_later_comes_when_it_is_time_and_not_before():
    visits = []

    def visit(node):
        visits.append((node, time.monotonic()))
        if node == E or sum(each == node for each, _ in visits) > 1:
            return None
        return Later(0.08 if node == A else 0.02, "AWS")

    walk(graph(alone=[A, B]), visit)
    assert [node for node, _ in visits[2:]] == [B, A]
    times = {node: [at for each, at in visits if each == node] for node in (A, B)}
    assert times[A][1] - times[A][0] >= 0.08
    assert times[B][1] - times[B][0] >= 0.02


def test_what_depends_on_a_failure_is_skipped_by_name_and_all_else_goes_on():
    def visit(node):
        if node == B:
            raise ValueError("AWS says no")

    executor = walk(graph((A, B), (B, C), (C, D), (A, E)), visit)
    assert executor.reached == {A, E}
    assert executor.outcomes[B].fate is Fate.FAILED
    assert executor.outcomes[B].error == "AWS says no"
    for each in (C, D):
        assert executor.outcomes[each].fate is Fate.SKIPPED
        assert executor.outcomes[each].error == "it needs b, which failed"


@pytest.mark.parametrize(
    ("error", "fate", "became"),
    [
        (Denied("policy refuses it"), Fate.REFUSED, "is held"),
        (Unread("AccessDenied"), Fate.SKIPPED, "could not be read"),
    ],
)
def test_what_is_held_or_unread_did_not_fail(error, fate, became):
    def visit(node):
        if node == A:
            raise error

    executor = walk(graph((A, B)), visit)
    assert executor.outcomes[A].fate is fate
    assert executor.outcomes[B].error == f"it needs a, which {became}"


def test_what_depends_on_two_is_skipped_though_one_of_them_comes_later():
    visits = []

    def visit(node):
        visits.append(node)
        if node == A:
            raise ValueError
        return Later(0.02, "AWS") if visits.count(B) < 2 else None

    executor = walk(graph((A, C), (B, C)), visit)
    assert executor.reached == {B}
    assert C not in visits


def test_who_waits_for_people_is_not_reached_and_neither_is_what_follows():
    wait = Wait("the DNS team", "add a record")
    executor = walk(graph((A, B), (B, C)), lambda node: Waits((wait,)) if node == A else None)
    assert executor.outcomes[A].fate is Fate.WAITING
    assert executor.outcomes[A].waits == (wait,)
    assert executor.outcomes[C].fate is Fate.WAITING
    assert executor.outcomes[C].error == "it needs a, which waits for people"
    assert executor.reached == set()


def test_what_aws_changes_one_at_a_time_is_visited_one_at_a_time():
    inside, clashes, seen = set(), [], []

    def visit(node):
        name = node.address[0]
        clashes.append(name in inside)
        inside.add(name)
        time.sleep(0.005)
        inside.discard(name)
        seen.append(node)
        return Later(0.001, "AWS") if seen.count(node) < 2 else None

    nodes = [Node(f"{name}{number}") for name in "xy" for number in range(4)]
    executor = walk(graph(alone=nodes), visit, serial=lambda node: node.address[0])
    assert executor.reached == set(nodes)
    assert not any(clashes)


def test_who_waits_for_aws_does_not_keep_its_name_from_others():
    visits = []

    def visit(node):
        visits.append(node)
        return Later(0.05, "AWS") if visits == [A] else None

    walk(graph(alone=[A, B]), visit, serial=lambda node: "zone")
    assert visits == [A, B, A]


def test_two_names_do_not_wait_for_each_other():
    made = graph(alone=[A, B])
    visit = meeting(Barrier(2), {A, B})
    assert walk(made, visit, serial=lambda node: node.address).reached == {A, B}


def test_after_a_failure_the_next_of_the_name_has_its_turn():
    def visit(node):
        if node == A:
            raise ValueError

    assert walk(graph(alone=[A, B]), visit, serial=lambda node: "zone").reached == {B}


def interrupting(executor, at):
    """An interrupt as the main thread gets it: while it waits for answers."""
    get, turns = executor._answers.get, []

    class Answers:
        put = executor._answers.put

        @staticmethod
        def get(timeout=None):
            turns.append(timeout)
            if len(turns) == at:
                raise KeyboardInterrupt
            return get(timeout=timeout)

    executor._answers = Answers
    return executor


def test_an_interrupt_stops_new_steps_and_lets_running_ones_answer():
    answered, begun = [], Event()

    def visit(node):
        begun.set()
        time.sleep(0.02)
        answered.append(node)

    executor = interrupting(Executor(graph((A, B), (C, D), alone=[]), visit), at=1)
    executor.run()
    assert executor.stopped
    assert begun.is_set()
    assert sorted(answered) == [A, C]
    assert executor.reached == {A, C}


def test_after_an_interrupt_nobody_is_waited_for():
    def visit(node):
        time.sleep(0.02)
        return Later(60, "AWS")

    executor = interrupting(Executor(graph(alone=[A, B]), visit), at=1)
    before = time.monotonic()
    executor.run()
    assert time.monotonic() - before < 5
    assert executor.reached == set()


def test_an_interrupt_raised_by_a_step_stops_the_walk_too():
    def visit(node):
        raise KeyboardInterrupt

    executor = walk(graph((A, B)), visit)
    assert executor.stopped
    assert executor.reached == set()
    assert executor.outcomes == {}


def test_what_ends_python_is_not_swallowed():
    def visit(node):
        raise SystemExit(7)

    with pytest.raises(SystemExit):
        walk(graph((A, B)), visit)


def test_seconds_count_from_the_first_step():
    def visit(node):
        if node == B:
            raise ValueError
        time.sleep(0.02)

    executor = walk(graph((B, C), alone=[A]), visit)
    assert executor.seconds(A) >= 0.02
    assert executor.seconds(C) == 0


def test_a_graph_of_nothing_is_walked_at_once():
    assert walk(graph(), pytest.fail).reached == set()


def test_who_waits_for_people_without_holding_up_others_is_reached():
    wait = Wait("the pipeline", "push an image")
    waits = Waits((wait,), holds=False)
    executor = walk(graph((A, B)), lambda node: waits if node == A else None)
    assert executor.reached == {A, B}
    assert executor.outcomes[A].waits == (wait,)
    assert B not in executor.outcomes
