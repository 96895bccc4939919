"""Folders of code, which functions are made of: where they lie, seen from the environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reconciler.load import own
from resources.lambda_ import files


def misplaced(properties: Mapping[str, Any], home: Path) -> Iterator[tuple[str, str]]:
    """The paths of the folders that cannot be used, and why."""
    for prefix, holder in (("", properties), ("$initial.", own.initial(properties))):
        if (folder := _folder(holder)) and (what := _wrong(folder, home)):
            yield f"{prefix}Code.Folder", what


def absolute(properties: Mapping[str, Any], home: Path) -> dict[str, Any]:
    """The properties with absolute folders, so that it does not matter where one stands."""
    whole = dict(properties)
    if folder := _folder(properties):
        whole["Code"] = {**properties["Code"], "Folder": str((home / folder).resolve())}
    if initial := own.initial(properties):
        whole["$initial"] = absolute(initial, home)
    return whole


def _folder(properties: Mapping[str, Any]) -> str:
    code = properties.get("Code")
    folder = code.get("Folder") if isinstance(code, Mapping) else None
    return folder if isinstance(folder, str) and "${" not in folder else ""


def _wrong(folder: str, home: Path) -> str:
    whole = (home / folder).resolve()
    if not whole.is_relative_to(home.parent.resolve()):
        return f"is outside {home.parent}, so another checkout would lack it; copy it inside"
    if not whole.is_dir():
        return f"is no folder: there is no {whole}; it counts from {home}"
    if link := next(_leading_out(whole, home.parent.resolve()), None):
        return f"holds {link}, a link to what is outside {home.parent}; copy that inside"
    return "" if files(whole) else f"holds no file, so AWS would refuse it; put code into {whole}"


def _leading_out(folder: Path, inside: Path) -> Iterator[Path]:
    for each in sorted(folder.rglob("*")):
        if each.is_symlink() and not each.resolve().is_relative_to(inside):
            yield each.relative_to(folder)
