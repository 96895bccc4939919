"""Making an object: once, never blindly again, and in the place of one that must go."""

from __future__ import annotations

import time
from dataclasses import replace

from botocore.exceptions import ClientError

from reconciler.apply.executor import Later
from reconciler.apply.progress import Answer, Course, Progress, unknowns
from reconciler.apply.waiting import PROPAGATION
from reconciler.aws.failures import once
from reconciler.aws.ownership import ADDRESS, RETIRED, escape
from reconciler.aws.passing import exists, in_use
from reconciler.errors import AnswerLost, Broken, Foreign, NotSettled
from reconciler.handler import Handler
from reconciler.model import Observed, Status
from reconciler.overlay import unknown
from reconciler.plan.planner import is_ours


class Making:
    """Takes the steps by which an object comes to exist."""

    def __init__(self, course: Course) -> None:
        self.course, self.estate, self.pace = course, course.estate, course.pace

    def create(self, address: str, made: Progress) -> Answer:
        handler, born = self.estate.handler(address), self.estate.born(address)
        if made.remade:  # told the same intent again, AWS would answer with the failed object
            born = replace(born, intent=f"{born.intent} again")
        properties = born.properties.items()
        now = {name: value for name, value in properties if name not in handler.deferred}
        if unknown(now):
            return made.patience.later(f"for a value that {unknowns(now)} needs", PROPAGATION)
        if self.made_meanwhile(address, made):
            return Later(0, "")
        self.course.touch(address)
        self.estate.newborn.add(address)
        try:
            with once():
                self.estate.made[address] = handler.create(replace(born, properties=now))
            made.lost = False
        except AnswerLost:
            made.lost = True
        except ClientError as error:
            if not exists(error):
                if not self.course.passes(address, error):
                    raise
                bound = max(PROPAGATION, self.course.bound(address))
                return made.patience.later(str(error), bound, "a refusal that passes")
            made.lost, made.taken = True, error
        made.sent = made.written = time.monotonic()
        return self.appear(address, made)

    def made_meanwhile(self, address: str, made: Progress) -> bool:
        """Whether since the plan was made somebody, or a run that died, has made it.

        Asked where AWS would not refuse a second create. One listing a tick answers for all."""
        facts = self.estate.facts(address)
        if facts.unique and not facts.overwrites:
            return False
        observed = self.estate.look(address, self.course.instant())
        if observed is None:
            return False
        if facts.overwrites and not made.lost:
            self._refuse_to_overwrite(address, observed)
        made.sent, made.lost = time.monotonic(), True
        return True

    def appear(self, address: str, made: Progress) -> Answer:
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
        made.written = max(made.written, self.course.instant())
        return made.patience.later("AWS to list what was created", 2 * self.pace.grace)

    def make_way(self, address: str, made: Progress) -> Answer:
        """Retire the old object, or delete it where two cannot stand side by side."""
        handler = self.estate.handler(address)
        observed = self.estate.look(address, made.written or None)
        self.course.touch(address)
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

    def remake(self, address: str, made: Progress, observed: Observed) -> Answer:
        """What never became ready and AWS gave up on is deleted and made again, once."""
        if made.remade or made.sent is None:
            raise Broken(f"AWS gave up on {observed.id}: {observed.reason or 'it gives no reason'}")
        self.estate.handler(address).delete(observed)
        self.estate.made.pop(address, None)
        made.remade, made.sent, made.written = True, None, time.monotonic()
        made.tried.clear()
        return Later(self.pace.tick, "the failed object to go")

    def make_again(self, address: str, made: Progress) -> Answer:
        observed = self.estate.look(address, max(made.written, self.course.instant()))
        if observed is None:
            return self.create(address, made) or Later(0, "")
        return made.patience.later("the failed object to go", self.course.bound(address))

    def _refuse_strangers(self, address: str, observed: Observed) -> None:
        """What was there before us is adopted by the next run, if its policy lets it."""
        if self.estate.facts(address).marked() and not is_ours(self.estate, address, observed):
            raise Foreign(
                f"{observed.id} has that name already and is not ours. Nothing was done to it: the "
                "next run plans what to do about it"
            )

    def _refuse_to_overwrite(self, address: str, observed: Observed) -> None:
        """What carries no tags may be anybody's: it is left as it is, and so is right or not."""
        if not self.estate.facts(address).marked() and self.estate.change(address, observed).fields:
            raise Foreign(
                f"{observed.id} was made since this run looked, and not as the YAML wants it. "
                "Nothing was done to it: the next run plans what to do about it"
            )

    def _clear(self, made: Progress, handler: Handler, observed: Observed) -> Later:
        try:
            if observed.status is not Status.PENDING:
                handler.delete(observed)
        except ClientError as error:
            if not in_use(error):
                raise
        return made.patience.later("the old object to go", handler.settles_within)
