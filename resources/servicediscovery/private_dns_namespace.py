"""https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from reconciler.aws import Aws
from reconciler.handler import Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Status, View, Within
from resources.servicediscovery import TAGGING, namespaces, stands, tags, token

KIND = "servicediscovery.private_dns_namespace"
ZONE = "Properties.DnsProperties.HostedZoneId"
SERVED = "VPCs"


class PrivateDnsNamespace(Handler):
    """Names of services inside a network. Its hosted zone and the records there are Cloud Map's."""

    key = ("Name", "Vpc")
    naming = "Name"
    immutable = {"Name", "Vpc"}
    reads = {"HostedZoneId": ZONE}
    outputs = {"Arn", "HostedZoneId", "Id"}
    tagging = TAGGING

    def __init__(self, aws: Aws, region: str) -> None:
        super().__init__(aws, region)
        self._births: dict[str, str] = {}
        """Operations of this run that create, by namespace: AWS lists those late."""
        self._changes: dict[str, str] = {}

    def listed(self, since: float = 0) -> Iterator[Found]:
        every = [each for each in namespaces(self, since) if each["Type"] == "DNS_PRIVATE"]
        for each in every:
            served = self._served(each, since)
            yield Found(each["Id"], {**each, SERVED: served, "Vpc": served}, arn=each["Arn"])
        for born in self._births.keys() - {each["Id"] for each in every}:
            yield Found(born, {"Id": born}, {})

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        status, reason = self._standing(found.id)
        known = dict(found.properties)
        if "Name" not in known:  # it is not listed yet
            status = Status.PENDING if status is Status.READY else status
            return Observed(found.id, known, {}, status, reason or "AWS does not list it yet")
        known["Vpc"] = next(iter(known[SERVED]), None)
        marks = tags(self, found.arn) if found.tags is None else found.tags
        return Observed(found.id, known, marks, status, reason)

    def create(self, desired: Desired) -> str:
        answer = self.client.create_private_dns_namespace(
            **self.accepted("create_private_dns_namespace", desired.properties),
            CreatorRequestId=token(desired.intent),
            Tags=TAGGING.to_aws(desired.tags),
        )
        operation = answer["OperationId"]
        begun = self.client.get_operation(OperationId=operation)["Operation"]
        born = str(begun["Targets"]["NAMESPACE"])
        self._births[born] = operation
        return born

    def update(self, change: Change) -> None:
        namespace: dict[str, Any] = {}
        if change.touches("Description"):
            namespace["Description"] = change.wanted.get("Description") or ""
        if change.touches("Properties"):
            soa = change.wanted["Properties"]["DnsProperties"]["SOA"]
            namespace["Properties"] = {"DnsProperties": {"SOA": soa}}
        if namespace:
            answer = self.client.update_private_dns_namespace(
                Id=change.observed.id, Namespace=namespace
            )
            self._changes[change.observed.id] = answer["OperationId"]

    def delete(self, observed: Observed) -> None:
        # AWS refuses while services remain. That is what we want.
        self._births.pop(observed.id, None)
        with missing("NamespaceNotFound"):
            answer = self.client.delete_namespace(Id=observed.id)
            self._changes[observed.id] = answer["OperationId"]

    def within(self, desired: Desired, view: View) -> Mapping[str, Within]:
        """Who lets another network see the zone has not moved the namespace."""
        for each in view(KIND):
            served = each.get(SERVED) or ()
            if each.get("Name") == desired["Name"] and desired["Vpc"] in served[1:]:
                return {"Vpc": Within("who shares the zone", among=tuple(served))}
        return {}

    def _standing(self, namespace: str) -> tuple[Status, str]:
        birth = self._births.get(namespace)
        status, reason = stands(self, birth or self._changes.get(namespace))
        if status is Status.READY:
            self._births.pop(namespace, None)
        # A change that failed has left the namespace as it was.
        return status if birth or status is not Status.BROKEN else Status.READY, reason

    def _served(self, namespace: Properties, since: float) -> list[str]:
        """The networks that see its zone: AWS tells of them nowhere else."""
        zone = namespace["Properties"]["DnsProperties"]["HostedZoneId"]
        route53 = self.aws.client("route53", "us-east-1")
        with missing("NoSuchHostedZone"):
            seen = self.aws.listings.ask(route53, "get_hosted_zone", since, "VPCs", {"Id": zone})
            return [each["VPCId"] for each in seen]
        return []
