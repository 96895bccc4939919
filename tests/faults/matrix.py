"""Every mutating call of a run: killed before it, killed after it, its answer lost.

A fault is put into a fork of the run, which takes moto's whole account along: the child meets the
fault and recovers, while its parent goes on undisturbed to the next call."""

from __future__ import annotations

import json
import os
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from reconciler.load import Declared
from reconciler.result import Result
from tests.faults.census import Census, difference
from tests.faults.faults import Kill, Killed, Lose
from tests.faults.wire import Call, Fault, Wire
from tests.faults.world import account, census, converge
from tests.living import failures

BEFORE, AFTER, LOST = "killed before", "killed after", "answer lost"


@dataclass(frozen=True)
class Cell:
    """One call that met one fault, and how the account came out of it."""

    number: int
    call: str
    fault: str
    seconds: float = 0.0
    wrong: tuple[str, ...] = ()
    """What differs from an undisturbed account after the next run; empty: nothing does."""
    failed: tuple[str, ...] = ()
    """What the run failed at that met the fault; a killed one cannot say."""


Chosen = Callable[[Call, str], bool]
Told = Callable[[Cell], None]


@dataclass
class Forks(Fault):
    """At each call that is chosen a child begins, in which the fault happens."""

    chosen: Chosen
    jobs: int
    folder: Path
    told: Told
    child: Cell | None = None
    """In a child: the cell that it is to fill."""
    born: float = 0.0
    happens: Fault = field(default_factory=Fault)
    running: dict[int, Path] = field(default_factory=dict)

    def before(self, call: Call) -> None:
        if self._begins(call, BEFORE):
            self.happens = Kill(call.number)
        elif self._begins(call, LOST):
            self.happens = Lose(call.operation)
        self.happens.before(call)

    def done(self, call: Call) -> None:
        if self._begins(call, AFTER):
            self.happens = Kill(call.number, after=True)
        self.happens.done(call)

    def _begins(self, call: Call, fault: str) -> bool:
        """Whether this process is now a child in which the fault is to happen."""
        if self.child or not call.number or not self.chosen(call, fault):
            return False
        while len(self.running) >= self.jobs:
            self.wait()
        cell = Cell(call.number, str(call), fault)
        if pid := os.fork():
            self.running[pid] = self._path(cell)
            return False
        self.child, self.born = cell, time.monotonic()
        return True

    def wait(self) -> None:
        """Until the oldest child has filled its cell."""
        pid = next(iter(self.running))
        os.waitpid(pid, 0)
        told = json.loads(self.running.pop(pid).read_text())
        lists = {name: tuple(each) for name, each in told.items() if isinstance(each, list)}
        self.told(Cell(**{**told, **lists}))

    def end(self, failed: list[str], wrong: list[str]) -> NoReturn:
        """The child has filled its cell, and is no more."""
        assert self.child
        seconds = time.monotonic() - self.born
        cell = replace(self.child, seconds=seconds, wrong=tuple(wrong), failed=tuple(failed))
        self._path(cell).write_text(json.dumps(asdict(cell)))
        os._exit(0)

    def _path(self, cell: Cell) -> Path:
        return self.folder / f"{cell.number} {cell.fault}.json"


def matrix(declared: Declared, chosen: Chosen, jobs: int, folder: Path, told: Told) -> int:
    """Fill every cell that is chosen, each in a child of its own, and tell it.

    Returns how many mutating calls an undisturbed run makes."""
    with account():
        assert failures(converge(declared)) == {}
        reference = census()
    wire = Wire([forks := Forks(chosen, jobs, folder, told)])
    with account():
        failed: list[str] = []
        wrong: list[str] = []
        try:
            with suppress(Killed):
                failed = _told(converge(declared, wire))
            if forks.child:
                wrong = _recovered(declared, reference)
        except BaseException:  # a child must never get out of here
            if not forks.child:
                raise
            wrong = [traceback.format_exc()]
        if forks.child:
            forks.end(failed, wrong)
    while forks.running:
        forks.wait()
    return len(wire.writes)


def _recovered(declared: Declared, reference: Census) -> list[str]:
    """What is wrong with the account after the next run."""
    result = converge(declared)
    after = census()
    return [
        *_told(result),
        *(f"twice: {each}" for each in after.twice()),
        *difference(reference, after),
    ]


def _told(result: Result) -> list[str]:
    return [f"{address} {why}" for address, why in failures(result).items()]
