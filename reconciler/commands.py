"""What each command does, with the parts of the engine that it needs and no others."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

import click

from reconciler import journals, leases, planning
from reconciler.accounts import account
from reconciler.errors import InvalidDesired, Usage
from reconciler.load import load
from reconciler.plan.select import closure
from reconciler.report.paint import visible
from reconciler.running import act, declared_in, offline, run_of
from reconciler.terminal import colored, log_requests, terminal

Options = Mapping[str, Any]


def converge(options: Options) -> int:
    """Converge, plan only, or do what an earlier dry-run has planned."""
    planning.refuse_mixed(options)
    if options["reviewed"] and not options["dry_run"]:
        raise Usage("--reviewed plans what nobody has reviewed, so say --dry-run too")
    return act(options, destroy=False)


def destroy(options: Options) -> int:
    """Take away all that is ours; the environment's name must be typed."""
    typed = options["confirm"]
    if not options["dry_run"] and typed is None and terminal():
        typed = click.prompt(f"All of {options['env']} goes. Type its name", err=True)
    if not options["dry_run"] and typed != options["env"]:
        raise Usage(
            f"destroy takes everything of ours in {options['env']} away, so its name must be "
            f"typed: --confirm {options['env']}"
        )
    return act(options, destroy=True)


def validate(options: Options) -> int:
    """Check everything that can be checked without AWS, cfn-lint's value tables included."""
    from reconciler.load import values

    declared = declared_in(options)
    offline(options, declared)
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

    ordered = offline(options).graph
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
    with run_of(quiet, destroy=False) as (run, shown):
        run.chosen = closure(run.estate, run.chosen)  # what it stands on may have to be made first
        click.echo(told.of_address(what, run.estate, shown(run())))
    return 0


def show(options: Options) -> int:
    """The outputs that environment.yaml names."""
    from reconciler.report.outputs import render

    with run_of({**options, "dry_run": True}, destroy=False) as (run, _):
        click.echo(render(run().outputs, options["output"]))
    return 0


def discover(options: Options) -> int:
    """What nothing declares, as YAML of ours; or drift, accepted into the files."""
    from reconciler import discovering

    if not options["env"]:
        raise Usage("which environment? Name it: --env uat")
    declared = load(options["desired"], options["env"], bare=True)
    with account(options, declared.environment, uuid.uuid4().hex[:12]) as aws:
        if options["verbose"]:
            log_requests(aws)
        return discovering.discover(declared, aws, options)


def lock(options: Options) -> int:
    """Who holds the environment; or take the lease from a run that is named."""
    environment = declared_in(options).environment
    if not environment.state:
        raise Usage(
            f"{environment.source.file} names no bucket under `state`, so there is no lease"
        )
    with account(options, environment, uuid.uuid4().hex[:12]) as aws:
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

    declared = declared_in(options)
    if not declared.environment.state:
        raise Usage(
            f"{declared.environment.source.file} names no bucket under `state`, so holds can be "
            "kept nowhere: name one, or write $accepted: {until: DATE, reason: TEXT} into the YAML"
        )
    with account(options, declared.environment, uuid.uuid4().hex[:12]) as aws:
        click.echo(holding.hold(declared, aws, options))
    return 0


def history(options: Options) -> int:
    """What was done, by our runs and by others: each change with who made it."""
    from reconciler.journal import table, text

    declared = declared_in(options)
    with account(options, declared.environment, uuid.uuid4().hex[:12]) as aws:
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
    whole, color = bool(options["verbose"]), colored()
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

    declared = declared_in(options)
    offline(options, declared)
    click.echo(json.dumps(policies(declared, reading=options["read_only"]), indent=2))
    return 0


def sandbox(options: Options) -> int:
    """Serve an empty account of the environment's until interrupted."""
    from reconciler.sandbox.server import serve_forever

    environment = declared_in(options).environment

    def ready(endpoint: str) -> None:
        click.echo(f"AWS account {environment.account} is served at {endpoint}; Ctrl-C ends it.")
        click.echo(f"  muvi-converge --env {environment.name} --sandbox {endpoint}")

    try:
        serve_forever(environment.account, options["port"], options["first_day"], ready)
    except KeyboardInterrupt:
        return 0
    return 0
