"""The pipeline on one page: look, compare, decide, apply, look again."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from reconciler import registry
from reconciler.apply.executor import Watcher
from reconciler.apply.progress import Begin, freely
from reconciler.apply.safety import LOSES, Safety, in_the_way
from reconciler.apply.waiting import Pace
from reconciler.apply.walk import Walk, final_look, missing_inputs
from reconciler.aws import Aws
from reconciler.aws.clients import THREADS
from reconciler.aws.ownership import NOBODY, Ownership
from reconciler.errors import Brake, InvalidDesired, Problem, Refused
from reconciler.journal import Journal, Nowhere
from reconciler.lease import Lease
from reconciler.load import Declared
from reconciler.model import Action, Tags
from reconciler.plan import prune, unnamed
from reconciler.plan.coverage import coverage
from reconciler.plan.estate import Estate, Given
from reconciler.plan.graph import Graph, build, unblocked
from reconciler.plan.observe import Kind, begin, kinds, observe
from reconciler.plan.planner import Bar, plan, unbarred
from reconciler.plan.prune import Doomed
from reconciler.plan.select import closure, selected
from reconciler.result import Decision, Fate, Outcome, Result
from reconciler.stop import Stop

if TYPE_CHECKING:
    from reconciler.saved import Saved

KEEPS = (
    "this environment's lease is in it: take `state` out of environment.yaml and empty the bucket, "
    "and the next run deletes it"
)
QUIET = {Action.NO_OP, Action.UNKNOWN}
CREATES = {Action.CREATE, Action.REPLACE}
SENDS = {*CREATES, Action.UPDATE, Action.DISRUPT}


@dataclass(frozen=True)
class Request:
    """What the command line asks of this run."""

    run: str
    dry: bool = False
    destroy: bool = False
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    enforced: bool = True
    """Whether policy and protection count."""
    attended: bool = False
    """Whether a person is shown the plan, and asked, before anything is done."""
    pace: Pace = field(default_factory=Pace)
    threads: int = THREADS
    commit: str = ""


UNREAD = (
    "{} cannot be read ({}). What carries no tags of ours may be Terraform's: none of it is "
    "adopted or changed, and nothing at all is replaced or deleted, unless --allow names its "
    "address. Let us read it (s3:GetObject, and kms:Decrypt where it is encrypted with a key), "
    "correct its name here, or take it out of `terraform` if that state is no more"
)

Waiter = TypeVar("Waiter", Decision, Outcome)

Foresee = Callable[[Estate, Collection[Decision]], Iterable[Problem]]
Confirm = Callable[[Result], bool]
"""Shown the plan before anything changes; False ends the run there."""


@dataclass
class Run:
    """One run, from the first listing to the last look."""

    declared: Declared
    aws: Aws
    given: Given
    request: Request
    watcher: Watcher
    confirm: Confirm
    stop: Stop = field(default_factory=Stop)
    lease: Lease | None = None
    """None: nobody is to be kept out, or nothing is to be written."""
    journal: Journal | Nowhere = field(default_factory=Nowhere)
    saved: Saved | None = None
    """The plan of an earlier dry-run: this run does exactly that, or nothing."""
    bar: Bar = unbarred
    """What else leaves a difference alone: a hold, a freeze, and what the clock may not repair."""
    begin: Begin = freely
    """Asked right before the first write to each address."""
    foresee: Foresee = lambda estate, decisions: ()
    """What the account says against a plan before its first change."""

    def __post_init__(self) -> None:
        self.begun = time.monotonic()
        self.warnings = list(self.declared.warnings)
        """What people should know, besides the result."""
        self.estate = Estate(self.declared, self.aws, self.request.run, self.given)
        self.graph = order(self.estate)
        self.chosen = selected(self.estate, self.request.only, self.request.but)
        environment, asked = self.declared.environment, self.request
        self.estate.overruled = asked.allowed
        self.safety = Safety(environment, asked.allowed, asked.attended, asked.enforced)
        self.estate.untouched = {
            address
            for address, each in self.declared.resources.items()
            if self.safety.untouched(address, each.region)
        }

    def __call__(self) -> Result:
        """Raises what refuses it whole: Cycle, Usage, Brake, Held, Departed, InvalidDesired."""
        if self.lease and not self.request.dry:
            self._look_at(self.lease)
        decisions, doomed, result = self.look()
        if self.saved:
            self.saved.check(result)
        self.warnings += self.foresee(self.estate, result.decisions)
        if self.request.dry:
            self._foretell(result)
            return result
        if not any(map(self._can_be_done, result.decisions)):
            return self.journal.noted(result)
        self.safety.brake(result.decisions)
        if not self.confirm(result):
            return result
        if missing := list(missing_inputs(self.estate, result.decisions)):
            raise InvalidDesired(missing)
        with self.stop.heeded(), self.journal.kept() as kept:
            return kept(self._finished(result, self._leased(result, decisions, doomed)))

    def _look_at(self, lease: Lease) -> None:
        lease.look()
        if lease.absent and lease.address not in self.chosen:
            raise Refused(
                f"the bucket {lease.store.bucket}, in which {self.declared.environment.name} keeps "
                f"its lease, does not exist, so nothing was changed: {self._how_to_make(lease)}"
            )

    def _how_to_make(self, lease: Lease) -> str:
        if lease.address in self.estate.resources:
            return f"make it first, with all else or alone: --only {lease.address}"
        return f"declare {lease.address}, or name another under `state` in environment.yaml"

    def _leased(
        self, result: Result, decisions: Mapping[str, Decision], doomed: Collection[Doomed]
    ) -> dict[str, Outcome]:
        """Apply under the lease. Where its bucket is yet to be made, that comes first of all."""
        lease = self.lease
        if lease is None:
            self.journal.begin(result)
            self.journal.share()
            return self.apply(decisions, doomed)
        first: dict[str, Outcome] = {}
        if lease.absent:
            self.journal.begin(result)
            bucket = closure(self.estate, {lease.address})
            first = self.apply({a: d for a, d in decisions.items() if a in bucket}, [])
            if self.stop or first[lease.address].fate is not Fate.DONE:
                return first
            decisions = {a: d for a, d in decisions.items() if a not in bucket}
        lease.take()
        self.aws.guard = lease.guard
        try:
            self.journal.begin(result)
            self.journal.share()
            return first | self.apply(decisions, doomed)
        finally:
            lease.release()

    def _foretell(self, result: Result) -> None:
        """What a run that changes something would be refused for."""
        try:
            self.safety.brake(result.decisions)
        except Brake as error:
            self.warnings.append(Problem(None, "", str(error)))
        self.warnings += missing_inputs(self.estate, result.decisions)

    def look(self) -> tuple[Mapping[str, Decision], list[Doomed], Result]:
        """Read what is there and decide what to do about it: reading calls only."""
        estate, request = self.estate, self.request
        asked = self._asked()
        with ThreadPoolExecutor(request.threads) as pool:
            listed = begin(estate, asked, pool)
            observe(estate, closure(estate, self.chosen), pool)
            unread = listed()
            estate.maybe = unnamed.candidates(estate)
            decided = {} if request.destroy else self._plan()
            doomed = self._doomed(decided, asked - unread.keys(), pool)
        self._refuse_what_aws_does_not_offer(decided)
        decisions = self._together(decided, doomed)
        result = Result(
            environment=self.declared.environment.name,
            account=self.aws.account,
            run=request.run,
            commit=request.commit,
            dry=request.dry,
            decisions=tuple(decisions.values()),
            outcomes={},
            coverage=coverage(estate, asked, unread, self.chosen),
            outputs={},
            calls={},
            seconds=0,
        )
        self._tell_of_terraform(decisions)
        return decisions, doomed, self._finished(result, {})

    def _plan(self) -> dict[str, Decision]:
        return plan(self.estate, self.graph, self.chosen, self._gate, self.bar)

    def apply(
        self, decisions: Mapping[str, Decision], doomed: Collection[Doomed]
    ) -> dict[str, Outcome]:
        """Take the steps, then look once more at all that was touched."""
        request = self.request
        # What we only watch, and somebody else is at work on, is no reason to wait.
        decisions = {address: d for address, d in decisions.items() if not self._busy(d)}
        walk = Walk(
            self.estate,
            self.graph,
            decisions,
            doomed,
            request.pace,
            self.watcher,
            self.stop,
            self.begin,
        )
        executor = walk(request.threads)
        became = walk.outcomes(executor)
        if executor.stopped:
            return became
        with ThreadPoolExecutor(request.threads) as pool:
            return became | final_look(self.estate, walk.converge.course.touched, became, pool)

    def _asked(self) -> set[Kind]:
        """What must be listed: everything we know of, or only what was chosen."""
        if self.request.only or self.request.but:
            types = {self.estate.resources[address].type for address in self.chosen}
            return kinds(self.estate, types)
        return kinds(self.estate, registry.types())

    def _doomed(
        self, decided: Mapping[str, Decision], asked: Collection[Kind], pool: ThreadPoolExecutor
    ) -> list[Doomed]:
        """What shall go: tombstones, what is replaced in use, and what nothing declares."""
        partly = self.request.only or self.request.but
        undeclared = [] if partly else prune.prunable(self.estate, asked, pool)
        if self.request.destroy:
            return [*prune.owned(self.estate, self.chosen), *undeclared]
        tombs = [each.address for each in decided.values() if each.action is Action.DELETE]
        return [
            *prune.declared(self.estate, tombs, whoever=True),
            *prune.retired(self.estate, decided.values()),
            *undeclared,
        ]

    def _can_be_done(self, decision: Decision) -> bool:
        """Whether there is a step for us to take, or something of AWS's to wait for."""
        if decision.action in QUIET or decision.gate or decision.behind:
            return False
        people = decision.action is Action.WAIT and decision.waits
        return not (people or self._busy(decision))

    def _busy(self, decision: Decision) -> bool:
        return decision.action is Action.WAIT and self.safety.watches(decision)

    def _gate(self, decision: Decision) -> str:
        """What holds a decision about what is declared."""
        seen = self.estate.seen.get(decision.address)
        owned = self.estate.owner(decision.address, seen) if seen else NOBODY
        held = self._safety(decision, seen.tags if seen else {}, owned)
        return held or in_the_way(decision.address, prune.in_use(self.estate, [decision]))

    def _safety(self, decision: Decision, tags: Tags, owned: Ownership) -> str:
        if self.lease and decision.address == self.lease.address and decision.action in LOSES:
            return KEEPS
        if self.saved and (why := self.saved.holds(decision)):
            return why
        return self.safety.gate(decision, tags, self.estate.keeps(decision.address), owned)

    def _together(
        self, decided: Mapping[str, Decision], doomed: Collection[Doomed]
    ) -> dict[str, Decision]:
        """Every decision, on what nothing declares too, with what holds it in this run."""
        going = {each.address: each for each in doomed if not each.heir}
        return {address: self._taken(each) for address, each in going.items()} | {**decided}

    def _taken(self, each: Doomed) -> Decision:
        """The decision about an object that shall go."""
        owned = self.estate.ownership(each.handler, each.kind, each.observed)
        gate = self._safety(each.decision, each.observed.tags, owned)
        return self.bar(replace(each.decision, owner=str(owned), gate=gate))

    def _tell_of_terraform(self, decisions: Mapping[str, Decision]) -> None:
        """What could not be read of it, and what its code needs where we take what it owns."""
        environment = self.declared.environment
        for number, state in enumerate(environment.terraform):
            if why := self.estate.terraform.unread.get(state):
                place = environment.place(f"terraform[{number}]")
                self.warnings.append(Problem(place, "", UNREAD.format(state, why)))
        for each in decisions.values():
            seen = self.estate.seen.get(each.address)
            code = self.estate.owner(each.address, seen).code if seen else ""
            if each.action is Action.ADOPT and not each.gate and code:
                what = "is Terraform's as well, whose next apply takes our tags away unless it says"
                self.warnings.append(Problem(None, each.address, f"{what}\n{code}"))

    def _refuse_what_aws_does_not_offer(self, decided: Mapping[str, Decision]) -> None:
        """Ask the value tables about what is to be written; a no-op run never reads them.

        What is held in this run is only warned of."""
        written = {address: each for address, each in decided.items() if each.action in SENDS}
        if not written:
            return
        from reconciler.load import values

        new = {address for address, each in written.items() if each.action in CREATES}
        seen = {address: self.estate.seen[address] for address in written.keys() - new}
        changing = {a: self.estate.change(a, one) for a, one in seen.items() if one}
        verdict = values.check(self.declared, written, new, changing)
        held = [each for each in verdict.problems if each.address and written[each.address].gate]
        self.warnings += [*verdict.warnings, *held]
        if problems := [each for each in verdict.problems if each not in held]:
            raise InvalidDesired(problems)

    def _finished(self, result: Result, became: Mapping[str, Outcome]) -> Result:
        outputs: dict[str, Any] = {
            name: self.estate.text(text)
            for name, text in self.declared.environment.outputs.items()
            if self.estate.looked_at(text)
        }
        return replace(
            result,
            decisions=tuple(self._unblocking(each, each.address) for each in result.decisions),
            outcomes={address: self._unblocking(each, address) for address, each in became.items()},
            outputs=outputs,
            calls=dict(self.aws.calls),
            seconds=time.monotonic() - self.begun,
        )

    def _unblocking(self, one: Waiter, address: str) -> Waiter:
        """With what each of its waits holds up, where the handler could not know."""
        if not one.waits:
            return one
        held = unblocked(self.graph, address)
        told = (each if each.unblocks else replace(each, unblocks=held) for each in one.waits)
        return replace(one, waits=tuple(told))


def order(estate: Estate) -> Graph:
    """The graph of everything declared. Raises Cycle."""
    depends_on = {
        each.address: {a: each.place(f"$depends_on[{n}]") for n, a in enumerate(each.depends_on)}
        for each in estate.resources.values()
    }
    wanted = {address: each.properties for address, each in estate.resources.items()}
    return build(estate.references, estate.facts, depends_on, wanted.__getitem__)
