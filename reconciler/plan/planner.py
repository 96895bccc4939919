"""Difference and facts become one action with one reason per resource."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

import networkx as nx

from reconciler.aws.ownership import ADDRESS, ENVIRONMENT, MAYBE, PROTECT, escape
from reconciler.handler import Handler
from reconciler.model import Action, Change, FieldChange, Observed, Status, Within, top
from reconciler.overlay import bounds, place
from reconciler.plan.estate import Estate
from reconciler.plan.graph import Graph
from reconciler.plan.observe import FAILURES
from reconciler.plan.standing import behind, held_together
from reconciler.result import Decision

Plan = dict[str, Decision]

Gate = Callable[[Decision], str]
"""What holds a decision in this run; empty if nothing does."""
Bar = Callable[[Decision], Decision]
"""What becomes of a decision that no gate holds: left alone for a while, or held by the clock."""

REMEDY = "let the YAML say what it is, so that it can be adopted, or give the resource another name"


def ungated(decision: Decision) -> str:
    """Nothing holds it."""
    return ""


def unbarred(decision: Decision) -> Decision:
    """Nothing more holds it."""
    return decision


def plan(
    estate: Estate,
    graph: Graph,
    selected: Collection[str],
    gate: Gate = ungated,
    bar: Bar = unbarred,
) -> Plan:
    """What converging would do, in the order of the graph, and what holds it in this run.

    What a change moves becomes unknown to those who refer to it. What is held moves nothing."""
    decisions: Plan = {}
    for address, part in nx.topological_sort(graph):
        decided = address in decisions
        if address not in selected or decided or part not in ("exists", "done"):
            continue
        if part == "exists" and not _settled_early(estate, address):
            continue
        decision = _decided(estate, address, selected)
        decisions[address] = bar(_watched(replace(decision, gate=gate(decision))))
        if not decisions[address].gate:
            _forget_outputs(estate, decision)
    return held_together(graph, behind(estate, graph, decisions))


def _watched(decision: Decision) -> Decision:
    """What lacks our tags alone, where policy lets nobody write them, is as the YAML wants it."""
    marks = {f"tags.{name}" for name in (ADDRESS, ENVIRONMENT, PROTECT)}
    if decision.action not in (Action.ADOPT, Action.UPDATE) or not decision.gate:
        return decision
    if any(each.path not in marks for each in decision.diff):
        return decision
    reason = "it is as the YAML wants it, and policy lets nobody write our tags"
    return replace(decision, action=Action.NO_OP, reason=reason, diff=(), gate="")


def _settled_early(estate: Estate, address: str) -> bool:
    """What is unreadable, unwanted or missing is decided before those who refer to it."""
    unwanted = estate.resources[address].absent
    return address in estate.failed or unwanted or estate.seen.get(address) is None


def _decided(estate: Estate, address: str, selected: Collection[str]) -> Decision:
    try:
        return decide(estate, address, selected)
    except FAILURES as error:  # of a reading call that only this one resource needs
        estate.failed[address] = error
        return decide(estate, address, selected)


def decide(estate: Estate, address: str, selected: Collection[str]) -> Decision:
    """The one action for one resource."""
    if address in estate.failed:
        return _decision(estate, address, Action.UNKNOWN, str(estate.failed[address]))
    if reason := _baseless(estate, address, selected):
        return _decision(estate, address, Action.UNKNOWN, reason)
    observed = estate.seen.get(address)
    if estate.resources[address].absent:
        return _tombstone(estate, address, observed)
    if observed is None:
        return _nameless(estate, address) or _creation(estate, address)
    return _comparison(estate, address, observed)


def _baseless(estate: Estate, address: str, selected: Collection[str]) -> str:
    """Why nothing can be said of what stands on something unread, or missing for this run."""
    missing = address not in estate.maybe and estate.seen.get(address) is None
    for other in (each.address for each in estate.references[address]):
        if missing and other in estate.maybe:
            return f"it stands on {other}, and nobody knows yet which object that is"
        if other in estate.failed:
            return f"it stands on {other}, which could not be read"
        known = other in selected or other in estate.maybe or estate.seen.get(other) is not None
        if not known:
            return f"it stands on {other}, which does not exist and was not selected"
    return ""


def _tombstone(estate: Estate, address: str, observed: Observed | None) -> Decision:
    if observed is None:
        return _decision(estate, address, Action.NO_OP, "AWS has none, as $absent wants it")
    return _decision(estate, address, Action.DELETE, "$absent says that it shall not exist")


def _nameless(estate: Estate, address: str) -> Decision | None:
    """The decision about what AWS has, though nobody has said yet under which name."""
    ids = estate.maybe.get(address)
    if ids is None:
        return None
    told = f"AWS has {_listed(list(ids))}: discovery must say which of them it is"
    return _decision(estate, address, Action.NO_OP, told)


def _creation(estate: Estate, address: str) -> Decision:
    properties = estate.born(address).properties
    diff = tuple(FieldChange(name, None, value) for name, value in properties.items())
    return _decision(estate, address, Action.CREATE, "AWS has none", diff)


def _comparison(estate: Estate, address: str, observed: Observed) -> Decision:
    change = estate.change(address, observed)
    diff = (*change.fields, *tag_changes(change))
    action, reason = _verdict(estate, address, change)
    if observed.status is Status.PENDING and action is not Action.WAIT:
        reason = f"{reason}; AWS is at work on it: {observed.reason or 'it does not say at what'}"
    return _decision(estate, address, action, reason, diff)


def _verdict(estate: Estate, address: str, change: Change) -> tuple[Action, str]:
    facts, observed = estate.facts(address), change.observed
    yields = estate.yields(address, observed)
    if why := _beyond_repair(facts, change):
        if facts.marked() and not is_ours(estate, address, observed):
            return Action.UNKNOWN, f"{observed.id} is not ours to replace, though {why}; {REMEDY}"
        return Action.REPLACE, why
    if not change.fields and not change.retags:
        return _quiet(estate, address, observed)
    if hurting := sorted(felt(facts, change)):
        return Action.DISRUPT, f"users feel it when {_listed(hurting)} changes"
    if facts.marked() and not (yields or is_ours(estate, address, observed)):
        other = estate.owner(address, observed).other
        return Action.ADOPT, f"it exists and {other or 'nobody'} owns it"
    return Action.UPDATE, f"{_listed(_differing(change))} differs from the YAML"


def _beyond_repair(facts: type[Handler], change: Change) -> str:
    """Why only another object can be as the YAML wants it; empty if this one can."""
    if change.observed.status is Status.BROKEN:
        return f"AWS gave up on it: {change.observed.reason or 'it does not say why'}"
    fixed = sorted(_fixed(facts, change))
    return f"AWS cannot change {_listed(fixed)} of an object that exists" if fixed else ""


def _fixed(facts: type[Handler], change: Change) -> set[str]:
    """Immutable properties that differ; what AWS has yet to show of a new object does not."""
    young = change.observed.status is Status.PENDING
    fixed = immutable(facts, change)
    return {top(each.path) for each in fixed if each.before is not None or not young}


def immutable(facts: type[Handler], change: Change) -> list[FieldChange]:
    """Differences that AWS cannot make true in an object that exists."""
    fixed = facts.immutable
    return [each for each in change.fields if any(_concerns(fact, each) for fact in fixed)]


def _concerns(fact: str, change: FieldChange) -> bool:
    """Whether a place of the facts is where something differs, around it, or inside of it."""
    one, other = f"{fact}.", f"{place(change.path)}."
    return one.startswith(other) or other.startswith(one)


def _quiet(estate: Estate, address: str, observed: Observed) -> tuple[Action, str]:
    if observed.status is Status.PENDING:
        return Action.WAIT, observed.reason or "AWS is still working on it"
    if observed.status is Status.WAITING or estate.waits(address, observed):
        return Action.WAIT, observed.reason or "people must do their part first"
    return Action.NO_OP, f"it is as the YAML wants it{_unmarked(estate, address, observed)}"


def _unmarked(estate: Estate, address: str, observed: Observed) -> str:
    """Why an object that is as wanted does not become ours all the same."""
    if not estate.facts(address).marked() or not estate.yields(address, observed):
        return ""
    owned = estate.owner(address, observed)
    return f", and {owned.other} owns it" if owned.other else f", and {MAYBE}"


def is_ours(estate: Estate, address: str, observed: Observed) -> bool:
    """Whether the object carries both our tags, for this resource or an earlier address of it."""
    mine = {escape(address), escape(estate.resources[address].was)}
    tags = observed.tags
    return tags.get(ENVIRONMENT) == estate.environment.name and tags.get(ADDRESS) in mine


def felt(facts: type[Handler], change: Change) -> set[str]:
    """Disruptive properties that differ; facts may name a place below a property."""
    paths = {place(each.path) for each in change.fields}
    return {
        fact
        for fact in facts.disruptive
        if any(path == fact or path.startswith(f"{fact}.") for path in paths)
    }


def _differing(change: Change) -> list[str]:
    return sorted(change.names) or ["a tag"]


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" and more" if len(names) > 3 else "")


def tag_changes(change: Change) -> Iterator[FieldChange]:
    """Tags that differ, as `tags.KEY`."""
    before, after = change.observed.tags, change.tags
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield FieldChange(f"tags.{name}", before.get(name), after.get(name))


def _decision(
    estate: Estate,
    address: str,
    action: Action,
    reason: str,
    diff: tuple[FieldChange, ...] = (),
) -> Decision:
    resource, observed = estate.resources[address], estate.seen.get(address)
    return Decision(
        address,
        resource.region,
        action,
        reason,
        id=observed.id if observed else "",
        owner=str(estate.owner(address, observed)) if observed else "",
        diff=diff,
        owners=_owners(estate, address) if observed and action is not Action.UNKNOWN else {},
        source=resource.source,
        waits=estate.waits(address, observed) if observed and action is Action.WAIT else (),
    )


def _owners(estate: Estate, address: str) -> dict[str, str]:
    return {path: within.by for path, within in left_to_others(estate, address).items()}


def left_to_others(estate: Estate, address: str) -> dict[str, Within]:
    """Whose each field is that is not ours: inferred by the handler, or declared by `$within`."""
    inferred = estate.bounds(address, estate.desired(address))
    return {**inferred, **dict(_declared_bounds(estate.resources[address].properties))}


def _declared_bounds(value: Any, path: str = "") -> Iterator[tuple[str, Within]]:
    if isinstance(value, list):
        for number, member in enumerate(value):
            yield from _declared_bounds(member, f"{path}[{number}]")
    if not isinstance(value, Mapping):
        return
    for name, declared in value.get("$within", {}).items():
        yield f"{path}.{name}".lstrip("."), bounds(declared)
    for name, each in value.items():
        if not name.startswith("$"):
            yield from _declared_bounds(each, f"{path}.{name}".lstrip("."))


def _forget_outputs(estate: Estate, decision: Decision) -> None:
    facts = estate.facts(decision.address)
    moved = {
        Action.UPDATE: facts.moved if any(_own(each) for each in decision.diff) else frozenset(),
        Action.DISRUPT: facts.moved,
        Action.ADOPT: facts.moved if any(_own(each) for each in decision.diff) else frozenset(),
        Action.REPLACE: facts.outputs | facts.moved,
    }
    if names := moved.get(decision.action):
        estate.moving[decision.address] = names


def _own(change: FieldChange) -> bool:
    return not change.path.startswith("tags.")
