"""ACM: a certificate is issued once its record stands in DNS, and held by those who use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from moto.acm.exceptions import AWSValidationException
from moto.acm.models import AWSCertificateManagerBackend, CertBundle
from moto.acm.responses import AWSCertificateManagerResponse
from moto.cloudfront.models import cloudfront_backends
from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult, EmptyResult
from moto.elbv2.models import elbv2_backends
from moto.route53.models import route53_backends
from moto.utilities.utils import get_partition

from reconciler.sandbox.corrections import corrects
from reconciler.sandbox.people import people

SMALL = ("RSA_1024", "RSA_2048")


class ResourceInUse(AWSError):
    TYPE = "ResourceInUseException"


@corrects(CertBundle, "check")
def check(original: Callable[..., Any], self: Any) -> None:
    """moto issues by timer, whatever DNS says.

    https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html"""
    if self.status != "PENDING_VALIDATION":
        original(self)
        return
    wanted = {_answer(option["ResourceRecord"]) for option in _options(self)}
    if wanted <= set(_answers(self.arn)):
        self.status = "ISSUED"


@corrects(CertBundle, "describe")
def describe(original: Callable[..., Any], self: Any) -> dict[str, Any]:
    """moto names the domains in any order, and users that have long let go.

    AWS begins with the domain itself:
    https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html"""
    self.in_use_by = sorted({*_balancers(self.arn), *_distributions(self.arn)})
    described: dict[str, Any] = original(self)
    certificate = described["Certificate"]
    # Those with a wildcard last, so that the domain comes first and the order is always one.
    named = sorted(
        certificate.get("DomainValidationOptions", []),
        key=lambda option: (option["DomainName"] != self.common_name, option["DomainName"]),
    )
    return {"Certificate": {**certificate, **({"DomainValidationOptions": named} if named else {})}}


@corrects(AWSCertificateManagerBackend, "delete_certificate")
def delete_certificate(original: Callable[..., Any], self: Any, arn: str) -> None:
    """moto deletes what is in use.

    https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html"""
    if {*_balancers(arn), *_distributions(arn)}:
        raise ResourceInUse(f"Certificate {arn} in account {self.account_id} is in use.")
    original(self, arn)


@corrects(AWSCertificateManagerBackend, "import_certificate")
def import_certificate(
    original: Callable[..., Any],
    self: Any,
    certificate: bytes,
    private_key: bytes,
    chain: bytes | None,
    arn: str | None,
    tags: Any,
) -> str:
    """moto forgets the tags of a certificate that another is imported over.

    https://docs.aws.amazon.com/acm/latest/userguide/import-reimport.html"""
    if arn and tags:
        raise AWSValidationException("You cannot apply tags when you reimport a certificate.")
    before = self._certificates.get(arn)
    made: str = original(self, certificate, private_key, chain, arn, tags)
    if before:
        self._certificates[made].tags = before.tags
    return made


@corrects(AWSCertificateManagerBackend, "list_certificates")
def list_certificates(
    original: Callable[..., Any], self: Any, statuses: Any, includes: dict[str, Any] | None
) -> Iterator[CertBundle]:
    """moto lists every kind of key; AWS without a filter small RSA keys only.

    https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html"""
    yield from original(self, statuses, {"keyTypes": SMALL, **(includes or {})})


@corrects(AWSCertificateManagerResponse, "update_certificate_options")
def update_certificate_options(original: Callable[..., Any], self: Any) -> ActionResult:
    """moto lacks it.

    https://docs.aws.amazon.com/acm/latest/APIReference/API_UpdateCertificateOptions.html"""
    certificate = self.acm_backend.get_certificate(self._get_param("CertificateArn"))
    if certificate.type == "IMPORTED":
        raise AWSValidationException("The options of an imported certificate cannot be changed.")
    certificate.cert_options.update(self._get_param("Options"))
    return EmptyResult()


def _options(certificate: Any) -> list[dict[str, Any]]:
    return list(certificate.describe()["Certificate"].get("DomainValidationOptions", []))


def _answer(record: dict[str, str]) -> tuple[str, str]:
    return record["Name"].lower().rstrip("."), record["Value"].lower().rstrip(".")


def _answers(arn: str) -> Iterator[tuple[str, str]]:
    """Every CNAME of the account's public zones: the DNS that our sandbox has."""
    for zone in route53_backends[_account(arn)][get_partition(_region(arn))].zones.values():
        if zone.private_zone or (people.absent and not _delegated(zone)):
            continue
        for record in zone.rrsets:
            if record.type == "CNAME":
                yield from (_answer({"Name": record.name, "Value": v}) for v in record.records)


def _delegated(zone: Any) -> bool:
    """Whether a public zone above it, of whatever account, names its name servers."""
    accounts = [by_partition["aws"] for by_partition in list(route53_backends.values())]
    others = (each for backend in accounts for each in backend.zones.values())
    above = (each for each in others if zone.name.endswith(f".{each.name}"))
    return any(
        record.type == "NS" and record.name == zone.name
        for each in above
        if not each.private_zone
        for record in each.rrsets
    )


def _balancers(arn: str) -> Iterator[str]:
    """The load balancers whose listeners show this certificate."""
    for balancer in elbv2_backends[_account(arn)][_region(arn)].load_balancers.values():
        if any(arn in listener.certificates for listener in balancer.listeners.values()):
            yield balancer.arn


def _distributions(arn: str) -> Iterator[str]:
    backend = cloudfront_backends[_account(arn)][get_partition(_region(arn))]
    for distribution in backend.distributions.values():
        shown: Any = distribution.ViewerCertificate  # as our own correction keeps it
        if arn == shown.get("ACMCertificateArn"):
            yield distribution.arn


def _account(arn: str) -> str:
    return arn.split(":")[4]


def _region(arn: str) -> str:
    return arn.split(":")[3]
