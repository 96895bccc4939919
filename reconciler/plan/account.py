"""What one account shows during one run: listings, their objects, and whose these are."""

from __future__ import annotations

import time
from collections.abc import Collection, Set
from dataclasses import replace
from functools import partial

from reconciler import registry
from reconciler.aws import Aws
from reconciler.aws.listings import Shared
from reconciler.aws.ownership import ENVIRONMENT, Ownership, ownership
from reconciler.aws.terraform import Terraform
from reconciler.handler import Handler
from reconciler.load import Environment
from reconciler.model import Found, Observed, Status
from reconciler.plan.find import Index, Sweep, index

TAGGING = "resourcegroupstaggingapi"


class Account:
    """One account, as this run reads it. Safe to use from many threads."""

    def __init__(self, environment: Environment, aws: Aws) -> None:
        self.environment, self.aws, self.begun = environment, aws, time.monotonic()
        self.untouched: Collection[str] = ()
        """Addresses that this run writes nothing to, whatever it finds there."""
        self.terraform = Terraform(
            aws, environment.region, environment.folder, environment.terraform
        )
        self._handlers: dict[tuple[str, str], Handler] = {}
        self._indexes: Shared[Index] = Shared()
        self._sweeps: Shared[Sweep] = Shared()

    def handler_of(self, kind: str, region: str) -> Handler:
        if (kind, region) not in self._handlers:
            self._handlers[kind, region] = registry.handler(kind)(self.aws, region)
        return self._handlers[kind, region]

    def begin_anew(self) -> None:
        """From now on nothing that was listed before counts."""
        self.begun = time.monotonic()

    def index(self, kind: str, region: str, since: float | None = None) -> Index:
        """The listing of a type, as of `since` or later; by default as of the run's begin."""
        since = self.begun if since is None else since
        handler = self.handler_of(kind, region)
        sweep = partial(self.sweep, handler.home)
        name = self.environment.name
        return self._indexes.ask(
            (kind, handler.home),
            since,
            since,
            lambda: index(kind, handler, handler.listed(since), name, sweep),
        )

    def sweep(self, region: str) -> Sweep:
        """Our tags by ARN. It lags behind, so it is asked once and may only say yes."""
        return self._sweeps.ask(region, self.begun, self.begun, lambda: self._swept(region))

    def _swept(self, region: str) -> Sweep:
        client = self.aws.client(TAGGING, region)
        tag = {"Key": ENVIRONMENT, "Values": [self.environment.name]}
        # What is only watched carries other people's tags, which tell whose it is.
        ours = {} if self.untouched else {"TagFilters": [tag]}
        listed = self.aws.listings.ask(
            client,
            "get_resources",
            self.begun,
            "ResourceTagMappingList",
            {**ours, "ResourcesPerPage": 100},
        )
        return {
            each["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in each["Tags"]}
            for each in listed
        }

    def complete(self, handler: Handler, found: Found, mentioned: Set[str]) -> Observed | None:
        """A listed object, whole, in the words of requests; None if it is gone."""
        observed = handler.get(found, mentioned)
        if observed is None or observed.status is Status.GONE:
            return None
        return replace(observed, properties=handler.read(observed.properties))

    def ownership(self, handler: Handler, kind: str, one: Found | Observed) -> Ownership:
        """Whose an object is. The first question about one makes Terraform's state be read."""
        chosen = (one.properties.get(name) for name in sorted(handler.outputs))
        arns = [each for each in chosen if isinstance(each, str) and each.startswith("arn:")]
        if isinstance(one, Found):
            arns += [one.arn] if one.arn else []
        by = one.managed_by if isinstance(one, Found) else ""
        told = self.terraform.owns(kind, one.id, arns)
        return ownership(one.tags or {}, by, self.terraform, told)
