"""Whether the people around the sandbox do their part at once, or not until a test does it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class People:
    """Whether the people around the sandbox do their part at once, or not until a test does it."""

    absent: bool = False


people = People()
