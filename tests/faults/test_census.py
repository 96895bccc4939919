"""The census itself: it must find what it is there to find."""

from pathlib import Path

import pytest

from reconciler import registry
from reconciler.load import load
from tests.faults.census import KINDS, difference
from tests.faults.world import REGION, account, census, client

OURS = {"muvi-converge:environment": "uat", "muvi-converge:address": "ec2.vpc/net"}


@pytest.fixture
def empty():
    with account():
        yield


def network(**tags):
    told = [{"ResourceType": "vpc", "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}]
    return client("ec2").create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=told)["Vpc"]["VpcId"]


def test_every_type_of_uat_is_counted():
    declared = load(Path("desired"), "uat")
    kinds = {each.type for each in declared.resources.values()}
    assert kinds <= KINDS.keys() <= {*registry.types()}


def test_two_accounts_made_the_same_way_are_the_same():
    taken = []
    for _ in range(2):
        with account():
            network(Name="net")
            taken.append(census())
    one, other = taken
    assert {each.id for each in one.things} != {each.id for each in other.things}
    assert difference(one, other) == []


def test_a_rule_more_makes_a_difference(empty):
    before = census()
    (group,) = client("ec2").describe_security_groups()["SecurityGroups"]
    rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    client("ec2").authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[rule])
    assert len(difference(before, census())) == 2  # the group as it was, and as it is


def test_what_is_there_twice_is_found_by_name_and_by_address(empty):
    network(Name="net")
    assert census().twice() == []
    network(Name="net")
    assert census().twice() == [f"ec2.vpc/net in {REGION}"]
    network(**OURS)
    network(**OURS, Name="another")
    assert census().twice() == [f"ec2.vpc/net in {REGION}"]


def test_ours_and_strangers_are_told_apart(empty):
    before = census()
    network(**OURS)
    network(Name="stranger")
    after = census()
    assert after.addresses("uat") == {"ec2.vpc/net": 1}
    assert after.ours("uat").counts == {"ec2.vpc": 1}
    assert after.ours("prod").counts == {}
    assert after.strangers("uat").counts - before.counts == {
        "ec2.vpc": 1,
        "ec2.route_table": 2,  # AWS makes one, and a group, with each network
        "ec2.security_group": 2,
    }
