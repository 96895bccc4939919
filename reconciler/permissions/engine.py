"""What the engine itself asks, beside the handlers: forecasts, lease, journal, history."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.actors import regions
from reconciler.aws.terraform import REMOTE
from reconciler.load import Environment
from reconciler.permissions.names import ANY
from reconciler.permissions.need import Need, in_regions

ACTIONS = frozenset(
    {
        "cloudtrail:LookupEvents",
        "iam:GetRole",
        "iam:SimulatePrincipalPolicy",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
        "servicequotas:GetAWSDefaultServiceQuota",
        "servicequotas:GetServiceQuota",
    }
)
"""Every action that is named in here."""
FORESEES = ("servicequotas:GetServiceQuota", "servicequotas:GetAWSDefaultServiceQuota")
BUCKET = "arn:aws:s3:::{}"


def engine(environment: Environment, *, reading: bool) -> Iterator[Need]:
    """What every environment takes; `reading`: for a plan only."""
    for state in environment.terraform:
        if remote := REMOTE.fullmatch(state):
            yield Need("s3:GetObject", (BUCKET.format(f"{remote['bucket']}/{remote['key']}"),))
    yield from _state(environment, reading)
    everywhere = {*environment.regions.values(), *regions(environment.region)}
    for action in FORESEES:
        yield Need(action, (ANY,), in_regions(tuple(sorted(everywhere))))
    told = in_regions(tuple(sorted(regions(environment.region))))
    yield Need("cloudtrail:LookupEvents", (ANY,), told)
    yield from _foreseen(environment)


def _state(environment: Environment, reading: bool) -> Iterator[Need]:
    """The lease and the journals. Who may not list a bucket is not told that a key is missing:

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html"""
    if not environment.state:
        return
    bucket, name = environment.state.bucket, environment.name
    ours = tuple(BUCKET.format(f"{bucket}/{e}") for e in (f"lease/{name}.json", f"runs/{name}/*"))
    yield Need("s3:ListBucket", (BUCKET.format(bucket),))
    yield Need("s3:GetObject", ours)
    if not reading:
        yield Need("s3:PutObject", ours)


def _foreseen(environment: Environment) -> Iterator[Need]:
    """What our own policies allow: of any role, since the run is told which only by AWS."""
    account = environment.account
    who = tuple(f"arn:aws:iam::{account}:{kind}/*" for kind in ("role", "user"))
    yield Need("iam:SimulatePrincipalPolicy", who)
    yield Need("iam:GetRole", who[:1])
