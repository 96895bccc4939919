"""A run as the command line asks for it: put together, begun, and brought to its exit code."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click

from reconciler import journals, leases, origin, planning, registry, scheduled, terminal
from reconciler.accounts import account, given_to
from reconciler.apply.waiting import SANDBOX, Pace
from reconciler.errors import Problem, Usage
from reconciler.interruptions import heard, stopped
from reconciler.lease import Lease
from reconciler.load import Declared, load, reviewed
from reconciler.model import Asked
from reconciler.report.secrets import Masker, masked
from reconciler.restraints import restrain, told
from reconciler.result import Result
from reconciler.run import Request, Run
from reconciler.stop import Stop
from reconciler.terminal import Shown
from reconciler.who import who

UNLEASED = (
    "{} names no bucket under `state`, so nothing keeps a second run out while this one writes: "
    "declare a bucket and name it there"
)
Options = Mapping[str, Any]


def act(options: Options, destroy: bool) -> int:
    from reconciler.report import exit_code

    with run_of(options, destroy) as (run, shown):
        run.foresee = planning.foresee
        periodic = scheduled.begin(options, run)
        restraints = restrain(options, run, periodic.first_seen if periodic else None)
        plain = run()
        run.warnings += told(restraints)
        if options.get("save"):
            planning.save(options, run, plain)
        if periodic and not run.request.dry:
            periodic.report(plain, shown(plain), restraints)
        result = replace(shown(plain), warnings=tuple(map(str, run.warnings)))
    click.echo(terminal.rendered(result, options["output"]), nl=False)
    if run.stop:
        click.echo(stopped(run.stop, result), err=True)
        return 1
    return 1 if run.journal.unkept else exit_code(result)


@contextmanager
def run_of(options: Options, destroy: bool) -> Iterator[tuple[Run, Shown]]:
    """One run, ready to be called, and what hides the secrets in its results.

    Everything is checked by then, and no call made yet but who we are."""
    declared = declared_in(options)
    saved = planning.opened(options, declared)
    options = planning.narrowed(options, saved)
    request = _request(options, destroy)
    offline(options, declared)
    environment = declared.environment
    with account(options, environment, request.run) as aws:
        given = given_to(environment, stand_in=options["sandbox"] is not None)
        if options["verbose"]:
            terminal.log_requests(aws)
        masker = Masker()

        def shown(result: Result) -> Result:
            planning.teach(masker, run.estate)
            return masked(result, registry.handler, masker)

        watcher = terminal.watcher(options, masker)
        confirm = terminal.confirm(options, shown)
        stop = Stop()
        run = Run(declared, aws, given, request, watcher, confirm, stop, saved=saved)
        run.lease = _lease(run, options)
        run.journal = journals.journal(options, run, shown, masker)
        if saved:
            saved.hidden = planning.hidden(run)
        with heard(stop):
            yield run, shown
        for warning in run.warnings:
            click.echo(f"warning: {warning}", err=True)


def _lease(run: Run, options: Options) -> Lease | None:
    """None for a run that writes nothing, and where environment.yaml names no bucket for it."""
    environment = run.declared.environment

    def tell(what: str) -> None:
        run.warnings.append(Problem(None, "", what))

    if environment.policy.watches and not options["allow"]:
        return None
    if not environment.state:
        if options["sandbox"] is None and not run.request.dry:
            tell(UNLEASED.format(environment.source.file))
        return None
    store = leases.store(environment, run.aws)
    return Lease(store, run.request.run, str(who()), run.stop, tell)


def declared_in(options: Options) -> Declared:
    if not options["env"]:
        raise Usage("which environment? Name it: --env uat")
    declared = load(options["desired"], options["env"])
    return reviewed.within(declared, options["reviewed"]) if options.get("reviewed") else declared


def offline(options: Options, declared: Declared | None = None) -> Run:
    """A run that is never called: its graph is checked without AWS."""
    declared = declared or declared_in(options)
    nowhere: Any = None
    request = Request("none", only=tuple(options["only"]), but=tuple(options["but"]))
    return Run(declared, nowhere, Asked, request, nowhere, lambda _: False)


def _request(options: Options, destroy: bool) -> Request:
    sandboxed = options["sandbox"] is not None
    return Request(
        run=uuid.uuid4().hex[:12],
        dry=options["dry_run"],
        destroy=destroy,
        only=tuple(options["only"]),
        but=tuple(options["but"]),
        allowed=tuple(each for many in options["allow"] for each in many.split(",")),
        enforced=options["policy"] or not sandboxed,
        attended=terminal.asks(options) and not options.get("plan"),
        pace=SANDBOX if sandboxed else Pace(),
        commit=origin.commit(options["desired"]),
    )
