"""The holds of an environment: one object in the bucket of its lease, written by one at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from reconciler.aws.conditional import TRIES, Absent, Conditional, Conflict
from reconciler.errors import Refused
from reconciler.holds.hold import Hold
from reconciler.lease.note import instant

FORMAT = 1
Held = Mapping[str, Hold]
Change = Callable[[Held], Held]


class Book:
    """What was asked to be left alone."""

    def __init__(self, client: Any, bucket: str, environment: str) -> None:
        self._object = Conditional(client, bucket, f"holds/{environment}.json")

    def read(self) -> dict[str, Hold]:
        """By address, those included that are over. Raises Refused where it cannot be read."""
        return self._read()[0]

    def write(self, hold: Hold) -> None:
        """Beside the others. Raises Refused, Absent, and Conflict where too many write at once."""
        self._change(lambda held: {**held, hold.address: hold})

    def release(self, address: str) -> None:
        """Forget the hold of that address. Raises as `write`."""
        self._change(lambda held: {name: each for name, each in held.items() if name != address})

    def _change(self, change: Change) -> None:
        for attempt in range(TRIES):
            held, etag = self._read()
            try:
                self._object.write(_text(change(held)), etag)
                return
            except Conflict:
                if attempt == TRIES - 1:
                    raise

    def _read(self) -> tuple[dict[str, Hold], str]:
        try:
            found = self._object.read()
        except Absent:
            return {}, ""
        if found is None:
            return {}, ""
        try:
            return dict(_holds(json.loads(found.text))), found.etag
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refused(f"{self._object} says what no run of ours wrote ({error})") from error


def _holds(document: Mapping[str, Any]) -> Mapping[str, Hold]:
    if document["format"] != FORMAT:
        raise ValueError(f"it is of format {document['format']}")
    return {
        address: Hold(address, datetime.fromisoformat(each["until"]), each["reason"], each["by"])
        for address, each in document["holds"].items()
    }


def _text(held: Held) -> str:
    holds = {
        address: {"until": instant(each.until), "reason": each.reason, "by": each.by}
        for address, each in sorted(held.items())
    }
    return json.dumps({"format": FORMAT, "holds": holds}, ensure_ascii=False, indent=1) + "\n"
