"""What is known of a type, or of one resource: from the code itself, so that it cannot rot."""

from __future__ import annotations

import difflib
import inspect
import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

from reconciler import registry
from reconciler.aws.ownership import ADDRESS, NOBODY
from reconciler.errors import Usage
from reconciler.handler import Handler
from reconciler.model import Action, Within
from reconciler.plan.estate import Estate
from reconciler.plan.find import stated
from reconciler.plan.planner import left_to_others
from reconciler.result import Decision, Result

WRITES = {*Action} - {Action.NO_OP, Action.WAIT, Action.UNKNOWN}
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
    return "\n".join(_row(name, value) for name, value in _about(estate, decision) if value)


def _row(name: str, value: Any) -> str:
    """A name and what is told of it; what takes several lines stands indented below."""
    return f"{name:10} {value}".replace("\n", f"\n{' ' * 11}")


def _about(estate: Estate, decision: Decision) -> Iterator[tuple[str, Any]]:
    yield "address", decision.address
    yield "declared", decision.source
    yield "region", decision.region
    yield "object", decision.id or _nameless(estate, decision.address) or "AWS has none"
    yield "found", _found(estate, decision.address)
    yield "owner", _owner(estate, decision)
    yield "action", f"{decision.action}: {decision.reason}"
    yield "held by", decision.gate
    yield from _policy(estate, decision)
    yield from _terraform(estate, decision)
    for path, within in left_to_others(estate, decision.address).items() if decision.owners else ():
        yield "field", f"{path} belongs to {within.by}: {estate.text(_room(within))}"
    for each in decision.diff if decision.id else ():
        yield "differs", f"{each.path}: {each.before!r} → {each.after!r}"
    for reference in estate.references[decision.address]:
        yield "refers to", f"{reference.address} ({reference.path})"


def _nameless(estate: Estate, address: str) -> str:
    """Which it may be, where nobody has told us its name."""
    return f"one of {', '.join(estate.maybe[address])}" if address in estate.maybe else ""


def _owner(estate: Estate, decision: Decision) -> str:
    observed = estate.seen.get(decision.address)
    if decision.owner or not observed:
        return decision.owner
    unread = estate.owner(decision.address, observed).unread
    return f"perhaps Terraform: {unread} cannot be read" if unread else "nobody"


def _policy(estate: Estate, decision: Decision) -> Iterator[tuple[str, str]]:
    """What this environment enforces of it, and the lines that make it more, for good."""
    policy, data = estate.environment.policy, registry.handler(decision.type).holds_data
    said = {each: policy.says(decision.address, each, data) for each in Action if each in WRITES}
    let = [each for each, word in said.items() if word == "apply"]
    if len(let) == len(said):
        return
    asked = [each for each, word in said.items() if word == "ask"]
    told = [f"enforces {', '.join(let)}" if let else "watches"]
    yield "policy", "; ".join([*told, f"asks before {', '.join(asked)}"] if asked else told)
    if decision.gate.startswith("policy") or not let:
        more = [decision.action] if decision.action in WRITES else [Action.ADOPT, Action.UPDATE]
        words = f"{{{', '.join(f'{each}: apply' for each in more)}}}"
        yield (
            "to enforce",
            f"under policy in {estate.environment.source.file}, for good:\n"
            f"{decision.address}: {words}\n"
            f"{decision.type}: {words}  # all of the type",
        )


def _terraform(estate: Estate, decision: Decision) -> Iterator[tuple[str, str]]:
    """What makes Terraform let go of it, and what its code needs as long as it does not."""
    observed = estate.seen.get(decision.address)
    owned = estate.owner(decision.address, observed) if observed else NOBODY
    if owned.other:
        yield "to take it", f"{owned.release}, or --allow {decision.address}"
    if owned.code:
        tags = "or its next apply takes our tags away" if owned.ours else "once it carries our tags"
        yield "their code", f"needs, {tags}:\n{owned.code}"


def _room(within: Within) -> str:
    """How far its owner may go before it is drift."""
    if within.above:
        return f"{within.above} or a newer minor version"
    if within.among or within.like:
        return ", ".join(map(str, within.among)) or within.like
    low, high = ("any" if each is None else f"{each:g}" for each in (within.low, within.high))
    return f"{low} to {high}"


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
