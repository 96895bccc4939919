"""A distribution's document as CloudFront answers it, and what CloudFront refuses in one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from moto.cloudfront.exceptions import CloudFrontException, OriginDoesNotExist

NONE = {"Quantity": 0}
NOBODY = {"Enabled": False, "Quantity": 0}
READING = {"Items": ["HEAD", "GET"], "Quantity": 2}

# What AWS fills in, as its answers in the API reference and the AWS CLI's examples show it.
DOCUMENT: Mapping[str, Any] = {
    "Aliases": NONE,
    "CacheBehaviors": NONE,
    "CustomErrorResponses": NONE,
    "DefaultRootObject": "",
    "HttpVersion": "http2",
    "IsIPV6Enabled": True,
    "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
    "OriginGroups": NONE,
    "PriceClass": "PriceClass_All",
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", **NONE}},
    "Staging": False,
    "WebACLId": "",
}
ORIGIN: Mapping[str, Any] = {
    "ConnectionAttempts": 3,
    "ConnectionTimeout": 10,
    "CustomHeaders": NONE,
    "OriginAccessControlId": "",
    "OriginPath": "",
    "OriginShield": {"Enabled": False},
}
CUSTOM_ORIGIN = {"OriginKeepaliveTimeout": 5, "OriginReadTimeout": 30}
BEHAVIOR: Mapping[str, Any] = {
    "AllowedMethods": {**READING, "CachedMethods": READING},
    "Compress": False,
    "FieldLevelEncryptionId": "",
    "FunctionAssociations": NONE,
    "LambdaFunctionAssociations": NONE,
    "SmoothStreaming": False,
    "TrustedKeyGroups": NOBODY,
    "TrustedSigners": NOBODY,
}
TIMES = {"MinTTL": 0, "DefaultTTL": 86400, "MaxTTL": 31536000}
OWN = "CloudFrontDefaultCertificate"
OWN_CERTIFICATE: Mapping[str, Any] = {
    OWN: True,
    "CertificateSource": "cloudfront",
    "MinimumProtocolVersion": "TLSv1",
    "SSLSupportMethod": "vip",
}
SOURCES = {"ACMCertificateArn": "acm", "IAMCertificateId": "iam"}


def checked(config: Mapping[str, Any]) -> None:
    """Refuse what AWS refuses, whatever else there is in the account."""
    _check_counts(config)
    _check_origins(config)


def filled(config: Mapping[str, Any]) -> dict[str, Any]:
    """With what AWS fills in, and everything else as it was sent."""
    whole = {**DOCUMENT, **config}
    return {
        **whole,
        "Aliases": _each(whole["Aliases"], str.lower),
        "CacheBehaviors": _each(whole["CacheBehaviors"], _behavior),
        "DefaultCacheBehavior": _behavior(whole["DefaultCacheBehavior"]),
        "Origins": _each(whole["Origins"], _origin),
        "ViewerCertificate": _certificate(
            whole.get("ViewerCertificate") or {}, whole["Aliases"].get("Items")
        ),
    }


def _each(listed: Mapping[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    items = listed.get("Items")
    return {**listed, "Items": [change(each) for each in items]} if items else dict(NONE)


def _origin(origin: Mapping[str, Any]) -> dict[str, Any]:
    filled = {**ORIGIN, **origin}
    if "CustomOriginConfig" in origin:
        filled["CustomOriginConfig"] = {**CUSTOM_ORIGIN, **origin["CustomOriginConfig"]}
    return filled


def _behavior(behavior: Mapping[str, Any]) -> dict[str, Any]:
    policy = behavior.get("CachePolicyId")
    extra = {"ForwardedValues", *TIMES} & behavior.keys()
    if policy and extra:
        raise _invalid(
            f"The parameter {min(extra)} cannot be used when a cache policy is associated to the "
            "cache behavior."
        )
    if not policy and "ForwardedValues" not in behavior:
        raise _invalid("The parameter ForwardedValues is required.")
    return {**BEHAVIOR, **({} if policy else TIMES), **behavior}


def _certificate(given: Mapping[str, Any], aliases: list[str] | None) -> dict[str, Any]:
    chosen = [name for name in SOURCES if given.get(name)]
    default = given.get(OWN, not chosen)
    if len(chosen) + bool(default) != 1 or (default and aliases):
        raise CloudFrontException(
            "InvalidViewerCertificate",
            "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach "
            "one trusted certificate that validates your authorization to use the domain name.",
        )
    if default:
        return dict(OWN_CERTIFICATE)
    said_again = {"Certificate": given[chosen[0]], "CertificateSource": SOURCES[chosen[0]]}
    return {"MinimumProtocolVersion": "TLSv1", **given, **said_again} | {OWN: False}


def _check_counts(value: Any) -> None:
    members = value.values() if isinstance(value, Mapping) else value
    counts = isinstance(value, Mapping) and "Quantity" in value
    if counts and value["Quantity"] != len(value.get("Items") or ()):
        raise CloudFrontException(
            "InconsistentQuantities", "The value of Quantity and the size of Items don't match."
        )
    for member in members if isinstance(value, Mapping | list) else ():
        _check_counts(member)


def _check_origins(config: Mapping[str, Any]) -> None:
    origins = config["Origins"]["Items"]
    groups = config.get("OriginGroups", {}).get("Items") or []
    behaviors = config.get("CacheBehaviors", {}).get("Items") or []
    targets = {each["TargetOriginId"] for each in (config["DefaultCacheBehavior"], *behaviors)}
    if targets - {each["Id"] for each in (*origins, *groups)}:
        raise OriginDoesNotExist
    kinds = {"S3OriginConfig", "CustomOriginConfig", "VpcOriginConfig"}
    if any(len(kinds & origin.keys()) != 1 for origin in origins):
        raise _invalid(
            "Exactly one of CustomOriginConfig, VpcOriginConfig and S3OriginConfig must be "
            "specified"
        )


def _invalid(message: str) -> CloudFrontException:
    return CloudFrontException("InvalidArgument", message)
