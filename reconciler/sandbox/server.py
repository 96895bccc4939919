"""Moto with our corrections, served on loopback, and sessions that can reach nothing else."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config

from reconciler.aws.clients import Prepare
from reconciler.errors import Refused

LOOPBACK = "127.0.0.1"

SETTINGS: Mapping[str, str | None] = {
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",  # else no policy of AWS's own can be attached
    "MOTO_ACM_VALIDATION_WAIT": "0",  # moto asks no DNS: it would wait for nothing
    "AWS_PROFILE": None,  # moto asks boto3 for its regions, which wants the profile to be there
    "AWS_DEFAULT_PROFILE": None,
}
"""What moto reads from its environment, some of it when it is imported; None: it shall not."""

# A profile, a proxy or an endpoint that the machine is set up with must not lead out.
NOWHERE: Mapping[str, Any] = {
    "profile": (None, [], None, None),
    "config_file": (None, [], os.devnull, None),
    "credentials_file": (None, [], os.devnull, None),
}
CONFIG = Config(
    proxies={},
    inject_host_prefix=False,
    use_fips_endpoint=False,
    use_dualstack_endpoint=False,
)


@contextmanager
def serve(account: str, port: int = 0, first_day: bool = False) -> Iterator[str]:
    """An empty AWS account, as long as this lasts. Yields its URL; port 0 takes a free one.

    `first_day`: nothing is confirmed, pushed, deployed or delegated until somebody does it.
    Moto keeps its state in the process, so only one can be served at a time."""
    with _environment({**SETTINGS, "MOTO_ACCOUNT_ID": account}):
        # Not before: moto reads some of its environment when it is imported.
        from reconciler.sandbox.corrections import corrected
        from reconciler.sandbox.http import listen
        from reconciler.sandbox.people import people

        with corrected():
            forget()
            people.absent = first_day
            server = listen(LOOPBACK, port)
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            try:
                yield f"http://{LOOPBACK}:{server.port}"
            finally:
                people.absent = False
                server.shutdown()
                thread.join()
                server.server_close()


def serve_forever(account: str, port: int, first_day: bool, ready: Callable[[str], None]) -> None:
    """Serve until interrupted (KeyboardInterrupt passes through); `ready` is told the URL."""
    with serve(account, port, first_day) as endpoint:
        ready(endpoint)
        threading.Event().wait()


def session(endpoint: str) -> boto3.Session:
    """A session whose every client asks the sandbox and can reach no other host."""
    core = botocore.session.Session(dict(NOWHERE))
    core.set_credentials("sandbox", "sandbox")
    core.set_default_client_config(CONFIG)
    core.register("before-send", _refusing(endpoint))
    return _Session(endpoint, core)


def confined(endpoint: str) -> Prepare:
    """What to do to every new client, so that it can reach the sandbox and nothing else."""

    def prepare(client: Any) -> None:
        client.meta.events.register_first("before-send", _refusing(endpoint))

    return prepare


class _Session(boto3.Session):  # type: ignore[misc]
    """Every client and resource gets the sandbox's endpoint, whatever else it asks for."""

    def __init__(self, endpoint: str, core: botocore.session.Session) -> None:
        super().__init__(botocore_session=core)
        self._endpoint = endpoint

    def client(self, *arguments: Any, **named: Any) -> Any:
        return super().client(*arguments, **{**named, "endpoint_url": self._endpoint})

    def resource(self, *arguments: Any, **named: Any) -> Any:
        return super().resource(*arguments, **{**named, "endpoint_url": self._endpoint})


def _refusing(endpoint: str) -> Callable[..., None]:
    ours = urlsplit(endpoint).netloc

    def refuse(request: Any, **_: Any) -> None:
        theirs = urlsplit(request.url).netloc
        if theirs != ours:
            raise Refused(f"a request to {theirs} was about to leave the sandbox at {ours}")

    return refuse


def forget() -> None:
    """Take away what moto still holds of whoever used it before."""
    from moto.core.base_backend import BackendDict
    from moto.core.model_instances import reset_model_data
    from moto.s3.models import s3_backends

    BackendDict.reset()
    reset_model_data()
    s3_backends.bucket_accounts.clear()


@contextmanager
def _environment(settings: Mapping[str, str | None]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in settings}
    _set(settings)
    try:
        yield
    finally:
        _set(before)


def _set(settings: Mapping[str, str | None]) -> None:
    for name, value in settings.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
