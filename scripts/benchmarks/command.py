"""`scripts/bench [PART ...] [--runs N]`: figures and ratios, each beside what it should be."""

from __future__ import annotations

import argparse
import os
import pickle
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks import chain, synthetic
from benchmarks.measure import ROOT, Figures, middle, python, served, timed
from benchmarks.recording import Recording
from benchmarks.replay import DELAY
from benchmarks.subject import inputs, recorded

DESIRED, NAME = ROOT / "desired", "uat"
MOST = Mapping[str, float]
FEW, MANY = 1_000, 10_000


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--runs", type=int, default=5, help="of each; medians are printed")
    options = parser.parse_args(arguments)
    os.environ.update(inputs(DESIRED, NAME))
    with tempfile.TemporaryDirectory() as folder:
        for part in options.parts or PARTS:
            PARTS[part](Path(folder), options.runs)
    return 0


def _help(_: Path, runs: int) -> None:
    print("muvi-converge --help (<= 0.3 s)")
    print(f"  {middle([timed(python('-m', 'reconciler', '--help')) for _ in range(runs)])}\n")


def _looking(folder: Path, runs: int) -> None:
    recording, file = _recorded(folder)[1], folder / "looked"
    print(f"No-op dry run of {NAME} (<= 1.5 x the floor), {len(recording.calls)} calls")
    pairs = [_pair(recording, file, "--dry-run") for _ in range(runs)]
    _print_pairs(pairs, "the same calls from 32 threads")
    for service, count in sorted(Counter(each.service for each in recording.calls).items()):
        print(f"    {count:4} {service}")
    print()


def _building(folder: Path, runs: int) -> None:
    recording, file = _recorded(folder)[0], folder / "built"
    calls, way = chain.longest(recording)
    print(f"{NAME} from empty to converged (<= 2 x the floor)")
    print(f"  the longest chain is {calls} calls: {calls * DELAY:.2f} s, by way of")
    print("".join(f"    {node}\n" for node in way), end="")
    pairs = [_pair(recording, file, "--yes") for _ in range(runs)]
    floors = [Figures(max(f.seconds, calls * DELAY), f.cpu, f.memory) for _, f in pairs]
    whole = [(ours, floor) for (ours, _), floor in zip(pairs, floors, strict=True)]
    _print_pairs(whole, "the chain, or the same calls from 32 threads")
    print()


def _planning(folder: Path, runs: int) -> None:
    print(f"{MANY:,} resources: load, check, order, plan (<= 15 s, <= 600 MB)")
    took = {}
    for count in (FEW, MANY):
        synthetic.write(folder / str(count), count)
        command = python("-m", "benchmarks.synthetic", str(folder / str(count)))
        took[count] = middle([timed(command) for _ in range(min(runs, 3))])
        print(f"  {count:6,} {took[count]}")
    print(f"  {took[MANY].cpu / took[FEW].cpu:.1f} x the CPU for {MANY // FEW} x as many\n")


def _recorded(folder: Path) -> tuple[Recording, Recording]:
    """Both recordings, made once: it takes a minute."""
    if not (folder / "built").exists():
        print(f"Recording {NAME} ...", flush=True)
        for recording, name in zip(recorded(DESIRED, NAME), ("built", "looked"), strict=True):
            recording.save(folder / name)
    return Recording.load(folder / "built"), Recording.load(folder / "looked")


def _pair(recording: Recording, file: Path, how: str) -> tuple[Figures, Figures]:
    """A run of ours, then the calls that it made, replayed."""
    with served(file) as server:
        ours = timed(
            python("-m", "reconciler", "--env", NAME, "--sandbox", server.url, "--output", "json")
            + [how]
        )
    known = {each.identity: each for each in recording.calls}
    calls = file.with_suffix(".calls")
    calls.write_bytes(pickle.dumps([tuple(known[asked][:4]) for asked in server.asked]))
    with served(file) as server:
        return ours, timed(python("-m", "benchmarks.floor", str(calls), server.url))


def _print_pairs(pairs: Sequence[tuple[Figures, Figures]], floor: str) -> None:
    ratio = median(ours.seconds / theirs.seconds for ours, theirs in pairs)
    print(f"  ours  {middle([ours for ours, _ in pairs])}")
    print(f"  floor {middle([theirs for _, theirs in pairs])}  {floor}")
    print(f"  ratio {ratio:6.2f}    median of {len(pairs)} pairs: {_ratios(pairs)}")


def _ratios(pairs: Sequence[tuple[Figures, Figures]]) -> str:
    return " ".join(f"{ours.seconds / theirs.seconds:.2f}" for ours, theirs in pairs)


PARTS: Mapping[str, Callable[[Path, int], None]] = {
    "help": _help,
    "look": _looking,
    "build": _building,
    "plan": _planning,
}
