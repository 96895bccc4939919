"""`scripts/bench [PART ...] [--env NAME] [--runs N]`: each figure beside what it should be."""

from __future__ import annotations

import argparse
import os
import pickle
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import many
from benchmarks.measure import ROOT, Figures, middle, python, served, timed
from benchmarks.recording import Asked, Known
from benchmarks.replay import DELAY

DESIRED = ROOT / "desired"
FEW, MANY = 1_000, 10_000


class Bench(NamedTuple):
    """What is measured: an environment, how often, and where the recordings are kept."""

    folder: Path
    name: str
    runs: int


class Pair(NamedTuple):
    """A run of ours, the same calls replayed, and which they were."""

    ours: Figures
    floor: Figures
    calls: list[Asked]

    def ratio(self, least: float) -> float:
        return self.ours.seconds / max(self.floor.seconds, least)


def main(arguments: Sequence[str]) -> int:
    """Measure and print. It judges nothing: the machine may be busy."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--env", default="uat", metavar="NAME", help="of which environment")
    parser.add_argument("--runs", type=int, default=5, help="of each; medians are printed")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        for part in options.parts or PARTS:
            PARTS[part](Bench(Path(folder), options.env, options.runs))
    return 0


def _help(bench: Bench) -> None:
    print("muvi-converge --help (<= 0.3 s)")
    print(f"  {middle([timed(python('-m', 'reconciler', '--help')) for _ in range(bench.runs)])}\n")


def _looking(bench: Bench) -> None:
    _recorded(bench)
    pairs = [_pair(bench, "looked", "--dry-run") for _ in range(bench.runs)]
    calls = Counter(service for service, *_ in pairs[0].calls)
    print(f"No-op dry run of {bench.name} (<= 1.5 x the floor): {calls.total()} calls")
    print(_told(pairs))
    print("".join(f"    {count:4} {service}\n" for service, count in sorted(calls.items())))


def _building(bench: Bench) -> None:
    calls, way = _recorded(bench).chain
    pairs = [_pair(bench, "built", "--yes") for _ in range(bench.runs)]
    print(f"{bench.name} from empty to converged (<= 2 x the floor): {len(pairs[0].calls)} calls")
    print(_told(pairs, calls * DELAY))
    print(f"  the longest chain is {calls} calls, {calls * DELAY:.2f} s, by way of")
    print("".join(f"    {node}\n" for node in way))


def _planning(bench: Bench) -> None:
    print(f"{MANY:,} resources: load, check, order, plan (<= 15 s, <= 600 MB)")
    took = {}
    for count in (FEW, MANY):
        many.write(bench.folder / str(count), count)
        command = python("-m", "benchmarks.planning", str(bench.folder / str(count)))
        took[count] = middle([timed(command) for _ in range(min(bench.runs, 3))])
        print(f"  {count:6,} {took[count]}")
    print(f"  {took[MANY].cpu / took[FEW].cpu:.1f} x the CPU for {MANY // FEW} x as many\n")


def _recorded(bench: Bench) -> Known:
    """Both recordings, made once: it takes a minute. In a process of their own, for what a
    process has in memory counts for those that it starts."""
    folder, name = bench.folder, bench.name
    if not (folder / "known").exists():
        print(f"Recording {name} ...", flush=True)
        timed(python("-m", "benchmarks.subject", str(DESIRED), name, str(folder)))
    known: Known = pickle.loads((folder / "known").read_bytes())
    os.environ.update(known.inputs)
    return known


def _pair(bench: Bench, way: str, how: str) -> Pair:
    folder = bench.folder
    command = python("-m", "reconciler", "--env", bench.name, "--output", "json", how, "--sandbox")
    with served(folder / way) as server:
        ours = timed([*command, server.url])
    known = _recorded(bench).calls[way]
    calls, file = [known[asked] for asked in server.asked], folder / "calls"
    file.write_bytes(pickle.dumps(calls))
    with served(folder / way) as server:
        return Pair(ours, timed(python("-m", "benchmarks.floor", str(file), server.url)), calls)


def _told(pairs: Sequence[Pair], least: float = 0) -> str:
    ratios = [each.ratio(least) for each in pairs]
    return (
        f"  ours  {middle([each.ours for each in pairs])}\n"
        f"  floor {middle([each.floor for each in pairs])}  the same calls from 32 threads\n"
        f"  ratio {median(ratios):6.2f}    of {' '.join(f'{each:.2f}' for each in ratios)}"
    )


PARTS: Mapping[str, Callable[[Bench], None]] = {
    "help": _help,
    "look": _looking,
    "build": _building,
    "plan": _planning,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
