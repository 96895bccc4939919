"""What files of an environment would say more, and writing them: nothing that stands is touched."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent

from yaml import MappingNode

from reconciler import atomic
from reconciler.discover.edits import Edit, below, documents, edited, end, is_flow, line_end
from reconciler.errors import Usage
from reconciler.load import Environment
from reconciler.load.files import ENVIRONMENT

HEAD = "# yaml-language-server: $schema=../../schemas/desired.json\n"
BREAK = "---\n"


@dataclass(frozen=True)
class Additions:
    """What the files of an environment would say more."""

    documents: Mapping[Path, str] = field(default_factory=dict)
    """What is added, by file."""
    texts: Mapping[Path, str] = field(default_factory=dict)
    """What the files would say, whole."""
    before: Mapping[Path, str | None] = field(default_factory=dict)
    """What they said when they were read; None for those that there were not."""


def added(environment: Environment, documents: Mapping[Path, str], inputs: str) -> Additions:
    """One document more in each of these files, and these inputs in environment.yaml."""
    folder, said = environment.folder, dict(sorted(documents.items()))
    if inputs:
        said[folder / ENVIRONMENT] = f"inputs:\n{indent(inputs, '  ')}"
    before = {file: read(file) for file in said}
    texts = {file: _appended(before[file], text) for file, text in said.items()}
    if inputs:
        file = folder / ENVIRONMENT
        texts[file] = with_inputs(before[file] or "", inputs)
    return Additions(said, texts, before)


def read(file: Path) -> str | None:
    """The text of a file, its line breaks as they are; None if there is none."""
    return file.read_bytes().decode("utf-8") if file.exists() else None


def _appended(before: str | None, document: str) -> str:
    if before is None:
        return HEAD + document
    ended = before if before.endswith("\n") or not before else f"{before}\n"
    return f"{ended}{BREAK}{document}"


def with_inputs(text: str, inputs: str) -> str:
    """environment.yaml with these inputs behind those that it has."""
    (root,) = documents(text)
    if not isinstance(root, MappingNode) or is_flow(root):
        raise Usage(
            f"{ENVIRONMENT} is written in braces, and nothing can be put in; write it in lines"
        )
    found = below(root, "inputs")
    if found is None:
        ended = text if text.endswith("\n") else f"{text}\n"
        return f"{ended}\ninputs:\n{indent(inputs, '  ')}"
    key, value = found
    if isinstance(value, MappingNode) and value.value and not is_flow(value):
        depth, behind = value.value[0][0].start_mark.column, end(value, text)
    elif isinstance(value, MappingNode) and value.value:
        raise Usage(f"inputs in {ENVIRONMENT} stand in braces; write them in lines")
    else:  # nothing, or {}
        stands = end(value, text)
        text = edited(text, [Edit(value.start_mark.index, stands, "")])
        depth, behind = 2, key.end_mark.index
    place = line_end(text, behind)
    lead = "" if text[:place].endswith("\n") else "\n"
    return edited(text, [Edit(place, place, lead + indent(inputs, " " * depth))])


def write(environment: Environment, additions: Additions) -> None:
    """Write these files, each at once. Usage if one is no plain file of the environment, or if
    somebody has changed it since it was read."""
    for file in additions.texts:
        _refuse_strange(environment.folder, file)
        if read(file) != additions.before[file]:
            raise Usage(f"{file} was changed while we looked, so nothing was written; run it again")
    for file, text in additions.texts.items():
        _replace(file, text)


def _refuse_strange(folder: Path, file: Path) -> None:
    if file.parent.resolve() != folder.resolve() and folder.resolve() not in file.resolve().parents:
        raise Usage(f"{file} is not of {folder}, so nothing is written there")
    inside = file.relative_to(folder)
    for part in (folder, *(folder / each for each in reversed(inside.parents)), file):
        if part.is_symlink():
            raise Usage(
                f"{part} is a link, and what it leads to may be somebody else's: not written"
            )


def _replace(file: Path, text: str) -> None:
    """Through a file beside it: who reads it finds the old text, or the new one."""
    mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else 0o666 & ~_umask()
    atomic.write(file, text, mode)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
