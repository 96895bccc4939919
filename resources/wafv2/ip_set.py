"""https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSet.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from ipaddress import ip_network
from typing import Any

from reconciler.handler import SET, Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties
from resources.wafv2 import GONE, TAGGING, listed, named, tags


class IpSet(Handler):
    """Ranges of addresses that rules refer to; written whole, under a lock token."""

    key = ("Scope", "Name")
    naming = "Name"
    immutable = {"IPAddressVersion", "Name", "Scope"}
    lists = {"Addresses": SET}
    outputs = {"ARN", "Id"}
    tagging = TAGGING
    serial = "Name"

    def listed(self, since: float = 0) -> Iterator[Found]:
        yield from listed(self, "list_ip_sets", since)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing(GONE):
            answer = self.client.get_ip_set(**named(found.properties))
            known = {"Scope": found.properties["Scope"], **_spelled(answer["IPSet"])}
            marks = tags(self, found.id) if found.tags is None else found.tags
            return Observed(found.id, known, marks, etag=answer["LockToken"])
        return None

    def create(self, desired: Desired) -> str:
        born = self.accepted("create_ip_set", desired.properties)
        answer = self.client.create_ip_set(**born, Tags=TAGGING.to_aws(desired.tags))
        return str(answer["Summary"]["ARN"])

    def update(self, change: Change) -> None:
        whole = {**change.wanted, "Addresses": change.wanted.get("Addresses") or []}
        document = self.accepted("update_ip_set", whole)
        if not document.get("Description"):  # which AWS does not take empty
            document.pop("Description", None)
        self.client.update_ip_set(**{**document, "LockToken": change.observed.etag})

    def delete(self, observed: Observed) -> None:
        # AWS refuses while a rule refers to it. The engine calls again once that has let go.
        with missing(GONE):
            self.client.delete_ip_set(**named(observed.properties), LockToken=observed.etag)

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties, with the ranges as AWS keeps them."""
        return _spelled(desired)


def _spelled(properties: Properties) -> dict[str, Any]:
    """The same with every range in one spelling: nothing behind the mask, IPv6 in short."""
    ranges = properties.get("Addresses")
    known = {"Addresses": [_range(each) for each in ranges]} if isinstance(ranges, list) else {}
    return {**properties, **known}


def _range(cidr: Any) -> Any:
    try:
        return str(ip_network(cidr, strict=False)) if isinstance(cidr, str) else cidr
    except ValueError:
        return cidr  # for AWS to refuse in its own words
