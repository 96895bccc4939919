"""Where it is kept: one object in the bucket of the lease, written if it is as it was read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reconciler.aws.conditional import Absent, Conditional
from reconciler.errors import Refused
from reconciler.lease.note import instant
from reconciler.memory.known import Known, Memory

FORMAT = 1


class Book:
    """What an environment's periodic runs remember."""

    def __init__(self, client: Any, bucket: str, environment: str) -> None:
        self._object = Conditional(client, bucket, f"drifts/{environment}.json")

    def read(self) -> Memory:
        """Empty where nothing is remembered. Raises Refused where it cannot be read."""
        try:
            found = self._object.read()
        except Absent:
            return Memory()
        if found is None:
            return Memory()
        try:
            return _memory(json.loads(found.text), found.etag)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refused(f"{self._object} says what no run of ours wrote ({error})") from error

    def write(self, memory: Memory) -> None:
        """Raises Conflict where another run has told meanwhile, Absent, Lost and Refused."""
        known = {
            address: {"mark": each.mark, "first": instant(each.first)}
            for address, each in sorted(memory.known.items())
        }
        document = {"format": FORMAT, "salt": memory.salt, "drifts": known}
        self._object.write(json.dumps(document, indent=1) + "\n", memory.etag)


def _memory(document: Mapping[str, Any], etag: str) -> Memory:
    if document["format"] != FORMAT:
        raise ValueError(f"it is of format {document['format']}")
    known = {
        address: Known(str(each["mark"]), datetime.fromisoformat(each["first"]))
        for address, each in document["drifts"].items()
    }
    return Memory(known, str(document["salt"]), etag)
