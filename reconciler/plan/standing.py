"""What decisions stand on: who waits behind whom, and what is held with what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import networkx as nx

from reconciler.model import Action, Status
from reconciler.plan.estate import Estate
from reconciler.plan.graph import Graph, Node
from reconciler.result import Decision

Plan = Mapping[str, Decision]

STEPS = {Action.ADOPT, Action.CREATE, Action.UPDATE, Action.DISRUPT, Action.REPLACE}
"""What is done to a declared resource, and not before what it stands on is done."""


def behind(estate: Estate, graph: Graph, decisions: Plan) -> dict[str, Decision]:
    """The decisions, those marked that stand on an object for which people must do something."""
    marked = dict(decisions)
    for address, decision in decisions.items():
        observed = estate.seen.get(address)
        if decision.action is not Action.WAIT or not observed:
            continue
        if observed.status is Status.WAITING:
            for other, _ in nx.descendants(graph, Node(address, "done")):
                if other in marked and marked[other].action in STEPS:
                    marked[other] = replace(marked[other], behind=address)
    return marked


def held_together(graph: Graph, decisions: Plan) -> dict[str, Decision]:
    """The decisions, a replacement held where what must be replaced with it is held.

    Half of it would leave what stands on the old object where nobody looks for it."""
    marked = dict(decisions)
    for address, decision in decisions.items():
        if decision.action is not Action.REPLACE or decision.gate:
            continue
        ahead = {node.address for node in nx.descendants(graph, Node(address, "done"))}
        others = (decisions[other] for other in sorted(ahead & decisions.keys()))
        held = next((each for each in others if each.action is Action.REPLACE and each.gate), None)
        if held:
            why = f"{held.address} would have to be replaced with it, and is held: {held.gate}"
            marked[address] = replace(decision, gate=why)
    return marked
