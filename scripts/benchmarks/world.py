"""The account as it is after the writes that were replayed so far."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from benchmarks.exchange import Answer
from benchmarks.recording import Recording
from benchmarks.tree import Tree, render
from benchmarks.woven import Write

WORDS = re.compile(r'[&="\'{}\[\],\s<>]+')
NUMBERED = re.compile(r"(?<=\.)\d+$")
UNKNOWN = Answer(501, (), '{"__type": "NotRecorded", "message": "nobody asked this before"}')


class World:
    """Answers requests in any order, as AWS would have."""

    def __init__(self, recording: Recording) -> None:
        self._reads, self._writes = recording.reads, recording.writes
        self._words = {asked: _words(asked) for asked in recording.reads}
        self._done: set[Write] = set()
        self._asked: Counter[str] = Counter()
        self._known: dict[tuple[str, frozenset[Write]], Answer] = {}
        self.asked: list[str] = []
        """What was asked so far, in the words of the recorded run."""
        self.unknown: list[str] = []
        """What the recorded run did not ask, and is not a part of what it did ask."""

    def answer(self, asked: str) -> Answer:
        """What AWS says to this request now; a write counts from now on."""
        if asked not in self._writes and asked not in self._reads:
            return self._part(asked)
        self.asked.append(asked)
        return self._write(asked) if asked in self._writes else self._read(asked)

    def _write(self, asked: str) -> Answer:
        repetitions = self._writes[asked]
        number, answer = repetitions[min(self._asked[asked], len(repetitions) - 1)]
        self._asked[asked] += 1
        self._done.add(number)
        return answer

    def _read(self, asked: str) -> Answer:
        replies = self._reads[asked]
        key = asked, frozenset(replies.writes & self._done)
        if key not in self._known:
            self._known[key] = _whole(*replies.at(self._done))
        return self._known[key]

    def _part(self, asked: str) -> Answer:
        """Of many that were asked for together, some: those that are left out are cut out."""
        words = _words(asked)
        wider = [(len(known), other) for other, known in self._words.items() if words < known]
        if not wider:
            self.unknown.append(asked)
            return UNKNOWN
        whole = min(wider)[1]
        self.asked.append(whole)
        head, body = self._reads[whole].at(self._done)
        return _whole(head, _cut(body, self._words[whole] - words))


def _whole(head: Answer, body: Tree) -> Answer:
    return replace(head, body=render(body))


def _words(asked: str) -> frozenset[str]:
    """What a request consists of, without the numbers of its list's members."""
    return frozenset(NUMBERED.sub("", word) for word in WORDS.split(asked))


def _cut(tree: Tree, words: Collection[str]) -> Tree:
    """The tree without those members of its outermost lists that speak of any of these."""
    if _lists(tree):
        left = [each for each in tree.children if not _speaks(each, words)]
    else:
        left = [_cut(each, words) for each in tree.children]
    return Tree(tree.label, tuple(left))


def _lists(tree: Tree) -> bool:
    """Whether it is a list: in XML its members are called so, or as it is without the `s`."""
    first = tree.children[0].label if tree.children else ""
    return tree.label == "[" or first in ("<item>", "<member>", f"{tree.label[:-2]}>")


def _speaks(tree: Tree, words: Collection[str]) -> bool:
    if tree.children:
        return any(_speaks(each, words) for each in tree.children)
    return tree.label.strip('"') in words
