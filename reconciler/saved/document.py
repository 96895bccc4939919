"""A plan as the document that schemas/plan.json describes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from reconciler import registry
from reconciler.apply.safety import WRITES
from reconciler.report.values import as_json
from reconciler.result import Decision, Result
from reconciler.saved.sealed import settled

FORMAT = 1


def tool() -> str:
    """Which version of us this is: another one might mean something else by the same plan."""
    from importlib.metadata import version  # no run without a plan pays for it

    return version("muvi-converge")


def steps(result: Result) -> list[dict[str, Any]]:
    """What the plan would do or is held from doing; `result` hides its secrets by now."""
    written = (each for each in result.decisions if each.action in WRITES)
    return [step(each) for each in sorted(written, key=lambda each: each.address)]


def step(decision: Decision) -> dict[str, Any]:
    """One decision, as a plan keeps it."""
    source = decision.source
    return {
        "address": decision.address,
        "region": decision.region,
        "action": decision.action.value,
        "id": decision.id,
        "reason": decision.reason,
        "held": decision.gate,
        "source": f"{source.file}:{source.line}" if source else "",
        "diff": [
            {"path": each.path, "before": as_json(each.before), "after": as_json(each.after)}
            for each in decision.diff
        ],
    }


def in_order(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The decisions, each list of theirs in one order where AWS gives it in any."""
    return tuple(_in_order(each) for each in decisions)


def _in_order(decision: Decision) -> Decision:
    lists = registry.handler(decision.type).compared()
    diff = tuple(
        replace(
            each,
            before=settled(each.before, each.path, lists),
            after=settled(each.after, each.path, lists),
        )
        for each in decision.diff
    )
    return replace(decision, diff=diff)


def checksum(document: Mapping[str, Any]) -> str:
    """What tells that a plan is whole. It keeps accidents away, and nobody who means harm."""
    rest = {name: value for name, value in document.items() if name != "checksum"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
