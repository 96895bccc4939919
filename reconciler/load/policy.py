"""Which kinds of action an environment's policy lets a run take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.model import Action

APPLY, ASK, REFUSE = "apply", "ask", "refuse"


@dataclass(frozen=True)
class Policy:
    """Which kinds of action a run may take by itself: apply, ask or refuse."""

    all: str = APPLY
    actions: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By type or address, and under `holds_data` for every type whose objects hold data."""

    @classmethod
    def of(cls, words: Mapping[str, Any], unsaid: str = APPLY) -> Policy:
        """As environment.yaml has it. One word for a type or an address is its word for every
        kind of action."""
        actions = {name: each for name, each in words.items() if name in {*Action}}
        others = words.keys() - actions.keys() - {"all"}
        types = {n: {"all": words[n]} if isinstance(words[n], str) else words[n] for n in others}
        return cls(words.get("all", unsaid), actions, types)

    def says(self, address: str, action: Action, holds_data: bool = False) -> str:
        """The word for that address, else for its type, else for types that hold data, else for
        all. A type alone is an address, too."""
        kind, data = address.partition("/")[0], self._data() if holds_data else {}
        for words in (self.types.get(address, {}), self.types.get(kind, {}), data, self.actions):
            if (word := words.get(action, words.get("all"))) is not None:
                return word
        return self.all

    @property
    def watches(self) -> bool:
        """Whether nothing at all may be done: a run then only reads."""
        words = [self.all, *self.actions.values()]
        words += [word for each in self.types.values() for word in each.values()]
        return set(words) == {REFUSE}

    def _data(self) -> Mapping[str, str]:
        said = self.types.get("holds_data", {})
        careful: dict[str, str] = {Action.REPLACE: REFUSE, Action.DELETE: REFUSE}
        return said if "all" in said else {**careful, **said}
