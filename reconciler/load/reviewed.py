"""YAML that nobody has reviewed yet, such as a pull request's: it reaches no further than what was.

Whose account is asked, as whom, and what is read beside the YAML is as the reviewed one says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reconciler.errors import Refused
from reconciler.load.declared import Declared, Environment, Input, State
from reconciler.load.environment import environment
from reconciler.load.files import environment_folder
from reconciler.load.problems import Problems

REACHES = ("account", "role", "state", "terraform")
"""Settings that say whom we ask, as whom, and which objects outside of the YAML are read."""


def within(declared: Declared, folder: Path) -> Declared:
    """What is declared, without the sources of inputs that the reviewed YAML does not read.

    Raises Refused, before AWS is asked, where it would reach further."""
    ours = declared.environment
    theirs = _reviewed(folder, ours.name)
    if wrong := list(_beyond(ours, theirs)):
        raise Refused("\n".join(wrong))
    inputs = {name: _held(each, theirs.inputs) for name, each in ours.inputs.items()}
    return replace(declared, environment=replace(ours, inputs=inputs))


def _reviewed(folder: Path, name: str) -> Environment:
    problems = Problems()
    home = environment_folder(folder, name)
    found, _ = environment(name, home, {}, problems, {})
    problems.raise_any()
    return found


def _beyond(ours: Environment, theirs: Environment) -> Iterator[str]:
    for name in REACHES:
        said, was = getattr(ours, name), getattr(theirs, name)
        if said != was:
            yield (
                f"{ours.place(name)}: {name} is {_shown(said)}, but {_shown(was)} where it was "
                f"reviewed ({theirs.source.file}): nothing was read or changed. Review it, and "
                "plan it by hand"
            )


def _held(ours: Input, reviewed: Mapping[str, Input]) -> Input:
    """A file is never read: what lies there may be a link that nobody has reviewed either."""
    theirs = reviewed.get(ours.name)
    known = bool(ours.variable) and theirs is not None and ours.variable == theirs.variable
    return replace(ours, file=None, withheld=not known)


def _shown(value: Any) -> str:
    if isinstance(value, State):
        return f"{value.bucket} in {value.region}"
    whole = ", ".join(value) if isinstance(value, list | tuple) else str(value or "")
    return whole or "not said"
