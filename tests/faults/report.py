"""Kill runs of desired/uat, and say how the account came out of it. `scripts/kill-matrix` runs it.

Either each mutating call once, before it and after it, and with its answer lost; or, as a relay,
every run right after its first mutating call."""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from tests.faults.matrix import AFTER, BEFORE, LOST, Cell, matrix
from tests.faults.relay import relay
from tests.faults.wire import Call
from tests.faults.world import uat

FAULTS = [BEFORE, AFTER, LOST]


def main() -> int:
    """1 if any account came out of it otherwise than an undisturbed one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time")
    parser.add_argument(
        "--every",
        type=int,
        default=1,
        help="only every n-th cell; no multiple of 3",
    )
    parser.add_argument("--write", type=Path, help="where the result goes, as Markdown")
    parser.add_argument("--relay", action="store_true", help="a relay of killed runs instead")
    options = parser.parse_args()
    text, wrong = _relay() if options.relay else _matrix(options)
    print(text.split("\n\n")[1])
    if options.write:
        options.write.write_text(text)
    return int(wrong)


def _relay() -> tuple[str, bool]:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        declared = uat(Path(folder))
        calls, wrong = relay(declared, lambda number, call: print(number, call, flush=True))
    summary = (
        f"{datetime.date.today()}: {len(declared.resources)} resources of desired/uat were built "
        f"by {len(calls)} runs, each killed after its first mutating call, in "
        f"{time.monotonic() - begun:.0f} seconds. "
        f"{'; '.join(wrong) or 'The account is as after an undisturbed run, nothing twice'}."
    )
    rows = [f"| {number} | {call} |" for number, call in enumerate(calls, start=1)]
    table = "\n".join(["| run | killed after |", "|---|---|", *rows])
    return "\n\n".join([RELAY, summary, HOW_RELAY, table]) + "\n", bool(wrong)


def _matrix(options: argparse.Namespace) -> tuple[str, bool]:
    cells: list[Cell] = []

    def chosen(call: Call, fault: str) -> bool:
        cell: int = 3 * call.number + FAULTS.index(fault)
        return cell % int(options.every) == 0

    def told(cell: Cell) -> None:
        cells.append(cell)
        said = [*cell.wrong, *(f"first {each}" for each in cell.failed)] or ["the same"]
        print(cell.number, cell.call, cell.fault, *said, flush=True)

    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        declared = uat(Path(folder))
        calls = matrix(declared, chosen, options.jobs, Path(folder), told)
    text = report(cells, len(declared.resources), calls, time.monotonic() - begun)
    return text, any(cell.wrong for cell in cells)


def report(cells: list[Cell], resources: int, calls: int, seconds: float) -> str:
    """What was done, and a line per call."""
    wrong = sum(bool(cell.wrong) for cell in cells)
    done = f"{len(cells)} of the {3 * calls} cells"
    summary = (
        f"{datetime.date.today()}: an undisturbed run of desired/uat makes {resources} resources "
        f"with {calls} mutating calls. Filled {done} in {seconds:.0f} seconds: "
        f"{len(cells) - wrong} came out the same, {wrong} did not."
    )
    rows = [_row(*group) for group in groupby(sorted(cells, key=_order), key=_call)]
    head = f"| call | | {' | '.join(FAULTS)} |\n|---|---|---|---|---|"
    return "\n\n".join([TITLE, summary, HOW, "\n".join([head, *rows])]) + "\n"


RELAY = "# The kill relay"
HOW_RELAY = """`scripts/kill-matrix --relay` makes it. The engine runs in one thread in-process on
moto with our corrections. Every run is killed right after AWS has carried out its first mutating
call, so that all it knew is lost, and the next one takes over, until one has nothing left to do.
Then a census by plain boto3 is compared with that of an account which an undisturbed run made."""
TITLE = "# The kill matrix"
HOW = """`scripts/kill-matrix` makes it. The engine runs in one thread in-process on moto with our
corrections. At each mutating call the process forks: the child is killed before the call is sent,
or after AWS has carried it out, or loses its answer (a read timeout) and goes on; then a run of its
own follows. A cell is "same" if that run fails nowhere, a census by plain boto3
(`tests/faults/census.py`) finds no name and no address twice, and every object, ids and dates
aside, is as after an undisturbed run. "By the next run": the run that lost the answer had failed
there. The number in a cell is the seconds it took."""


def _order(cell: Cell) -> tuple[int, int]:
    return cell.number, FAULTS.index(cell.fault)


def _call(cell: Cell) -> tuple[int, str]:
    return cell.number, cell.call


def _row(call: tuple[int, str], cells: Iterable[Cell]) -> str:
    found = {cell.fault: _shown(cell) for cell in cells}
    return f"| {call[0]} | {call[1]} | {' | '.join(found.get(each, '') for each in FAULTS)} |"


def _shown(cell: Cell) -> str:
    if cell.wrong:
        return f"**{'; '.join(cell.wrong)[:200]}**"
    return f"same{' by the next run' if cell.failed else ''}, {cell.seconds:.0f}"


if __name__ == "__main__":
    sys.exit(main())
