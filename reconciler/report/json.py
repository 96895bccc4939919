"""A run for machines: the document that schemas/output.json describes."""

from __future__ import annotations

import json
from typing import Any

from reconciler.model import Action
from reconciler.report.entries import Entry, count, entries, waits
from reconciler.report.values import as_json
from reconciler.result import Fate, Result

ACTIONS = (
    Action.NO_OP,
    Action.ADOPT,
    Action.CREATE,
    Action.UPDATE,
    Action.DISRUPT,
    Action.REPLACE,
    Action.DELETE,
)
FATES = (Fate.REFUSED, Fate.FAILED, Fate.SKIPPED, Fate.WAITING, Fate.BUSY)


def render(result: Result) -> str:
    return json.dumps(document(result), indent=2, ensure_ascii=False) + "\n"


def document(result: Result) -> dict[str, Any]:
    """The run as a document: what is unknown, absent or empty about a resource is null."""
    all_of_them = entries(result)
    numbers = count(all_of_them)
    coverage = result.coverage
    return {
        "env": result.environment,
        "account": result.account,
        "run": result.run,
        "commit": result.commit,
        "summary": {name.value: numbers[name] for name in (*ACTIONS, *FATES)},
        "resources": [resource(entry) for entry in all_of_them],
        "waiting": [
            {"who": each.who, "what": each.what, "unblocks": each.unblocks}
            for each in waits(result)
        ],
        "warnings": list(result.warnings),
        "outputs": as_json(result.outputs),
        "coverage": {
            "declared": dict(sorted(coverage.declared.items())),
            "undeclared": dict(sorted(coverage.undeclared.items())),
            "others": dict(sorted(coverage.others.items())),
            "unnamed": list(coverage.unnamed),
            "compared": coverage.compared,
            "left": coverage.left,
            "unread": dict(sorted(coverage.unread.items())),
        },
        "api_calls": {
            "total": sum(result.calls.values()),
            "by_service": dict(sorted(result.calls.items())),
        },
        "seconds": round(result.seconds, 3),
    }


def resource(entry: Entry) -> dict[str, Any]:
    """One decision, and what became of it."""
    decision, source = entry.decision, entry.decision.source
    return {
        "address": decision.address,
        "type": decision.type,
        "name": decision.name,
        "region": decision.region,
        "id": entry.id or None,
        "action": decision.action.value,
        "reason": decision.reason,
        "owner": decision.owner or None,
        "changed_by": decision.last or None,
        "diff": [
            {"path": each.path, "before": as_json(each.before), "after": as_json(each.after)}
            for each in decision.diff
        ],
        "status": entry.status,
        "error": entry.error or None,
        "source": f"{source.file}:{source.line}" if source else None,
        "seconds": round(entry.outcome.seconds, 3) if entry.outcome else 0,
    }
