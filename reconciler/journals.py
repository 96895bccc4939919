"""What journals mean to the command: one of each run that may change something; and `history`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from reconciler import leases, origin
from reconciler.aws import Aws
from reconciler.errors import Problem, ReconcilerError
from reconciler.journal import Bucket, Folder, Journal, Nowhere
from reconciler.journal.history import History, gathered
from reconciler.journal.places import Place, home
from reconciler.load import Declared, Environment
from reconciler.report.secrets import Masker
from reconciler.result import Result
from reconciler.run import Run
from reconciler.sandbox import EMBEDDED
from reconciler.who import who

Options = Mapping[str, Any]
DAYS = 7
"""How far back `history` looks where nobody says since when."""
LOCAL = (
    "environment.yaml names no bucket under `state`, so these are the journals of this machine: "
    "what ran elsewhere is not among them"
)


def journal(
    options: Options, run: Run, shown: Callable[[Result], Result], masker: Masker
) -> Journal | Nowhere:
    """The run's journal. What changes nothing, a dry-run or a watching run, keeps none."""
    environment, asked = run.declared.environment, run.request
    watches = environment.policy.watches and asked.enforced and not asked.allowed
    if asked.dry or watches:
        return Nowhere()
    store, folder = run.lease.store if run.lease else None, _folder(options)
    if not store and not folder:
        return Nowhere()
    from reconciler.saved.plan import secret

    return Journal(
        head=_head(options, run),
        recorded=run.aws.recorded,
        bucket=Bucket(store.client, store.bucket) if store else None,
        folder=folder,
        shown=shown,
        inputs=secret(environment),
        masker=masker,
        stop=run.stop,
        tell=lambda what: run.warnings.append(Problem(None, "", what)),
    )


def _head(options: Options, run: Run) -> dict[str, Any]:
    from reconciler.saved.document import tool

    by, asked, folder = who(), run.request, options["desired"]
    return {
        "tool": tool(),
        "environment": run.declared.environment.name,
        "account": run.aws.account,
        "sandbox": options["sandbox"] is not None,
        "run": asked.run,
        "who": by.name,
        "host": by.host,
        "job": by.job,
        "commit": asked.commit,
        "uncommitted": origin.changed(folder),
        "pull_request": by.pull_request or origin.pull_request(folder),
        "asked": {
            "destroy": asked.destroy,
            "only": list(asked.only),
            "except": list(asked.but),
            "allow": list(asked.allowed),
            "plan": str(options.get("plan") or ""),
            "scheduled": bool(options.get("scheduled")),
            "during_freeze": str(options.get("during_freeze") or ""),
        },
    }


def _folder(options: Options) -> Place | None:
    """None for an account that ends with the process, of which nobody will ask."""
    if options["sandbox"] == EMBEDDED:
        return None
    return Folder(home(sandbox=options["sandbox"] is not None))


def history(declared: Declared, aws: Aws, options: Options) -> History:
    """What was done since then, by us and by others. Nothing unread ends it: it is told."""
    environment = declared.environment
    since = options["since"] or datetime.now(UTC) - timedelta(days=DAYS)
    local = _folder(options)
    places: list[Place] = [local] if local else []
    if environment.state:
        client = aws.apart("s3", environment.state.region)
        places.insert(0, Bucket(client, environment.state.bucket))
    found = gathered(
        environment,
        aws,
        places,
        _holder(environment, aws),
        since.replace(tzinfo=UTC) if since.tzinfo is None else since,
        declared.resources.keys(),
    )
    return found if environment.state else replace(found, notes=(LOCAL, *found.notes))


def _holder(environment: Environment, aws: Aws) -> str:
    """The run that is under way now; empty where none is, or nobody can tell."""
    if not environment.state:
        return ""
    try:
        seen = leases.store(environment, aws).read()
    except ReconcilerError:
        return ""
    return seen.note.run if seen and seen.held else ""
