"""What is measured: the engine, converging an environment in an AWS of our own.

`python -m benchmarks.subject DESIRED ENVIRONMENT FOLDER` records it, into files in that folder."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.chain import longest
from benchmarks.record import Recorder
from benchmarks.recording import Asked, Known, Recording
from reconciler.apply.converge import Converge
from reconciler.apply.executor import Silent
from reconciler.apply.waiting import Pace
from reconciler.aws import Aws
from reconciler.load import Declared, load
from reconciler.model import Action
from reconciler.result import Fate, Result
from reconciler.run import Request, Run
from reconciler.sandbox.server import serve, session
from reconciler.sandbox.stand_ins import made_up

PATIENT = Pace(tick=0.05, longest=0.5, grace=120.0, believed=120.0)  # recording takes its time


def record(folder: Path, name: str, into: Path) -> None:
    """A run from empty to converged, and a dry run after it, recorded in files `built` and
    `looked`; and what one must know of them in `known`, without reading them."""
    declared = load(folder, name)
    given = _inputs(declared)
    os.environ.update(given)
    built, looked = Recorder(), Recorder()
    with serve(declared.environment.account) as endpoint:
        run, result = _run(declared, endpoint, built)
        failed = {a: each for a, each in result.outcomes.items() if each.fate is not Fate.DONE}
        assert not failed, failed
        _, result = _run(declared, endpoint, looked, dry=True)
        differing = [each for each in result.decisions if each.action != Action.NO_OP]
        assert not differing, differing
    edges = [(_name(start), _name(end)) for start, end in run.graph.edges]
    chain = longest(built.recording, edges)
    recordings = {"built": built.recording, "looked": looked.recording}
    calls = {way: _calls(recording) for way, recording in recordings.items()}
    (into / "known").write_bytes(pickle.dumps(Known(given, chain, calls)))
    for way, recording in recordings.items():
        recording.save(into / way)


def _calls(recording: Recording) -> dict[str, Asked]:
    return {each.identity: each[:4] for each in recording.calls}


def _run(
    declared: Declared, endpoint: str, recorder: Recorder, dry: bool = False
) -> tuple[Run, Result]:
    account = declared.environment.account
    aws = Aws(session(endpoint), account, endpoint=endpoint, prepare=recorder.prepare)
    aws.client("sts", declared.environment.region).get_caller_identity()  # as the command does
    request = Request("recording", dry=dry, enforced=False, pace=PATIENT)
    inputs = declared.environment.inputs
    run = Run(declared, aws, lambda name: inputs[name].value(), request, Silent(), lambda _: True)
    with mock.patch.object(Converge, "visit", _noting(recorder)):
        return run, run()


def _inputs(declared: Declared) -> dict[str, str]:
    """Environment variables that give what would be made up else: that takes long, and only the
    sandbox does it."""
    inputs = declared.environment.inputs.values()
    return {each.variable: made_up(each) for each in inputs if each.default is None}


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


if __name__ == "__main__":
    record(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
