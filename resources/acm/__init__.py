"""What a certificate says of itself: one spelling for it, and what it waits for."""

from __future__ import annotations

from typing import Any

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
    options = certificate.get("DomainValidationOptions", [])
    open_ = [each for each in options if each.get("ValidationStatus") != "SUCCESS"]
    records = {_record(each["ResourceRecord"]) for each in open_ if "ResourceRecord" in each}
    if not records:
        return "AWS has not named its validation record yet"
    return "AWS does not see its validation record yet: " + ", ".join(sorted(records))


def _record(record: Properties) -> str:
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
