"""What CloudFront refuses: certificates of other regions or names, aliases of others.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.load.problems import Finding
from reconciler.load.rules.place import Place

CERTIFICATE = "ViewerCertificate.ACMCertificateArn"
HOME = "us-east-1"


def certificate_region(distribution: Place) -> Iterator[Finding]:
    """CloudFront takes certificates from one region only."""
    place = distribution.at(CERTIFICATE)
    if (region := region_of(place)) not in ("", HOME):
        yield place.wrong(
            f"is {place.identity}, which stands in {region}, but CloudFront takes certificates "
            f"from {HOME} only; make it there ($region)"
        )


def certificate_covers(distribution: Place) -> Iterator[Finding]:
    """Every alias is a name of the certificate. The names of an imported one stand in its PEM."""
    certificate = distribution.at(CERTIFICATE).of("acm.certificate")
    if certificate is None or not certificate.at("Certificate").missing:
        return
    alternatives = certificate.at("SubjectAlternativeNames")
    names = [certificate.at("DomainName").text, *(each.text for each in alternatives)]
    if alternatives.open or "" in names:
        return
    for alias in distribution.at("Aliases.Items"):
        if alias.text and not any(covers(name, alias.text) for name in names):
            yield alias.wrong(
                f"is {alias.text}, which {certificate.resource.address} does not cover "
                f"({', '.join(names)}), so CloudFront would refuse it; add it to the "
                "certificate's SubjectAlternativeNames, or name another certificate",
                not alternatives.missing,
            )


def alias_once(distribution: Place) -> Iterator[Finding]:
    """A name leads to one distribution."""
    for alias in distribution.at("Aliases.Items"):
        if alias.text and (other := alias.claimed("alias", alias.text.lower())):
            yield alias.wrong(
                f"is {alias.text}, which {other} has already, and AWS gives a name to one "
                "distribution only; take one of the two out"
            )


def covers(name: str, domain: str) -> bool:
    """Whether a certificate for `name` holds for a domain; `*` stands for one label."""
    name, domain = name.lower(), domain.lower()
    first, _, rest = domain.partition(".")
    return name == domain or (name == f"*.{rest}" and first not in ("", "*"))


def region_of(certificate: Place) -> str:
    """Where a certificate stands, by the resource or the ARN; empty if nobody knows."""
    if named := certificate.of("acm.certificate"):
        return named.resource.region
    parts = certificate.text.split(":")
    return parts[3] if len(parts) > 5 else ""
