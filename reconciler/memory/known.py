"""Drifts as they are remembered: marks that tell whether values are the same, not values."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reconciler.report.values import as_json
from reconciler.result import Decision


@dataclass(frozen=True)
class Known:
    """One drift that people were told of."""

    mark: str
    first: datetime
    """When a run saw it first as it is."""


@dataclass(frozen=True)
class Memory:
    """All of an environment, by address."""

    known: Mapping[str, Known] = field(default_factory=dict)
    salt: str = field(default_factory=lambda: secrets.token_hex(16))
    etag: str = ""
    """Of the object that it stands in; empty where there is none yet."""

    def first_seen(self, decision: Decision, now: datetime) -> datetime:
        """When this drift was there for the first time: now, if it is another than before."""
        known = self.known.get(decision.address)
        same = known is not None and known.mark == mark(decision, self.salt)
        return known.first if known and same else now


def mark(decision: Decision, salt: str) -> str:
    """The same for the same difference, and of no use to guess what differs."""
    fields = [[each.path, as_json(each.before), as_json(each.after)] for each in decision.diff]
    text = json.dumps([decision.action, decision.id, fields], sort_keys=True, default=str)
    return hmac.new(salt.encode(), text.encode(), hashlib.sha256).hexdigest()
