"""The command `discover`: what it prints, writes and accepts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from reconciler import registry
from reconciler.aws import Aws
from reconciler.discover.accept import accept
from reconciler.discover.discovery import Discovery
from reconciler.discover.discovery import discover as discovered
from reconciler.discover.files import write
from reconciler.errors import Usage
from reconciler.load import Declared, load
from reconciler.load.problems import meant

Options = Mapping[str, Any]


def discover(declared: Declared, aws: Aws, options: Options) -> int:
    """Print or write what nothing declares: 1 where something could not be read."""
    from reconciler.report import discovery as told

    if options["accept"]:
        return _accept(declared, aws, options)
    _refuse_unknown(options["types"])
    found = discovered(declared, aws, options["types"])
    if options["write"]:
        _write(declared, found)
    else:
        click.echo(told.yaml(found), nl=False)
    click.echo(told.summary(found, written=options["write"]), nl=False, err=True)
    return 1 if found.unread else 0


def _accept(declared: Declared, aws: Aws, options: Options) -> int:
    """Write drift where it stands, one resource after the other, and print what became of it."""
    from reconciler.report import discovery as told

    if options["types"] or options["write"]:
        raise Usage("--accept writes drift of what is declared: leave types and --write out")
    for address in options["accept"]:
        changes = accept(declared, aws, address)
        write(declared.environment, changes)
        click.echo(told.changes(changes), nl=False)
        if not changes.texts:
            click.echo(f"{address} is as the YAML wants it: nothing to accept.", err=True)
        folder = declared.environment.folder
        declared = load(folder.parent, folder.name, bare=True)
    return 0


def _refuse_unknown(types: tuple[str, ...]) -> None:
    known = registry.types()
    for kind in types:
        if kind not in known:
            raise Usage(f"{kind} is no type that we know.{meant(kind, known)}")


def _write(declared: Declared, found: Discovery) -> None:
    write(declared.environment, found.additions)
