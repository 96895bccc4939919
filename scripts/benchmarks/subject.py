"""What is measured: the engine, converging an environment in an AWS of our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.record import Recorder
from benchmarks.recording import Recording
from reconciler.apply.converge import Converge
from reconciler.apply.executor import Silent
from reconciler.apply.waiting import Pace
from reconciler.aws import Aws
from reconciler.load import Declared, load
from reconciler.model import Fate, Result
from reconciler.run import Request, Run
from reconciler.sandbox.server import serve, session
from reconciler.sandbox.stand_ins import made_up

PATIENT = Pace(tick=0.05, longest=0.5, grace=120.0, believed=120.0)  # recording takes its time


def recorded(folder: Path, name: str) -> tuple[Recording, Recording]:
    """A run from empty to converged, and a dry run after it. AssertionError if one fails.

    Every input must be given by the environment's variables."""
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
    inputs = declared.environment.inputs
    run = Run(declared, aws, lambda name: inputs[name].value(), request, Silent(), lambda _: True)
    with mock.patch.object(Converge, "visit", _noting(recorder)):
        return run, run()


def inputs(folder: Path, name: str) -> dict[str, str]:
    """Environment variables that give what would be made up else: that takes long, and only the
    sandbox does it."""
    declared = load(folder, name).environment.inputs.values()
    return {each.variable: made_up(each) for each in declared if each.default is None}


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
