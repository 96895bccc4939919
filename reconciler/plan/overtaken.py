"""Others deploy while we work: what they moved on since this run looked at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.load.references import leading
from reconciler.model import Change, Observed
from reconciler.plan.estate import Estate


def overtaken(
    estate: Estate, address: str, change: Change, bases: Mapping[str, Observed]
) -> tuple[str, Observed] | None:
    """What this resource refers to, and somebody else moved on: its address, and what it is now.

    To write what we know would put the earlier one back: a release would be undone. `bases` are
    what this run itself moved, as it was before."""
    for used, output, holds in _followed(estate, address, change):
        known = [
            one.properties.get(output) for one in (bases.get(used), estate.seen.get(used)) if one
        ]
        now = None if holds in known else estate.standing(used)
        if now and now.properties.get(output) == holds:
            return used, now
    return None


def _followed(estate: Estate, address: str, change: Change) -> Iterator[tuple[str, str, Any]]:
    """Whose moving outputs stand in what differs, and which value the object holds there."""
    for reference in estate.references[address]:
        used, output = reference.address, leading(reference.expression)
        if used == "input" or reference.place not in change.names:
            continue
        holds = change.observed.properties.get(reference.place)
        if holds is not None and output in estate.facts(used).moved:
            yield used, output, holds
