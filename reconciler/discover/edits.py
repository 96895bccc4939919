"""Changes inside the text of a YAML file, at its nodes: not a byte moves beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
