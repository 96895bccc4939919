"""The account that a command works in: the real one, or a sandbox's; and values of inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from reconciler.aws import Aws
from reconciler.aws.clients import named
from reconciler.errors import InvalidDesired, Usage
from reconciler.load import Environment
from reconciler.model import Asked
from reconciler.sandbox import EMBEDDED

Options = Mapping[str, Any]


@contextmanager
def account(options: Options, environment: Environment, run: str) -> Iterator[Aws]:
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


def given_to(environment: Environment, stand_in: bool) -> Any:
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
