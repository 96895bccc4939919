"""The periodic run: what it remembers from one time to the next, and what it tells people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from reconciler import leases
from reconciler.apply.safety import WRITES
from reconciler.aws.conditional import Absent, Conflict, Lost
from reconciler.errors import Problem, Refused, Undelivered, Usage
from reconciler.load import Environment
from reconciler.memory import Book, Memory, news
from reconciler.notify import Message, channels, metrics, send
from reconciler.report.entries import entries
from reconciler.report.sections import WAYS
from reconciler.restraints import Restraints
from reconciler.result import Decision, Fate, Result
from reconciler.run import Run

Options = Mapping[str, Any]


class Scheduled:
    """The memory of one periodic run."""

    def __init__(self, run: Run, sandboxed: bool) -> None:
        self.sandboxed = sandboxed
        environment = run.declared.environment
        self.run, self.environment, self.now = run, environment, datetime.now(UTC)
        store = leases.store(environment, run.aws)
        self._book = Book(store.client, store.bucket, environment.name)
        self._before: Memory | None = None
        try:
            self._before = self._book.read()
        except Refused as error:
            self._tell(f"{error}, so people are not told what is new")

    def first_seen(self, decision: Decision) -> datetime:
        return self._before.first_seen(decision, self.now) if self._before else self.now

    def report(self, result: Result, shown: Result, restraints: Restraints) -> None:
        """Tell people what is news, and remember that. What fails is told to the run."""
        if self._before is not None:
            held = restraints.holds.held
            after, lines = news(self._before, result, shown, held, self.now)
            if not lines or self._told(lines):
                self._remember(after)
        self._metrics(result)

    def _told(self, lines: list[str]) -> bool:
        """Whether anybody knows now; where nobody can be told, what is news is not kept back."""
        name = self.environment.name
        count = Counter(each.partition(":")[0] for each in lines)
        subject = ", ".join(f"{number} {word}" for word, number in count.items())
        message = Message(f"muvi-converge {name}: {subject}", (*lines, WAYS.format(name)))
        told = channels(self._reachable(), self.run.estate.text, self.run.aws.apart)
        failed = send(told, message)
        for each in failed:
            self._tell(each)
        return len(failed) < len(told) or not told

    def _remember(self, after: Memory) -> None:
        if self._before is not None and after.known == self._before.known:
            return
        try:
            self._book.write(after)
        except (Conflict, Absent, Lost, Refused) as error:
            self._tell(f"what people were told is not remembered, so they are told again: {error}")

    def _reachable(self) -> Environment:
        """A sandbox is no reason to tell the world."""
        said = {name: each for name, each in self.environment.notify.items() if name != "webhook"}
        return replace(self.environment, notify=said) if self.sandboxed else self.environment

    def _metrics(self, result: Result) -> None:
        if not self.environment.notify.get("metrics"):
            return
        differing = [each for each in entries(result) if each.decision.action in WRITES]
        left = sum(each.status != Fate.DONE for each in differing)
        client = self.run.aws.apart("cloudwatch", self.environment.region)
        try:
            metrics(client, self.environment.name, left, result.seconds)
        except Undelivered as error:
            self._tell(str(error))

    def _tell(self, what: str) -> None:
        self.run.warnings.append(Problem(None, "", what))


def begin(options: Options, run: Run) -> Scheduled | None:
    """None unless the clock began the run. Raises Usage where it could remember nothing."""
    if not options.get("scheduled"):
        return None
    if not run.declared.environment.state:
        raise Usage(
            "--scheduled remembers from run to run what differs, so environment.yaml must name a "
            "bucket under `state`"
        )
    return Scheduled(run, sandboxed=options["sandbox"] is not None)
