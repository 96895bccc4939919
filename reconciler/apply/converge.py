"""One resource: make it exist, make it right, and look again until nothing differs."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from botocore.exceptions import ClientError

from reconciler.apply.executor import Later, Waits
from reconciler.apply.telling import not_taken, shown
from reconciler.apply.waiting import PROPAGATION, Pace, Patience
from reconciler.aws.failures import once, throttled
from reconciler.aws.linked_roles import LinkedRoles
from reconciler.aws.ownership import ADDRESS, RETIRED, escape
from reconciler.aws.passing import exists, in_use, passes, stale
from reconciler.aws.people import asked_of_people
from reconciler.errors import AnswerLost, Broken, Denied, Foreign, NotSettled, NotTaken, Unread
from reconciler.handler import Handler
from reconciler.model import (
    Action,
    Change,
    Decision,
    FieldChange,
    Observed,
    Properties,
    Status,
    top,
)
from reconciler.overlay import plain, unknown
from reconciler.plan.estate import Estate
from reconciler.plan.graph import Node
from reconciler.plan.overtaken import overtaken
from reconciler.plan.planner import felt, is_ours

Answer = Later | Waits | None


@dataclass
class Progress:
    """How far this run has come with one resource."""

    patience: Patience
    sent: float | None = None
    """When the create was sent."""
    lost: bool = False
    """Its answer never came, or says that there is one already."""
    taken: ClientError | None = None
    """That answer: the name may be a stranger's, whom we cannot see."""
    appeared: float = 0.0
    """When it was first seen after the create."""
    written: float = 0.0
    tried: list[tuple[FieldChange, ...]] = field(default_factory=list)
    stale: int = 0
    waiting: float = 0.0
    """Since when it is seen to wait for people."""
    gone: bool = False
    """The object that was to be replaced is out of the way."""
    remade: bool = False


