"""Making an object right: one write, from what AWS shows now, and never the same one twice."""

from __future__ import annotations

import time

from botocore.exceptions import ClientError

from reconciler.apply.executor import Later
from reconciler.apply.progress import Answer, Course, Progress
from reconciler.apply.telling import not_taken, shown
from reconciler.apply.waiting import PROPAGATION
from reconciler.aws.failures import once
from reconciler.aws.passing import exists, stale
from reconciler.errors import AnswerLost, Denied, NotTaken
from reconciler.model import Action, Change, FieldChange
from reconciler.plan.planner import felt, immutable
from reconciler.result import Decision


class Writing:
    """Takes the steps by which an object comes to be as wanted."""

    def __init__(self, course: Course) -> None:
        self.course, self.estate, self.pace = course, course.estate, course.pace

    def write(self, decision: Decision, made: Progress, change: Change) -> Answer:
        """Send what differs. What this run has sent before, and AWS did not take, it refuses."""
        address = decision.address
        self._refuse_worse(decision, change)
        self._refuse_immutable(address, change)
        if (wish := _wish(change)) in made.tried:
            # AWS may show the old value for a while after it has taken the new one.
            if time.monotonic() - made.written < self.pace.believed:
                return Later(self.pace.tick, "AWS to show what it accepted")
            raise NotTaken(not_taken(self.estate.facts(address), change))
        self.course.touch(address, change)
        try:
            self._send(address, change)
        except AnswerLost:
            made.written = time.monotonic()
            return made.patience.later("the answer was lost: looking at AWS again", PROPAGATION)
        except ClientError as error:
            return self._excuse(address, made, error)
        self.estate.newborn.discard(address)
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
            self.course.bases[address] = change.observed

    def _excuse(self, address: str, made: Progress, error: ClientError) -> Later:
        """A refusal that passes, or a change by somebody else: look and plan again."""
        made.written = time.monotonic()
        if (stale(error) or exists(error)) and made.stale < 3:
            made.stale += 1
            return Later(self.pace.tick, "somebody else changed it: looking again")
        if self.course.passes(address, error):
            bound = max(PROPAGATION, self.course.bound(address))
            return made.patience.later(str(error), bound, "a refusal that passes")
        raise error

    def _refuse_worse(self, decision: Decision, change: Change) -> None:
        """What came to differ since the plan was made must not make the step a graver one."""
        worse = felt(self.estate.facts(decision.address), change)
        if decision.action is Action.UPDATE and worse:
            raise Denied(
                f"since the plan was made {', '.join(sorted(worse))} has come to differ as well, "
                "and users feel it when that changes: the next run plans it"
            )

    def _refuse_immutable(self, address: str, change: Change) -> None:
        if wrong := immutable(self.estate.facts(address), change):
            told = shown(self.estate.facts(address), wrong)
            raise NotTaken(f"AWS created it otherwise than we asked: {told}")


def _wish(change: Change) -> tuple[FieldChange, ...]:
    """What this write is to make true, tags included."""
    tags = FieldChange("tags", dict(change.observed.tags), dict(change.tags))
    return (*change.fields, tags) if change.retags else change.fields
