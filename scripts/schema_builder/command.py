"""`scripts/schemas [TYPE ...] [--check]`: which files to rewrite, and what is wrong with them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from botocore.model import OperationNotFoundError

from schema_builder.layout import laid_out
from schema_builder.types import Recipe, head

ROOT = Path(__file__).resolve().parents[2] / "schemas"


def main(arguments: Sequence[str]) -> int:
    """Rewrite, or with --check only compare. 1 if something is wrong, or would change."""
    parser = argparse.ArgumentParser(prog="scripts/schemas", description=__doc__)
    parser.add_argument("types", nargs="*", metavar="TYPE", help="such as ecs.service; else all")
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args(arguments)
    problems = [
        problem for file in _files(options.types) for problem in _rewrite(file, options.check)
    ]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _files(types: Sequence[str]) -> Iterator[Path]:
    named = (ROOT.joinpath(*name.split(".")).with_suffix(".json") for name in types)
    yield from named if types else sorted(ROOT.glob("*/*.json"))
    yield ROOT / "desired.json"


def _rewrite(file: Path, check: bool) -> Iterator[str]:
    where = f"schemas/{file.relative_to(ROOT)}"
    if not file.exists():
        yield f"{where}: does not exist, so there is no recipe to follow; write one first"
        return
    before = file.read_text()
    try:
        after, problems = _whole(file, json.loads(before))
    except (KeyError, OperationNotFoundError) as error:
        yield f"{where}: botocore's model of the service has no {error}"
        return
    yield from (f"{where}: {problem}" for problem in problems)
    if check and before != after:
        yield f"{where}: would change; run scripts/schemas"
    elif before != after:
        file.write_text(after)


def _whole(file: Path, schema: Any) -> tuple[str, list[str]]:
    if file.parent == ROOT:
        return f"{laid_out(_indexed(schema))}\n", []
    recipe = Recipe(head(f"{file.parent.name}.{file.stem}"), schema["recipe"])
    return f"{laid_out(recipe.schema())}\n", recipe.problems()


def _indexed(desired: Any) -> Any:
    """The schema of a whole file, with every type that there is."""
    named = {f"{file.parent.name}.{file.stem}": file for file in sorted(ROOT.glob("*/*.json"))}
    ours = {name: each for name, each in desired["properties"].items() if name.startswith("$")}
    types = {name: _entries(file) for name, file in named.items()}
    return {**desired, "properties": {**ours, **types}}


def _entries(file: Path) -> Any:
    return {
        "type": "object",
        "properties": {"$defaults": {"type": "object"}, "$region": {"$ref": "#/$defs/region"}},
        "additionalProperties": {"$ref": file.relative_to(ROOT).as_posix()},
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
