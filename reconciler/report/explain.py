"""What is known of a type, or of one resource: from the code itself, so that it cannot rot."""

from __future__ import annotations

import difflib
import inspect
import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

from reconciler import registry
from reconciler.aws.ownership import ADDRESS
from reconciler.errors import Usage
from reconciler.handler import Handler
from reconciler.plan.estate import Estate
from reconciler.plan.find import stated
from reconciler.result import Decision, Result

FACTS = (
    "key", "other_keys", "naming", "unique", "immutable", "deferred", "loose", "after",
    "disruptive", "moved", "write_only", "secret", "outputs", "serial", "repeatable",
    "overwrites", "region", "settles_within", "holds_data",
)  # fmt: skip


def of_type(name: str) -> str:
    """A type's facts and properties. Raises Usage for a type that we do not know."""
    if name not in registry.types():
        near = difflib.get_close_matches(name, registry.types(), 1)
        hint = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(registry.types())}"
        raise Usage(f"{name} is no type that we know.{hint}")
    facts = registry.handler(name)
    schema = _schema(name)
    source = inspect.getmodule(facts).__doc__ or ""
    head = [f"{name}: {inspect.getdoc(facts)}", source.strip(), ""]
    return "\n".join([*head, *_facts(facts), "", *_properties(schema)])


def of_address(address: str, estate: Estate, result: Result) -> str:
    """How the object was found, whose it and each field is, and what holds a change back."""
    decision = next((each for each in result.decisions if each.address == address), None)
    if decision is None:
        raise Usage(f"{address} is not declared in this environment")
    return "\n".join(f"{name:10} {value}" for name, value in _about(estate, decision) if value)


def _about(estate: Estate, decision: Decision) -> Iterator[tuple[str, Any]]:
    yield "address", decision.address
    yield "declared", decision.source
    yield "region", decision.region
    yield "object", decision.id or "AWS has none"
    yield "found", _found(estate, decision.address)
    yield "owner", decision.owner or ("nobody" if decision.id else "")
    yield "action", f"{decision.action}: {decision.reason}"
    yield "held by", decision.gate
    for path, owner in decision.owners.items():
        yield "field", f"{path} belongs to {owner}"
    for each in decision.diff if decision.id else ():
        yield "differs", f"{each.path}: {each.before!r} → {each.after!r}"
    for reference in estate.references[decision.address]:
        yield "needs", f"{reference.address} ({reference.path})"


def _found(estate: Estate, address: str) -> str:
    observed = estate.seen.get(address)
    if observed is None:
        return ""
    if ADDRESS in observed.tags:
        return "by our address tag"
    return f"by its key: {', '.join(stated(estate.handler(address), estate.desired(address)))}"


def _facts(facts: type[Handler]) -> Iterator[str]:
    for name in FACTS:
        value = getattr(facts, name)
        if value or isinstance(value, bool):
            yield f"{name:15} {_told(value)}"


def _told(value: Any) -> str:
    if isinstance(value, tuple) and any(isinstance(each, tuple) for each in value):
        return "; ".join(map(_told, value))
    if isinstance(value, set | frozenset | tuple):
        return ", ".join(sorted(value) if isinstance(value, set | frozenset) else value)
    return str(value)


def _properties(schema: dict[str, Any]) -> Iterator[str]:
    required = set(schema.get("required", ()))
    for name, shape in schema["properties"].items():
        mark = "*" if name in required else " "
        yield f"{mark} {name:32} {shape.get('description', '')}"
    yield "(* a creation needs it)"


def _schema(name: str) -> dict[str, Any]:
    service, _, kind = name.partition(".")
    text = resources.files("schemas").joinpath(service, f"{kind}.json").read_text("utf-8")
    return dict(json.loads(text))
