"""From YAML to what it declares: read, put together, typed, checked; nothing is asked of AWS.

Every problem is reported at once, with file, line and column, in one InvalidDesired."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reconciler.load.declare import declare
from reconciler.load.declared import Declared, Environment, Input, Resource
from reconciler.load.environment import environment
from reconciler.load.expand import entries
from reconciler.load.files import Texts, environment_folder, environments, roots
from reconciler.load.hints import hints
from reconciler.load.policy import Policy
from reconciler.load.problems import Problems
from reconciler.load.references import Reference, references, resolve, split
from reconciler.load.relations import Relations
from reconciler.load.rules import check
from reconciler.model import Source

__all__ = [
    "Declared",
    "Environment",
    "Input",
    "Policy",
    "Reference",
    "Resource",
    "environments",
    "load",
    "references",
    "resolve",
    "split",
]


def load(
    folder: Path,
    name: str,
    inputs: Mapping[str, str] | None = None,
    *,
    texts: Texts | None = None,
    bare: bool = False,
) -> Declared:
    """What the environment `name` below `folder` (such as `desired/`) declares.

    `inputs` take the place of what environment.yaml says of their sources, `texts` that of what
    files say; `bare`: it may declare nothing yet. InvalidDesired with everything that is wrong."""
    problems = Problems()
    home = environment_folder(folder, name)
    would = texts or {}
    documents = list(roots(home, problems, would))
    readable = not problems.reported
    whole, env = environment(name, home, inputs or {}, problems, would)
    every = (entry for document in documents for entry in entries(document, env, problems))
    resources = declare(every, whole, problems)
    if not resources and not bare and not problems.reported:
        what = "declares nothing, and everything that is ours there would be deleted; use destroy"
        problems.add(Source(str(home), 1), "", what)
    warnings = []
    if readable:  # else what such a file declares would seem to be missing everywhere
        Relations(whole, resources, problems).check()
        warnings = check(whole, resources, problems)
    problems.raise_any()
    return Declared(whole, resources, (*hints(resources), *warnings))
