"""How many AWS lets the account have.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from reconciler.aws.failures import missing
from reconciler.errors import Problem
from reconciler.model import Action
from reconciler.plan.estate import Estate
from reconciler.preflight.asking import Question
from reconciler.result import Decision

GLOBAL = "us-east-1"
ABOUT = "quotas (servicequotas:GetServiceQuota)"


@dataclass(frozen=True)
class Quota:
    """One quota of AWS's, and which of our types counts against it."""

    service: str
    code: str
    what: str
    a_zone: bool = False
    """It counts for each zone: in all zones together so many times more fit."""
    everywhere: bool = False
    """It counts for the account, in all regions."""
    only: Mapping[str, str] = field(default_factory=dict)
    """Only objects with these values count."""


QUOTAS = {
    "cloudfront.distribution": Quota("cloudfront", "L-24B04930", "distributions", everywhere=True),
    "ec2.address": Quota("ec2", "L-0263D0A3", "elastic IP addresses"),
    "ec2.internet_gateway": Quota("vpc", "L-A4707A72", "internet gateways"),
    "ec2.nat_gateway": Quota("vpc", "L-FE5A380F", "NAT gateways", a_zone=True),
    "ec2.security_group": Quota("vpc", "L-E79EC296", "security groups"),
    "ec2.vpc": Quota("vpc", "L-F678F1CE", "VPCs"),
    "elbv2.load_balancer": Quota(
        "elasticloadbalancing",
        "L-53DA6B97",
        "application load balancers",
        only={"Type": "application"},
    ),
    "iam.role": Quota("iam", "L-FE177D64", "roles", everywhere=True),
    "rds.db_instance": Quota("rds", "L-7B6409FD", "database instances"),
    "s3.bucket": Quota("s3", "L-DC2B2D3D", "buckets", everywhere=True),
}


def questions(estate: Estate, decisions: Iterable[Decision]) -> Iterator[Question]:
    """One for each kind of thing of which there would be more."""
    more: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for each in decisions:
        quota = QUOTAS.get(each.type)
        if quota and each.action is Action.CREATE and _counts(quota, estate, each.address):
            more[each.type, GLOBAL if quota.everywhere else each.region].append(each.address)
    for (kind, region), made in more.items():
        yield Question(ABOUT, partial(_against, estate, kind, region, made))


def _counts(quota: Quota, estate: Estate, address: str) -> bool:
    """Whether what shall be made counts; what the YAML leaves open may be AWS's default."""
    properties = estate.born(address).properties
    return all(properties.get(name, value) == value for name, value in quota.only.items())


def _against(estate: Estate, kind: str, region: str, made: Sequence[str]) -> Iterator[Problem]:
    quota, there = QUOTAS[kind], _there(estate, kind, estate.resources[made[0]].region)
    value = limit(estate.aws.client("service-quotas", region), quota)
    if value is None:
        return
    most = value * (max(len(estate.environment.zones), 1) if quota.a_zone else 1)
    if there + len(made) > most:
        where = "in this account" if quota.everywhere else f"in {region}"
        yield Problem(
            None,
            "",
            f"{where} AWS allows {most:g} {quota.what}, there are {there}, and {len(made)} more "
            f"are to be made ({', '.join(made[:3])}): ask for more first (aws service-quotas "
            f"request-service-quota-increase --service-code {quota.service} --quota-code "
            f"{quota.code} --region {region} --desired-value N)",
        )


def _there(estate: Estate, kind: str, region: str) -> int:
    """How many there are by now, as this run has listed them."""
    index, only = estate.index(kind, region), QUOTAS[kind].only.items()
    every = {each.id: each for each in (*index.ids.values(), *index.abroad.values())}
    return sum(all(each.properties.get(n) == v for n, v in only) for each in every.values())


def limit(client: Any, quota: Quota) -> float | None:
    """The account's own value, else AWS's default, else None."""
    asked = {"ServiceCode": quota.service, "QuotaCode": quota.code}
    with missing("NoSuchResourceException"):
        return float(client.get_service_quota(**asked)["Quota"]["Value"])
    with missing("NoSuchResourceException"):
        return float(client.get_aws_default_service_quota(**asked)["Quota"]["Value"])
    return None
