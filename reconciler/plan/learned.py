"""What a run learns as it goes, and whether what was worked out from it still holds."""

from __future__ import annotations

from collections import UserDict
from typing import TypeVar

T = TypeVar("T")


class Learned(UserDict[str, T]):
    """By address; with a `state` that is another one after every change."""

    def __init__(self) -> None:
        super().__init__()
        self.state = object()

    def __setitem__(self, address: str, value: T) -> None:
        super().__setitem__(address, value)
        self.state = object()

    def __delitem__(self, address: str) -> None:
        super().__delitem__(address)
        self.state = object()
