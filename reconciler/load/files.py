"""Which files make up an environment, and their text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from reconciler.errors import InvalidDesired
from reconciler.load.documents import parse
from reconciler.load.nodes import Block, Node
from reconciler.load.problems import Problems, meant
from reconciler.model import Source

ENVIRONMENT = "environment.yaml"
ENDINGS = {".yaml", ".yml"}
Texts = Mapping[Path, str]
"""What files would say, were they written: in place of what they say, or as new ones."""


def environment_folder(folder: Path, name: str) -> Path:
    """The folder of an environment. InvalidDesired, with those that there are, if it is none."""
    known = environments(folder)
    if name in known and (folder / name).is_symlink():
        what = "is a link, so its files may be anybody's: move them here"
        raise InvalidDesired(f"{folder / name} {what}")
    if name in known:
        return folder / name
    listed = f"there are {', '.join(known)}" if known else f"no folder in {folder} holds one"
    raise InvalidDesired(
        f"the environment {name!r} has no {folder / name / ENVIRONMENT}; {listed}."
        f"{meant(name, known)}"
    )


def environments(folder: Path) -> list[str]:
    """The names of all environments."""
    return sorted(file.parent.name for file in folder.glob(f"*/{ENVIRONMENT}"))


def roots(folder: Path, problems: Problems, texts: Texts) -> Iterator[Block]:
    """The documents of all files but environment.yaml.

    Folders inside are read too, except those whose name begins with `.` or `_`."""
    for file in sorted({*_files(folder), *texts}):
        if file != folder / ENVIRONMENT:
            yield from mappings(file, folder, problems, texts)


def mappings(file: Path, folder: Path, problems: Problems, texts: Texts) -> Iterator[Block]:
    """The documents of one file that are mappings; the others are problems."""
    would = file in texts
    for node in parse(texts[file], str(file), problems) if would else _read(file, folder, problems):
        if isinstance(node, Block):
            yield node
        elif getattr(node, "null", False) is False:
            what = "is no mapping, so it declares nothing; write type, name, properties"
            problems.add(node.source, "", what)


def _files(folder: Path) -> list[Path]:
    """YAML files, and links to folders, which nobody follows."""
    every = sorted(folder.rglob("*"))
    seen = (file for file in every if not _hidden(file.relative_to(folder)))
    return [file for file in seen if file.suffix.lower() in ENDINGS or _folder_link(file)]


def _folder_link(file: Path) -> bool:
    return file.is_symlink() and file.is_dir()


def _hidden(path: Path) -> bool:
    return any(part[0] in "._" for part in path.parts)


def _read(file: Path, folder: Path, problems: Problems) -> list[Node]:
    where = Source(str(file), 1)
    if _folder_link(file) or not file.resolve().is_relative_to(folder.resolve()):
        what = "is a link, and what it leads to may not be of this environment; copy it here"
        problems.add(where, "", what)
        return []
    if not file.is_file():
        what = "is no file that can be read, so what it declares is lost; take it out"
        problems.add(where, "", what)
        return []
    try:
        data = file.read_bytes()
        return parse(data.decode("utf-8-sig"), str(file), problems)
    except OSError as error:
        problems.add(where, "", f"cannot be read ({error.strerror}), so what it declares is lost")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.add(Source(str(file), line), "", "is not UTF-8; save the file as UTF-8")
    return []
