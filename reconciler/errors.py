"""
Every error this program raises on purpose, and what happens next:

* ReconcilerError
  x InvalidDesired        the YAML is wrong: nothing was asked of AWS; fix the file
    + Cycle               resources wait for each other in a ring: loosen one of the references
  x Usage                 the command line is wrong: nothing was done
  x Refused               the whole run is refused before any change (exit 3)
    + WrongAccount        the credentials are of another account
    + Brake               more would be deleted, replaced or changed than the limits allow
    + Held                another run holds the environment's lease
  x LeaseLost             the lease is no longer ours: nothing more is written
  x NoCredentials         AWS does not know us: nothing was read
  x Waiting               people must do something before anything can be read (exit 4)
  x Denied                this run was not to make that change: policy or protection holds it
  x Ambiguous             two objects could be this resource: nobody picks
  x AnswerLost            a create was sent and its answer never came: look before creating again
  x NotTaken              AWS accepted an update, yet the same difference remains
  x NotSettled            AWS is still working on it, and our patience is over
  x Broken                AWS gave up on the object
  x Foreign               the object belongs to another tool or environment: left alone
  x Unread                what this stands on could not be read: skipped
  x Undelivered           a message did not get through: told, and the run ends as it would have
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.model import Source


class ReconcilerError(Exception):
    """Base class, so `except ReconcilerError` catches exactly what we raise ourselves."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the YAML: where, which resource, what, why it matters, what to do."""

    source: Source | None
    address: str
    what: str

    def __str__(self) -> str:
        return ": ".join(str(part) for part in (self.source, self.address, self.what) if part)


class InvalidDesired(ReconcilerError):
    """The YAML is wrong. Carries every problem that was found, not only the first."""

    def __init__(self, problems: Sequence[Problem] | str) -> None:
        if isinstance(problems, str):
            problems = [Problem(None, "", problems)]
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class Cycle(InvalidDesired):
    """Resources wait for each other in a ring."""


class Usage(ReconcilerError):
    """The command line is wrong."""


class Refused(ReconcilerError):
    """The whole run is refused before any change."""


class WrongAccount(Refused):
    """The credentials are of another account than environment.yaml names."""


class Brake(Refused):
    """More would be deleted, replaced or changed than the limits allow."""


class Held(Refused):
    """Another run holds the environment's lease."""


class LeaseLost(ReconcilerError):
    """The lease is no longer ours, so the call was not sent."""


class Departed(Refused):
    """The account or the YAML is no longer as a saved plan saw it."""


class NoCredentials(ReconcilerError):
    """AWS does not know us."""


class Waiting(ReconcilerError):
    """People must do something before anything can be read."""


class Denied(ReconcilerError):
    """Policy or protection holds this change."""


class Ambiguous(ReconcilerError):
    """Two objects could be this resource."""


class AnswerLost(ReconcilerError):
    """A create was sent and its answer never came."""


class NotTaken(ReconcilerError):
    """AWS accepted an update, yet the same difference remains."""


class NotSettled(ReconcilerError):
    """AWS is still working on it, and our patience is over."""


class Broken(ReconcilerError):
    """AWS gave up on the object."""


class Foreign(ReconcilerError):
    """The object belongs to another tool or environment."""


class Unread(ReconcilerError):
    """What this stands on could not be read."""


class Undelivered(ReconcilerError):
    """A message did not get through."""
