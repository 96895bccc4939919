"""Both kinds of steps, making and taking away, over one graph; then one last look."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from concurrent.futures import Executor as Pool

from reconciler.apply.converge import Converge
from reconciler.apply.executor import Executor, Later, Waits, Watcher, fate
from reconciler.apply.progress import Begin, freely
from reconciler.apply.remove import Remove, add_removals
from reconciler.apply.waiting import Pace
from reconciler.aws.recorded import on_behalf_of
from reconciler.errors import Problem
from reconciler.model import Action, Asked, FieldChange, Observed
from reconciler.overlay import plain
from reconciler.plan.estate import Estate
from reconciler.plan.graph import Graph, Node
from reconciler.plan.observe import FAILURES, begin
from reconciler.plan.overtaken import overtaken
from reconciler.plan.prune import Doomed, users
from reconciler.result import Decision, Fate, Outcome
from reconciler.stop import Stop

MAKES = {Action.CREATE, Action.REPLACE}


class Walk:
    """Takes every step of a plan. Nothing here decides; what is held stays held."""

    def __init__(
        self,
        estate: Estate,
        graph: Graph,
        decisions: Mapping[str, Decision],
        doomed: Collection[Doomed],
        pace: Pace,
        watcher: Watcher,
        stop: Stop,
        begin: Begin = freely,
    ) -> None:
        self.estate, self.decisions, self.watcher = estate, decisions, watcher
        self.stop = stop
        self.graph: Graph = graph.subgraph(node for node in graph if self._moves(node)).copy()
        self.converge = Converge(estate, decisions, pace, begin)
        self.remove = Remove(estate, doomed, _gates(decisions, doomed), pace, begin)
        add_removals(self.graph, doomed, *users(doomed, estate))
        self._told: set[str] = set()

    def __call__(self, threads: int) -> Executor:
        """Walk until nothing more can be done; the executor knows what became of each node."""
        executor = Executor(self.graph, self._visit, self._serial, threads, stop=self.stop)
        self.watcher.begin(len({node.address for node in self.graph}))
        try:
            executor.run()
        finally:
            self.watcher.end()
        return executor

    def outcomes(self, executor: Executor) -> dict[str, Outcome]:
        """What became of each resource: the worse of its two nodes."""
        became = {}
        for address in {node.address for node in self.graph}:
            last = "gone" if address in self.remove.doomed else "done"
            became[address] = self._outcome(executor, address, last)
        return became

    def _outcome(self, executor: Executor, address: str, last: str) -> Outcome:
        nodes = [node for node in self.graph if node.address == address]
        seconds = max(executor.seconds(node) for node in nodes)
        kept = [executor.outcomes[node] for node in nodes if node in executor.outcomes]
        decision = self.decisions.get(address)
        if decision and decision.gate:
            return Outcome(Fate.REFUSED, decision.gate, seconds)
        if decision and decision.action is Action.UNKNOWN:
            return Outcome(Fate.SKIPPED, decision.reason, seconds)
        if kept:
            return kept[0]
        if not any(node.part == last and node in executor.reached for node in nodes):
            return self._stopped(address, seconds)
        return Outcome(Fate.DONE, seconds=seconds, id=self.estate.made.get(address, ""))

    def _stopped(self, address: str, seconds: float) -> Outcome:
        if address in self._told:
            why = "the run was stopped while this was under way; the next run goes on from there"
            return Outcome(Fate.FAILED, why, seconds)
        return Outcome(Fate.SKIPPED, "the run was stopped before its turn", seconds)

    def _moves(self, node: Node) -> bool:
        decision = self.decisions.get(node.address)
        return decision is not None and decision.action not in (Action.NO_OP, Action.DELETE)

    def _visit(self, node: Node) -> Later | Waits | None:
        self._tell(node)
        step = self.remove.visit if node.part in ("emptied", "gone") else self.converge.visit
        try:
            with on_behalf_of(node.address):
                answer = step(node)
        except Exception as error:
            self.watcher.ended(node.address, fate(error), str(error))
            raise
        if isinstance(answer, Later) and answer.why:
            self.watcher.waits(node.address, answer.why)
        elif isinstance(answer, Waits):
            self.watcher.ended(node.address, Fate.WAITING, "")
        elif answer is None and node.part in ("done", "gone"):
            decision = self.decisions.get(node.address)
            gate = decision.gate if decision else ""
            self.watcher.ended(node.address, Fate.REFUSED if gate else Fate.DONE, gate)
        return answer

    def _tell(self, node: Node) -> None:
        decision = self.decisions.get(node.address)
        if node.address not in self._told and decision:
            self._told.add(node.address)
            self.watcher.started(node.address, decision.action.value)

    def _serial(self, node: Node) -> Hashable | None:
        """What AWS changes one write at a time: named by the text that the YAML gives it."""
        resource = self.estate.resources.get(node.address)
        if resource is None:
            return None
        name = self.estate.facts(node.address).serial
        return (name, str(resource.properties.get(name))) if name else None


def final_look(
    estate: Estate, addresses: Collection[str], became: Mapping[str, Outcome], pool: Pool
) -> dict[str, Outcome]:
    """What was touched is observed once more: converged only if nothing differs."""
    checked = sorted(a for a in addresses if became[a].fate is Fate.DONE)
    estate.begin_anew()
    resources = [estate.resources[address] for address in checked if address in estate.resources]
    begin(estate, {(each.type, each.region) for each in resources}, pool)

    def differs(address: str) -> str:
        try:
            # A newer release of somebody else's may stand before what we made.
            observed = estate.look(address, estate.begun) or estate.standing(address)
            fields = _differing(estate, address, observed) if observed else ()
        except FAILURES as error:
            return str(error)
        if observed is None:
            return "it is gone again: somebody else deleted it during this run"
        paths = ", ".join(each.path for each in fields)
        return f"changed again behind us: {paths}" if paths else ""

    answers = zip(checked, pool.map(differs, checked), strict=True)
    return {a: Outcome(Fate.FAILED, why, became[a].seconds) for a, why in answers if why}


def _differing(estate: Estate, address: str, observed: Observed) -> tuple[FieldChange, ...]:
    """What differs, but for what somebody else has released meanwhile."""
    change = estate.change(address, observed)
    if found := overtaken(estate, address, change, {}):
        estate.seen[found[0]] = found[1]
        change = estate.change(address, observed)
    return change.fields


def missing_inputs(estate: Estate, decisions: Collection[Decision]) -> Iterator[Problem]:
    """The inputs that this plan needs and nobody gave."""
    asked: dict[str, str] = {}
    for each in decisions:
        if each.action in MAKES and not each.gate:
            for name in _asked(plain(estate.desired(each.address).properties)):
                asked.setdefault(name, each.address)
    for name, address in asked.items():
        try:
            estate.environment.inputs[name].value()
        except Exception as error:
            yield from getattr(error, "problems", [Problem(None, address, str(error))])


def _asked(value: object) -> Iterator[str]:
    match value:
        case Asked():
            yield value.name
        case dict():
            for each in value.values():
                yield from _asked(each)
        case list():
            for each in value:
                yield from _asked(each)


def _gates(decisions: Mapping[str, Decision], doomed: Collection[Doomed]) -> dict[str, str]:
    """What holds each delete; what is replaced is held by what holds the replacement."""
    held = {}
    for each in doomed:
        decision = decisions.get(each.heir or each.address)
        if decision and decision.gate:
            held[each.address] = decision.gate
    return held
