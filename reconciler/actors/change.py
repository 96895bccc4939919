"""One change that somebody made to the account, as CloudTrail recorded it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Who did it, as far as it matters to who reads it."""

    US = "us"  # a run of this program
    PIPELINE = "pipeline"
    PERSON = "person"
    AWS = "AWS"  # a service, of its own accord or in somebody's name
    UNKNOWN = "unknown"  # a role's session that might be a program's or a person's


@dataclass(frozen=True)
class Ours:
    """How we know ourselves in CloudTrail."""

    role: str = ""
    """The ARN of the role that our runs assume."""
    runs: Set[str] = field(default_factory=frozenset)
    """Runs: each stands in the user agent, and is its session's name where it assumes a role."""
    requests: Set[str] = field(default_factory=frozenset)
    """Requests that journals tell of: these are ours whoever's credentials we had."""


@dataclass(frozen=True)
class Change:
    """One call that changed something."""

    when: datetime
    actor: str
    """Whom people know: a user, who stands in a session's name, a service."""
    kind: Kind
    operation: str
    """As `ec2.AuthorizeSecurityGroupIngress`."""
    object: str
    """The name that was asked for, else the first that the event tells; empty if it tells none."""
    request_id: str
    region: str
    event: str
    """The event's own id."""
    names: frozenset[str] = frozenset()
    """Every name, id and ARN that the event tells of."""
