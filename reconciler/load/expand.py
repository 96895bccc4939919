"""From documents to entries: `$for_each`, `$defaults`, `$region`, `${env.x}` and `${each.x}`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.load import own
from reconciler.load.nodes import Block, Node, Scalar, Series
from reconciler.load.problems import Problems, meant
from reconciler.load.scope import Scope
from reconciler.model import Source


@dataclass(frozen=True)
class Entry:
    """One resource as the YAML writes it, everything put in that is known beforehand."""

    type: Scalar
    name: Scalar
    properties: Block
    regions: tuple[Scalar, ...]
    """The aliases, where a creation goes first; none for the environment's own region."""
    whole: bool
    """False if something in it could not be put in: it is a problem already."""

    @property
    def address(self) -> str:
        return f"{self.type}/{self.name}"


def entries(document: Block, env: Block, problems: Problems) -> Iterator[Entry]:
    """Every resource that a document declares."""
    _refuse_unknown(document, own.DOCUMENT, problems)
    _refuse_unstructured(document, problems)
    for each in _rows(document, env, problems):
        scope = Scope(problems, env, each)
        for type_, names in document.items():
            if isinstance(names, Block) and not own.ours(type_):
                yield from _of_type(type_, names, document.get("$region"), scope)


def _rows(document: Block, env: Block, problems: Problems) -> Iterator[Block | None]:
    """What `${each}` is, one after the other; just None without `$for_each`."""
    asked = document.get("$for_each")
    if asked is None:
        yield None
        return
    table = Scope(problems, env, None).put_in(asked)
    tables = env.get("tables", {})
    if isinstance(table, Scalar) and not table.null:
        if table not in tables:
            what = f"$for_each: environment.yaml has no table {table}.{meant(table, tables)}"
            problems.add(table.source, "", what)
        table = tables.get(table)
    if isinstance(table, Block):
        yield from (_row(key, row) for key, row in table.items())
    elif isinstance(table, Series) and all(isinstance(each, Scalar) for each in table):
        yield from (_row(key, Block(key.source)) for key in table)
    elif table is not None:
        what = "$for_each takes a table's name, a mapping by name, or a list of names"
        problems.add(asked.source, "", what)


def _row(key: Scalar, row: Node) -> Block:
    """`${each.key}`, `${each.value}` (the whole row), and what a row that is a mapping holds."""
    each = Block(key.source)
    each[Scalar("key", key.source)] = key
    each[Scalar("value", key.source)] = row
    each.update(row if isinstance(row, Block) else {})
    return each


def _of_type(type_: Scalar, names: Block, region: Node | None, scope: Scope) -> Iterator[Entry]:
    _refuse_unknown(names, own.TYPE, scope.problems, str(type_))
    scope.address = str(type_)
    before = scope.problems.reported
    defaults = _put_in(names.get("$defaults"), scope)
    sound = scope.problems.reported == before
    for key, value in names.items():
        if not own.ours(key):
            before = scope.problems.reported
            filled = scope.put_in(key)
            if isinstance(filled, Scalar):
                name = Scalar(filled, key.source)
                scope.address = f"{type_}/{name}"
                written = merged(defaults, _put_in(value, scope, key))
                aliases = _aliases(written, names.get("$region", region), scope)
                whole = sound and scope.problems.reported == before
                yield Entry(type_, name, written, aliases, whole)


def _put_in(node: Node | None, scope: Scope, key: Scalar | None = None) -> Block:
    """The properties of an entry or of `$defaults`; nothing at all is an empty mapping."""
    if isinstance(node, Scalar) and not node.null:
        node = scope.put_in(node)  # type: ignore[assignment]
    if isinstance(node, Block):
        return scope.block(node)
    if isinstance(node, Series | Scalar) and not _empty(node):
        what = "must be a mapping of properties; write {} for none"
        scope.problems.add(node.source, scope.address, what)
    return Block(key.source if key is not None else Source("", 0))


def merged(defaults: Block, written: Block) -> Block:
    """What is written, over the defaults; mappings are merged, all else is replaced."""
    whole = Block(written.source)
    whole.update(defaults)
    for key, value in written.items():
        old = whole.pop(key, None)
        both = isinstance(old, Block) and isinstance(value, Block)
        whole[key] = merged(old, value) if both else value
    return whole


def _aliases(properties: Block, region: Node | None, scope: Scope) -> tuple[Scalar, ...]:
    """Which regions an entry asks for; its own word first."""
    asked = properties.pop("$region", region)
    where = None if asked is None else scope.put_in(asked)
    several = where if isinstance(where, Series) else [] if where is None else [where]
    aliases = [each for each in several if isinstance(each, Scalar)]
    if isinstance(where, Block | Series) and len(aliases) < len(several):
        what = "$region takes an alias, or a list of those that may be meant"
        scope.problems.add(where.source, scope.address, what)
    return tuple(each for each in aliases if not each.null)


def _refuse_unstructured(document: Block, problems: Problems) -> None:
    for type_, names in document.items():
        if not own.ours(type_) and not isinstance(names, Block) and not _empty(names):
            what = "must be a mapping: the names of resources, and their properties"
            problems.add(names.source, str(type_), what)


def _empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.null


def _refuse_unknown(
    block: Block, known: tuple[str, ...], problems: Problems, address: str = ""
) -> None:
    for key in block:
        if own.ours(key) and key not in known:
            what = f"{key} is no key of ours here, so it would do nothing.{meant(key, known)}"
            problems.add(key.source, address, what)
