"""https://docs.aws.amazon.com/cloud-map/latest/api/API_Service.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import chain
from typing import Any

from reconciler.aws import Aws
from reconciler.handler import Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Status
from resources.servicediscovery import TAGGING, namespaces, stands, tags, token

RECORDS = "DnsConfig.DnsRecords"


class Service(Handler):
    """A name in a namespace. Its instances belong to who registers them: ECS, for its tasks."""

    key = ("NamespaceId", "Name")
    naming = "Name"
    immutable = {
        "HealthCheckCustomConfig",
        "Name",
        "NamespaceId",
        "Type",
        "DnsConfig.RoutingPolicy",
        f"{RECORDS}.Type",  # of a record only the TTL changes
    }
    lists = {RECORDS: ("Type",)}
    reads = {"Type": "[Type][?@ == 'HTTP'] | [0]"}  # what nobody chose, AWS calls DNS_HTTP
    outputs = {"Arn", "Id"}
    tagging = TAGGING

    def __init__(self, aws: Aws, region: str) -> None:
        super().__init__(aws, region)
        self._changes: dict[str, str] = {}
        """Operations of this run, by service."""

    def listed(self, since: float = 0) -> Iterator[Found]:
        def inside(namespace: dict[str, Any]) -> list[dict[str, Any]]:
            only = [{"Name": "NAMESPACE_ID", "Values": [namespace["Id"]], "Condition": "EQ"}]
            found = self.listing("list_services", since, Filters=only)
            return [{**each, "NamespaceId": namespace["Id"]} for each in found]

        every = self.aws.at_once(inside, namespaces(self, since))
        for each in chain.from_iterable(every):
            yield Found(each["Id"], each, arn=each["Arn"])

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        status, reason = stands(self, self._changes.get(found.id))
        # A change that failed has left the service as it was.
        status = Status.PENDING if status is Status.PENDING else Status.READY
        marks = tags(self, found.arn) if found.tags is None else found.tags
        return Observed(found.id, found.properties, marks, status, reason)

    def create(self, desired: Desired) -> str:
        answer = self.client.create_service(
            **desired.properties,
            CreatorRequestId=token(desired.intent),
            Tags=TAGGING.to_aws(desired.tags),
        )
        return str(answer["Service"]["Id"])

    def update(self, change: Change) -> None:
        if not change.fields:
            return
        wanted = change.wanted
        # AWS deletes the records and the health check that are not sent again.
        service: dict[str, Any] = {"Description": wanted.get("Description") or ""}
        if records := (wanted.get("DnsConfig") or {}).get("DnsRecords"):
            service["DnsConfig"] = {"DnsRecords": records}
        if check := wanted.get("HealthCheckConfig"):
            service["HealthCheckConfig"] = check
        answer = self.client.update_service(Id=change.observed.id, Service=service)
        self._changes[change.observed.id] = answer["OperationId"]

    def delete(self, observed: Observed) -> None:
        # AWS refuses while instances remain. The engine calls again once ECS has taken them out.
        with missing("ServiceNotFound"):
            self.client.delete_service(Id=observed.id)
