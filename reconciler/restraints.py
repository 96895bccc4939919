"""What else leaves a difference alone: a hold, a freeze, and what the clock is not to repair.

Policy says what a run may do at all; these say what it does not do now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from reconciler import leases, registry
from reconciler.actors import Ours
from reconciler.actors.trail import PAGES
from reconciler.errors import Denied, Problem, Refused
from reconciler.freezes import Freezes, windows
from reconciler.healing import Heal, Trail, classes, told_of
from reconciler.holds import Book, Hold, Holds, accepted
from reconciler.load import Environment
from reconciler.model import Action, Change
from reconciler.plan.planner import Gate, ungated
from reconciler.result import Decision
from reconciler.run import Run

Options = Mapping[str, Any]
DIFFERS = {Action.UPDATE, Action.DISRUPT, Action.REPLACE}
NEXT = "the next run weighs it"
FEW = 2
"""Pages of CloudTrail that a run reads which somebody waits for."""


@dataclass
class Restraints:
    """Asked of one decision after the other that no policy holds."""

    holds: Holds
    trail: Trail
    frozen: Gate = ungated
    heal: Heal | None = None
    """Only where the clock began the run."""
    _weighed: dict[str, Decision] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def __call__(self, decision: Decision) -> Decision:
        decision = self.holds(decision)
        if decision.action in DIFFERS and (change := self.trail.last(decision)):
            decision = replace(decision, last=told_of(change))
        if decision.gate or decision.action in (Action.NO_OP, Action.WAIT, Action.UNKNOWN):
            return decision
        self._weighed[decision.address] = decision
        held = self.frozen(decision) or (self.heal(decision) if self.heal else "")
        return replace(decision, gate=held)

    def begin(self, address: str, change: Change | None = None) -> None:
        """Right before the first write to it. Raises Denied if a freeze has begun meanwhile, or, in
        a run that nobody looks at, if more differs than was weighed.

        What was begun is finished: half an object helps nobody through the night."""
        decision = self._weighed.get(address)
        if decision is None or address in self._begun:
            return
        if self.heal and change and (more := _more(decision, change)):
            raise Denied(f"{', '.join(more)} came to differ since this run looked: {NEXT}")
        if held := self.frozen(decision):
            raise Denied(held)
        self._begun.add(address)


FirstSeen = Callable[[Decision], datetime]


def restrain(options: Options, run: Run, first_seen: FirstSeen | None) -> Restraints:
    """Put them on a run. `first_seen`: since when a drift is there, where the clock began it."""
    environment, now = run.declared.environment, datetime.now(UTC)
    trail = Trail(
        run.aws,
        environment,
        now - (environment.heal.longest if first_seen else timedelta(days=7)),
        Ours(role=environment.role, every=True),
        PAGES if first_seen else FEW,
    )
    holds = Holds(accepted(run.declared.resources), lambda: _asked(run, environment), now)
    restraints = Restraints(holds, trail, _frozen(options, run, now))
    if first_seen:
        restraints.heal = Heal(environment.name, environment.heal, trail, first_seen, now)
    run.bar, run.begin = restraints, restraints.begin
    return restraints


def _asked(run: Run, environment: Environment) -> Iterable[Hold]:
    """What `hold` said; a run that cannot read it repairs what it should perhaps not."""
    if environment.state is None:
        return ()
    store = leases.store(environment, run.aws)
    try:
        return Book(store.client, store.bucket, environment.name).read().values()
    except Refused as error:
        raise Refused(
            f"{error}, so nobody knows what is to be left alone: nothing was changed"
        ) from error


def _frozen(options: Options, run: Run, now: datetime) -> Gate:
    """What a freeze holds; never what lets the world in."""
    environment = run.declared.environment
    if not environment.freezes or not run.request.enforced or options.get("during_freeze"):
        return ungated
    found = windows(environment.freezes, environment.folder, now)
    freezes = Freezes(found, lambda address: _lasts(run, address))

    def frozen(decision: Decision) -> str:
        return "" if environment.heal.urgent(classes(decision)) else freezes(decision)

    return frozen


def _lasts(run: Run, address: str) -> float:
    """Seconds that a step may take until AWS has settled, at most."""
    resource = run.estate.resources.get(address)
    declared = resource.settles_within if resource else None
    return declared or registry.handler(address.partition("/")[0]).settles_within


def _more(decision: Decision, change: Change) -> list[str]:
    """What differs now and did not when it was weighed; of what is made anew nothing does."""
    if decision.action not in (Action.UPDATE, Action.DISRUPT):
        return []
    known = [(each.path, each.before) for each in decision.diff]
    return [each.path for each in change.fields if (each.path, each.before) not in known]


def told(restraints: Restraints) -> list[Problem]:
    """What people should know of it besides the plan."""
    unread = restraints.trail.unread if restraints.heal else []
    return [Problem(None, "", each) for each in (*restraints.holds.told, *dict.fromkeys(unread))]
