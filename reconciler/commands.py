"""What each command does, with the parts of the engine that it needs and no others."""

from __future__ import annotations

import json
import os
import shutil
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click

from reconciler import journals, leases, origin, planning, registry, scheduled
from reconciler.apply.executor import Silent, Watcher
from reconciler.apply.waiting import SANDBOX, Pace
from reconciler.aws import Aws
from reconciler.aws.clients import named
from reconciler.errors import InvalidDesired, Problem, Usage
from reconciler.interruptions import heard, stopped
from reconciler.lease import Lease
from reconciler.load import Declared, Environment, load, reviewed
from reconciler.model import Asked
from reconciler.plan.select import closure
from reconciler.report.paint import visible
from reconciler.report.secrets import Masker, masked
from reconciler.restraints import restrain, told
from reconciler.result import Result
from reconciler.run import Request, Run
from reconciler.sandbox import EMBEDDED
from reconciler.stop import Stop
from reconciler.who import who

UNLEASED = (
    "{} names no bucket under `state`, so nothing keeps a second run out while this one writes: "
    "declare a bucket and name it there"
)
Options = Mapping[str, Any]
Shown = Callable[[Result], Result]
"""The result without secrets, which is all that anybody sees."""


def converge(options: Options) -> int:
    """Converge, plan only, or do what an earlier dry-run has planned."""
    planning.refuse_mixed(options)
    if options["reviewed"] and not options["dry_run"]:
        raise Usage("--reviewed plans what nobody has reviewed, so say --dry-run too")
    return _act(options, destroy=False)


def destroy(options: Options) -> int:
    """Take away all that is ours; the environment's name must be typed."""
    typed = options["confirm"]
    if not options["dry_run"] and typed is None and _terminal():
        typed = click.prompt(f"All of {options['env']} goes. Type its name", err=True)
    if not options["dry_run"] and typed != options["env"]:
        raise Usage(
            f"destroy takes everything of ours in {options['env']} away, so its name must be "
            f"typed: --confirm {options['env']}"
        )
    return _act(options, destroy=True)


def validate(options: Options) -> int:
    """Check everything that can be checked without AWS, cfn-lint's value tables included."""
    from reconciler.load import values

    declared = _declared(options)
    _offline(options, declared)
    verdict = values.check(declared)
    for warning in (*declared.warnings, *verdict.warnings):
        click.echo(f"warning: {warning}", err=True)
    if verdict.problems:
        raise InvalidDesired(verdict.problems)
    click.echo(f"{len(declared.resources)} resources are declared as they should be.")
    return 0


def graph(options: Options) -> int:
    """The dependency graph, as Mermaid or as a list in the order in which things are made."""
    from reconciler.report.graph import listing, mermaid

    ordered = _offline(options).graph
    click.echo(listing(ordered) if options["order"] else mermaid(ordered))
    return 0


def explain(options: Options) -> int:
    """A type's facts and schema; or how one resource's object was found, and who owns what."""
    from reconciler.report import explain as told

    what = options["what"]
    if "/" not in what:
        click.echo(told.of_type(what))
        return 0
    quiet = {**options, "dry_run": True, "only": (what,)}
    with _run(quiet, destroy=False) as (run, shown):
        run.chosen = closure(run.estate, run.chosen)  # what it stands on may have to be made first
        click.echo(told.of_address(what, run.estate, shown(run())))
    return 0


def show(options: Options) -> int:
    """The outputs that environment.yaml names."""
    from reconciler.report.outputs import render

    with _run({**options, "dry_run": True}, destroy=False) as (run, _):
        click.echo(render(run().outputs, options["output"]))
    return 0


def discover(options: Options) -> int:
    """What nothing declares, as YAML of ours; or drift, accepted into the files."""
    from reconciler import discovering

    if not options["env"]:
        raise Usage("which environment? Name it: --env uat")
    declared = load(options["desired"], options["env"], bare=True)
    with _account(options, declared.environment, uuid.uuid4().hex[:12]) as aws:
        if options["verbose"]:
            _log_requests(aws)
        return discovering.discover(declared, aws, options)


