"""What is measured: the engine, converging an environment in an AWS of our own."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.record import Recorder
from benchmarks.recording import Recording
from reconciler.apply.converge import Converge
from reconciler.apply.executor import Silent
from reconciler.apply.waiting import Pace
from reconciler.aws import Aws
from reconciler.errors import InvalidDesired
from reconciler.load import Declared, Environment, load
from reconciler.model import Fate, Result
from reconciler.run import Request, Run
from reconciler.sandbox.server import serve, session
from reconciler.sandbox.stand_ins import made_up

PATIENT = Pace(tick=0.05, longest=0.5, grace=120.0, believed=120.0)  # recording takes its time


def recorded(folder: Path, name: str) -> tuple[Recording, Recording]:
    """A run from empty to converged, and a dry run after it. AssertionError if one fails."""
    declared = load(folder, name)
    with serve(declared.environment.account) as endpoint:
        built, looked = Recorder(), Recorder()
        run, result = _run(declared, endpoint, built)
        assert all(each.fate is Fate.DONE for each in result.outcomes.values()), result.outcomes
        graph = run.graph
        built.recording.edges = [(_name(start), _name(end)) for start, end in graph.edges]
        _, result = _run(declared, endpoint, looked, dry=True)
        assert all(each.action == "no-op" for each in result.decisions), result.decisions
    return built.recording, looked.recording


def _run(
    declared: Declared, endpoint: str, recorder: Recorder, dry: bool = False
) -> tuple[Run, Result]:
    account = declared.environment.account
    aws = Aws(session(endpoint), account, endpoint=endpoint, prepare=recorder.prepare)
    request = Request("recording", dry=dry, enforced=False, pace=PATIENT)
    given = partial(_given, declared.environment)
    run = Run(declared, aws, given, request, Silent(), lambda _: True)
    with mock.patch.object(Converge, "visit", _noting(recorder)):
        return run, run()


def _given(environment: Environment, name: str) -> str:
    """An input's value, as `--sandbox` has it."""
    try:
        return environment.inputs[name].value()
    except InvalidDesired:
        return made_up(environment.inputs[name])


def _noting(recorder: Recorder) -> Any:
    """`Converge.visit` that lets the recorder know for whom calls are made."""
    visit = Converge.visit

    def noting(self: Converge, node: Any) -> Any:
        recorder.node.name = _name(node)
        try:
            return visit(self, node)
        finally:
            recorder.node.name = ""

    return noting


def _name(node: Any) -> str:
    return f"{node.address} {node.part}"
