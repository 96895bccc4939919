"""What the engine asks beside the handlers: the sweep, others' state, foresight, lease, journal."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler import actors
from reconciler.aws.terraform import REMOTE
from reconciler.load import Declared, Environment
from reconciler.load.references import REFERENCE, split
from reconciler.notify.metrics import NAMESPACE
from reconciler.permissions import tables
from reconciler.permissions.names import ANY, Names
from reconciler.permissions.need import Need, in_regions
from reconciler.permissions.operations import Operation
from reconciler.preflight.quotas import GLOBAL

SWEEP = Operation("resourcegroupstaggingapi", "GetResources")
"""What is asked in every region, for the tags of all that is ours."""
QUOTAS = ("servicequotas:GetAWSDefaultServiceQuota", "servicequotas:GetServiceQuota")
SIMULATION = {
    "iam:GetRole": ("role",),
    "iam:SimulatePrincipalPolicy": ("role", "user"),
}
"""What asks whether whoever runs this may do it; by whom it may be run, no file says."""
ACTIONS = {*tables.actions(SWEEP), *QUOTAS, *SIMULATION}
ACTIONS |= {"cloudtrail:LookupEvents", "s3:GetObject", "s3:ListBucket", "s3:PutObject"}
ACTIONS |= {"cloudwatch:PutMetricData", "sns:Publish"}
METRICS = (("StringEquals", "cloudwatch:namespace", (NAMESPACE,)),)
"""Where metrics go: AWS knows no resources for them."""


def needs(declared: Declared, *, reading: bool) -> Iterator[Need]:
    """What a run needs, whatever it finds."""
    environment = declared.environment
    regions = tuple(sorted(set(environment.regions.values())))
    for action in tables.actions(SWEEP):
        yield Need(action, (ANY,), in_regions(regions))
    yield from _states(environment)
    yield from _foresight(declared, regions)
    yield from _kept(environment, reading)
    if not reading:
        yield from _told(declared)
    everywhere = in_regions(tuple(sorted({*regions, *actors.regions(environment.region)})))
    yield Need("cloudtrail:LookupEvents", (ANY,), everywhere)


def _states(environment: Environment) -> Iterator[Need]:
    for state in environment.terraform:
        if remote := REMOTE.fullmatch(state):
            yield Need("s3:GetObject", (f"arn:aws:s3:::{remote['bucket']}/{remote['key']}",))


def _foresight(declared: Declared, regions: tuple[str, ...]) -> Iterator[Need]:
    for action in QUOTAS:
        yield Need(action, (ANY,), in_regions(tuple(sorted({*regions, GLOBAL}))))
    for action, kinds in SIMULATION.items():
        home = f"arn:aws:iam::{declared.environment.account}"
        yield Need(action, tuple(f"{home}:{kind}/*" for kind in kinds))


def _kept(environment: Environment, reading: bool) -> Iterator[Need]:
    """Lease, journals, holds and what is known of drifts: written by whoever converges.

    Without ListBucket AWS does not say that there is none, but that we may not know."""
    if environment.state:
        bucket, name = f"arn:aws:s3:::{environment.state.bucket}", environment.name
        kept = (f"{bucket}/{each}/{name}.json" for each in ("drifts", "holds", "lease"))
        objects = (*kept, f"{bucket}/runs/{name}/*")
        yield Need("s3:ListBucket", (bucket,))
        yield Need("s3:GetObject", objects)
        if not reading:
            yield Need("s3:PutObject", objects)


def _told(declared: Declared) -> Iterator[Need]:
    """What telling people and CloudWatch of a run takes."""
    said = declared.environment.notify
    if topic := said.get("sns"):
        yield Need("sns:Publish", tuple(sorted(_topics(declared, topic))))
    if said.get("metrics"):
        yield Need("cloudwatch:PutMetricData", (ANY,), METRICS)


def _topics(declared: Declared, said: str) -> Iterator[str]:
    """A topic's ARN: as it is said, or of the resource that is referred to."""
    reference = REFERENCE.fullmatch(said)
    found = split(reference[1], declared.resources) if reference else None
    if found is None:
        yield said
        return
    resource = declared.resources[found[0]]
    yield from Names(declared).arns(resource, tables.targets()[resource.type]["sns:topic"])