def lock(options: Options) -> int:
    """Who holds the environment; or take the lease from a run that is named."""
    environment = _declared(options).environment
    if not environment.state:
        raise Usage(
            f"{environment.source.file} names no bucket under `state`, so there is no lease"
        )
    with _account(options, environment, uuid.uuid4().hex[:12]) as aws:
        store = leases.store(environment, aws)
        told = (
            leases.release(store, options["run"])
            if options["what"] == "release"
            else leases.show(store)
        )
    click.echo(told)
    return 0


def hold(options: Options) -> int:
    """Hold, release, and tell what is held."""
    from reconciler import holding

    declared = _declared(options)
    if not declared.environment.state:
        raise Usage(
            f"{declared.environment.source.file} names no bucket under `state`, so holds can be "
            "kept nowhere: name one, or write $accepted: {until: DATE, reason: TEXT} into the YAML"
        )
    with _account(options, declared.environment, uuid.uuid4().hex[:12]) as aws:
        click.echo(holding.hold(declared, aws, options))
    return 0


def history(options: Options) -> int:
    """What was done, by our runs and by others: each change with who made it."""
    from reconciler.journal import table, text

    declared = _declared(options)
    with _account(options, declared.environment, uuid.uuid4().hex[:12]) as aws:
        found = journals.history(declared, aws, options)
    for note in found.notes:
        click.echo(f"note: {visible(note)}", err=True)
    click.echo((table if options["csv"] else text).render(found), nl=False)
    return 0


def compare(options: Options) -> int:
    """Two environments as their YAML declares them: 2 where a difference has no reason."""
    from reconciler.compare import comparison, explained
    from reconciler.report.comparison import as_json, text

    folder, first, second = options["desired"], options["first"], options["second"]
    known = explained.of(folder, first, second)
    found = comparison.compare(load(folder, first), load(folder, second), known)
    whole, color = bool(options["verbose"]), _colored()
    click.echo(as_json(found) if options["output"] == "json" else text(found, whole, color))
    return 0 if found.clean else 2


def compare_plans(options: Options) -> int:
    """The plans of a pull request's base and head: what it causes, what was there before."""
    from reconciler.report import annotations, plans, pull_request

    differences = plans.compared(options["base"], options["head"])
    render = annotations.render if options["output"] == "github" else pull_request.render
    click.echo(render(differences), nl=False)
    return 0


def iam_policy(options: Options) -> int:
    """The IAM policies that the files need, by name."""
    from reconciler.permissions import policies

    declared = _declared(options)
    _offline(options, declared)
    click.echo(json.dumps(policies(declared, reading=options["read_only"]), indent=2))
    return 0


def sandbox(options: Options) -> int:
    """Serve an empty account of the environment's until interrupted."""
    from reconciler.sandbox.server import serve_forever

    environment = _declared(options).environment

    def ready(endpoint: str) -> None:
        click.echo(f"AWS account {environment.account} is served at {endpoint}; Ctrl-C ends it.")
        click.echo(f"  muvi-converge --env {environment.name} --sandbox {endpoint}")

    try:
        serve_forever(environment.account, options["port"], options["first_day"], ready)
    except KeyboardInterrupt:
        return 0
    return 0


def _act(options: Options, destroy: bool) -> int:
    from reconciler.report import exit_code

    with _run(options, destroy) as (run, shown):
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
    click.echo(_rendered(result, options["output"]), nl=False)
    if run.stop:
        click.echo(stopped(run.stop, result), err=True)
        return 1
    return 1 if run.journal.unkept else exit_code(result)


@contextmanager
def _run(options: Options, destroy: bool) -> Iterator[tuple[Run, Shown]]:
    """One run, ready to be called, and what hides the secrets in its results.

    Everything is checked by then, and no call made yet but who we are."""
    declared = _declared(options)
    saved = planning.opened(options, declared)
    options = planning.narrowed(options, saved)
    request = _request(options, destroy)
    _offline(options, declared)
    environment = declared.environment
    with _account(options, environment, request.run) as aws:
        given = _given(environment, stand_in=options["sandbox"] is not None)
        if options["verbose"]:
            _log_requests(aws)
        masker = Masker()

        def shown(result: Result) -> Result:
            planning.teach(masker, run.estate)
            return masked(result, registry.handler, masker)

        watcher, confirm = _watcher(options, masker), _confirm(options, shown)
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


