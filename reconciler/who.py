"""Who runs this: a person at a machine, or a pipeline, as its own variables tell."""

from __future__ import annotations

import getpass
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Who:
    """Whoever started a run."""

    name: str
    host: str
    job: str = ""
    """The page of the pipeline's job; empty for a person."""
    pull_request: str = ""

    def __str__(self) -> str:
        return f"{self.name} in {self.job}" if self.job else f"{self.name}@{self.host}"


def who(variables: Mapping[str, str] = os.environ) -> Who:
    """As GitHub Actions says, else the user of this machine.

    https://docs.github.com/actions/reference/workflows-and-actions/variables"""
    host = socket.gethostname()
    if variables.get("GITHUB_ACTIONS") != "true":
        return Who(_user(), host)
    parts = [variables.get(f"GITHUB_{each}", "") for each in ("SERVER_URL", "REPOSITORY", "RUN_ID")]
    job = "{}/{}/actions/runs/{}".format(*parts)
    request = re.fullmatch(r"refs/pull/(\d+)/.*", variables.get("GITHUB_REF", ""))
    return Who(variables.get("GITHUB_ACTOR", "?"), host, job, request[1] if request else "")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return str(os.getuid())
