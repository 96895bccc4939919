"""A relay: every run is killed right after its first mutating call, and the next takes over.

Whatever a run knew dies with it, at each call of the whole way, and the faults add up."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.load import Declared
from tests.faults.census import difference
from tests.faults.faults import Kill, Killed
from tests.faults.wire import Wire
from tests.faults.world import account, census, converge
from tests.living import failures

Told = Callable[[int, str], None]


def relay(
    declared: Declared, told: Told = lambda number, call: None
) -> tuple[list[str], list[str]]:
    """The mutating calls in their order, and what is wrong with the account in the end."""
    with account():
        undisturbed = Wire()
        assert failures(converge(declared, undisturbed)) == {}
        reference, most = census(), 3 * len(undisturbed.writes)
    calls: list[str] = []
    with account():
        while (wire := _killed(declared)) is not None:
            calls += wire.writes
            told(len(calls), calls[-1])
            assert len(calls) < most, f"no end of it: {calls[-9:]}"
        after = census()
    return calls, [*(f"twice: {each}" for each in after.twice()), *difference(reference, after)]


def _killed(declared: Declared) -> Wire | None:
    """A run that dies after its first mutating call; None if it had none to make."""
    wire = Wire([Kill(1, after=True)])
    try:
        result = converge(declared, wire)
    except Killed:
        return wire
    assert failures(result) == {}
    return None
