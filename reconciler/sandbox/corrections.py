"""Where moto forgets what was written, answers wrongly, or is kinder than AWS.

Each correction replaces one method of moto; its docstring names the fault and AWS's page."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from types import ModuleType
from typing import Any

import reconciler.sandbox

Method = Callable[..., Any]


@dataclass(frozen=True)
class Correction:
    """`method(original, self, ...)` stands in for `owner.name`; `original` is moto's own.

    Of a list in a module, `method(original)` is what stands there instead."""

    owner: type | ModuleType
    name: str
    method: Method


_all: list[Correction] = []


def corrects(owner: type | ModuleType, name: str) -> Callable[[Method], Method]:
    """Register a correction of `owner.name`, which may be a method that moto lacks."""

    def register(method: Method) -> Method:
        _all.append(Correction(owner, name, method))
        return method

    return register


def known() -> list[Correction]:
    """Every correction of every module in this folder."""
    for module in pkgutil.iter_modules(reconciler.sandbox.__path__):
        importlib.import_module(f"reconciler.sandbox.{module.name}")
    return list(_all)


@contextmanager
def corrected() -> Iterator[None]:
    """Moto with all corrections in place, and as it was afterwards."""
    before: list[tuple[type | ModuleType, str, Any]] = []
    for each in known():
        before.append((each.owner, each.name, each.owner.__dict__.get(each.name)))
        setattr(each.owner, each.name, _standing_in(each))
    try:
        yield
    finally:
        for owner, name, original in reversed(before):
            if original is None:
                delattr(owner, name)
            else:
                setattr(owner, name, original)


def _standing_in(correction: Correction) -> Any:
    original = getattr(correction.owner, correction.name, _absent)
    if isinstance(original, property):
        return property(lambda self: correction.method(original.fget, self))
    if isinstance(original, list):
        return correction.method(original)

    @wraps(correction.method)
    def method(self: Any, *arguments: Any, **named: Any) -> Any:
        return correction.method(original, self, *arguments, **named)

    return method


def _absent(*_: Any, **__: Any) -> Any:
    raise NotImplementedError("moto has no such method")
