"""What a handler may ask AWS for, read in its code: a list beside the code would be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import NamedTuple

from reconciler import registry
from reconciler.aws.models import methods
from reconciler.permissions.code import Piece, pieces, reached

VERBS = ("listed", "get", "create", "update", "delete", "within", "spelled", "tag")
"""Where the engine enters a handler."""
READING = ("listed", "get", "within", "spelled")
"""Where it enters when it only plans."""
LOOKING = ("listed",)
"""What every run asks of every type: something of ours may stand there that nothing declares."""


class Operation(NamedTuple):
    """One operation of one service, both as boto3 calls them."""

    service: str
    name: str


@cache
def operations(kind: str, verbs: tuple[str, ...] = VERBS) -> frozenset[Operation]:
    """Everything that these verbs of a type's handler may call."""
    facts = registry.handler(kind)
    code = pieces(facts)
    own = {Operation(service(kind), name) for name in _called(service(kind), code, verbs)}
    if "tag" in verbs and facts.tagging:
        erase = () if facts.tagging.replaces else (facts.tagging.erase,)
        known = methods(service(kind))
        own |= {Operation(service(kind), known[each]) for each in (facts.tagging.write, *erase)}
    others = (
        Operation(other, name)
        for place in reached(code, verbs)
        for other in code[place].clients
        for name in _called(other, code, (place,))
    )
    return frozenset(own.union(others))


def service(kind: str) -> str:
    """The service of a type, as boto3 calls it."""
    return kind.partition(".")[0].replace("_", "-")


def _called(service: str, code: Mapping[str, Piece], begin: Iterable[str]) -> Iterator[str]:
    """The operations of a service whose methods are named in what is reached from there."""
    known, there = methods(service), [code[name] for name in reached(code, begin)]
    words = set(chain.from_iterable(piece.words for piece in there))
    around = set(chain.from_iterable(piece.around for piece in there))
    built = {f"{before}{word}{behind}" for before, behind in around for word in words}
    yield from sorted(known[word] for word in words | built if word in known)
