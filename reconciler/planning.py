"""What `--save` and `--plan` mean to the command: a dry-run's plan kept, and done later."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from reconciler import registry
from reconciler.apply.safety import WRITES
from reconciler.errors import Problem, Usage
from reconciler.load import Declared
from reconciler.plan.estate import Estate
from reconciler.report.secrets import Masker, masked
from reconciler.result import Decision, Result
from reconciler.run import Run

if TYPE_CHECKING:
    from reconciler.saved import Saved
    from reconciler.saved.plan import Hidden

Options = Mapping[str, Any]


def refuse_mixed(options: Options) -> None:
    """Raise Usage where what is said beside --save or --plan would make another plan of it."""
    if options["save"] and not options["dry_run"]:
        raise Usage("--save keeps what a dry-run would do, so say --dry-run too")
    if options["save"] and options["plan"]:
        raise Usage("--save makes a plan and --plan takes one, so say either")
    if options["plan"] and (options["only"] or options["but"]):
        raise Usage("--only and --except stand in the plan itself, so leave them out")
    if options["save"]:
        from reconciler.saved.file import refuse_odd

        refuse_odd(options["save"])


def opened(options: Options, declared: Declared) -> Saved | None:
    """The plan that this run shall do, once it is known to be of this YAML."""
    if not options.get("plan"):
        return None
    from reconciler.saved import opened

    return opened(options["plan"], declared, _said(options))


def narrowed(options: Options, saved: Saved | None) -> Options:
    """The options, narrowed to what the plan was made for."""
    if not saved:
        return options
    kept = saved.document["options"]
    policy = options["policy"] or (kept["policy"] and kept["sandbox"])
    return {**options, "only": kept["only"], "but": kept["except"], "policy": policy}


def save(options: Options, run: Run, result: Result) -> None:
    """Keep what this dry-run would do."""
    from reconciler.saved import save

    save(options["save"], result, run.declared, _said(options), hidden(run))
    click.echo(
        f"The plan is in {options['save']}; muvi-converge --env {result.environment} --plan "
        f"{options['save']} does exactly that.",
        err=True,
    )


def foresee(estate: Estate, decisions: Collection[Decision]) -> Iterable[Problem]:
    """What the account says against these decisions; a run with nothing to do asks nothing."""
    if all(each.gate or each.action not in WRITES for each in decisions):
        return ()
    from reconciler.preflight import foresee

    return foresee(estate, decisions)


def hidden(run: Run) -> Hidden:
    """What hides the secrets of all that the run has read."""

    def hide(result: Result, masker: Masker) -> Result:
        teach(masker, run.estate)
        return masked(result, registry.handler, masker)

    return hide


def teach(masker: Masker, estate: Estate) -> None:
    """The secrets of everything that was read, which messages must not tell."""
    environment = estate.environment
    masker.plain |= {environment.name, environment.account, *environment.regions.values()}
    for address, observed in estate.seen.items():
        if observed:
            declared = estate.resources[address].properties
            masker.learn(address, estate.facts(address), observed.properties, declared)


def _said(options: Options) -> dict[str, Any]:
    """What was said beside it, of which the plan is a part."""
    return {
        "only": list(options["only"]),
        "except": list(options["but"]),
        "allow": [word for many in options["allow"] for word in many.split(",")],
        "policy": bool(options["policy"]),
        "sandbox": options["sandbox"] is not None,
    }
