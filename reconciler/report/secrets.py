"""What nobody may read stands as ‹hidden 3f2a›: a salted hash, so that a change still shows."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import replace
from functools import cache
from typing import Any

from reconciler.handler import Handler
from reconciler.model import FieldChange, Properties, Unknown, Wait
from reconciler.report.values import as_json
from reconciler.result import Decision, Outcome, Result

Facts = Callable[[str], type[Handler]]
SHORTEST = 4  # characters; what is shorter occurs in any message


def masked(result: Result, facts: Facts, masker: Masker | None = None) -> Result:
    """The result as anybody may read it: values of secret places hidden, in messages too."""
    masker = masker or Masker()
    decisions = tuple(masker.mask(each, facts(each.type)) for each in result.decisions)
    outcomes = {name: masker.told(name, outcome) for name, outcome in result.outcomes.items()}
    return replace(result, decisions=decisions, outcomes=outcomes)


class Masker:
    """Hides values for one run. Nobody can try words against the hashes without its salt."""

    def __init__(self, salt: bytes = b"") -> None:
        self._salt = salt or secrets.token_bytes(16)
        self._hidden: defaultdict[str, set[str]] = defaultdict(set)
        self.plain: set[str] = set()
        """Words of ours that stay readable, whatever object keeps one of them as a secret."""

    def learn(
        self, address: str, facts: type[Handler], observed: Properties, declared: Properties
    ) -> None:
        """Know an object's secrets, changed or not: AWS's messages may quote any of them.

        What the YAML says is none."""
        places, found = frozenset(facts.secret | facts.write_only), Masker(self._salt)
        for name, value in observed.items() if places else ():
            found._value(value, name, places, address)
        self._hidden[address] |= found._hidden[address] - set(_texts(declared))

    def mask(self, decision: Decision, facts: type[Handler]) -> Decision:
        """The decision with its secret values hidden; `scrub` knows them from now on."""
        places = frozenset(facts.secret | facts.write_only)
        diff = tuple(self._field(each, places, decision.address) for each in decision.diff)
        return replace(
            decision,
            diff=diff,
            reason=self.scrub(decision.address, decision.reason),
            gate=self.scrub(decision.address, decision.gate),
            waits=self._waits(decision.address, decision.waits),
        )

    def told(self, address: str, outcome: Outcome) -> Outcome:
        """The outcome without what `mask` has hidden before: AWS's messages may quote it."""
        error = self.scrub(address, outcome.error)
        return replace(outcome, error=error, waits=self._waits(address, outcome.waits))

    def scrub(self, address: str, text: str) -> str:
        """A message about a resource, without the values that `mask` hid in its difference."""
        hidden = self._hidden.get(address, set()) - self.plain
        for secret in sorted(hidden, key=len, reverse=True):
            text = text.replace(secret, self.hide(secret))
        return text

    def hide(self, value: Any) -> str:
        """What stands for a value: the same for equal values, within one run."""
        text = json.dumps(as_json(value), sort_keys=True)
        return f"‹hidden {hmac.new(self._salt, text.encode(), hashlib.sha256).hexdigest()[:4]}›"

    def without(self, value: Any, texts: Mapping[str, Any]) -> Any:
        """A document in which none of these texts stands any more: inputs, wherever they went."""
        match value:
            case str():
                for text in sorted(map(str, texts.values()), key=len, reverse=True):
                    hides = len(text) >= SHORTEST and text not in self.plain
                    value = value.replace(text, self.hide(text)) if hides else value
                return value
            case dict():
                return {name: self.without(each, texts) for name, each in value.items()}
            case list():
                return [self.without(each, texts) for each in value]
        return value

    def _waits(self, address: str, waits: Iterable[Wait]) -> tuple[Wait, ...]:
        return tuple(
            Wait(*(self.scrub(address, text) for text in (each.who, each.what, each.unblocks)))
            for each in waits
        )

    def _field(self, change: FieldChange, places: Set[str], address: str) -> FieldChange:
        before, after = (
            self._value(value, change.path, places, address)
            for value in (change.before, change.after)
        )
        return replace(change, before=before, after=after)

    def _value(self, value: Any, path: str, places: Set[str], address: str) -> Any:
        if value is None or isinstance(value, Unknown):
            return value
        if any(_at(each).fullmatch(path) for each in places):
            return self._hide(value, address)
        match value:
            case Mapping():
                return {
                    name: self._value(each, f"{path}.{name}", places, address)
                    for name, each in value.items()
                }
            case list() | tuple():
                return [self._value(each, path, places, address) for each in value]
        # Text where the facts speak of places further inside: we cannot tell which part it is.
        inside = not path.endswith("[]") and any(_above(each).fullmatch(path) for each in places)
        return self._hide(value, address) if inside else value

    def _hide(self, value: Any, address: str) -> str:
        self._hidden[address].update(text for text in _texts(value) if len(text) >= SHORTEST)
        return self.hide(value)


@cache
def _at(place: str) -> re.Pattern[str]:
    """Matches the paths at and below a place of the facts, whatever members it runs through.

    A member's name may hold dots and brackets; where that leaves a doubt, it matches."""
    names = place.removesuffix(".*").split(".")
    return re.compile(rf"{_through(names)}(\..*)?", re.DOTALL)


@cache
def _above(place: str) -> re.Pattern[str]:
    """Matches the paths that lead to a place."""
    names = place.split(".")
    steps = [_through(names[:end]) for end in range(1, len(names))]
    return re.compile("|".join(steps) or r"(?!)", re.DOTALL)


def _through(names: Iterable[str]) -> str:
    return r"\.".join(rf"{re.escape(name)}(\[.*\])?" for name in names)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for each in value.values():
                yield from _texts(each)
        case list() | tuple():
            for each in value:
                yield from _texts(each)
