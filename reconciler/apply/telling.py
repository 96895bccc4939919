"""What a failed update says: sent and read values, and no secrets."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.handler import Handler
from reconciler.model import Change, FieldChange
from reconciler.overlay import place
from reconciler.plan.planner import tag_changes


def not_taken(facts: type[Handler], change: Change) -> str:
    """Why an update that was accepted counts as failed."""
    said = f". AWS says: {change.observed.reason}" if change.observed.reason else ""
    return (
        "AWS accepted the update, yet reads back the same difference: "
        f"{shown(facts, (*change.fields, *tag_changes(change)))}{said}. "
        "Either AWS changes the value as it stores it, or somebody else writes it too"
    )


def shown(facts: type[Handler], fields: Sequence[FieldChange]) -> str:
    """What was sent and what AWS reads back, by path; of secrets the path alone."""
    return "; ".join(
        each.path
        if _secret(facts, place(each.path))
        else f"{each.path}: sent {each.after!r}, reads {each.before!r}"
        for each in fields
    )


def _secret(facts: type[Handler], path: str) -> bool:
    """Whether a secret stands at this place, above it or below it."""
    return any(
        path.startswith(hidden.removesuffix(".*")) or hidden.startswith(path)
        for hidden in facts.secret | facts.write_only
    )
