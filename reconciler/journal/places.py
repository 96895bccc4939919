"""Where journals are kept: the bucket of the lease, and a folder of this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from reconciler import atomic
from reconciler.errors import ReconcilerError

KEPT = 1_000
"""Journals of one environment that a machine keeps; the oldest go."""
LARGEST = 16 << 20
"""Bytes: ours have a quarter of it at most, and what else lies there is not read."""


class Unkept(ReconcilerError):
    """A journal could not be written or read there."""


class Place(Protocol):
    """Somewhere journals are kept, by their keys."""

    def put(self, key: str, text: str) -> None: ...
    def keys(self, environment: str, since: str) -> list[str]: ...
    def get(self, key: str) -> str: ...


@dataclass(frozen=True)
class Bucket:
    """The bucket of the lease."""

    client: Any
    name: str

    def __str__(self) -> str:
        return f"s3://{self.name}"

    def put(self, key: str, text: str) -> None:
        """Raises Unkept."""
        self._ask(
            f"{self}/{key} could not be written",
            lambda: self.client.put_object(
                Bucket=self.name, Key=key, Body=text.encode(), ContentType="application/json"
            ),
        )

    def keys(self, environment: str, since: str) -> list[str]:
        """From that moment on, as keys tell it, the oldest first. Raises Unkept."""
        prefix = f"runs/{environment}/"
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=prefix, StartAfter=prefix + since
        )
        contents = self._ask(
            f"the journals in {self} cannot be listed",
            lambda: [each for page in pages for each in page.get("Contents", ())],
        )
        return [each["Key"] for each in contents if each["Size"] <= LARGEST]

    def get(self, key: str) -> str:
        """Raises Unkept."""
        body = self._ask(
            f"{self}/{key} cannot be read",
            lambda: self.client.get_object(Bucket=self.name, Key=key)["Body"].read(),
        )
        return str(body, "utf-8", "replace")

    def _ask(self, what: str, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except (ClientError, BotoCoreError) as error:
            raise Unkept(f"{what} ({error})") from error


@dataclass(frozen=True)
class Folder:
    """A folder of this machine, which only its user may read."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def put(self, key: str, text: str) -> None:
        """In one step: whole, or as it was. Raises Unkept."""
        file = self.path / key
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            atomic.write(file, text)
            for old in sorted(file.parent.glob("*.json"))[:-KEPT]:
                old.unlink(missing_ok=True)
        except OSError as error:
            raise Unkept(f"{file} could not be written ({error.strerror})") from error

    def keys(self, environment: str, since: str) -> list[str]:
        """From that moment on, as keys tell it, the oldest first. Raises Unkept."""
        folder = self.path / "runs" / environment
        try:
            names = sorted(file.name for file in folder.glob("*.json") if _plain(file))
        except OSError as error:
            raise Unkept(f"{folder} cannot be read ({error.strerror})") from error
        return [f"runs/{environment}/{name}" for name in names if name > since]

    def get(self, key: str) -> str:
        """Raises Unkept."""
        try:
            return (self.path / key).read_text("utf-8", "replace")
        except OSError as error:
            raise Unkept(f"{self.path / key} cannot be read ({error.strerror})") from error


def home(sandbox: bool, variables: Mapping[str, str] = os.environ) -> Path:
    """Where this machine keeps what no two machines share.

    https://specifications.freedesktop.org/basedir-spec/latest/"""
    said = Path(variables.get("XDG_STATE_HOME", ""))
    state = said if said.is_absolute() else Path(os.path.expanduser("~/.local/state"))
    return state / "muvi-converge" / ("sandbox" if sandbox else "account")


def _plain(file: Path) -> bool:
    return file.is_file() and not file.is_symlink() and file.stat().st_size <= LARGEST
