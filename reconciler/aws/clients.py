"""One account: a client per service and region, and the listings that they gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, TypeVar

import boto3
from botocore.config import Config

from reconciler.aws.failures import veto
from reconciler.aws.listings import Listings
from reconciler.aws.recorded import Recorded
from reconciler.aws.throttle import Throttle
from reconciler.errors import ReconcilerError

S = TypeVar("S")
T = TypeVar("T")

THREADS = 32
CONFIG = Config(
    connect_timeout=5,
    read_timeout=30,
    max_pool_connections=THREADS,
    retries={"mode": "standard", "total_max_attempts": 5},
)


def named(run: str) -> Config:
    """The same; CloudTrail shows the run in the user agent of each call, whoever's keys we have."""
    return CONFIG.merge(Config(user_agent_appid=f"muvi-converge-{run}"))


BRIEF = Config(read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3})

Prepare = Callable[[Any], None]
"""What is done to every new client, such as a test's hook on its events."""


class Aws:
    """One account's clients, each made once, when it is first asked for."""

    def __init__(
        self,
        session: boto3.Session,
        account: str,
        config: Config = CONFIG,
        endpoint: str | None = None,
        prepare: Prepare | None = None,
        throttled: bool = True,
    ) -> None:
        """`throttled`: others share the account's quota, so we leave some; not in a sandbox."""
        self.account = account
        self.listings = Listings()
        self.calls: Counter[str] = Counter()
        """Requests sent so far, repeats included, by service."""
        self.recorded = Recorded()
        """What may have changed something, call by call; not by clients apart."""
        self.note: Callable[[str], None] = lambda operation: None
        """Told of every request, as `ec2.DescribeVpcs`."""
        self.guard: Callable[[str], None] = lambda operation: None
        """Asked before every call; raising keeps it, and its repeats, from being sent."""
        self._session, self._config, self._endpoint = session, config, endpoint
        self._prepare, self._throttled = prepare, throttled and endpoint is None
        self._throttle = Throttle()
        self._lock = Lock()  # boto3 sessions are not thread-safe
        self._counting = Lock()  # of its own: making a client takes long
        self._clients: dict[tuple[str, str], Any] = {}
        self._pool = ThreadPoolExecutor(THREADS)

    def at_once(self, ask: Callable[[S], T], each: Iterable[S]) -> list[T]:
        """What `ask` answers to each, all asked at the same time. It must not come back here."""
        every = list(each)
        return [ask(one) for one in every] if len(every) < 2 else list(self._pool.map(ask, every))

    def client(self, service: str, region: str) -> Any:
        """The one client of a service in a region."""
        made = self._clients.get((service, region))
        if made is not None:
            return made
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._make(service, region)
            return self._clients[service, region]

    def apart(self, service: str, region: str) -> Any:
        """A client of its own, which no guard holds and which does not wait long."""
        with self._lock:
            return self._counted(service, region, self._config.merge(BRIEF))

    def _make(self, service: str, region: str) -> Any:
        client = self._counted(service, region, self._config)
        name = client.meta.service_model.service_id.hyphenize()
        client.meta.events.register_first(f"before-call.{name}", self._ask)
        client.meta.events.register_first(f"needs-retry.{name}", self._forbid)
        self.recorded.listen(client, service, region)
        return client

    def _ask(self, event_name: str, **_: Any) -> None:
        self.guard(event_name.removeprefix("before-call."))

    def _forbid(self, event_name: str, **_: Any) -> bool | None:
        """Whether what was let go may go once more: False forbids, None leaves it to others."""
        try:
            self.guard(event_name.removeprefix("needs-retry."))
        except ReconcilerError:
            return False
        return None

    def _counted(self, service: str, region: str, config: Config) -> Any:
        client = self._session.client(service, region, config=config, endpoint_url=self._endpoint)
        name = client.meta.service_model.service_id.hyphenize()
        events = client.meta.events
        events.register_first(f"needs-retry.{name}", veto)
        events.register_first(f"before-send.{name}", self._count(service))
        if self._throttled:
            events.register(f"before-send.{name}", self._throttle.taker(service))
        if self._prepare:
            self._prepare(client)
        return client

    def _count(self, service: str) -> Callable[..., None]:
        def count(event_name: str, **_: Any) -> None:
            with self._counting:
                self.calls[service] += 1
            self.note(event_name.removeprefix("before-send."))

        return count
