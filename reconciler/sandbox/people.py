"""The people of the sandbox: those who confirm and click what AWS sends them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class People:
    """What people do about what only they can do; at once, unless they are told to be away."""

    absent: bool = False
    """Nobody acts by himself: whatever waits for a person stays so."""


PEOPLE = People()
