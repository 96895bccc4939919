"""What load balancers refuse: listeners without certificates, gRPC in the clear, one zone.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.load.problems import Finding
from reconciler.load.rules.distributions import region_of
from reconciler.load.rules.place import Place
from reconciler.load.rules.whole import Whole

GROUP = "elbv2.target_group"
SECURE, WEB = ("HTTPS", "TLS"), ("HTTP", "HTTPS")
NEEDED = (  # what a secure listener names, what AWS would do without it, and what to write
    ("Certificates", "refuse it", "[{CertificateArn: ...}]"),
    ("SslPolicy", "take an old one", "ELBSecurityPolicy-TLS13-1-2-2021-06"),
)
TWO_ZONES = "needs two zones, so AWS would refuse it; add a subnet of another zone"
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
    """Without a certificate there is no TLS, and without a policy it is an old one."""
    protocol = listener.at("Protocol")
    for name, otherwise, example in NEEDED if protocol.text in SECURE else ():
        if listener.at(name).raw in (None, []):
            yield protocol.wrong(
                f"is {protocol.text}, but the listener has no {name}, so AWS would {otherwise}; "
                f"add {name}: {example}",
                sure=False,
            )


def grpc_secured(forwarding: Place) -> Iterator[Finding]:
    """gRPC goes over HTTP/2, which load balancers speak over TLS only."""
    listener, protocol = _listener(forwarding)
    for place in groups(forwarding):
        group = place.of(GROUP)
        if group and group.at("ProtocolVersion").text == "GRPC" and protocol not in ("", "HTTPS"):
            yield place.wrong(
                f"is {place.identity}, which speaks gRPC, but {listener} is {protocol}, and "
                "AWS sends gRPC over HTTPS only; make the listener HTTPS, or the group's "
                "ProtocolVersion HTTP1"
            )


def spoken_alike(forwarding: Place) -> Iterator[Finding]:
    """Requests go on as requests, and connections as connections."""
    listener, protocol = _listener(forwarding)
    for place in groups(forwarding):
        group = place.of(GROUP)
        spoken = group.at("Protocol").text if group else ""
        if protocol and spoken and (protocol in WEB) is not (spoken in WEB):
            yield place.wrong(
                f"is {place.identity}, whose Protocol is {spoken}, but {listener} is {protocol}, "
                f"so AWS would refuse it; make the group's {protocol}"
            )


def _listener(forwarding: Place) -> tuple[str, str]:
    """The listener itself, or that of a rule: its address, and its protocol if it is known."""
    listener: Place | None = forwarding
    if forwarding.resource.type == "elbv2.rule":
        listener = forwarding.at("ListenerArn").of("elbv2.listener")
    return (listener.resource.address, listener.at("Protocol").text) if listener else ("", "")


def balancer_zones(balancer: Place) -> Iterator[Finding]:
    """An application load balancer stands in two zones."""
    kind, subnets = balancer.at("Type"), balancer.at("Subnets")
    application = kind.missing or kind.text == "application"
    if application and (where := only_zone(subnets)):
        yield subnets.wrong(f"are {where}, but a load balancer {TWO_ZONES}", sure=False)


def group_zones(group: Place) -> Iterator[Finding]:
    """A database can move to another zone."""
    if where := only_zone(group.at("SubnetIds")):
        what = f"are {where}, but a DB subnet group {TWO_ZONES}"
        yield group.at("SubnetIds").wrong(what, sure=False)


def cache_zones(cache: Place) -> Iterator[Finding]:
    """So can a cache, where it shall stand in several."""
    place = cache.at("CacheSubnetGroupName")
    group = place.of("elasticache.cache_subnet_group")
    several = cache.at("MultiAZEnabled").value is True
    if several and group and (where := only_zone(group.at("SubnetIds"))):
        what = f"is {group.resource.address}, whose subnets are {where}, but MultiAZEnabled"
        yield place.wrong(f"{what} {TWO_ZONES}", sure=False)


def only_zone(subnets: Place) -> str:
    """Where all the subnets are, if that is one zone, as far as zones are known."""
    zones = [zone_of(each) for each in subnets]
    if len(zones) == 1 and isinstance(subnets.raw, list):
        return "a single one"
    return f"all in {zones[0]}" if len({*zones}) == 1 and zones[0] else ""


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
