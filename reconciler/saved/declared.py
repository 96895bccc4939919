"""What the YAML says, as digests: two files that mean the same have the same ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from reconciler.load import Declared, Environment, Resource
from reconciler.model import Source
from reconciler.report.values import as_json

Digests = Mapping[str, Any]
SETTINGS = ("account", "region", "regions", "sparse", "zones", "tags", "limits", "terraform")
"""Of environment.yaml: what decides which objects are looked at, and what becomes of them."""


def digests(declared: Declared) -> dict[str, Any]:
    """A digest for each setting and each property, with where its resource stands."""
    return {
        "environment": _environment(declared.environment),
        "resources": {
            address: {"source": _line(each.source), "says": _resource(each)}
            for address, each in sorted(declared.resources.items())
        },
    }


def departed(was: Digests, declared: Declared) -> Iterator[str]:
    """Where the YAML no longer says what it said, a line each."""
    environment = declared.environment
    for name in _differing(was["environment"], _environment(environment)):
        yield f"{_line(environment.place(name))}: {name} is another by now"
    for address in sorted(was["resources"].keys() | declared.resources.keys()):
        yield from _of(address, was["resources"].get(address), declared.resources.get(address))


def _of(address: str, was: Digests | None, now: Resource | None) -> Iterator[str]:
    if was is None and now is not None:
        yield f"{_line(now.source)}: {address} is new"
    elif was is not None and now is None:
        yield f"{was['source']}: {address} stood here, and is gone from the YAML"
    elif was is not None and now is not None:
        for name in _differing(was["says"], _resource(now)):
            yield f"{_line(now.place(name))}: {address}: {name} is another by now"


def _environment(environment: Environment) -> dict[str, str]:
    said = {name: getattr(environment, name) for name in SETTINGS}
    more = {"policy": asdict(environment.policy), "lists": environment.exact}
    return {name: digest(value) for name, value in {**said, **more}.items()}


def _resource(resource: Resource) -> dict[str, str]:
    """Everything but the places, which a comment moves."""
    said = {
        "$region": resource.regions,
        "$tags": (resource.tags, resource.born_tags),
        "$depends_on": sorted(resource.depends_on),
        "$protect": resource.protect,
        "$absent": resource.absent,
        "$was": resource.was,
        "$unnamed": resource.unnamed,
        **resource.properties,
    }
    return {name: digest(value) for name, value in said.items()}


def digest(value: Any) -> str:
    text = json.dumps(as_json(value), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _differing(was: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))


def _line(source: Source) -> str:
    return f"{source.file}:{source.line}"
