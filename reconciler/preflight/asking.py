"""A question to the account, before anything is changed in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reconciler.errors import Problem

Ask = Callable[[], Iterable[Problem]]


@dataclass(frozen=True)
class Question:
    """A reading call, and what its answer says against a decision."""

    about: str
    """What is told where it may not be asked."""
    ask: Ask
