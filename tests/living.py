"""Bringing YAML to life on moto: what tests that go through the whole engine share."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import yaml

from reconciler.apply.waiting import Pace
from reconciler.load import load
from reconciler.model import Action
from reconciler.result import Fate, Result
from reconciler.run import Request, Run

PACE = Pace(tick=0.01, longest=0.1, grace=1.0, believed=0.1)
QUIET = {Action.NO_OP}

_runs = itertools.count(1)


class Silent:
    """Watches without a word."""

    def begin(self, total): ...
    def started(self, address, doing): ...
    def waits(self, address, reason): ...
    def ended(self, address, fate, error=""): ...
    def end(self): ...


class Plain(yaml.CSafeDumper):
    """Writes every scalar as it was read: `5` stays 5, `null` stays null."""

    yaml_implicit_resolvers = {}

    def ignore_aliases(self, data):
        return True


def _text(dumper, text):
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if text else '"')


Plain.add_representer(str, _text)


def read(path: Path) -> Any:
    """A YAML file whose scalars stay text, for the loader to type them."""
    return yaml.load(path.read_text(), yaml.CBaseLoader)


def written(folder: Path, environment: dict[str, Any], **files: Any) -> Path:
    """An environment `test` in a desired folder of its own."""
    home = folder / "test"
    home.mkdir(parents=True, exist_ok=True)
    for name, content in {"environment": environment, **files}.items():
        (home / f"{name}.yaml").write_text(yaml.dump(content, Dumper=Plain, sort_keys=False))
    return folder


def run(declared, aws, **request) -> tuple[Run, Result]:
    """One run of the engine, unless `dry` says otherwise with all its consequences."""
    named = {"run": f"run{next(_runs)}", "pace": PACE, "enforced": False, **request}
    one = Run(
        declared, aws, lambda name: f"given-{name}", Request(**named), Silent(), lambda _: True
    )
    return one, one()


def loaded(folder: Path):
    return load(folder, "test")


def actions(result: Result) -> dict[str, Action]:
    """What a plan would do, without what it would leave alone."""
    return {e.address: e.action for e in result.decisions if e.action not in QUIET}


def failures(result: Result) -> dict[str, str]:
    """What did not come out well, and why."""
    return {
        address: f"{outcome.fate}: {outcome.error}"
        for address, outcome in result.outcomes.items()
        if outcome.fate is not Fate.DONE
    }
