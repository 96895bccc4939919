"""Ctrl-C and SIGTERM: the first stops new steps, a second leaves at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from reconciler.result import Fate, Result
from reconciler.stop import Stop

SIGNALS = (signal.SIGINT, signal.SIGTERM)
AT_ONCE = (
    b"Left at once: what was under way may be half done, and the lease ends by itself. "
    b"The next run goes on from there.\n"
)


@contextmanager
def heard(stop: Stop) -> Iterator[None]:
    """In here signals stop the run. Only the main thread can hear them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        if came:
            os.write(2, AT_ONCE)
            os._exit(1)
        came.append(number)
        stop(f"interrupted by {signal.Signals(number).name}")
        if not stop.under_way:
            raise KeyboardInterrupt

    before = {each: signal.signal(each, hear) for each in SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def stopped(stop: Stop, result: Result) -> str:
    """Why the run ended before its end, and what of it is half done."""
    became = result.outcomes.items()
    half = sorted(address for address, each in became if each.fate is Fate.FAILED)
    told = f"Half done: {', '.join(half)}." if half else "Nothing is half done."
    return (
        f"Stopped: {stop.why}. No new step was begun, and what was under way got its answer. "
        f"{told} The next run goes on from there."
    )
