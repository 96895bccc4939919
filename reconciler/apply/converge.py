"""One resource: make it exist, make it right, and look again until nothing differs."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from botocore.exceptions import ClientError

from reconciler.apply.executor import Later, Waits
from reconciler.apply.waiting import PROPAGATION, Pace, Patience
from reconciler.aws.failures import once
from reconciler.aws.ownership import ADDRESS, RETIRED, escape
from reconciler.aws.passing import exists, passes, stale
from reconciler.errors import AnswerLost, Broken, Denied, NotSettled, NotTaken, Unread
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
from reconciler.overlay import place, plain, unknown
from reconciler.plan.estate import Estate
from reconciler.plan.graph import Node

Answer = Later | Waits | None


@dataclass
class Progress:
    """How far this run has come with one resource."""

    patience: Patience
    sent: float | None = None
    """When the create was sent."""
    lost: bool = False
    """Its answer never came, or says that there is one already."""
    written: float = 0.0
    tried: list[tuple[FieldChange, ...]] = field(default_factory=list)
    stale: int = 0
    gone: bool = False
    """The object that was to be replaced is out of the way."""
    remade: bool = False


class Converge:
    """Brings resources to their desired state, one step a visit. Visits never wait."""

    def __init__(self, estate: Estate, plan: Mapping[str, Decision], pace: Pace) -> None:
        self.estate, self.plan, self.pace = estate, plan, pace
        self.touched: set[str] = set()
        """What this run wrote to."""
        self._progress: dict[str, Progress] = defaultdict(lambda: Progress(Patience(pace)))

    def visit(self, node: Node) -> Answer:
        """The next step at `exists` or `done`. None: reached."""
        decision = self.plan.get(node.address)
        if decision is None or decision.action is Action.NO_OP:
            return None
        if decision.action is Action.UNKNOWN:
            raise Unread(decision.reason)
        if node.part == "exists":
            return self._exists(decision)
        return None if decision.gate else self._done(decision)

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
        now = {n: v for n, v in plain(desired.properties).items() if n not in handler.deferred}
        if unknown(now):
            return made.patience.later(f"for a value that {_named(now)} needs", PROPAGATION)
        self.touched.add(address)
        try:
            with once():
                self.estate.made[address] = handler.create(replace(desired, properties=now))
            made.lost = False
        except AnswerLost:
            made.lost = True
        except ClientError as error:
            if passes(error):
                return made.patience.later(str(error), PROPAGATION)
            if not exists(error) or made.sent is not None:
                raise
            made.lost = True
        made.sent = made.written = time.monotonic()
        return self._appear(address, made)

    def _appear(self, address: str, made: Progress) -> Answer:
        """Not listed so soon after a create means pending, never absent."""
        if self.estate.look(address, made.written):
            self.estate.moving.pop(address, None)
            return None
        if made.lost and self.estate.facts(address).repeatable and made.patience.looks:
            made.sent, made.patience.looks = None, 0  # AWS takes a second one for the first
        hidden = time.monotonic() - (made.sent or time.monotonic())
        if hidden > self.pace.grace:
            if not made.lost:
                raise NotSettled(
                    f"created as {self.estate.made[address]}, but AWS does not list it"
                )
            made.sent = None
        made.written = max(made.written, self.pace.instant())
        return made.patience.later("AWS to list what was created", 2 * self.pace.grace)

    def _make_way(self, address: str, made: Progress) -> Answer:
        """Retire the old object, or delete it where two cannot stand side by side."""
        handler = self.estate.handler(address)
        observed = self.estate.look(address, made.written or None)
        self.touched.add(address)
        if observed is None:
            made.gone, made.written = True, 0.0
            return Later(0, "")
        if handler.unique:
            if observed.status is not Status.PENDING:
                handler.delete(observed)
            made.written = time.monotonic()
            return made.patience.later("the old object to go", handler.settles_within)
        handler.tag(observed, {**observed.tags, ADDRESS: escape(RETIRED + address)})
        self.estate.made.pop(address, None)
        made.gone = True
        return Later(0, "")

    def _done(self, decision: Decision) -> Answer:
        address, made = decision.address, self._progress[decision.address]
        if made.remade and made.sent is None:
            return self._make_again(address, made)
        observed = self.estate.look(address, max(made.written, self.pace.instant()))
        if observed is None:
            return made.patience.later("AWS to list it", self.pace.grace)
        if observed.status is Status.BROKEN:
            return self._remake(address, made, observed)
        if observed.status is Status.PENDING:
            return made.patience.later(observed.reason or "AWS to finish", self._bound(address))
        change = self.estate.change(address, observed)
        if unknown(change.wanted):
            return made.patience.later(f"for a value that {_named(change.wanted)} needs", 3600)
        if not change.fields and not change.retags:
            self.estate.moving.pop(address, None)
            return Waits(observed.waits) if observed.status is Status.WAITING else None
        return self._write(address, made, change)

    def _bound(self, address: str) -> float:
        declared = self.estate.resources[address].settles_within
        return self.estate.facts(address).settles_within if declared is None else declared

    def _write(self, address: str, made: Progress, change: Change) -> Answer:
        self._refuse_immutable(address, change)
        if (wish := _wish(change)) in made.tried:
            # AWS may show the old value for a while after it has taken the new one.
            if time.monotonic() - made.written < self.pace.believed:
                return Later(self.pace.tick, "AWS to show what it accepted")
            raise NotTaken(_not_taken(self.estate.facts(address), change))
        self.touched.add(address)
        try:
            self._send(address, change)
        except AnswerLost:
            made.written = time.monotonic()
            return Later(self.pace.tick, "the answer was lost: looking what AWS has done")
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

    def _excuse(self, address: str, made: Progress, error: ClientError) -> Later:
        """A refusal that passes, or a change by somebody else: look and plan again."""
        made.written = time.monotonic()
        if stale(error) and made.stale < 3:
            made.stale += 1
            return Later(self.pace.tick, "somebody else changed it: looking again")
        if passes(error):
            return made.patience.later(str(error), max(PROPAGATION, self._bound(address)))
        raise error

    def _refuse_immutable(self, address: str, change: Change) -> None:
        if fixed := change.names & self.estate.facts(address).immutable:
            shown = [each for each in change.fields if top(each.path) in fixed]
            told = _shown(self.estate.facts(address), shown)
            raise NotTaken(f"AWS created it otherwise than we asked: {told}")

    def _remake(self, address: str, made: Progress, observed: Observed) -> Answer:
        """What never became ready and AWS gave up on is deleted and made again, once."""
        if made.remade or made.sent is None:
            raise Broken(f"AWS gave up on {observed.id}: {observed.reason or 'it gives no reason'}")
        self.estate.handler(address).delete(observed)
        self.estate.made.pop(address, None)
        made.remade, made.sent, made.written = True, None, time.monotonic()
        return Later(self.pace.tick, "the failed object to go")

    def _make_again(self, address: str, made: Progress) -> Answer:
        observed = self.estate.look(address, made.written)
        if observed is None:
            return self._create(address, made)
        return made.patience.later("the failed object to go", self._bound(address))


def _named(properties: Properties) -> str:
    return ", ".join(name for name, value in properties.items() if unknown(value))


def _wish(change: Change) -> tuple[FieldChange, ...]:
    """What this write is to make true, tags included."""
    tags = FieldChange("tags", dict(change.observed.tags), dict(change.tags))
    return (*change.fields, tags) if change.retags else change.fields


def _not_taken(facts: type[Handler], change: Change) -> str:
    return (
        "AWS accepted the update, yet reads back the same difference: "
        f"{_shown(facts, change.fields)}. "
        "Either AWS changes the value as it stores it, or somebody else writes it too"
    )


def _shown(facts: type[Handler], fields: Sequence[FieldChange]) -> str:
    return "; ".join(
        each.path
        if _secret(facts, place(each.path))
        else f"{each.path}: sent {each.after!r}, reads {each.before!r}"
        for each in fields
    )


def _secret(facts: type[Handler], path: str) -> bool:
    """Whether a secret stands at this place, above it or below it."""
    return any(
        path.startswith(hidden) or hidden.startswith(path)
        for hidden in facts.secret | facts.write_only
    )
