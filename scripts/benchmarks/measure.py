"""Whole processes, timed by the operating system; and the server that answers them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
PATHS = os.pathsep.join([str(ROOT), str(ROOT / "scripts")])


@dataclass(frozen=True)
class Figures:
    """What one process took: seconds, seconds of CPU, megabytes at its largest."""

    seconds: float
    cpu: float
    memory: float

    def __str__(self) -> str:
        return f"{self.seconds:6.2f} s  (CPU {self.cpu:.2f} s, {self.memory:.0f} MB)"


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def timed(command: Sequence[str]) -> Figures:
    """Run to its end. AssertionError, with what it said, if it fails."""
    begun = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(), cwd=ROOT
    )
    assert process.stdout
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said.decode()[-2000:]
    return Figures(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def middle(figures: Sequence[Figures]) -> Figures:
    """The median of each figure."""
    return Figures(
        median(each.seconds for each in figures),
        median(each.cpu for each in figures),
        median(each.memory for each in figures),
    )


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": PATHS}


@dataclass
class Served:
    """A recorded run, being answered again."""

    url: str
    asked: list[str] = field(default_factory=list)
    """What was asked, in order, known once the server has ended."""


@contextmanager
def served(file: Path) -> Iterator[Served]:
    """The replay server, in a process of its own. AssertionError if it was asked what it lacks."""
    process = subprocess.Popen(
        python("-m", "benchmarks.replay", str(file)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stdout
    one = Served(f"http://127.0.0.1:{process.stdout.readline().strip()}")
    try:
        yield one
    finally:
        told = json.loads(process.communicate("")[0])
    assert not told["unknown"], told["unknown"]
    one.asked = told["asked"]
