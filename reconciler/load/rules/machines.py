"""What AWS refuses of a state machine's definition: states that lead nowhere.

https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-state-machine-structure.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.load.problems import Finding, meant
from reconciler.load.rules import policies
from reconciler.load.rules.place import Place

LAST = ("Choice", "Fail", "Succeed")
"""States that say in another way, or not at all, what comes next."""
TYPES = (*LAST, "Map", "Parallel", "Pass", "Task", "Wait")

Flaw = tuple[str, str]
"""Where in a definition, and what is wrong there."""


def leads_somewhere(machine: Place) -> Iterator[Finding]:
    """Every state that is named is there, and every state says what comes next."""
    definition = policies.parsed(machine.at("definition").raw)
    if isinstance(definition, Mapping):
        for path, what in flaws(definition):
            yield machine.at("definition").wrong(f"{path}: {what}".lstrip(": "))


def flaws(machine: Mapping[str, Any], path: str = "") -> Iterator[Flaw]:
    """What is wrong with a definition, or with a branch of one. What nobody knows never is."""
    states = machine.get("States")
    if _open(states):
        return
    if not isinstance(states, Mapping) or not states:
        yield path, "it has no States, so AWS would refuse it"
        return
    yield from _named(machine, "StartAt", states, path)
    for name, state in states.items():
        here = f"{path}.States.{name}".lstrip(".")
        if isinstance(state, Mapping):
            yield from _state(state, states, here)
        elif not _open(state):
            yield here, "it is no state, so AWS would refuse it"


def _state(state: Mapping[str, Any], states: Mapping[str, Any], path: str) -> Iterator[Flaw]:
    kind = state.get("Type")
    if _open(kind):
        return
    if kind not in TYPES:
        yield path, f"its Type is {kind}, which AWS would refuse; it takes {', '.join(TYPES)}"
        return
    if kind not in LAST and ("Next" in state) is (state.get("End") is True):
        yield path, "AWS wants Next or End: true of it, one of the two"
    if kind not in LAST and "Next" in state:
        yield from _named(state, "Next", states, path)
    if "Default" in state:
        yield from _named(state, "Default", states, path)
    for name in ("Catch", "Choices"):
        for number, each in enumerate(_several(state.get(name))):
            yield from _named(each, "Next", states, f"{path}.{name}[{number}]")
    for inner, branch in _inside(state):
        yield from flaws(branch, f"{path}.{inner}")


def _named(
    one: Mapping[str, Any], name: str, states: Mapping[str, Any], path: str
) -> Iterator[Flaw]:
    """Whether the state that is named there is one of those beside it."""
    wanted = one.get(name)
    if wanted is None:
        yield path, f"it has no {name}, so AWS would refuse it"
    elif isinstance(wanted, str) and not _open(wanted) and wanted not in states:
        yield path, f"{name} is {wanted}, and there is no such state{meant(wanted, states)}"


def _inside(state: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The machines that a state runs itself."""
    for number, branch in enumerate(_several(state.get("Branches"))):
        yield f"Branches[{number}]", branch
    for name in ("ItemProcessor", "Iterator"):
        if isinstance(state.get(name), Mapping):
            yield name, state[name]


def _open(value: Any) -> bool:
    """Whether nobody knows it yet."""
    return isinstance(value, str) and "${" in value


def _several(value: Any) -> list[Mapping[str, Any]]:
    members = value if isinstance(value, list) else ()
    return [each for each in members if isinstance(each, Mapping)]
