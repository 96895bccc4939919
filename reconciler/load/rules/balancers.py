"""What load balancers refuse: listeners without certificates, gRPC in the clear, one zone.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.load.problems import Finding
from reconciler.load.rules.distributions import region_of
from reconciler.load.rules.place import Place
from reconciler.load.rules.whole import Whole

GROUP = "elbv2.target_group"
SECURE = ("HTTPS", "TLS")
ACTIONS = {"elbv2.listener": "DefaultActions", "elbv2.rule": "Actions"}


def certificate_region(listener: Place) -> Iterator[Finding]:
    """A listener's certificate stands where its load balancer stands."""
    home = listener.resource.region
    for place in listener.all("Certificates.CertificateArn"):
        if (region := region_of(place)) not in ("", home):
            yield place.wrong(
                f"is {place.identity}, which stands in {region}, but a load balancer takes "
                f"certificates from its own region, {home}, only; make one there"
            )


def certificate_given(listener: Place) -> Iterator[Finding]:
    """AWS would refuse it without a certificate, and choose an old policy by itself."""
    if listener.at("Protocol").text not in SECURE:
        return
    for name, example in (
        ("Certificates", "[{CertificateArn: ...}]"),
        ("SslPolicy", "ELBSecurityPolicy-TLS13-1-2-2021-06"),
    ):
        if listener.at(name).raw in (None, []):
            yield listener.at("Protocol").wrong(
                f"is {listener.at('Protocol').text}, but the listener has no {name}, so AWS would "
                f"refuse it or choose an old one; add {name}: {example}",
                sure=False,
            )


def grpc_secured(forwarding: Place) -> Iterator[Finding]:
    """gRPC goes over HTTP/2, which load balancers speak over TLS only."""
    listener = forwarding
    if forwarding.resource.type == "elbv2.rule":
        found = forwarding.at("ListenerArn").of("elbv2.listener")
        if found is None:
            return
        listener = found
    protocol = listener.at("Protocol").text
    for place in groups(forwarding):
        group = place.of(GROUP)
        if group and group.at("ProtocolVersion").text == "GRPC" and protocol not in ("", "HTTPS"):
            yield place.wrong(
                f"is {group.resource.address}, which speaks gRPC, but "
                f"{listener.resource.address} is {protocol}, and AWS sends gRPC over HTTPS only; "
                "make the listener HTTPS, or the group's ProtocolVersion HTTP1"
            )


def balancer_zones(balancer: Place) -> Iterator[Finding]:
    """An application load balancer stands in two zones."""
    if balancer.at("Type").text in ("", "application") and not balancer.at("Type").open:
        yield from two_zones(balancer.at("Subnets"), "an application load balancer")


def group_zones(group: Place) -> Iterator[Finding]:
    """A database can move to another zone."""
    yield from two_zones(group.at("SubnetIds"), "a DB subnet group")


def cache_zones(cache: Place) -> Iterator[Finding]:
    """So can a cache, where it shall stand in several."""
    group = cache.at("CacheSubnetGroupName").of("elasticache.cache_subnet_group")
    if group and cache.at("MultiAZEnabled").value is True:
        for finding in two_zones(group.at("SubnetIds"), "a cache in several zones"):
            yield cache.at("CacheSubnetGroupName").wrong(finding.what, finding.grave)


def two_zones(subnets: Place, what: str) -> Iterator[Finding]:
    """The subnets are in two zones, as far as their zones are known."""
    zones = {zone_of(each) for each in subnets}
    if subnets.raw and len(zones) == 1 and (zones != {""} or len(list(subnets)) == 1):
        where = zones.pop() or "a single one"
        yield subnets.wrong(
            f"are in {where} only, but {what} needs two zones, so AWS would refuse it; add a "
            "subnet of another zone",
            sure=False,
        )


def zone_of(subnet: Place) -> str:
    """The zone of a declared subnet; empty if it is not known."""
    declared = subnet.of("ec2.subnet")
    if declared is None:
        return ""
    return declared.at("AvailabilityZone").text or declared.at("AvailabilityZoneId").text


def groups(forwarding: Place) -> Iterator[Place]:
    """The target groups to which a listener or rule forwards."""
    actions = ACTIONS[forwarding.resource.type]
    yield from forwarding.all(f"{actions}.TargetGroupArn")
    yield from forwarding.all(f"{actions}.ForwardConfig.TargetGroups.TargetGroupArn")


def forwarded(whole: Whole) -> set[str]:
    """The addresses of all target groups to which something forwards; "" if one is unknown."""
    sources = [each for kind in ACTIONS for each in whole.every(kind)]
    places = [place for each in sources for place in groups(each) if not place.missing]
    actions = [each.at(ACTIONS[each.resource.type]) for each in sources]
    unknown = {"" for each in actions if not isinstance(each.raw, list | None)}
    return unknown | {place.identity for place in places}
