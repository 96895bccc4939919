"""How much AWS takes of something, where a schema cannot say it.

https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from reconciler.load.problems import Finding
from reconciler.load.rules.whole import Place

MOST: Mapping[str, Mapping[str, int]] = {
    "events.rule": {"Targets": 5},
    "iam.role": {"ManagedPolicyArns": 10},
    "ecs.service": {"loadBalancers": 5},
}
"""Members of a list."""

LONGEST: Mapping[str, Mapping[str, int]] = {
    "events.rule": {"EventPattern": 4096},
    "iam.role": {"AssumeRolePolicyDocument": 2048, "Policies.PolicyDocument": 10240},
    "lambda.function": {"Environment.Variables": 4096},
    "s3.bucket": {"Policy": 20480},
}
"""Characters of a document as JSON without blanks; of several, all together."""


def not_too_many(resource: Place) -> Iterator[Finding]:
    for name, most in MOST.get(resource.resource.type, {}).items():
        place = resource.at(name)
        if (count := len(list(place))) > most:
            yield place.wrong(
                f"has {count} members, but AWS takes {most}; split it into several resources"
            )


def not_too_long(resource: Place) -> Iterator[Finding]:
    for path, most in LONGEST.get(resource.resource.type, {}).items():
        places = [each for each in resource.all(path) if not each.missing]
        length = sum(len(written(each)) for each in places)
        if length > most:
            yield places[0].wrong(
                f"takes {length} characters, but AWS takes {most} in all; shorten it, or move a "
                "part of it elsewhere"
            )


def written(place: Place) -> str:
    """A document as IAM counts it: without blanks. Of what nobody knows nothing is counted."""
    value = place.value
    text = value if isinstance(value, str) else json.dumps(value, default=lambda _: "")
    return re.sub(r"\s", "", text)
