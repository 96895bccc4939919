"""A folder of environments, and a sandbox to bring them to life in."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any
from unittest.mock import patch

from reconciler import registry
from reconciler.plan.observe import kinds
from reconciler.sandbox.server import session
from tests.command.running import ENVIRONMENT, REGION, Ran, command, shared_models


class Lab:
    """A folder of environments, and a sandbox to bring them to life in.

    Unless `whole`, a run lists the types alone that this lab ever declared: all of them, every
    time, would take most of the tests' time."""

    def __init__(
        self, folder: Path, endpoint: str, name: str = "test", *, whole: bool = False
    ) -> None:
        self.folder, self.endpoint, self.name, self.whole = folder, endpoint, name, whole
        self._types: set[str] = set()
        self._client = cache(session(endpoint).client)

    def declare(self, environment: str = ENVIRONMENT, **files: str) -> None:
        """Write an environment anew: environment.yaml, and the text of each other file."""
        home = self.folder / self.name
        home.mkdir(parents=True, exist_ok=True)
        for old in home.glob("*.yaml"):
            old.unlink()
        for name, text in {"environment": environment, **files}.items():
            self._types |= {kind for kind in registry.types() if kind in text}
            (home / f"{name}.yaml").write_text(dedent(text))

    def run(self, *arguments: str, **more: Any) -> Ran:
        """The command for this environment, in this sandbox."""
        return self.elsewhere("--sandbox", self.endpoint, *arguments, **more)

    def elsewhere(self, *arguments: str, **more: Any) -> Ran:
        """The command for this environment, without a word about where."""
        with patch("reconciler.run.kinds", kinds if self.whole else self._kinds):
            return command("--desired", str(self.folder), "--env", self.name, *arguments, **more)

    def _kinds(self, estate: Any, types: Iterable[str]) -> set[tuple[str, str]]:
        return kinds(estate, self._types.intersection(types))

    def json(self, *arguments: str, **more: Any) -> Ran:
        return self.run("--output", "json", *arguments, **more)

    def plan(self, *arguments: str) -> Ran:
        return self.json("--dry-run", *arguments)

    def client(self, service: str, region: str = REGION) -> Any:
        """Somebody else's way into the same account."""
        with shared_models():
            return self._client(service, region)
