"""The command `muvi-converge`: what it takes, what it prints, and its exit codes 0 to 4."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Callable, Container, Sequence
from pathlib import Path
from typing import Any

import click

from reconciler.sandbox import EMBEDDED

ERROR, REFUSED, WAITING = 1, 3, 4
HARMLESS = {"first_day", "sandbox", "policy", "yes", "verbose"}
"""Options that do not change what a subcommand tells or does, where it has no use for them."""

DESIRED = click.option(
    "--desired",
    type=click.Path(path_type=Path),
    default=Path("desired"),
    show_default=True,
    help="The folder that holds a folder per environment.",
)
ENV = click.option("--env", help="The environment: a folder below --desired.")
FIRST_DAY = click.option(
    "--first-day",
    is_flag=True,
    help="In the sandbox nobody confirms, pushes or delegates anything by himself.",
)


def _allowed(ctx: click.Context, option: click.Parameter, given: Sequence[str]) -> tuple[str, ...]:
    """Kinds of action and addresses; what is neither would lift nothing, and nobody would know."""
    words = tuple(word.strip() for each in given for word in each.split(","))
    if given:
        from reconciler.apply.safety import WRITES
        from reconciler.load.problems import meant
        from reconciler.registry import types

        kinds = sorted(WRITES)
        for word in words:
            if word not in kinds and word.partition("/")[0] not in (types() if "/" in word else ()):
                known = f"neither an address nor one of {', '.join(kinds)}"
                raise click.BadParameter(f"{word!r} is {known}.{meant(word, kinds)}")
    return words


DRY_RUN = click.option("--dry-run", is_flag=True, help="Plan only: read, and change nothing.")
SANDBOX = click.option("--sandbox", metavar="[URL]", help="In an AWS of our own, or one at URL.")
POLICY = click.option("--policy", is_flag=True, help="Let policy count in the sandbox too.")
ONLY = click.option("--only", multiple=True, metavar="WHAT", help="Only this type, address, file.")
BUT = click.option("--except", "but", multiple=True, metavar="WHAT", help="All but these.")
ALLOW = click.option(
    "--allow",
    multiple=True,
    metavar="KINDS",
    callback=_allowed,
    help="Lift policy: create,update,ADDRESS",
)
OUTPUT = click.option("--output", type=click.Choice(["text", "json", "markdown"]), default="text")
YES = click.option("--yes", is_flag=True, help="Do not ask on a terminal.")
PRINTED = click.Path(path_type=Path, exists=True, dir_okay=False)
MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"])
FILE = click.Path(path_type=Path)
SAVE = click.option("--save", type=FILE, metavar="FILE", help="Keep what a --dry-run would do.")
PLAN = click.option(
    "--plan", type=FILE, metavar="FILE", help="Do exactly what was kept, or nothing."
)
REVIEWED = click.option(
    "--reviewed",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Plan YAML that nobody has reviewed: it reaches no further than this folder's.",
)
SCHEDULED = click.option(
    "--scheduled",
    is_flag=True,
    help="The periodic run: repair what `heal` allows, tell the news.",
)
FREEZE = click.option(
    "--during-freeze", metavar="REASON", help="Change things although a freeze is on."
)
VERBOSE = click.option("--verbose", is_flag=True, help="Log every request to AWS.")


class Command(click.Group):
    """A group whose `--sandbox` may stand alone or name a URL."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """`--sandbox destroy` is a flag and a command, `--sandbox http://...` names a server."""
        whole = [
            f"--sandbox={EMBEDDED}" if arg == "--sandbox" and not _url(args, place) else arg
            for place, arg in enumerate(args)
        ]
        return super().parse_args(ctx, whole)


def _url(args: Sequence[str], place: int) -> bool:
    return args[place + 1 : place + 2] != [] and args[place + 1].startswith("http")


@click.group(cls=Command, invoke_without_command=True)
@ENV
@DESIRED
@DRY_RUN
@SANDBOX
@FIRST_DAY
@POLICY
@ONLY
@BUT
@ALLOW
@OUTPUT
@YES
@VERBOSE
@SAVE
@PLAN
@REVIEWED
@SCHEDULED
@FREEZE
@click.version_option(package_name="muvi-converge")
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """Move an AWS account toward YAML: look, compare, take the missing steps, look again."""
    ctx.obj = options
    if ctx.invoked_subcommand is None:
        from reconciler.commands import converge

        ctx.exit(converge(options))


def _sub(name: str, *arguments: Callable[[Any], Any]) -> Callable[..., None]:
    """A subcommand; what it shares with the command itself may stand in either place."""

    def declare(**own: Any) -> None:
        from reconciler import commands

        context = click.get_current_context()
        _refuse_unheard(context, own)
        given = {key: value for key, value in own.items() if _said(context, key)}
        context.exit(getattr(commands, name.replace("-", "_"))({**own, **context.obj, **given}))

    declare.__doc__ = SUBCOMMANDS[name]
    for decorate in (*reversed(arguments), DESIRED, *(() if name in PLURAL else (ENV,))):
        declare = decorate(declare)
    return command.command(name)(declare)


def _refuse_unheard(context: click.Context, own: Container[str]) -> None:
    """What the subcommand would not hear: a part of what was asked for would be all of it."""
    above = context.parent or context
    for option in above.command.params:
        if option.name not in own and option.name not in HARMLESS and _said(above, option.name):
            said, means = option.opts[0], context.info_name
            raise click.UsageError(f"{said} means nothing to {means}, so leave it out.", context)


def _said(context: click.Context, name: str | None) -> bool:
    if name is None:
        return False
    source = context.get_parameter_source(name)
    return source is click.core.ParameterSource.COMMANDLINE


PLURAL = {"compare", "compare-plans"}
"""Subcommands that are told by arguments which environments are meant."""
SUBCOMMANDS = {
    "destroy": "Take away everything of ours in the environment.",
    "validate": "Check the YAML, and ask AWS nothing.",
    "graph": "Print in which order things are made.",
    "explain": "Tell a type's facts, or all that is known of one address.",
    "compare": "Tell why one environment is not as another, by the YAML of both.",
    "compare-plans": "Tell which differences a pull request causes, from two dry-runs as JSON.",
    "discover": "Print what lives there undeclared, as YAML of ours; reading calls only.",
    "lock": "Tell who holds the environment, or release what a dead run holds.",
    "hold": "Leave a difference alone for a while, or tell which are left alone.",
    "history": "Tell what was done since then: by our runs, and by others as CloudTrail knows.",
    "iam-policy": "Print the IAM policies that these files need; AWS is asked nothing.",
    "show": "Print the outputs of the environment.",
    "sandbox": "Serve an empty AWS of our own until interrupted.",
}

_sub(
    "destroy",
    click.option("--confirm", metavar="ENV", help="The environment's name, typed."),
    FREEZE,
    *(DRY_RUN, SANDBOX, POLICY, ONLY, BUT, ALLOW, OUTPUT, YES, VERBOSE),
)
_sub("validate")
_sub("graph", click.option("--order", is_flag=True, help="A list instead of a Mermaid drawing."))
_sub("explain", click.argument("what"), SANDBOX, POLICY, ALLOW)
_sub("show", SANDBOX, OUTPUT)
_sub("iam-policy", click.option("--read-only", is_flag=True, help="For a dry-run: reads only."))
_sub(
    "lock",
    click.argument("what", type=click.Choice(["show", "release"])),
    click.option("--run", metavar="RUN", help="Whose lease to release: the run, as `show` tells."),
    SANDBOX,
)
_sub(
    "hold",
    click.argument("address", required=False),
    click.option("--for", "time", metavar="TIME", help="For how long: 90m, 24h, 2d."),
    click.option("--reason", metavar="TEXT", help="Why, for those who find it."),
    click.option("--release", is_flag=True, help="Hold it no longer."),
    SANDBOX,
)
_sub(
    "history",
    click.option("--since", type=MOMENT, help="From that moment on, UTC; else of 7 days."),
    click.option("--csv", is_flag=True, help="For a spreadsheet: a row for each change."),
    SANDBOX,
)
_sub(
    "compare",
    click.argument("first"),
    click.argument("second"),
    click.option("--verbose", is_flag=True, help="Each difference below its reason."),
    click.option("--output", type=click.Choice(["text", "json"]), default="text"),
)
_sub(
    "compare-plans",
    click.argument("base", type=PRINTED),
    click.argument("head", type=PRINTED),
    click.option(
        "--output",
        type=click.Choice(["markdown", "github"]),
        default="markdown",
        help="A comment, or annotations on the YAML's lines.",
    ),
)
_sub(
    "discover",
    click.argument("types", nargs=-1, metavar="[TYPE ...]"),
    click.option("--write", is_flag=True, help="Put it into the environment's files."),
    click.option(
        "--accept",
        multiple=True,
        metavar="ADDRESS",
        help="Write what AWS has of this resource into the file where it stands.",
    ),
    SANDBOX,
    VERBOSE,
)
_sub(
    "sandbox",
    click.option("--port", type=click.IntRange(0, 65535), default=5000, show_default=True),
    FIRST_DAY,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit with its code. Bad input never shows a traceback."""
    # What we load and read is needed to the end: to look for garbage among it, on the way and at
    # the end, takes a quarter of a short run.
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)
    sys.exit(_run(sys.argv[1:] if arguments is None else arguments))


def _run(arguments: Sequence[str]) -> int:
    try:
        return command.main(list(arguments), "muvi-converge", standalone_mode=False) or 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return ERROR
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted: nothing new was begun.", err=True)
        return ERROR
    except OSError as error:
        click.echo(f"{error.filename or 'The output'} cannot be used: {error.strerror}.", err=True)
        return ERROR
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    """What we raise on purpose is told as it is; anything else is our own mistake."""
    from reconciler.errors import ReconcilerError, Refused, Waiting
    from reconciler.report.paint import visible

    if not isinstance(error, ReconcilerError):
        raise error
    # What the YAML and AWS say stands in it, and must not steer the reader's terminal.
    for line in str(error).split("\n"):
        click.echo(visible(line), err=True)
    if isinstance(error, Waiting):
        return WAITING
    return REFUSED if isinstance(error, Refused) else ERROR
