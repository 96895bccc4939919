"""What Route 53 refuses: names outside their zone, and names that are said twice.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from reconciler.load.problems import Finding
from reconciler.load.rules.place import Place
from reconciler.load.rules.whole import Whole

SETS = "ResourceRecordSets"


def inside_zone(records: Place) -> Iterator[Finding]:
    """Every name ends in the zone's own."""
    if not (zone := zone_name(records)):
        return
    for record in records.at(SETS):
        name = spelled(record.at("Name").text)
        if name and name != zone and not name.endswith(f".{zone}"):
            yield record.at("Name").wrong(
                f"is {name}, which is outside the zone {zone}, so AWS would refuse the whole "
                f"batch; write {name}.{zone}, or move it to its own zone"
            )


def no_cname_at_apex(records: Place) -> Iterator[Finding]:
    """A zone's own name has records already, and a CNAME stands alone."""
    for record in records.at(SETS):
        name = spelled(record.at("Name").text)
        if record.at("Type").text == "CNAME" and name and name == zone_name(records):
            yield record.at("Type").wrong(
                f"is CNAME for {name}, the zone's own name, where AWS takes none; write Type: A "
                "with an AliasTarget"
            )


def cname_alone(records: Place) -> Iterator[Finding]:
    """Beside a CNAME there is nothing else of its name."""
    every = records.whole.once(by_name)
    for record in records.at(SETS):
        others = every.get(owner(record), [])
        other = next((each for each in others if each.at("Type").text != "CNAME"), None)
        if record.at("Type").text == "CNAME" and other:
            yield record.at("Type").wrong(
                f"is CNAME for {record.at('Name').text}, but {other} has it with another type, and "
                "a CNAME stands alone; take one of the two out"
            )


def record_once(records: Place) -> Iterator[Finding]:
    """One record, one place that says what it is."""
    for record in records.at(SETS):
        parts = [record.at(name) for name in ("Type", "SetIdentifier")]
        zone, name = owner(record)
        if not name or any(each.open for each in parts):
            continue
        if other := record.claimed("record", zone, name, *(each.text for each in parts)):
            yield record.wrong(
                f"is {name} ({parts[0].text}) once more: {other} has it, and each would undo the "
                "other; keep one, or give both a SetIdentifier"
            )


def alias_whole(records: Place) -> Iterator[Finding]:
    """An alias says in which zone its target is looked up."""
    for record in records.at(SETS):
        target = record.at("AliasTarget")
        for name in ("DNSName", "HostedZoneId"):
            if not target.missing and target.at(name).missing:
                yield target.wrong(
                    f"lacks {name}, without which AWS does not find the target; add it, such as "
                    f"${{elbv2.load_balancer/NAME.{OUTPUT[name]}}}"
                )


OUTPUT = {"DNSName": "DNSName", "HostedZoneId": "CanonicalHostedZoneId"}


def by_name(whole: Whole) -> dict[tuple[str, str], list[Place]]:
    """Every declared record, by zone and name, as far as both are known."""
    every: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for records in whole.every("route53.record_sets"):
        for record in records.at(SETS):
            if record.at("Type").text and all(owner(record)):
                every[owner(record)].append(record)
    return every


def owner(record: Place) -> tuple[str, str]:
    whole = record.whole.place(record.resource)
    return whole.at("HostedZoneId").identity, spelled(record.at("Name").text)


def zone_name(records: Place) -> str:
    zone = records.at("HostedZoneId").of("route53.hosted_zone")
    return spelled(zone.at("Name").text) if zone else ""


def spelled(name: str) -> str:
    return name.lower().replace("\\052", "*").rstrip(".")
