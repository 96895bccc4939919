"""One resource: make it exist, make it right, and look again until nothing differs."""

from __future__ import annotations

import time
from collections.abc import Mapping

from botocore.exceptions import ClientError

from reconciler.apply.executor import Later, Waits
from reconciler.apply.making import Making
from reconciler.apply.progress import Answer, Begin, Course, Progress, freely, unknowns
from reconciler.apply.waiting import PROPAGATION, Pace
from reconciler.apply.writing import Writing
from reconciler.aws.failures import throttled
from reconciler.aws.people import asked_of_people
from reconciler.errors import Denied, Unread
from reconciler.model import Action, Observed, Status
from reconciler.overlay import unknown
from reconciler.plan.estate import Estate
from reconciler.plan.graph import Node
from reconciler.plan.overtaken import overtaken
from reconciler.result import Decision


class Converge:
    """Brings resources to their desired state, one step a visit. Visits never wait."""

    def __init__(
        self,
        estate: Estate,
        plan: Mapping[str, Decision],
        pace: Pace,
        begin: Begin = freely,
    ) -> None:
        self.estate, self.plan, self.pace = estate, plan, pace
        self.course = Course(estate, pace, begin)
        self._making, self._writing = Making(self.course), Writing(self.course)
        self._behind: dict[str, str] = {}
        """Who waits until we have caught up with a release of somebody else's: of what."""

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
            made = self.course.progress[node.address]
            made.written = time.monotonic()  # a listing that failed is not asked for again
            return made.patience.later(str(error), PROPAGATION)

    def _exists(self, decision: Decision) -> Answer:
        address, made = decision.address, self.course.progress[decision.address]
        if decision.action not in (Action.CREATE, Action.REPLACE):
            return None
        if decision.gate:
            raise Denied(decision.gate)
        if decision.action is Action.REPLACE and not made.gone:
            return self._making.make_way(address, made)
        if made.sent is None:
            return self._making.create(address, made)
        return self._making.appear(address, made)

    def _done(self, decision: Decision) -> Answer:
        address, made = decision.address, self.course.progress[decision.address]
        if address in self._behind:
            return self._catch_up(address)
        if made.remade and made.sent is None:
            return self._making.make_again(address, made)
        observed = self._observed(address, made)
        if observed is None:
            return self._superseded(address) or made.patience.later(
                "AWS to list it", self.pace.grace
            )
        if observed.status is Status.BROKEN:
            return self._making.remake(address, made, observed)
        if observed.status is Status.PENDING:
            why, settling = observed.reason or "AWS to finish", ("settling", made.written)
            return made.patience.later(why, self.course.bound(address), settling)
        change = self.estate.change(address, observed)
        if unknown(change.wanted):
            return made.patience.later(f"for a value that {unknowns(change.wanted)} needs", 3600)
        if not change.fields and not change.retags:
            self.estate.newborn.discard(address)
            self.estate.moving.pop(address, None)
            return self._people(address, made, observed)
        if found := overtaken(self.estate, address, change, self.course.bases):
            return self._begin_anew(address, *found)
        return self._writing.write(decision, made, change)

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
        return address in self.course.touched or any(
            other.split("/")[0] in proofs and address in {r.address for r in references}
            for other, references in self.estate.references.items()
            if other in self.course.touched
        )

    def _observed(self, address: str, made: Progress) -> Observed | None:
        """What the look after the create showed, a tick long; else a new one.

        What is about to be changed is read anew: the plan may be minutes old."""
        if time.monotonic() - made.appeared < self.pace.tick and made.appeared > made.written:
            return self.estate.seen[address]
        made.written = made.written or time.monotonic()
        return self.estate.look(address, max(made.written, self.course.instant()))

    def _begin_anew(self, address: str, used: str, now: Observed) -> Later:
        """From what somebody else released, not from what we saw before."""
        self.estate.seen[used] = now
        if used in self.course.bases:
            self._behind[address] = used
            self._forget(used)
        return Later(0, "")

    def _superseded(self, address: str) -> Later | None:
        """Somebody else may have released a newer one than ours: begin anew from that."""
        base = self.course.bases.get(address)
        now = self.estate.standing(address) if base else None
        if base is None or now is None or now.id == base.id:
            return None
        self._forget(address)
        return Later(0, "")

    def _forget(self, address: str) -> None:
        """What this run made from what is out of date."""
        self.estate.made.pop(address, None)
        del self.course.bases[address], self.course.progress[address]

    def _catch_up(self, address: str) -> Answer:
        answer = self._done(self.plan[self._behind[address]])
        if answer is not None:
            return answer
        del self._behind[address]
        return Later(0, "")
