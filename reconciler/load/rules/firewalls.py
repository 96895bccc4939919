"""What WAF refuses: the firewalls of distributions outside one region, and logs elsewhere.

https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html
https://docs.aws.amazon.com/waf/latest/developerguide/logging-destinations.html"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.load.problems import Finding
from reconciler.load.rules.distributions import HOME
from reconciler.load.rules.place import Place

CLOUDFRONT = "CLOUDFRONT"
LOGS = "aws-waf-logs-"


def scope_region(firewall: Place) -> Iterator[Finding]:
    """What guards distributions stands in one region."""
    scope, region = firewall.at("Scope"), firewall.resource.region
    if scope.text == CLOUDFRONT and region != HOME:
        yield scope.wrong(
            f"is {CLOUDFRONT}, which WAF knows in {HOME} only, but it is declared in {region}; "
            f"move it there ($region), or write REGIONAL"
        )


def distributions_name_it(acl: Place) -> Iterator[Finding]:
    """Only load balancers are named by what guards them."""
    place = acl.at("ResourceArns")
    if acl.at("Scope").text == CLOUDFRONT and len(list(place)):
        yield place.wrong(
            f"stands beside Scope {CLOUDFRONT}, but WAF lets only load balancers be named here; "
            "write its ARN as WebACLId of each cloudfront.distribution"
        )


def distribution_scope(distribution: Place) -> Iterator[Finding]:
    """A distribution is guarded by what is made for distributions."""
    place = distribution.at("WebACLId")
    acl = place.of("wafv2.web_acl")
    if acl and acl.at("Scope").text not in ("", CLOUDFRONT):
        yield place.wrong(
            f"is {acl.resource.address}, whose Scope is {acl.at('Scope').text}, so CloudFront "
            f"would refuse it; name one whose Scope is {CLOUDFRONT}"
        )


def log_destination(acl: Place) -> Iterator[Finding]:
    """WAF knows by the name that a place is meant for its logs."""
    for place in acl.all("LoggingConfiguration.LogDestinationConfigs"):
        bucket, group = place.of("s3.bucket"), place.of("logs.log_group")
        name = (
            bucket.at("Bucket") if bucket else group.at("logGroupName") if group else place
        ).text
        if (bucket or group) and name and not name.startswith(LOGS):
            yield place.wrong(
                f"is {place.identity}, but WAF writes only to what is named {LOGS}..., so it would "
                f"refuse it; name it {LOGS}{name}"
            )
