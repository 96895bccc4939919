"""JSON and XML as one kind of tree, so that answers can be compared part by part."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

TOKEN = re.compile(r"<[^>]*>|[^<]+")
CLOSING = re.compile(r"</")


class Tree(NamedTuple):
    """A label and what stands below it.

    JSON: `{`, `[`, `"name":` or a literal. XML: an opening tag, or text."""

    label: str
    children: tuple[Tree, ...] = ()


def parse(text: str) -> Tree:
    """The tree of an answer's body; what is neither JSON nor XML is one leaf."""
    start = text.lstrip()[:1]
    if start == "<":
        return _xml(text)
    return _json(json.loads(text)) if start in ("{", "[") else Tree(text)


def render(tree: Tree) -> str:
    """The text of a tree."""
    label, children = tree
    inner = [render(each) for each in children]
    match label[:1], label:
        case _, "{":
            return f"{{{','.join(inner)}}}"
        case _, "[":
            return f"[{','.join(inner)}]"
        case "<", _:
            return f"{label}{''.join(inner)}</{re.split(r'[ >]', label[1:], maxsplit=1)[0]}>"
    return f"{label}{''.join(inner)}"


def _json(value: Any) -> Tree:
    if isinstance(value, dict):
        named = (Tree(f"{json.dumps(name)}:", (_json(each),)) for name, each in value.items())
        return Tree("{", tuple(named))
    if isinstance(value, list):
        return Tree("[", tuple(map(_json, value)))
    return Tree(json.dumps(value))


def _xml(text: str) -> Tree:
    tokens = (each for each in TOKEN.findall(text) if each.strip() and each[:2] not in ("<?", "<!"))
    return next(_elements(tokens))


def _elements(tokens: Iterator[str]) -> Iterator[Tree]:
    """The nodes up to the closing tag of what is around them."""
    for token in tokens:
        if CLOSING.match(token):
            return
        if token.endswith("/>"):
            yield Tree(f"{token[:-2].rstrip()}>")
        elif token.startswith("<"):
            yield Tree(token, tuple(_elements(tokens)))
        else:
            yield Tree(token)
