"""Many resources that refer to each other, written as YAML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

NAME, ACCOUNT = "synthetic", "123456789012"
ENVIRONMENT = f"""\
account: '{ACCOUNT}'
region: eu-central-1
zones: [eu-central-1a, eu-central-1b]
lists: exact
"""
FILE = 500  # resources in each
PEERS = (1, 7, 19)
"""Each security group lets in those so many places before it."""


def write(folder: Path, count: int) -> None:
    """An environment of so many resources, with two references each on average."""
    home = folder / NAME
    home.mkdir(parents=True)
    (home / "environment.yaml").write_text(ENVIRONMENT)
    entries = [_entry(number, count) for number in range(count)]
    for first in range(0, count, FILE):
        # One document per resource, as if everyone wrote their own.
        text = "---\n".join(entries[first : first + FILE])
        (home / f"{first:05}.yaml").write_text(text)


def _entry(number: int, count: int) -> str:
    """Of each hundred: a VPC, 20 subnets, 40 groups, 10 route tables, 19 logs, 10 repositories."""
    hundred, place = divmod(number, 100)
    vpc = f"VpcId: ${{ec2.vpc/vpc-{hundred}.VpcId}}"
    if place == 0:
        return f"ec2.vpc:\n  vpc-{hundred}: {{CidrBlock: 10.{hundred % 256}.0.0/16}}\n"
    if place <= 20:
        cidr = f"10.{hundred % 256}.{place}.0/24"
        return f"ec2.subnet:\n  subnet-{number}:\n    {vpc}\n    CidrBlock: {cidr}\n"
    if place <= 60:
        return f"ec2.security_group:\n  group-{number}:\n    {vpc}\n{''.join(_rules(number))}"
    if place <= 70:
        return f"ec2.route_table:\n  table-{number}:\n    {vpc}\n{_subnet(number, place)}"
    if place <= 89:
        return f"logs.log_group:\n  /synthetic/{number}: {{retentionInDays: 30}}\n"
    return f"ecr.repository:\n  synthetic/{number}: {{imageTagMutability: IMMUTABLE}}\n"


def _rules(number: int) -> Iterator[str]:
    hundred, place = divmod(number, 100)
    yield "    Description: One of many.\n    ingress:\n"
    for port, back in enumerate(PEERS, 8000):
        peer = hundred * 100 + 21 + (place - 21 - back) % 40
        group = f"GroupId: '${{ec2.security_group/group-{peer}.GroupId}}'"
        yield f"      - {{IpProtocol: tcp, FromPort: {port}, ToPort: {port}, "
        yield f"ReferencedGroupInfo: {{{group}}}}}\n"


def _subnet(number: int, place: int) -> str:
    subnet = number - place + (place - 60)
    return f"    Associations:\n      - SubnetId: ${{ec2.subnet/subnet-{subnet}.SubnetId}}\n"
