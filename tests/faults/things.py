"""One object of an account, and how plain boto3 finds it: `kinds.yaml` says where to look.

No handler is used, so that what handlers overlook shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jmespath
import yaml
from botocore.exceptions import ClientError

KINDS: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "kinds.yaml").read_text())
MARK = re.compile(r"(muvi-converge:\w+)=([^,\]]+)")


@dataclass(frozen=True)
class Thing:
    """One object: its type, its own name, whose it is, and all that was read of it."""

    kind: str
    region: str
    id: str
    name: str
    tags: Mapping[str, str]
    raw: Mapping[str, Any]

    @property
    def label(self) -> str:
        """What people call it, whatever id AWS chose."""
        return f"{self.kind}/{self.name}"

    @property
    def ids(self) -> Iterator[str]:
        """Everything that AWS chose and by which others may mention it."""
        for path in ("id", *KINDS[self.kind].get("also", ())):
            value = self.id if path == "id" else jmespath.search(path, self.raw)
            if value:
                yield value


def depth(kind: str) -> int:
    """How far below others a type is: what it stands on is read first."""
    below = KINDS[kind].get("below")
    return 1 + depth(below) if isinstance(below, str) else 0


def things(api: Any, kind: str, region: str, parents: Any) -> Iterator[Thing]:
    """Every object of a type; `parents` are those whose own it is."""
    how = KINDS[kind]
    for raw, parent in _listed(api, how, parents):
        whole = {**raw, **({"parent": parent} if parent else {})}
        read = {name: _read(api, call, whole) for name, call in how.get("read", {}).items()}
        whole |= read
        tags = _tags(jmespath.search(how.get("tags", "Tags"), whole))
        name = jmespath.search(how["name"], whole) if "name" in how else tags.get("Name")
        found = {name: value for name, value in {**raw, **read}.items() if value is not None}
        yield Thing(kind, region, jmespath.search(how["id"], whole), name or "", tags, found)


def _listed(api: Any, how: Any, parents: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    ((operation, items),) = how["list"].items()
    if "below" not in how:
        for each in _answers(api, operation, items, how.get("with", {})):
            yield each, None
        return
    for parent in parents:
        for each in _answers(api, operation, items, _given(how["with"], parent)):
            yield each, parent


def _answers(api: Any, operation: str, items: str, given: Any) -> Iterator[dict[str, Any]]:
    if not api.can_paginate(operation):
        yield from jmespath.search(items, getattr(api, operation)(**given)) or []
        return
    for page in api.get_paginator(operation).paginate(**given):
        yield from jmespath.search(items, page) or []


def _read(api: Any, call: Any, whole: Any) -> Any:
    operation = next(name for name in call if name not in ("part", "unless"))
    try:
        answer = getattr(api, operation)(**_given(call[operation], whole))
    except ClientError as error:
        if error.response["Error"]["Code"] not in call.get("unless", ()):
            raise
        return None
    with suppress(KeyError):
        del answer["ResponseMetadata"]
    return jmespath.search(call.get("part", "@"), answer)


def _given(parameters: Mapping[str, str], whole: Any) -> dict[str, Any]:
    values = {name: jmespath.search(path, whole) for name, path in parameters.items()}
    # Route 53 answers the ids of zones with a prefix that not all of its calls take back.
    return {
        name: value.removeprefix("/hostedzone/") if isinstance(value, str) else value
        for name, value in values.items()
    }


def _tags(told: Any) -> dict[str, str]:
    """Lists of keys and values, mappings, and our marks in a description."""
    if isinstance(told, str):
        return dict(MARK.findall(told))
    if isinstance(told, Mapping):
        return dict(told)
    tags = ({name.lower(): value for name, value in each.items()} for each in told or ())
    return {each["key"]: each["value"] for each in tags}