def _declared(options: Options) -> Declared:
    if not options["env"]:
        raise Usage("which environment? Name it: --env uat")
    declared = load(options["desired"], options["env"])
    return reviewed.within(declared, options["reviewed"]) if options.get("reviewed") else declared


def _offline(options: Options, declared: Declared | None = None) -> Run:
    """A run that is never called: its graph is checked without AWS."""
    declared = declared or _declared(options)
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
        attended=_asks(options) and not options.get("plan"),
        pace=SANDBOX if sandboxed else Pace(),
        commit=origin.commit(options["desired"]),
    )


@contextmanager
def _account(options: Options, environment: Environment, run: str) -> Iterator[Aws]:
    """The account's clients: real, or of a sandbox that no request can leave."""
    if options["first_day"] and options["sandbox"] != EMBEDDED:
        raise Usage(
            "--first-day is said to the sandbox itself, before anything is in it: with --sandbox "
            "and no URL, or to `muvi-converge sandbox`"
        )
    if options["sandbox"] is None:
        from reconciler.aws.session import connect

        yield connect(environment.account, environment.region, environment.role, run)
        return
    from reconciler.sandbox.server import confined, serve, session

    if options["sandbox"] != EMBEDDED:
        from reconciler.aws.session import of_account

        url = options["sandbox"]
        of_account(lambda: session(url), environment.account, environment.region)
        yield _sandboxed(session, confined, environment, url, run)
        return
    with serve(environment.account, first_day=options["first_day"]) as endpoint:
        yield _sandboxed(session, confined, environment, endpoint, run)


def _sandboxed(
    session: Any, confined: Any, environment: Environment, endpoint: str, run: str
) -> Aws:
    return Aws(
        session(endpoint),
        environment.account,
        named(run),
        endpoint=endpoint,
        prepare=confined(endpoint),
    )


def _given(environment: Environment, stand_in: bool) -> Any:
    """From an input's name to its value; in the sandbox what is missing is made up."""

    def value(name: str) -> Any:
        try:
            return environment.inputs[name].value()
        except InvalidDesired:
            if not stand_in:
                return Asked(name)
            from reconciler.sandbox.stand_ins import made_up

            return made_up(environment.inputs[name])

    return value


def _watcher(options: Options, masker: Masker) -> Watcher:
    if options["dry_run"]:
        return Silent()  # nothing will happen, and what tells it takes long to load
    import structlog

    from reconciler.report import logs, progress

    logs.configure(terminal=sys.stderr.isatty(), verbose=options["verbose"])
    if not sys.stderr.isatty():
        return progress.LogProgress(structlog.get_logger(), scrub=masker.scrub)
    from rich.console import Console

    return progress.LiveProgress(Console(stderr=True), scrub=masker.scrub)


def _log_requests(aws: Aws) -> None:
    import structlog

    from reconciler.report import logs

    logs.configure(terminal=sys.stderr.isatty(), verbose=True)
    aws.note = lambda operation: structlog.get_logger().debug("request", operation=operation)


def _confirm(options: Options, shown: Shown) -> Callable[[Result], bool]:
    """On a terminal the plan is shown and confirmed; without one nothing ever prompts."""

    def confirm(result: Result) -> bool:
        plan = shown(result)  # in any case: the masker learns the secrets before work begins
        if not _asks(options):
            return True
        click.echo(_rendered(plan, "text"), err=True)
        return click.confirm("Apply this plan?", err=True)

    return confirm


def _rendered(result: Result, output: str) -> str:
    from reconciler.report import json as plain
    from reconciler.report import markdown, text

    match output:
        case "json":
            return plain.render(result)
        case "markdown":
            return markdown.render(result)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else text.WIDTH
    return text.render(result, color=_colored(), width=width)


def _colored() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _asks(options: Options) -> bool:
    return _terminal() and not options["yes"] and not options["dry_run"]


def _terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()
