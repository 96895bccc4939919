"""Changes inside the text of a YAML file, at its nodes: not a byte moves beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import indent
from typing import Any, NamedTuple

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode


class Edit(NamedTuple):
    """What takes the place of a piece of text."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made. They must not overlap."""
    for each in sorted(edits, reverse=True):
        text = f"{text[: each.start]}{each.text}{text[each.end :]}"
    return text


def documents(text: str) -> list[Node]:
    """The root of every document, with the marks of all that is below."""
    return [each for each in yaml.compose_all(text, Loader=yaml.SafeLoader) if each is not None]


def nodes(node: Node) -> Iterator[Node]:
    """A node, and all that is below it."""
    yield node
    match node:
        case MappingNode():
            for name, value in node.value:
                yield from nodes(name)
                yield from nodes(value)
        case SequenceNode():
            for each in node.value:
                yield from nodes(each)


def below(node: Node, name: str) -> tuple[Node, Node] | None:
    """The name and the value of a mapping's entry."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == name:
                return key, value
    return None


def is_flow(node: Node) -> bool:
    return bool(getattr(node, "flow_style", False))


def end(node: Any, text: str) -> int:
    """Where a node's own text ends: what follows belongs to nobody, or to the next one."""
    if isinstance(node, MappingNode | SequenceNode) and not is_flow(node) and node.value:
        last = node.value[-1]
        return end(last[1] if isinstance(last, tuple) else last, text)
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        return len(text[: node.end_mark.index].rstrip("\n"))
    return int(node.end_mark.index)


def line_end(text: str, place: int) -> int:
    """Where the line ends that a place is in, its line break included."""
    found = text.find("\n", place)
    return len(text) if found < 0 else found + 1


def line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


class Place(NamedTuple):
    """A value in a file, and what stands around it."""

    value: Node
    key: Node | None = None
    flow: bool = False
    """Whether it stands inside brackets or braces."""


class Page:
    """The text of one file, and what stands where in it: lines and columns are counted from 1."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._values: dict[tuple[int, int], Place] = {}
        self._keys: dict[tuple[int, int], Place] = {}
        for root in documents(text):
            self._note(Place(root))

    def at(self, line: int, column: int) -> Place | None:
        """The mapping under the key that stands there, or the list or text that does."""
        where = line, column
        return self._keys.get(where) or self._values.get(where)

    def _note(self, place: Place) -> None:
        node, inside = place.value, place.flow or is_flow(place.value)
        match node:
            case MappingNode():
                for key, value in node.value:
                    below = Place(value, key, inside)
                    if isinstance(value, MappingNode):
                        self._keys[_where(key)] = below
                    self._note(below)
            case SequenceNode():
                self._values[_where(node)] = place
                for each in node.value:
                    self._note(Place(each, None, inside))
            case _:
                self._values[_where(node)] = place


def _where(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


class Unfit(Exception):
    """The text is written so that it cannot be changed in place; says why."""

    def __init__(self, why: str, name: str = "") -> None:
        super().__init__(why)
        self.name = name
        """The property that it is about."""


def replaced(page: Page, place: Place, inline: str, block: str) -> Edit:
    """Another value in the place of one: on its line, or on lines of its own if the old one was."""
    text, start, stop = page.text, place.value.start_mark.index, end(place.value, page.text)
    if text[start : start + 1] in ("&", "*", "!"):
        raise Unfit("it has an anchor or an alias, so it may stand for more")
    if _commented(text[start:stop]):
        raise Unfit("comments stand inside it")
    if isinstance(place.value, MappingNode | SequenceNode) and not is_flow(place.value):
        if place.key is None:
            raise Unfit("it is a list or a mapping inside a list")
        start = text.index(":", place.key.end_mark.index) + 1
        if _commented(text[start:stop]):
            raise Unfit("comments stand inside it")
        if "\n" not in block.rstrip("\n"):
            return Edit(start, stop, f" {inline}")
        margin = " " * (place.key.start_mark.column + 2)
        return Edit(start, stop, "\n" + indent(block.rstrip("\n"), margin))
    lead = "" if start and text[start - 1] in " [{,\n" else " "
    return Edit(start, stop, lead + inline)


def without(page: Page, series: SequenceNode, gone: set[int]) -> Iterator[Edit]:
    """A list without some of its members; not all of them."""
    text, members = page.text, series.value
    if is_flow(series):
        yield from _with_commas(text, members, gone)
        return
    for number in sorted(gone):
        start, stop = members[number].start_mark.index, end(members[number], text)
        first = line_start(text, start)
        if text[first:start].strip(" ") != "-":
            raise Unfit("its member shares a line with something else")
        yield Edit(first, line_end(text, stop), "")


def _with_commas(text: str, members: list[Node], gone: set[int]) -> Iterator[Edit]:
    """Members of a list in brackets, each with the comma that parts it from one that stays."""
    last = max(number for number in range(len(members)) if number not in gone)
    for number in sorted(gone):
        if number < last:
            start, stop = members[number].start_mark.index, members[number + 1].start_mark.index
            yield Edit(start, stop, "")
    if last + 1 < len(members):
        yield Edit(end(members[last], text), end(members[-1], text), "")


def appended(page: Page, series: SequenceNode, more: list[tuple[str, str]]) -> Edit:
    """Members more at the end of a list that has some, each as one line and as several."""
    text, last = page.text, series.value[-1]
    stop = end(last, text)
    if is_flow(series):
        return Edit(stop, stop, "".join(f", {inline}" for inline, _ in more))
    first = line_start(text, last.start_mark.index)
    dash = text[first : last.start_mark.index]
    if dash.strip(" ") != "-":
        raise Unfit("its member shares a line with something else")
    margin = " " * dash.index("-")
    place = line_end(text, stop)
    lead = "" if text[:place].endswith("\n") else "\n"
    return Edit(place, place, lead + "".join(_item(block, margin) for _, block in more))


def _item(block: str, margin: str) -> str:
    """A member on lines of its own."""
    inner = indent(block.rstrip("\n"), f"{margin}  ")
    return f"{margin}- {inner.lstrip(' ')}\n"


def _commented(text: str) -> bool:
    return any(part.lstrip().startswith("#") or " #" in part for part in text.split("\n"))
