"""Mappings, lists and texts that remember where they stand in a YAML file.

Scalars stay the characters of the file: what they mean is for the schema to say."""

from __future__ import annotations

from typing import Any, TypeAlias

from reconciler.model import Source

NULLS = {"", "~", "null", "Null", "NULL"}


class Scalar(str):
    """A text of the file. Only a plain one, without quotes, can mean a number or null."""

    __slots__ = ("plain", "source")
    plain: bool
    source: Source

    def __new__(cls, text: str, source: Source, plain: bool = False) -> Scalar:
        scalar = super().__new__(cls, text)
        scalar.source, scalar.plain = source, plain
        return scalar

    @property
    def null(self) -> bool:
        return self.plain and self in NULLS


class Block(dict[Any, Any]):
    """A mapping of the file. Its names are Scalars, and can be asked for by any text."""

    __slots__ = ("source",)

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source


class Series(list[Any]):
    """A list of the file."""

    __slots__ = ("source",)

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source


Node: TypeAlias = Scalar | Block | Series
