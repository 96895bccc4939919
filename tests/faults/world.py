"""UAT, whole or one of each kind, converged on moto in one thread that can be killed anywhere."""

from __future__ import annotations

import itertools
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
import yaml
from moto import mock_aws

from reconciler.apply.waiting import Pace
from reconciler.aws import Aws
from reconciler.load import Declared, load
from reconciler.result import Result
from reconciler.run import Request, Run
from reconciler.sandbox.corrections import corrected
from reconciler.sandbox.stand_ins import made_up
from tests.conftest import ACCOUNT
from tests.faults.census import Census, take
from tests.faults.wire import Wire
from tests.living import Plain, Silent, read, written

REGION, REGIONS = "me-central-1", ("me-central-1", "us-east-1")
FEW = {"databases": ["main"], "services": ["gateway", "website", "main-grpc"], "internal": ["main"]}

PIECES = read(Path(__file__).parent / "pieces.yaml")
PACE = Pace(tick=0.1, longest=0.3, grace=1.0, believed=0.2)
_runs = itertools.count(1)


class OneThread:
    """Stands in for a pool of threads. Moto bears no threads, and no fork survives them."""

    def __init__(self, *_: Any) -> None: ...
    def __enter__(self) -> OneThread:
        return self

    def __exit__(self, *_: Any) -> None: ...

    def submit(self, work: Any, *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*arguments))
        except Exception as error:  # no more than that: who is killed stays dead
            future.set_exception(error)
        return future

    def map(self, work: Any, *arguments: Any) -> list[Any]:
        return list(map(work, *arguments))


@cache
def session() -> boto3.Session:
    """Reading botocore's models is dear, so there is one."""
    return boto3.Session(region_name=REGION)


def client(service: str) -> Any:
    """Somebody else's, in whose calls nothing goes wrong."""
    return Reused.client(service, REGION)


class Reused:
    """Clients for runs in which nothing goes wrong: making them is dear as well."""

    client = staticmethod(cache(lambda *arguments, **named: session().client(*arguments, **named)))


@contextmanager
def one_thread() -> Iterator[None]:
    """The whole engine in the thread that calls it."""
    with ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if name.startswith("reconciler.") and hasattr(module, "ThreadPoolExecutor"):
                stack.enter_context(patch.object(module, "ThreadPoolExecutor", OneThread))
        yield


class Unthrottled:
    """Moto has no quota."""

    def taker(self, service: str) -> Any:
        return lambda **_: None


@contextmanager
def account() -> Iterator[None]:
    """An empty account on moto with our corrections, where nobody sleeps between repeats."""
    with (
        corrected(),
        mock_aws(),
        one_thread(),
        patch("reconciler.aws.clients.Throttle", Unthrottled),
        patch("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0),
    ):
        yield


def uat(folder: Path, few: bool = False) -> Declared:
    """UAT as it is declared, but in moto's account; `few`: one or two from each table."""
    shutil.copytree(Path("desired/uat"), folder / "uat")
    environment = read(folder / "uat/environment.yaml") | {"account": ACCOUNT}
    if few:
        tables = environment["tables"]
        thinned = {name: {each: tables[name][each] for each in kept} for name, kept in FEW.items()}
        environment |= {"tables": tables | thinned, "outputs": {}}
    text = yaml.dump(environment, Dumper=Plain, sort_keys=False)
    (folder / "uat/environment.yaml").write_text(text)
    return load(folder, "uat")


def small(folder: Path, *names: str, **more: Mapping[str, Mapping[str, Any]]) -> Declared:
    """An environment of these pieces. `more`: properties to lay over, by type and name, such as
    `logs__log_group={"/web": {"retentionInDays": "7"}}`."""
    types: dict[str, Any] = {}
    for piece in (PIECES[name] for name in names):
        types |= {kind: {**types.get(kind, {}), **each} for kind, each in piece.items()}
    for kind, named in more.items():
        known = types[kind.replace("__", ".")]
        types[kind.replace("__", ".")] = {
            **known,
            **{name: {**known[name], **each} for name, each in named.items()},
        }
    environment = {"account": ACCOUNT, "region": REGION, "lists": "exact"}
    return load(written(folder, environment, it=types), "test")


def converge(
    declared: Declared,
    wire: Wire | None = None,
    confirm: Callable[[Result], bool] = lambda _: True,
    **request: Any,
) -> Result:
    """One run, by a process of its own as far as AWS can tell."""
    aws = Aws(session() if wire else Reused(), ACCOUNT, prepare=wire.prepare if wire else None)
    named = {"run": f"run{next(_runs)}", "pace": PACE, "enforced": False, "threads": 1, **request}
    inputs = declared.environment.inputs
    given = lambda name: made_up(inputs[name])  # noqa: E731
    return Run(declared, aws, given, Request(**named), Silent(), confirm)()


def census(declared: Declared | None = None) -> Census:
    """Of the whole account, or only of the types that are declared."""
    if declared is None:
        return take(Reused.client, *REGIONS)
    kinds = {each.type for each in declared.resources.values()}
    return take(Reused.client, *REGIONS, kinds=kinds)
