"""How a command speaks with whoever sits there: what it prints, tells, logs and asks."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from typing import Any

import click

from reconciler.apply.executor import Silent, Watcher
from reconciler.aws import Aws
from reconciler.report.secrets import Masker
from reconciler.result import Result

Options = Mapping[str, Any]
Shown = Callable[[Result], Result]
"""The result without secrets, which is all that anybody sees."""


def watcher(options: Options, masker: Masker) -> Watcher:
    if options["dry_run"]:
        return Silent()  # nothing will happen, and what tells it takes long to load
    import structlog

    from reconciler.report import logs, progress

    logs.configure(terminal=sys.stderr.isatty(), verbose=options["verbose"])
    if not sys.stderr.isatty():
        return progress.LogProgress(structlog.get_logger(), scrub=masker.scrub)
    from rich.console import Console

    return progress.LiveProgress(Console(stderr=True), scrub=masker.scrub)


def log_requests(aws: Aws) -> None:
    import structlog

    from reconciler.report import logs

    logs.configure(terminal=sys.stderr.isatty(), verbose=True)
    aws.note = lambda operation: structlog.get_logger().debug("request", operation=operation)


def confirm(options: Options, shown: Shown) -> Callable[[Result], bool]:
    """On a terminal the plan is shown and confirmed; without one nothing ever prompts."""

    def confirm(result: Result) -> bool:
        plan = shown(result)  # in any case: the masker learns the secrets before work begins
        if not asks(options):
            return True
        click.echo(rendered(plan, "text"), err=True)
        return click.confirm("Apply this plan?", err=True)

    return confirm


def rendered(result: Result, output: str) -> str:
    from reconciler.report import json as plain
    from reconciler.report import markdown, text

    match output:
        case "json":
            return plain.render(result)
        case "markdown":
            return markdown.render(result)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else text.WIDTH
    return text.render(result, color=colored(), width=width)


def colored() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def asks(options: Options) -> bool:
    return terminal() and not options["yes"] and not options["dry_run"]


def terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()
