"""Where the YAML comes from: its commit, and the pull request that brought it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

MERGED = re.compile(r"Merge pull request #(\d+)|\(#(\d+)\)$")
"""How GitHub calls a merge, or a squashed one.

https://docs.github.com/pull-requests/reference/pull-request-merges"""


def commit(folder: Path) -> str:
    """The commit of the YAML; empty where it stands in no repository."""
    return _git(folder, "rev-parse", "--short=12", "HEAD")


def changed(folder: Path) -> bool:
    """Whether the files say what no commit says."""
    return bool(_git(folder, "status", "--porcelain", "--", "."))


def pull_request(folder: Path) -> str:
    """The number of the one that the commit merges; empty where its first line names none."""
    found = MERGED.search(_git(folder, "log", "-1", "--format=%s"))
    return next(filter(None, found.groups())) if found else ""


def _git(folder: Path, *arguments: str) -> str:
    asked = ["git", "-C", str(folder), *arguments]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip()
