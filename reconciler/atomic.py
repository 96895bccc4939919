"""Files written in one step: who reads one finds what it said before, or all that it says now."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write(file: Path, text: str, mode: int = 0o600) -> None:
    """Through a file beside it, which takes its place. Raises OSError: then the old one stands."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(text.encode())
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, mode)
        os.replace(name, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
