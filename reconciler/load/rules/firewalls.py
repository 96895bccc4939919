"""What WAF refuses: firewalls in the wrong region, groups of rules out of place, logs elsewhere.

https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html
https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-rule-group.html
https://docs.aws.amazon.com/waf/latest/developerguide/logging-destinations.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.load.problems import Finding
from reconciler.load.rules.distributions import HOME
from reconciler.load.rules.place import Place

CLOUDFRONT = "CLOUDFRONT"
LOGS = "aws-waf-logs-"
GROUPS = ("ManagedRuleGroupStatement", "RuleGroupReferenceStatement")
REDACTED = ("UriPath", "QueryString", "SingleHeader", "Method")


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


def acts_or_overrides(acl: Place) -> Iterator[Finding]:
    """A rule does something; of a group of rules only what its rules do is overridden."""
    for rule in acl.at("Rules"):
        statement = rule.at("Statement")
        if not isinstance(statement.raw, Mapping):
            continue
        group = next((each for each in GROUPS if not statement.at(each).missing), "")
        wrong, right = ("Action", "OverrideAction") if group else ("OverrideAction", "Action")
        if not (place := rule.at(wrong)).missing and not place.open:
            what = f"a {group}" if group else "no group of rules"
            yield place.wrong(
                f"stands beside {what}, so WAF would refuse the rule; write {right} in its place"
            )


def groups_outside(acl: Place) -> Iterator[Finding]:
    """Groups of rules stand alone: no other statement holds them."""
    for statement in acl.all("Rules.Statement"):
        inside = statement.raw.values() if isinstance(statement.raw, Mapping) else ()
        for group in _held(list(inside)):
            yield statement.wrong(
                f"has a {group} inside of another statement, which WAF does not take; give it a "
                "rule of its own"
            )


def logged_as_taken(acl: Place) -> Iterator[Finding]:
    """One destination, and only some fields can be left out of it."""
    logging = acl.at("LoggingConfiguration")
    places = list(logging.at("LogDestinationConfigs"))
    if len(places) > 1:
        yield places[1].wrong("is a second place for the logs, and WAF takes one; keep one")
    for field in logging.at("RedactedFields"):
        for name in field.raw if isinstance(field.raw, Mapping) else ():
            if name not in REDACTED and not name.startswith("$"):
                yield field.at(name).wrong(
                    f"cannot be left out of logs; WAF takes {', '.join(REDACTED)}"
                )


def _held(value: Any) -> Iterator[str]:
    """The groups of rules anywhere below."""
    if isinstance(value, list):
        for each in value:
            yield from _held(each)
    if isinstance(value, Mapping):
        yield from (name for name in GROUPS if value.get(name) is not None)
        for each in value.values():
            yield from _held(each)
