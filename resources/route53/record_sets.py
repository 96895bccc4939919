"""https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from reconciler.aws import Aws
from reconciler.handler import SET, Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties
from resources.route53 import name, short_id

SETS = "ResourceRecordSets"
HOSTS = {"CNAME", "MX", "NS", "PTR", "SRV"}  # types whose values end in a domain's name
Identity = tuple[Any, ...]


class RecordSets(Handler):
    """Records of one zone, written together. The zone's other records belong to others.

    A zone has its records from birth, so nothing is created or deleted but records: `update`
    writes those that differ, and takes away those that are to be absent."""

    key = ("HostedZoneId",)
    naming = "HostedZoneId"
    parent = "HostedZoneId"
    immutable = {"HostedZoneId"}
    deferred = {SETS}
    shared = SETS
    lists = {SETS: ("Name+Type+SetIdentifier",), f"{SETS}.ResourceRecords": SET}
    serial = "HostedZoneId"
    region = "us-east-1"

    def __init__(self, aws: Aws, region: str) -> None:
        super().__init__(aws, region)
        self._since = 0.0
        """Of when, or later, the records are to be that are read next: as the zones are."""

    def listed(self, since: float = 0) -> Iterator[Found]:
        self._since = max(self._since, since)
        for zone in self.listing("list_hosted_zones", since):
            yield Found(short_id(zone["Id"]), {"HostedZoneId": short_id(zone["Id"])})

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("NoSuchHostedZone"):
            records = [normal(each) for each in self._records(found.id, self._since)]
            return Observed(found.id, {**found.properties, SETS: records})
        return None

    def spelled(self, desired: Properties) -> Properties:
        """The desired records as we compare them, each of them whole."""
        spelled = dict(desired)
        if SETS in desired:
            spelled[SETS] = [_whole(each) for each in desired[SETS] or []]
        if "$initial" in desired:
            spelled["$initial"] = self.spelled(desired["$initial"])
        return spelled

    def create(self, desired: Desired) -> str:
        return str(desired["HostedZoneId"])

    def update(self, change: Change) -> None:
        # All or nothing, in one call: a name that changes its type is never without an answer.
        if changes := self._changes(change):
            self.client.change_resource_record_sets(
                HostedZoneId=change.observed.id, ChangeBatch={"Changes": changes}
            )

    def delete(self, observed: Observed) -> None:
        """Nothing: what is left are the records of others, and of the zone itself."""

    def _changes(self, change: Change) -> list[dict[str, Any]]:
        items = change.items(SETS)
        raw = {identity(each): each for each in self._records(change.observed.id)}
        new = {identity(each): each for each in items.added}
        old = {identity(each): raw.get(identity(each), each) for each in items.removed}
        # AWS deletes only what is repeated to it exactly.
        gone = [_change("DELETE", each) for who, each in old.items() if who not in new]
        # Never UPSERT what we have not seen: it would overwrite somebody else's record.
        born = [_change("CREATE", each) for who, each in new.items() if who not in old]
        changed = [_change("UPSERT", _as_found(old[who], new[who])) for who in new if who in old]
        return [*gone, *born, *changed]

    def _records(self, zone: str, since: float = 0) -> list[dict[str, Any]]:
        return self.listing("list_resource_record_sets", since, HostedZoneId=zone)


def identity(record: Properties) -> Identity:
    """What tells a record from the zone's others."""
    return name(record["Name"]), record["Type"], record.get("SetIdentifier")


def normal(record: Properties) -> dict[str, Any]:
    """A record as we compare it: names in one spelling."""
    spelled = {**record, "Name": name(record["Name"])}
    if target := record.get("AliasTarget"):
        spelled["AliasTarget"] = {**target, "DNSName": _alias(target.get("DNSName"))}
    if values := record.get("ResourceRecords"):
        kind = record.get("Type")
        spelled["ResourceRecords"] = [_value(kind, each) for each in values]
    return spelled


def _whole(record: Properties) -> dict[str, Any]:
    """A desired record: either an alias or values, and its values are one thing."""
    if record.get("$absent"):
        return normal(record)
    if record.get("AliasTarget"):
        return {**normal(record), "TTL": None, "ResourceRecords": None}
    return {**normal(record), "AliasTarget": None, "$exact": ["ResourceRecords"]}


def _alias(target: Any) -> Any:
    # The console writes `dualstack.` before a load balancer's name; it means the same.
    target = name(target)
    return target.removeprefix("dualstack.") if isinstance(target, str) else target


def _value(kind: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    return {**value, "Value": name(value["Value"])} if kind in HOSTS else dict(value)


def _as_found(raw: Properties, wanted: Properties) -> dict[str, Any]:
    """The wanted record, with what does not change spelled as AWS has it."""
    before = normal(raw)
    return {
        field: raw[field] if field in raw and before[field] == value else value
        for field, value in wanted.items()
    }


def _change(action: str, record: Properties) -> dict[str, Any]:
    filled = {field: value for field, value in record.items() if value not in (None, [])}
    return {"Action": action, "ResourceRecordSet": filled}
