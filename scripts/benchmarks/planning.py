"""Loads, checks, orders and plans many resources against an account that is empty.

`python -m benchmarks.planning FOLDER` prints how long each half took."""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.many import ACCOUNT, NAME
from reconciler.apply.executor import Silent
from reconciler.aws import Aws
from reconciler.load import load
from reconciler.model import Action, Asked
from reconciler.run import Request, Run


class Empty(Aws):
    """An account in which there is nothing, and that nobody asks."""

    def __init__(self) -> None:
        nobody: Any = None
        super().__init__(nobody, ACCOUNT)
        self.listings.ask = lambda *_: []  # type: ignore[method-assign]

    def client(self, service: str, region: str) -> Any:
        return Nothing()


class Nothing:
    """A client of whose answers every list is empty."""

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        return lambda **_: defaultdict(list)


def main(folder: Path) -> dict[str, float]:
    """How long it took, and how much it was. AssertionError if not all would be created."""
    begun = time.monotonic()
    declared = load(folder, NAME)
    loaded = time.monotonic()
    run = Run(declared, Empty(), Asked, Request("bench", dry=True), Silent(), lambda _: False)
    result = run()
    assert all(each.action is Action.CREATE for each in result.decisions)
    return {
        "resources": len(result.decisions),
        "references": sum(map(len, run.estate.references.values())),
        "load": loaded - begun,
        "plan": time.monotonic() - loaded,
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
