"""Route 53: batches are all or nothing, and hold to the rules of DNS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.route53.exceptions import InvalidInput, Route53ClientError
from moto.route53.models import FakeZone, RecordSet, Route53Backend
from moto.route53.responses import Route53
from moto.route53.utils import validate_domain_name

from reconciler.sandbox.corrections import corrects

Records = dict[tuple[str, str, str], RecordSet]
Problem = str


@corrects(Route53Backend, "change_resource_record_sets")
def change_resource_record_sets(
    original: Callable[..., Any], self: Any, zoneid: str, change_list: list[dict[str, Any]]
) -> None:
    """moto applies the good part of a bad batch, creates what exists, and allows any CNAME.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html"""
    zone = self.get_hosted_zone(zoneid)
    records = {_identity(each): each for each in zone.rrsets}
    problems = [_apply(zone, records, change) for change in change_list]
    problems += _conflicts(zone, records)
    if said := [problem for problem in problems if problem]:
        raise Route53ClientError("InvalidChangeBatch", f"[{', '.join(said)}]")
    zone.rrsets = list(records.values())


@corrects(Route53Backend, "create_hosted_zone")
def create_hosted_zone(
    original: Callable[..., Any],
    self: Any,
    name: str,
    private_zone: bool,
    caller_reference: str | None = None,
    vpcid: str | None = None,
    **more: Any,
) -> FakeZone:
    """moto takes a reference twice, a private zone without a VPC, and garbles the SOA record.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html"""
    if caller_reference in {zone.caller_reference for zone in self.zones.values()}:
        raise Route53ClientError(
            "HostedZoneAlreadyExists",
            "A hosted zone has already been created with the specified caller reference.",
        )
    if caller_reference and private_zone and not vpcid:
        raise InvalidInput("When you're creating a private hosted zone, VPC is required.")
    zone: FakeZone = original(
        self, name, private_zone, caller_reference=caller_reference, vpcid=vpcid, **more
    )
    for record in zone.rrsets:
        record.ttl = int(record.ttl or 0)
        values = [each if isinstance(each, str) else each["Value"] for each in record.records]
        record.records = [
            f"{each.rstrip('.')}." if record.type == "NS" else each for each in values
        ]
    return zone


@corrects(Route53, "change_resource_record_sets")
def pending_change(original: Callable[..., Any], self: Any) -> Any:
    """moto says that a change is everywhere at once. API_ChangeInfo.html"""
    answer = original(self)
    answer.result["ChangeInfo"]["Status"] = "PENDING"
    return answer


def _apply(zone: Any, records: Records, change: dict[str, Any]) -> Problem:
    """Make one change in the records, or say why it cannot be made."""
    record = _record(change["ResourceRecordSet"])
    who, action = _identity(record), change["Action"]
    named = f"resource record set [name='{record.name}', type='{record.type}'"
    named += f", set identifier='{record.set_identifier}']" if record.set_identifier else "]"
    there = records.get(who)
    if not f".{record.name}".endswith(f".{zone.name}"):
        return f"RRSet with DNS name {record.name} is not permitted in zone {zone.name}"
    if action == "CREATE" and there:
        return f"Tried to create {named} but it already exists"
    if action == "DELETE" and not there:
        return f"Tried to delete {named} but it was not found"
    if action == "DELETE" and _said(record) != _said(there):
        return f"Tried to delete {named} but the values provided do not match the current values"
    if action == "DELETE":
        del records[who]
    else:
        records[who] = record
    return ""


def _conflicts(zone: Any, records: Records) -> list[Problem]:
    """What DNS does not allow to stand side by side, and what a zone cannot be without."""
    names = [name for name, _, _ in records]
    aliases = {name for name, kind, _ in records if kind == "CNAME"}
    alone = {(name, kind) for name, kind, _ in records}
    problems = [
        f"RRSet of type CNAME with DNS name {name} is not permitted "
        + (f"at apex in zone {zone.name}" if name == zone.name else "as it conflicts with other "
           f"records with the same DNS name in zone {zone.name}")
        for name in sorted(aliases)
        if name == zone.name or len({kind for each, kind in alone if each == name}) > 1
    ]  # fmt: skip
    for kind in ("SOA", "NS"):
        if zone.name not in names or (zone.name, kind) not in alone:
            problems.append(f"A HostedZone must contain its {kind} record")
    return problems


def _record(given: dict[str, Any]) -> RecordSet:
    """A record as Route 53 keeps it: names in lower case, with a last dot, `*` escaped."""
    validate_domain_name(given["Name"], code="InvalidChangeBatch")
    target, values = given.get("AliasTarget"), given.get("ResourceRecords")
    if bool(target) is bool(values and given.get("TTL") is not None):
        raise InvalidInput(
            "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
            "ResourceRecords], or TrafficPolicyInstanceId]"
        )
    kept = {**given, "Name": _name(given["Name"]).replace("*", "\\052")}
    if target:
        kept["AliasTarget"] = {**target, "DNSName": _name(target["DNSName"])}
    if values:
        kept["ResourceRecords"] = [each["Value"] for each in values]
    made: RecordSet = RecordSet(kept)  # type: ignore[abstract]
    return made


def _name(text: str) -> str:
    return f"{text.lower().rstrip('.')}."


def _identity(record: RecordSet) -> tuple[str, str, str]:
    return record.name, str(record.type), str(record.set_identifier or "")


def _said(record: Any) -> Any:
    target = record.alias_target or {}
    values = sorted(record.records or [])
    return record.ttl and int(record.ttl), values, target.get("DNSName"), target.get("HostedZoneId")
