"""Whether the people around the sandbox do their part at once, or not until a test does it.

Everyday they do: secrets have values, images are pushed, zones delegated before anybody asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class People:
    """`absent`: nobody confirms, pushes, deploys or delegates: the first day of an account."""

    absent: bool = False


people = People()
