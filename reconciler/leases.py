"""`muvi-converge lock`: who holds an environment, and taking it from a run that is named."""

from __future__ import annotations

from dataclasses import replace

from reconciler.aws import Aws
from reconciler.errors import ReconcilerError, Refused, Usage
from reconciler.lease import Store
from reconciler.lease.store import TRIES, Absent, Conflict, Seen
from reconciler.load import Environment


def store(environment: Environment, aws: Aws) -> Store:
    """Where the environment's lease is. It must name a bucket."""
    if environment.state is None:
        raise Usage(f"{environment.source.file} names no bucket under `state`")
    client = aws.apart("s3", environment.state.region)
    return Store(client, environment.state.bucket, environment.name)


def show(store: Store) -> str:
    """One line: free, held, or held by one that is over."""
    try:
        seen = store.read()
    except Absent as error:
        return f"free: {error} yet"
    if seen is None:
        return "free: nobody ever held it"
    if seen.note.free:
        return f"free: run {seen.note.run} of {seen.note.owner} gave it back"
    return f"held by {seen}" if seen.held else f"stale: {seen}; the next run takes it over"


def release(store: Store, run: str | None) -> str:
    """Free it, if that run still holds it: it then writes nothing more, should it be alive."""
    for _ in range(TRIES):
        seen = store.read()
        if seen is None or seen.note.free:
            return show(store)
        _refuse_others(seen, run)
        try:
            store.write(replace(seen.note, free=True, beat=seen.note.beat + 1), seen.etag)
        except Conflict:
            continue  # it was renewed meanwhile
        except ReconcilerError as error:
            raise Refused(f"whether it was released `lock show` tells ({error})") from error
        return f"released: run {seen.note.run} of {seen.note.owner} held it since {seen.note.began}"
    raise Refused(f"run {run} renews the lease faster than it can be released: end that run")


def _refuse_others(seen: Seen, run: str | None) -> None:
    if run is None:
        raise Usage(f"whose lease? It is held by {seen}: --run {seen.note.run}")
    if run != seen.note.run:
        raise Refused(f"it is not run {run} that holds it, but {seen}: nothing was released")
