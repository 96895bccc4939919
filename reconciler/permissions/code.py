"""The code of a handler in pieces, and which of them lead to which."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import chain

from reconciler.handler import Handler


@dataclass(frozen=True)
class Piece:
    """One function or constant of a handler's code."""

    names: frozenset[str]
    """What it refers to by name."""
    words: frozenset[str]
    """What may be the name of a method: attributes and texts."""
    around: frozenset[tuple[str, str]]
    """What stands before and behind a part that is put in: `get_` of f"get_{call}"."""
    clients: frozenset[str]
    """Other services of which it asks for a client."""


def reached(code: Mapping[str, Piece], begin: Iterable[str]) -> set[str]:
    """The pieces that these refer to, and what those refer to."""
    reached: set[str] = set()
    waiting = [name for name in begin if name in code]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += code[name].names & code.keys()
    return reached


@cache
def pieces(facts: type[Handler]) -> Mapping[str, Piece]:
    """Every piece of a handler's module, and of what its service's types share, by its name."""
    package = facts.__module__.rpartition(".")[0]
    trees = [
        ast.parse(inspect.getsource(import_module(each))) for each in (package, facts.__module__)
    ]
    named = [pair for tree in trees for pair in _named(tree.body)]
    constants = _texts(node for _, node in named)
    found: dict[str, Piece] = {}
    for name, node in named:
        piece = _piece(node, constants)
        found[name] = _both(found[name], piece) if name in found else piece
    return found


def _named(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    """Functions, methods and constants, by name."""
    for node in body:
        match node:
            case ast.ClassDef():
                yield from _named(node.body)
                yield node.name, node  # who makes one may call it
            case ast.FunctionDef():
                yield node.name, node
            case ast.Assign(targets=targets):
                names = (each for target in targets for each in ast.walk(target))
                yield from ((each.id, node) for each in names if isinstance(each, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, node


def _texts(nodes: Iterable[ast.AST]) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def _piece(node: ast.AST, constants: Mapping[str, str]) -> Piece:
    inside = list(ast.walk(node))
    attributes = {each.attr for each in inside if isinstance(each, ast.Attribute)}
    names = {each.id for each in inside if isinstance(each, ast.Name)} - {"self"}
    names |= set(chain.from_iterable(map(_ours, inside)))
    texts = {each.value for each in inside if isinstance(each, ast.Constant)}
    return Piece(
        names=frozenset(names),
        words=frozenset(attributes | {each for each in texts if isinstance(each, str)}),
        around=frozenset(chain.from_iterable(map(_around, inside))),
        clients=frozenset(chain.from_iterable(_clients(each, constants) for each in inside)),
    )


def _ours(node: ast.AST) -> Iterator[str]:
    """What is the handler's own: `self.x`, and no `answer.get`."""
    match node:
        case ast.Attribute(value=ast.Name(id="self" | "handler"), attr=name):
            yield name


def _around(node: ast.AST) -> Iterator[tuple[str, str]]:
    """The text before and behind what is put into a text."""
    if isinstance(node, ast.JoinedStr):
        parts = [p.value if isinstance(p, ast.Constant) else None for p in node.values]
        if parts.count(None) == 1:
            place = parts.index(None)
            yield "".join(map(str, parts[:place])), "".join(map(str, parts[place + 1 :]))


def _clients(node: ast.AST, constants: Mapping[str, str]) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Attribute(attr="client"), args=[ast.Constant(value=str(name)), *_]):
            yield name
        case ast.Call(func=ast.Attribute(attr="client"), args=[ast.Name(id=name), *_]):
            yield constants[name]


def _both(one: Piece, other: Piece) -> Piece:
    return Piece(
        one.names | other.names,
        one.words | other.words,
        one.around | other.around,
        one.clients | other.clients,
    )
