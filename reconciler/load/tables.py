"""cfn-lint's tables of values: what AWS offers where, and until when.

https://github.com/aws-cloudformation/cfn-lint/tree/main/src/cfnlint/data"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

Keyword = Callable[[Any, Any, Any, Any], Iterator[ValidationError]]


def refused(file: str, values: Mapping[str, Any], region: str = "") -> Sequence[ValidationError]:
    """What a table has against these values; it says nothing where it does not know."""
    path = f"schemas/extensions/{file}"
    told = {name: each for name, each in values.items() if f'"{name}"' in _text(path)}
    return _refused(path, region, json.dumps(told, sort_keys=True))


@cache
def _refused(path: str, region: str, values: str) -> Sequence[ValidationError]:
    """The same for values in JSON: a table is long, and many resources say the same."""
    schema = table(path)
    validator = _validators()(schema.get(region, {}) if region else schema)
    return list(validator.iter_errors(json.loads(values)))


@cache
def table(path: str) -> Mapping[str, Any]:
    """One of cfn-lint's files, without `.json`."""
    known: Mapping[str, Any] = json.loads(_text(path))
    return known


@cache
def _text(path: str) -> str:
    return (_folder() / f"data/{path}.json").read_text()


@cache
def zones() -> Mapping[str, list[str]]:
    """The names of availability zones, by region."""
    module = ast.parse((_folder() / "helpers.py").read_text())
    assigned = (each for each in module.body if isinstance(each, ast.Assign))
    named = {ast.unparse(each.targets[0]): each.value for each in assigned}
    known: Mapping[str, list[str]] = ast.literal_eval(named["AVAILABILITY_ZONES"])
    return known


@cache
def _folder() -> Path:
    """Where cfn-lint stands. It is read and never imported: that takes a second."""
    spec = find_spec("cfnlint")
    folders = (spec and spec.submodule_search_locations) or [""]
    return Path(folders[0])


@cache
def _validators() -> Any:
    """cfn-lint's reading of JSON Schema: digits are numbers, and (?i) stands anywhere."""
    numeric = ("minimum", "maximum", "multipleOf")
    counted = {name: _counted(Draft202012Validator.VALIDATORS[name]) for name in numeric}
    keywords = {**counted, "pattern": _pattern, "enum": _enum}
    return extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]


def _counted(keyword: Any) -> Keyword:
    def counted(validator: Any, bound: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        number = int(value) if isinstance(value, str) and value.isdecimal() else value
        yield from keyword(validator, bound, number, schema) or ()

    return counted


def _enum(validator: Any, known: list[Any], value: Any, schema: Any) -> Iterator[ValidationError]:
    if str(value) not in map(str, known):
        yield ValidationError(f"{value} is none of them")


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and not re.search(pattern.replace("(?i)", ""), value, re.I):
        yield ValidationError(f"{value} does not match")
