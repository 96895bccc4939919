"""The file of a saved plan: written whole or not at all, for its owner; read with distrust."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler import atomic
from reconciler.errors import Refused, Usage

LARGEST = 64 << 20  # bytes; the plan that builds all of UAT has a hundredth of it
NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def write(file: Path, document: Mapping[str, Any]) -> None:
    """Put the document there in one step, readable by nobody else. A link is not followed."""
    refuse_odd(file)
    atomic.write(file, json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def refuse_odd(file: Path) -> None:
    """Raise Usage unless a plan may be written there: what is no plain file stays."""
    if file.is_symlink():
        raise Usage(f"{file} is a link, and a plan is not written through one: name a file")
    if file.exists() and not file.is_file():
        raise Usage(f"{file} is no file, so no plan is written there")
    if not file.parent.is_dir():
        raise Usage(f"{file.parent} is no folder, so no plan can be written there")


def read(file: Path) -> Any:
    """What stands in the file. Refused where it is a link, no file, or not JSON."""
    try:
        text = _text(file)
    except FileNotFoundError:
        raise Usage(f"there is no plan {file}: --dry-run --save {file} makes it") from None
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refused(f"{file} is not a plan of ours: it is no JSON. Nothing was done") from None


def _text(file: Path) -> str:
    if file.is_symlink():
        raise Refused(f"{file} is a link, which could lead anywhere: name the plan itself")
    handle = os.open(file, os.O_RDONLY | NO_LINK)
    with os.fdopen(handle, "rb") as opened:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_size > LARGEST:
            raise Refused(f"{file} is not a plan of ours: it is no file, or far too large")
        return opened.read().decode("utf-8", "replace")


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
