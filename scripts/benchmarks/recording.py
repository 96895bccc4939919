"""A run, recorded: which calls it made, and what is answered to each as writes are made."""

from __future__ import annotations

import pickle
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.exchange import Answer
from benchmarks.tree import Tree, parse
from benchmarks.woven import FIRST, Woven, Write

READS = ("Describe", "Get", "Head", "List")


Asked = tuple[str, str, str, dict[str, Any]]
"""A call as botocore is asked to make it: service, region, operation, parameters."""


class Known(NamedTuple):
    """What is known of both recordings."""

    inputs: dict[str, str]
    """Environment variables."""
    chain: tuple[int, list[str]]
    calls: dict[str, dict[str, Asked]]
    """By recording, and by what they are on the wire."""


class Call(NamedTuple):
    """One call as botocore is asked to make it, and as what it went over the wire."""

    service: str
    region: str
    operation: str
    parameters: dict[str, Any]
    identity: str
    node: str
    """Whose step it was a part of; empty while looking."""

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.operation.startswith(READS)


@dataclass
class Replies:
    """What a reading request is answered, as writes are made."""

    heads: list[tuple[Write, Answer]] = field(default_factory=list)
    """Status and headers; the bodies are woven."""
    bodies: list[tuple[Write, Woven]] = field(default_factory=list)
    writes: set[Write] = field(default_factory=set)
    """Those that changed the answer."""

    def add(self, write: Write, answer: Answer) -> bool:
        """From this write on it is answered like this. Whether that is new."""
        if self.heads and self.heads[-1][1] == answer:
            return False
        tree, write = parse(answer.body), write if self.heads else FIRST
        self.heads.append((write, answer))
        self.writes.add(write)
        if self.bodies and self.bodies[-1][1].versions[-1][1] == tree.label:
            self.bodies[-1][1].become(tree, write)
        else:
            self.bodies.append((write, Woven.of(tree, write)))
        return True

    def at(self, done: Collection[Write]) -> tuple[Answer, Tree]:
        """What is answered once these writes have been made."""
        head = [answer for write, answer in self.heads if write == FIRST or write in done]
        body = [woven for write, woven in self.bodies if write == FIRST or write in done]
        return head[-1], body[-1].at(done) or Tree("")


@dataclass
class Recording:
    """All calls of a run, and the answers to every request in it."""

    calls: list[Call] = field(default_factory=list)
    reads: dict[str, Replies] = field(default_factory=dict)
    writes: dict[str, list[tuple[Write, Answer]]] = field(default_factory=dict)
    """By request, each repetition of it."""
    changed: int = 0
    """Answers that changed without a write that explains it."""

    def save(self, file: Path) -> None:
        file.write_bytes(pickle.dumps(self))

    @classmethod
    def load(cls, file: Path) -> Recording:
        recording = pickle.loads(file.read_bytes())
        assert isinstance(recording, cls)
        return recording
