"""An answer that changed as writes were made, for any set of writes that may have been made.

When the engine runs again, its writes come in another order. So it is not enough to know what
was answered after each write: each part of an answer knows which write brought it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from benchmarks.tree import Tree

Write = int
"""The number of a write in the order of the recording; FIRST: before all of them."""
FIRST: Write = -1


@dataclass
class Woven:
    """A part of an answer: what it was after which write (None: gone), and what is below it."""

    versions: list[tuple[Write, str | None]]
    below: list[Woven] = field(default_factory=list)

    @classmethod
    def of(cls, tree: Tree, write: Write) -> Woven:
        return cls([(write, tree.label)], [cls.of(each, write) for each in tree.children])

    def latest(self) -> Tree | None:
        label = self.versions[-1][1]
        below = (each.latest() for each in self.below)
        return None if label is None else Tree(label, tuple(each for each in below if each))

    def at(self, done: Collection[Write]) -> Tree | None:
        """What this part was if exactly these writes had been made."""
        labels = [label for write, label in self.versions if write in done or write == FIRST]
        if not labels or labels[-1] is None:
            return None
        below = (each.at(done) for each in self.below)
        return Tree(labels[-1], tuple(each for each in below if each))

    def become(self, tree: Tree, write: Write) -> None:
        """From this write on it is like this."""
        if self.versions[-1][1] != tree.label:
            self.versions.append((write, tree.label))
        alive = [each for each in self.below if each.versions[-1][1] is not None]
        before = [each.latest() for each in alive]
        steps = SequenceMatcher(None, before, tree.children, autojunk=False).get_opcodes()
        for kind, start, end, first, last in steps:
            if kind != "equal":
                place = self._place(alive[end]) if end < len(alive) else len(self.below)
                self._replace(alive[start:end], tree.children[first:last], place, write)

    def _place(self, part: Woven) -> int:
        return next(place for place, each in enumerate(self.below) if each is part)

    def _replace(self, old: list[Woven], new: tuple[Tree, ...], place: int, write: Write) -> None:
        """Those of a kind are taken for the same thing, changed; others come and go."""
        for part in new:
            partner = next(_alike(old, part), None)
            if partner is None:
                self.below.insert(place, Woven.of(part, write))
                place += 1
            else:
                old = [each for each in old if each is not partner]
                partner.become(part, write)
        for gone in old:
            gone.versions.append((write, None))


def _alike(parts: list[Woven], tree: Tree) -> Iterator[Woven]:
    """Those that may have become this: of the same label, or both a bare value."""
    for part in parts:
        latest = part.latest()
        values = latest is not None and not latest.children and not tree.children
        if latest is not None and (latest.label == tree.label or (values and _bare(tree))):
            yield part


def _bare(tree: Tree) -> bool:
    return not tree.label.startswith(("<", "{", "["))
