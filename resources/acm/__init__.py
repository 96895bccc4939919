"""What a certificate says of itself: one spelling for it, and what it waits for."""

from __future__ import annotations

from typing import Any

from reconciler.handler import Handler
from reconciler.model import Properties, Wait


def spelled(properties: Properties) -> dict[str, Any]:
    """The properties, desired or observed, as we compare them."""
    known = dict(properties)
    if names := known.get("SubjectAlternativeNames"):
        # AWS adds the domain itself, whether it was named or not.
        others = [name for name in names if name != known.get("DomainName")]
        known["SubjectAlternativeNames"] = others
    if isinstance(algorithm := known.get("KeyAlgorithm"), str):
        # AWS is asked for RSA_2048 and answers RSA-2048.
        known["KeyAlgorithm"] = algorithm.replace("-", "_")
    if "Certificate" in known:
        known["Certificate"] = _text(known["Certificate"])
    return known


def _text(body: Any) -> Any:
    """A PEM text without what editors and systems add to its lines and its end."""
    return "\n".join(map(str.strip, body.strip().splitlines())) if isinstance(body, str) else body


def reason(certificate: Properties) -> str:
    """Why it is not issued, in AWS's words, or which record AWS has not seen yet."""
    if certificate["Status"] != "PENDING_VALIDATION":
        return str(certificate.get("FailureReason", certificate["Status"]))
    records = unseen(certificate)
    if not records:
        return "AWS has not named its validation record yet"
    return f"AWS does not see its validation record yet: {', '.join(map(_shown, records))}"


def unseen(certificate: Properties) -> list[dict[str, str]]:
    """The validation records that AWS looks for in public DNS and has not found."""
    options = certificate.get("DomainValidationOptions", [])
    open_ = [each for each in options if each.get("ValidationStatus") != "SUCCESS"]
    records = {
        _shown(each["ResourceRecord"]): each["ResourceRecord"]
        for each in open_
        if "ResourceRecord" in each
    }
    return [records[shown] for shown in sorted(records)]


def delegations(handler: Handler, certificate: Properties) -> tuple[Wait, ...]:
    """Who must make its records visible: of our own zones, whoever delegates to them."""
    route53 = handler.aws.client("route53", "us-east-1")
    zones = handler.aws.listings.ask(route53, "list_hosted_zones", 0, "", {})
    public = {each["Name"]: each["Id"] for each in zones if not each["Config"]["PrivateZone"]}
    asked = (_asked(route53, public, record) for record in unseen(certificate))
    return tuple(dict.fromkeys(asked))


def _asked(route53: Any, public: dict[str, str], record: Properties) -> Wait:
    around = [name for name in public if f".{record['Name']}".endswith(f".{name}")]
    if not around:
        domain = record["Name"].partition(".")[2].rstrip(".")
        return Wait(f"who runs the DNS of {domain}", f"add the record {_shown(record)}")
    zone = max(around, key=len)
    servers = route53.get_hosted_zone(Id=public[zone])["DelegationSet"]["NameServers"]
    parent = zone.partition(".")[2].rstrip(".")
    what = (
        f"delegate {zone.rstrip('.')}: add to {parent} the record {zone.rstrip('.')} NS "
        f"{' '.join(sorted(servers))} (if it stands, AWS takes up to 30 minutes to see it)"
    )
    return Wait(f"who runs the DNS of {parent}", what)


def _shown(record: Properties) -> str:
    return f"{record['Name']} {record['Type']} {record['Value']}"


def waits(certificate: Properties) -> tuple[Wait, ...]:
    """What only people can do about it."""
    if certificate["Status"] != "EXPIRED":
        return ()
    if certificate["Type"] == "IMPORTED":
        what = "give a renewed certificate and its key as inputs"
    else:
        what = "find out why AWS could not renew it: its validation record must stand"
    return (Wait("who owns the domain", what, f"TLS for {certificate['DomainName']}"),)
