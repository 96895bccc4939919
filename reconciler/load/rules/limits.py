"""How much AWS takes of something, and which of it, where a schema cannot say it.

https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from reconciler.load import facts
from reconciler.load.problems import Finding
from reconciler.load.rules.place import Place

LONGEST: Mapping[str, Mapping[str, int]] = {
    "events.rule": {"EventPattern": 4096},
    "iam.policy": {"PolicyDocument": 6144},
    "iam.role": {"AssumeRolePolicyDocument": 2048, "Policies.PolicyDocument": 10240},
    "lambda.function": {"Environment.Variables": 4096},
    "s3.bucket": {"Policy": 20480},
}
"""Characters of a document as JSON without blanks; of several, all together."""

AMONG: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "logs.log_group": {
        "retentionInDays": (
            *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096),
            *(1827, 2192, 2557, 2922, 3288, 3653),
        )
    },
}
"""The only numbers that there are."""

WHATEVER_CASE: Mapping[str, tuple[str, ...]] = {
    "iam.role": ("RoleName",),
    "ec2.security_group": ("GroupName", "VpcId"),
}
"""Names that AWS takes for the same if only capitals tell them apart."""


ALONE: Mapping[str, str] = {"ec2.internet_gateway": "VpcId"}
"""Types of which AWS takes one where this property says the same."""


def not_too_long(resource: Place) -> Iterator[Finding]:
    """A document is no longer than AWS lets it be."""
    for path, most in LONGEST.get(resource.resource.type, {}).items():
        places = [each for each in resource.all(path) if not each.missing]
        length = sum(len(written(each)) for each in places)
        if length > most:
            yield places[0].wrong(
                f"takes {length} characters, but AWS takes {most} in all; shorten it, or move a "
                "part of it elsewhere"
            )


def among(resource: Place) -> Iterator[Finding]:
    """A number is one of those that AWS takes."""
    for name, numbers in AMONG.get(resource.resource.type, {}).items():
        value = resource.at(name).value
        if isinstance(value, int) and value not in numbers:
            said = ", ".join(map(str, numbers))
            yield resource.at(name).wrong(f"is {value}, which AWS would refuse; it takes {said}")


def offered(resource: Place) -> Iterator[Finding]:
    """A region has the type."""
    kind, region = resource.resource.type, resource.resource.region
    if region in facts.handler(kind).absent_from:
        yield resource.wrong(f"stands in {region}, where AWS has no {kind}; choose another $region")


def bounds(target: Place) -> Iterator[Finding]:
    """There is something between the bounds of scaling."""
    low, high = target.at("MinCapacity"), target.at("MaxCapacity")
    if isinstance(low.value, int) and isinstance(high.value, int) and low.value > high.value:
        yield low.wrong(
            f"is {low.value}, which is more than MaxCapacity, {high.value}, so AWS would refuse "
            "both; swap them"
        )


def alone(resource: Place) -> Iterator[Finding]:
    """Where AWS takes one, there is one."""
    kind = resource.resource.type
    place = resource.at(ALONE[kind])
    if place.identity and (other := place.claimed(kind, place.identity)):
        yield place.wrong(
            f"is {place.identity}, which has {other} already, and AWS lets it have one only; take "
            "one of the two out"
        )


def other_case(resource: Place) -> Iterator[Finding]:
    """Two names are told apart by more than capitals."""
    kind = resource.resource.type
    places = [resource.at(name) for name in WHATEVER_CASE.get(kind, ())]
    if not places or not all(each.identity for each in places):
        return
    other = places[0].claimed(kind, *(each.identity.lower() for each in places))
    if other and other.text != places[0].text:
        yield places[0].wrong(
            f"is {places[0].text}, and {other} is {other.text}, which AWS takes for the same name, "
            "so it would refuse one of the two; choose another"
        )


def written(place: Place) -> str:
    """A document as IAM counts it: without blanks. Of what nobody knows nothing is counted."""
    value = place.value
    text = value if isinstance(value, str) else json.dumps(value, default=lambda _: "")
    return re.sub(r"\s", "", text)
