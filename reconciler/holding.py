"""`muvi-converge hold`: leave a difference alone for a while; tell what is held; release it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from reconciler import leases
from reconciler.aws import Aws
from reconciler.aws.conditional import Absent, Conflict, Lost
from reconciler.errors import Refused, Usage
from reconciler.holds import Book, Hold, accepted
from reconciler.load import Declared
from reconciler.load.heal import length
from reconciler.load.problems import meant
from reconciler.who import who

Options = Mapping[str, Any]


def hold(declared: Declared, aws: Aws, options: Options) -> str:
    """What is held now, a line each; after holding or releasing what the options name."""
    environment = declared.environment
    store = leases.store(environment, aws)
    book = Book(store.client, store.bucket, environment.name)
    if (address := options["address"]) is not None:
        _check(declared, options)
        try:
            _write(book, address, options)
        except (Absent, Conflict, Lost) as error:
            raise Refused(f"whether it is held `hold` tells ({error})") from error
    return _listed(book, declared)


def _write(book: Book, address: str, options: Options) -> None:
    if options["release"]:
        book.release(address)
        return
    until = datetime.now(UTC) + length(options["time"])
    book.write(Hold(address, until, options["reason"], str(who())))


def _check(declared: Declared, options: Options) -> None:
    address = options["address"]
    if options["release"]:
        return
    if address not in declared.resources:
        known = meant(address, declared.resources)
        raise Usage(f"{address} is not declared, so there is nothing to hold.{known}")
    if not options["time"] or not (options["reason"] or "").strip():
        raise Usage(
            f"until when, and why? muvi-converge hold {address} --for 24h --reason TEXT: whoever "
            "looks at night must know whether it is meant"
        )
    try:
        length(options["time"])
    except ValueError as error:
        raise Usage(f"--for {error}") from error


def _listed(book: Book, declared: Declared) -> str:
    now = datetime.now(UTC)
    every = [*accepted(declared.resources).values(), *book.read().values()]
    rows = [f"{each.address}: {each}" for each in every if not each.over(now)]
    return "\n".join(sorted(rows)) or "nothing is held"
