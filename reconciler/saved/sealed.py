"""Secrets in a saved plan: a slow salted hash, which can be compared and never be read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from reconciler.model import ORDER, Lists, Unknown
from reconciler.overlay import how_listed
from reconciler.report.secrets import Masker
from reconciler.report.values import as_json

COST = 2**13
"""Rounds of scrypt. The salt lies beside the hash, so trying words against it must be dear."""
SEALED = re.compile(r"‹hidden ([0-9a-f]{4})[0-9a-f]{60}›")


class Sealer(Masker):
    """Hides values as a Masker does, under marks that hold from one run to the next."""

    def __init__(self, salt: bytes) -> None:
        super().__init__(salt)
        self._key, self._marks = salt, dict[str, str]()

    def hide(self, value: Any) -> str:
        """What stands for a value: the same for equal values, wherever this salt is known."""
        text = json.dumps(as_json(value), sort_keys=True)
        if text not in self._marks:
            dear = hashlib.scrypt(text.encode(), salt=self._key, n=COST, r=8, p=1, dklen=32)
            self._marks[text] = f"‹hidden {dear.hex()}›"
        return self._marks[text]


def short(text: str) -> str:
    """The marks in a text as a report shows them."""
    return SEALED.sub(r"‹hidden \1›", text)


def settled(value: Any, path: str, lists: Lists) -> Any:
    """A value whose lists stand in one order where AWS gives them in any."""
    match value:
        case Unknown():
            return value
        case Mapping():
            return {name: settled(each, f"{path}.{name}", lists) for name, each in value.items()}
        case list() | tuple():
            members = [settled(each, path, lists) for each in value]
            how = how_listed(lists, path, ORDER)
            return members if ORDER in (how, how[0]) else sorted(members, key=_text)
    return value


def _text(value: Any) -> str:
    return json.dumps(as_json(value), sort_keys=True)
