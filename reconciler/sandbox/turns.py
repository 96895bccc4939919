"""One request at a time: moto keeps plain dictionaries, which threads change under each other."""

from __future__ import annotations

from threading import RLock
from typing import Any

from moto.core.botocore_stubber import BotocoreStubber

from reconciler.sandbox.corrections import Method, corrects

TURN = RLock()
"""Held while moto works on a request; moto's services call each other inside one."""


@corrects(BotocoreStubber, "process_request")
def taken_in_turn(original: Method, self: Any, request: Any) -> Any:
    """Moto fails with "dictionary changed size during iteration" where AWS takes many at a time.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html"""
    with TURN:
        return original(self, request)