class Converge:
    """Brings resources to their desired state, one step a visit. Visits never wait."""

    def __init__(self, estate: Estate, plan: Mapping[str, Decision], pace: Pace) -> None:
        self.estate, self.plan, self.pace = estate, plan, pace
        self.linked_roles = LinkedRoles(estate.aws)
        self.touched: set[str] = set()
        """What this run wrote to."""
        self.bases: dict[str, Observed] = {}
        """What this run made another object from, by address: revisions are never changed."""
        self._behind: dict[str, str] = {}
        """Who waits until we have caught up with a release of somebody else's: of what."""
        self._progress: dict[str, Progress] = defaultdict(lambda: Progress(Patience(pace)))

    def visit(self, node: Node) -> Answer:
        """The next step at `exists` or `done`. None: reached."""
        decision = self.plan.get(node.address)
        if decision is None or decision.action is Action.NO_OP:
            return None
        if decision.action is Action.UNKNOWN:
            raise Unread(decision.reason)
        try:
            if node.part == "exists":
                return self._exists(decision)
            return None if decision.gate else self._done(decision)
        except ClientError as error:
            if wait := asked_of_people(error):
                return Waits((wait,))
            if not throttled(error):
                raise
            made = self._progress[node.address]
            made.written = time.monotonic()  # a listing that failed is not asked for again
            return made.patience.later(str(error), PROPAGATION)

    def _exists(self, decision: Decision) -> Answer:
        address, made = decision.address, self._progress[decision.address]
        if decision.action not in (Action.CREATE, Action.REPLACE):
            return None
        if decision.gate:
            raise Denied(decision.gate)
        if decision.action is Action.REPLACE and not made.gone:
            return self._make_way(address, made)
        if made.sent is None:
            return self._create(address, made)
        return self._appear(address, made)

    def _create(self, address: str, made: Progress) -> Answer:
        handler, desired = self.estate.handler(address), self.estate.desired(address)
        if made.remade:  # told the same intent again, AWS would answer with the failed object
            desired = replace(desired, intent=f"{desired.intent} again")
        born = self.estate.born(address)
        now = {name: value for name, value in born.items() if name not in handler.deferred}
        if unknown(now):
            return made.patience.later(f"for a value that {_named(now)} needs", PROPAGATION)
        if not handler.unique and self.estate.look(address, self.pace.instant()):
            # Since the plan was made somebody, or a run that died, has made it.
            made.sent, made.lost = time.monotonic(), True
            return Later(0, "")
        self.touched.add(address)
        try:
            with once():
                self.estate.made[address] = handler.create(replace(desired, properties=now))
            made.lost = False
        except AnswerLost:
            made.lost = True
        except ClientError as error:
            if not exists(error):
                if not self._passes(address, error):
                    raise
                return made.patience.later(str(error), PROPAGATION)
            made.lost, made.taken = True, error
        made.sent = made.written = time.monotonic()
        return self._appear(address, made)

    def _appear(self, address: str, made: Progress) -> Answer:
        """Not listed so soon after a create means pending, never absent."""
        if observed := self.estate.look(address, made.written):
            if made.lost:
                self._refuse_strangers(address, observed)
            self.estate.moving.pop(address, None)
            made.appeared = time.monotonic()
            return None
        repeatable = self.estate.facts(address).repeatable and not made.taken
        if made.lost and repeatable and made.patience.looks:
            made.sent, made.patience.looks = None, 0  # AWS takes a second one for the first
        hidden = time.monotonic() - (made.sent or time.monotonic())
        if hidden > self.pace.grace:
            if made.taken:
                raise made.taken
            if not made.lost:
                raise NotSettled(
                    f"created as {self.estate.made[address]}, but AWS does not list it"
                )
            made.sent = None
        made.written = max(made.written, self.pace.instant())
        return made.patience.later("AWS to list what was created", 2 * self.pace.grace)

    def _refuse_strangers(self, address: str, observed: Observed) -> None:
        """What was there before us is adopted by the next run, if its policy lets it."""
        if self.estate.facts(address).marked() and not is_ours(self.estate, address, observed):
            raise Foreign(
                f"{observed.id} has that name already and is not ours. Nothing was done to it: the "
                "next run plans what to do about it"
            )

    def _make_way(self, address: str, made: Progress) -> Answer:
        """Retire the old object, or delete it where two cannot stand side by side."""
        handler = self.estate.handler(address)
        observed = self.estate.look(address, made.written or None)
        self.touched.add(address)
        if observed is None:
            made.gone, made.written = True, 0.0
            return Later(0, "")
        if handler.unique:
            made.written = time.monotonic()
            return self._clear(made, handler, observed)
        handler.tag(observed, {**observed.tags, ADDRESS: escape(RETIRED + address)})
        self.estate.made.pop(address, None)
        self.estate.retired[address] = observed.id
        made.gone = True
        return Later(0, "")

    def _clear(self, made: Progress, handler: Handler, observed: Observed) -> Later:
        try:
            if observed.status is not Status.PENDING:
                handler.delete(observed)
        except ClientError as error:
            if not in_use(error):
                raise
        return made.patience.later("the old object to go", handler.settles_within)

    def _done(self, decision: Decision) -> Answer:
        address, made = decision.address, self._progress[decision.address]
        if address in self._behind:
            return self._catch_up(address)
        if made.remade and made.sent is None:
            return self._make_again(address, made)
        observed = self._observed(address, made)
        if observed is None:
            return self._superseded(address) or made.patience.later(
                "AWS to list it", self.pace.grace
            )
        if observed.status is Status.BROKEN:
            return self._remake(address, made, observed)
        if observed.status is Status.PENDING:
            why, settling = observed.reason or "AWS to finish", ("settling", made.written)
            return made.patience.later(why, self._bound(address), settling)
        change = self.estate.change(address, observed)
        if unknown(change.wanted):
            return made.patience.later(f"for a value that {_named(change.wanted)} needs", 3600)
        if not change.fields and not change.retags:
            self.estate.moving.pop(address, None)
            return self._people(address, made, observed)
        self._refuse_worse(decision, change)
        return self._write(address, made, change)

    def _people(self, address: str, made: Progress, observed: Observed) -> Later | Waits | None:
        """What only people can do; but AWS takes a while to notice what this run has done."""
        waits = self.estate.waits(address, observed)
        if observed.status is not Status.WAITING:
            return Waits(waits, holds=False) if waits else None
        made.waiting = made.waiting or time.monotonic()
        notices = min(self.estate.facts(address).noticed_within, self.pace.noticed)
        if time.monotonic() - made.waiting < notices and self._worked_on(address):
            return Later(min(self.pace.longest, notices), waits[0].what if waits else "")
        return Waits(waits)

    def _worked_on(self, address: str) -> bool:
        """Whether this run wrote to the object, or to what makes it ready."""
        proofs = self.estate.facts(address).proven_by
        return address in self.touched or any(
            other.split("/")[0] in proofs and address in {r.address for r in references}
            for other, references in self.estate.references.items()
            if other in self.touched
        )

    def _observed(self, address: str, made: Progress) -> Observed | None:
        """What the look after the create showed, a tick long; else a new one.

        What is about to be changed is read anew: the plan may be minutes old."""
        if time.monotonic() - made.appeared < self.pace.tick and made.appeared > made.written:
            return self.estate.seen[address]
        made.written = made.written or time.monotonic()
        return self.estate.look(address, max(made.written, self.pace.instant()))

    def _bound(self, address: str) -> float:
        declared = self.estate.resources[address].settles_within
        return self.estate.facts(address).settles_within if declared is None else declared

    def _write(self, address: str, made: Progress, change: Change) -> Answer:
        self._refuse_immutable(address, change)
        if found := overtaken(self.estate, address, change, self.bases):
            return self._begin_anew(address, *found)
        if (wish := _wish(change)) in made.tried:
            # AWS may show the old value for a while after it has taken the new one.
            if time.monotonic() - made.written < self.pace.believed:
                return Later(self.pace.tick, "AWS to show what it accepted")
            raise NotTaken(not_taken(self.estate.facts(address), change))
        self.touched.add(address)
        try:
            self._send(address, change)
        except AnswerLost:
            made.written = time.monotonic()
            return made.patience.later("the answer was lost: looking at AWS again", PROPAGATION)
        except ClientError as error:
            return self._excuse(address, made, error)
        made.tried.append(wish)
        made.written = time.monotonic()
        return Later(0, "")

    def _send(self, address: str, change: Change) -> None:
        handler = self.estate.handler(address)
        if change.retags:
            handler.tag(change.observed, change.tags)
        if not change.fields:
            return
        if handler.repeatable:
            moved = handler.update(change)
        else:
            with once():
                moved = handler.update(change)
        if moved:
            self.estate.made[address] = moved
            self.bases[address] = change.observed

    def _begin_anew(self, address: str, used: str, now: Observed) -> Later:
        """From what somebody else released, not from what we saw before."""
        self.estate.seen[used] = now
        if used in self.bases:
            self._behind[address] = used
            self._forget(used)
        return Later(0, "")

    def _superseded(self, address: str) -> Later | None:
        """Somebody else may have released a newer one than ours: begin anew from that."""
        base = self.bases.get(address)
        now = self.estate.standing(address) if base else None
        if base is None or now is None or now.id == base.id:
            return None
        self._forget(address)
        return Later(0, "")

    def _forget(self, address: str) -> None:
        """What this run made from what is out of date."""
        self.estate.made.pop(address, None)
        del self.bases[address], self._progress[address]

    def _catch_up(self, address: str) -> Answer:
        answer = self._done(self.plan[self._behind[address]])
        if answer is not None:
            return answer
        del self._behind[address]
        return Later(0, "")

    def _excuse(self, address: str, made: Progress, error: ClientError) -> Later:
        """A refusal that passes, or a change by somebody else: look and plan again."""
        made.written = time.monotonic()
        if (stale(error) or exists(error)) and made.stale < 3:
            made.stale += 1
            return Later(self.pace.tick, "somebody else changed it: looking again")
        if self._passes(address, error):
            bound = max(PROPAGATION, self._bound(address))
            return made.patience.later(str(error), bound, "a refusal that passes")
        raise error

    def _passes(self, address: str, error: ClientError) -> bool:
        """Whether the same call will be taken later, by then with a role that it lacks now."""
        asked = plain(self.estate.desired(address).properties)
        return self.linked_roles.supply(address, asked, error) or passes(error)

    def _refuse_worse(self, decision: Decision, change: Change) -> None:
        """What came to differ since the plan was made must not make the step a graver one."""
        worse = felt(self.estate.facts(decision.address), change)
        if decision.action is Action.UPDATE and worse:
            raise Denied(
                f"since the plan was made {', '.join(sorted(worse))} has come to differ as well, "
                "and users feel it when that changes: the next run plans it"
            )

    def _refuse_immutable(self, address: str, change: Change) -> None:
        if fixed := change.names & self.estate.facts(address).immutable:
            wrong = [each for each in change.fields if top(each.path) in fixed]
            told = shown(self.estate.facts(address), wrong)
            raise NotTaken(f"AWS created it otherwise than we asked: {told}")

    def _remake(self, address: str, made: Progress, observed: Observed) -> Answer:
        """What never became ready and AWS gave up on is deleted and made again, once."""
        if made.remade or made.sent is None:
            raise Broken(f"AWS gave up on {observed.id}: {observed.reason or 'it gives no reason'}")
        self.estate.handler(address).delete(observed)
        self.estate.made.pop(address, None)
        made.remade, made.sent, made.written = True, None, time.monotonic()
        made.tried.clear()
        return Later(self.pace.tick, "the failed object to go")

    def _make_again(self, address: str, made: Progress) -> Answer:
        observed = self.estate.look(address, max(made.written, self.pace.instant()))
        if observed is None:
            return self._create(address, made) or Later(0, "")
        return made.patience.later("the failed object to go", self._bound(address))


def _named(properties: Properties) -> str:
    return ", ".join(name for name, value in properties.items() if unknown(value))


def _wish(change: Change) -> tuple[FieldChange, ...]:
    """What this write is to make true, tags included."""
    tags = FieldChange("tags", dict(change.observed.tags), dict(change.tags))
    return (*change.fields, tags) if change.retags else change.fields
