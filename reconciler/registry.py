"""From a type's name to its handler: "ecs.service" is resources/ecs/service.py."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import resources
from reconciler.handler import Handler

ROOT = Path(next(iter(resources.__path__)))


@cache
def types() -> tuple[str, ...]:
    """The names of all types that we have handlers for, sorted."""
    files = ROOT.glob("*/*.py")
    return tuple(sorted(_name(file) for file in files if not file.name.startswith("_")))


@cache
def handler(name: str) -> type[Handler]:
    """The handler class of a type: the one class of its module. KeyError for unknown names."""
    if name not in types():
        raise KeyError(name)
    service, _, kind = name.partition(".")
    folder = f"{service}_" if service == "lambda" else service
    module = importlib.import_module(f"resources.{folder}.{kind}")
    (found,) = _handlers(module.__name__)
    return found


def _handlers(module: str) -> Iterator[type[Handler]]:
    for _, each in inspect.getmembers(importlib.import_module(module), inspect.isclass):
        if issubclass(each, Handler) and each.__module__ == module:
            yield each


def _name(file: Path) -> str:
    return f"{file.parent.name.rstrip('_')}.{file.stem}"
