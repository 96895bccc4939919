"""What reaches EC2. Corrections of moto: ec2.py, ec2_endpoints.py, ec2_gateways.py, ec2_groups.py,
ec2_routes.py, ec2_tokens.py."""

from time import monotonic

import pytest
from botocore.exceptions import ClientError

from reconciler.aws.ownership import ADDRESS, ENVIRONMENT
from reconciler.errors import NotSettled
from reconciler.model import Desired, Found, Observed, Status, Wait
from resources.ec2.address import Address
from resources.ec2.internet_gateway import InternetGateway
from resources.ec2.nat_gateway import NatGateway
from resources.ec2.route_table import RouteTable
from resources.ec2.security_group import SecurityGroup
from resources.ec2.subnet import Subnet
from resources.ec2.vpc import Vpc
from resources.ec2.vpc_endpoint import VpcEndpoint
from tests.conftest import REGION
from tests.handlers.steps import change, create, look, sent, update

TAGS = {"Name": "it"}
HTTP = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}
ANYWHERE = {"CidrIpv4": "0.0.0.0/0"}
S3 = "com.amazonaws.eu-central-1.s3"


@pytest.fixture
def ec2(aws):
    return aws.client("ec2", REGION)


@pytest.fixture
def vpc(aws):
    return made(Vpc(aws, REGION), CidrBlock="10.0.0.0/16")


@pytest.fixture
def subnets(aws, vpc):
    zones = {f"10.0.{n}.0/24": f"{REGION}{zone}" for n, zone in enumerate("ab")}
    return [
        made(Subnet(aws, REGION), VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)
        for cidr, zone in zones.items()
    ]


@pytest.fixture
def gateway(aws, vpc):
    handler = InternetGateway(aws, REGION)
    name = made(handler, VpcId=vpc)
    update(handler, name, {"VpcId": vpc})
    return name


@pytest.fixture
def nat(aws, subnets, gateway):
    address = made(Address(aws, REGION))
    return made(NatGateway(aws, REGION), SubnetId=subnets[0], AllocationId=address)


@pytest.fixture
def group(aws, vpc):
    """A group's handler, its id, and a function that writes its lists."""
    handler = SecurityGroup(aws, REGION)
    name = made(handler, GroupName="it", Description="it", VpcId=vpc)
    return handler, name, lambda **lists: update(handler, name, lists)


@pytest.fixture
def tables(aws, vpc):
    """A route table's handler, and two tables."""
    handler = RouteTable(aws, REGION)
    return handler, [made(handler, intent, VpcId=vpc) for intent in ("one", "other")]


def made(handler, intent="", **properties):
    return create(handler, Desired(handler.spelled(properties), TAGS, intent))


def verbs(calls):
    return [name for name, _ in calls]


def to(target, cidr="0.0.0.0/0"):
    kind = "NatGatewayId" if target.startswith("nat-") else "GatewayId"
    return {"DestinationCidrBlock": cidr, kind: target}


# What AWS would make twice


@pytest.fixture
def asked(vpc, subnets, gateway):
    """What each type is asked for."""
    return {
        Vpc: {"CidrBlock": "10.9.0.0/16"},
        Address: {},
        InternetGateway: {},
        RouteTable: {"VpcId": vpc},
        NatGateway: {"SubnetId": subnets[0], "ConnectivityType": "private"},
        VpcEndpoint: {"VpcId": vpc, "ServiceName": S3, "VpcEndpointType": "Gateway"},
    }


@pytest.mark.parametrize(
    "type_", [Vpc, Address, InternetGateway, RouteTable, NatGateway, VpcEndpoint]
)
def test_what_may_be_asked_twice_is_made_once(aws, asked, type_):
    handler = type_(aws, REGION)
    first, again, other = (
        made(handler, intent, **asked[type_]) for intent in ("run it", "run it", "next run it")
    )
    assert (first == again) is handler.repeatable
    assert other != first


@pytest.mark.parametrize("type_", [RouteTable, NatGateway, VpcEndpoint])
def test_a_token_has_as_many_characters_as_aws_takes(aws, ec2, asked, type_):
    calls = sent(ec2)
    made(type_(aws, REGION), "a run " * 100, **asked[type_])
    ((_, request),) = calls
    assert 32 <= len(request["ClientToken"]) <= 64


# Reading


@pytest.mark.parametrize(
    ("type_", "listings"),
    [
        (Vpc, ["DescribeVpcs"]),
        (Subnet, ["DescribeSubnets"]),
        (InternetGateway, ["DescribeInternetGateways"]),
        (Address, ["DescribeAddresses"]),
        (NatGateway, ["DescribeNatGateways"]),
        (RouteTable, ["DescribeRouteTables"]),
        (SecurityGroup, ["DescribeSecurityGroupRules", "DescribeSecurityGroups"]),
        (VpcEndpoint, ["DescribeVpcEndpoints"]),
    ],
)
def test_one_listing_per_kind_shows_all_and_their_tags(aws, ec2, group, nat, s3, type_, listings):
    calls = sent(ec2, *listings)
    found = list(type_(aws, REGION).listed(monotonic()))
    assert sorted(verbs(calls)) == listings
    assert TAGS in [each.tags for each in found]


def test_a_networks_switches_are_read_only_if_mentioned(aws, ec2, vpc):
    calls = sent(ec2, "DescribeVpcAttribute")
    handler = Vpc(aws, REGION)
    look(handler, vpc, {"CidrBlock"})
    assert calls == []
    observed = look(handler, vpc, {"CidrBlock", "EnableDnsSupport"})
    assert verbs(calls) == ["DescribeVpcAttribute"]
    assert observed["EnableDnsSupport"] == {"Value": True}


# Networks and subnets


def test_dns_is_switched_on_before_host_names_one_attribute_a_call(aws, ec2, vpc):
    off = {"EnableDnsSupport": {"Value": False}}
    on = {"EnableDnsHostnames": {"Value": True}, "EnableDnsSupport": {"Value": True}}
    handler = Vpc(aws, REGION)
    update(handler, vpc, off)
    calls = sent(ec2)
    assert update(handler, vpc, on) == ()
    assert [set(request) - {"VpcId"} for _, request in calls] == [
        {"EnableDnsSupport"},
        {"EnableDnsHostnames"},
    ]


def test_a_subnets_attributes_are_written_one_a_call(aws, ec2, subnets):
    calls = sent(ec2)
    properties = {
        "MapPublicIpOnLaunch": {"Value": True},
        "PrivateDnsHostnameTypeOnLaunch": "resource-name",
    }
    assert update(Subnet(aws, REGION), subnets[0], properties) == ()
    assert [len(request) for _, request in calls] == [2, 2]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("pending", Status.PENDING),
        ("available", Status.READY),
        ("failed-insufficient-capacity", Status.BROKEN),
    ],
)
def test_a_subnets_state_is_its_status(aws, state, status):
    assert Subnet(aws, REGION).get(Found("it", {"State": state}), set()).status is status


# Internet gateways


def test_an_internet_gateway_leaves_its_network_before_it_joins_another(aws, ec2, gateway):
    other = made(Vpc(aws, REGION), CidrBlock="10.1.0.0/16")
    calls = sent(ec2)
    assert update(InternetGateway(aws, REGION), gateway, {"VpcId": other}) == ()
    assert verbs(calls) == ["DetachInternetGateway", "AttachInternetGateway"]


def test_tags_alone_do_not_move_an_internet_gateway(aws, ec2, gateway):
    handler = InternetGateway(aws, REGION)
    observed, calls = look(handler, gateway), sent(ec2)
    handler.update(change(handler, observed, {}))
    assert calls == []


def test_an_internet_gateway_is_detached_before_it_is_deleted(aws, ec2, gateway):
    handler = InternetGateway(aws, REGION)
    observed, calls = look(handler, gateway), sent(ec2)
    handler.delete(observed)
    assert verbs(calls) == ["DetachInternetGateway", "DeleteInternetGateway"]
    assert look(handler, gateway) is None


def test_an_internet_gateway_that_somebody_detached_is_deleted_all_the_same(aws, ec2, vpc, gateway):
    handler = InternetGateway(aws, REGION)
    observed = look(handler, gateway)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    handler.delete(observed)
    handler.delete(look(handler, gateway))
    assert look(handler, gateway) is None


# Addresses and NAT gateways


def test_an_address_of_a_load_balancer_is_not_ours(aws, monkeypatch):
    handler = Address(aws, REGION)
    answer = [{"AllocationId": "eipalloc-1", "ServiceManaged": "alb"}]
    monkeypatch.setattr(handler, "listing", lambda *_: answer)
    assert [found.managed_by for found in handler.listed()] == ["alb"]


def test_an_address_stays_while_a_nat_gateway_holds_it(aws, nat):
    handler = Address(aws, REGION)
    (found,) = handler.listed()
    with pytest.raises(ClientError, match=r"InvalidIPAddress\.InUse"):
        handler.delete(Observed(found.id, found.properties))


def test_deleted_nat_gateways_are_ignored(aws, nat):
    handler = NatGateway(aws, REGION)
    assert look(handler, nat).status is Status.PENDING
    assert look(handler, nat).status is Status.READY
    handler.delete(look(handler, nat))
    assert look(handler, nat).reason == "the gateway is deleting"
    assert look(handler, nat) is None


def test_a_nat_gateway_that_failed_is_broken_and_says_why(aws, vpc, subnets):
    handler = NatGateway(aws, REGION)
    address = made(Address(aws, REGION))
    observed = look(handler, made(handler, SubnetId=subnets[0], AllocationId=address))
    assert observed.status is Status.BROKEN
    assert observed.reason == f"Network {vpc} has no Internet gateway attached"


# Route tables


def test_a_route_goes_elsewhere_in_one_call(ec2, tables, gateway, nat):
    handler, (table, _) = tables
    update(handler, table, {"Routes": [to(gateway)]})
    calls = sent(ec2)
    assert update(handler, table, {"Routes": [to(nat)]}) == ()
    assert verbs(calls) == ["ReplaceRoute"]
    ((_, request),) = calls
    assert request == {"RouteTableId": table, **to(nat)}


def test_routes_of_aws_are_left_alone(ec2, tables, vpc, gateway):
    handler, (table, _) = tables
    endpoint = {"VpcId": vpc, "ServiceName": S3, "VpcEndpointType": "Gateway"}
    ec2.create_vpc_endpoint(**endpoint, RouteTableIds=[table])
    calls = sent(ec2)
    assert update(handler, table, {"Routes": [to(gateway)]}) == ()
    assert update(handler, table, {"Routes": []}) == ()
    assert verbs(calls) == ["CreateRoute", "DeleteRoute"]


def test_a_subnet_moves_from_table_to_table_in_one_call(ec2, tables, subnets):
    handler, (one, other) = tables
    associations = {"Associations": [{"SubnetId": subnets[0]}]}
    update(handler, one, associations)
    calls = sent(ec2)
    assert update(handler, other, associations) == ()
    assert verbs(calls) == ["ReplaceRouteTableAssociation"]


def test_where_a_subnet_is_now_counts_and_not_where_it_was_listed(ec2, tables, subnets):
    handler, (one, other) = tables
    associations = {"Associations": [{"SubnetId": subnets[0]}]}
    observed = look(handler, one)
    list(handler.listed())  # as the plan saw it
    ec2.associate_route_table(RouteTableId=other, SubnetId=subnets[0])
    handler.update(change(handler, observed, associations))
    assert change(handler, look(handler, one), associations).fields == ()


def test_a_subnet_that_its_new_table_took_already_is_not_missed(tables, subnets):
    handler, (one, other) = tables
    associations = {"Associations": [{"SubnetId": subnets[0]}]}
    update(handler, one, associations)
    before = change(handler, look(handler, one), {"Associations": []})
    update(handler, other, associations)
    handler.update(before)
    assert change(handler, look(handler, other), associations).fields == ()


def test_a_route_table_lets_its_subnets_go_before_it_goes(ec2, tables, subnets):
    handler, (table, _) = tables
    update(handler, table, {"Associations": [{"SubnetId": each} for each in subnets]})
    observed, calls = look(handler, table), sent(ec2)
    handler.delete(observed)
    assert verbs(calls) == ["DisassociateRouteTable"] * 2 + ["DeleteRouteTable"]
    assert look(handler, table) is None


# Security groups


def test_a_rule_is_replaced_without_a_gap(ec2, group):
    _, _, write = group
    write(ingress=[{**HTTP, **ANYWHERE}])
    calls = sent(ec2)
    assert write(ingress=[{**HTTP, "CidrIpv4": "10.0.0.0/8"}]) == ()
    assert verbs(calls) == ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"]


def test_a_description_changes_without_touching_the_rule(ec2, group):
    _, name, write = group
    peer = {**HTTP, "ReferencedGroupInfo": {"GroupId": name}}
    write(ingress=[{**peer, "Description": "before"}])
    calls = sent(ec2)
    assert write(ingress=[{**peer, "Description": "after"}]) == ()
    assert write(ingress=[{**peer, "Description": None}]) == ()
    assert verbs(calls) == ["UpdateSecurityGroupRuleDescriptionsIngress"] * 2


def test_everything_out_is_revoked_where_egress_is_declared(ec2, group):
    _, _, write = group
    calls = sent(ec2)
    assert write(egress=[]) == ()
    assert verbs(calls) == ["RevokeSecurityGroupEgress"]


def test_everything_out_stays_where_egress_is_not_declared(ec2, group):
    _, _, write = group
    calls = sent(ec2)
    assert write(ingress=[]) == ()
    assert calls == []


@pytest.mark.parametrize(
    "spelling",
    [
        {"IpProtocol": "all", **ANYWHERE},
        {"IpProtocol": "-1", "FromPort": 0, "ToPort": 0, **ANYWHERE},
        {"IpProtocol": "-1", "FromPort": -1, "ToPort": -1, "CidrIpv4": "1.2.3.4/0"},
    ],
)
def test_a_rule_has_many_spellings(ec2, group, spelling):
    _, _, write = group
    calls = sent(ec2)
    assert write(egress=[spelling]) == ()
    assert calls == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"IpProtocol": "6", "CidrIpv4": "10.1.2.3/16"}, {"CidrIpv4": "10.1.0.0/16"}),
        ({"IpProtocol": "tcp", "CidrIpv6": "2001:DB8:0::1/32"}, {"CidrIpv6": "2001:db8::/32"}),
        ({"IpProtocol": "17", "PrefixListId": "pl-3b927c52"}, {"IpProtocol": "udp"}),
        ({"IpProtocol": "58", "FromPort": -1, "ToPort": -1, **ANYWHERE}, {"IpProtocol": "icmpv6"}),
    ],
)
def test_a_rule_is_written_as_aws_reads_it_back(group, written, read):
    handler, name, write = group
    assert write(ingress=[{**HTTP, **written}]) == ()
    ((rule,)) = look(handler, name)["ingress"]
    assert {key: rule[key] for key in read} == read


def test_groups_that_let_each_other_in_are_made_before_their_rules(aws, ec2, vpc):
    handler, calls = SecurityGroup(aws, REGION), sent(ec2)
    basics = {"Description": "it", "VpcId": vpc, "ingress": ["not known yet"]}
    one, other = (made(handler, GroupName=name, **basics) for name in ("one", "other"))
    for name, peer in ((one, other), (other, one)):
        rule = {**HTTP, "ReferencedGroupInfo": {"GroupId": peer}}
        assert update(handler, name, {"ingress": [rule]}) == ()
    assert verbs(calls) == ["CreateSecurityGroup"] * 2 + ["AuthorizeSecurityGroupIngress"] * 2


def test_a_networks_default_group_is_taken_over_and_let_go(aws, ec2, vpc):
    handler, calls = SecurityGroup(aws, REGION), sent(ec2)
    given = {"GroupName": "default", "Description": "default VPC security group", "VpcId": vpc}
    marks = {ENVIRONMENT: "test", ADDRESS: "ec2.security_group/default"}
    name = handler.create(Desired(given, {**TAGS, **marks}))
    assert look(handler, name).tags == {**TAGS, **marks}
    handler.delete(look(handler, name))
    assert look(handler, name).tags == TAGS
    assert verbs(calls) == ["CreateTags", "DeleteTags"]


def test_a_default_group_that_aws_does_not_show_yet_is_not_made(aws):
    given = {"GroupName": "default", "Description": "it", "VpcId": "vpc-0123456789abcdef0"}
    with pytest.raises(NotSettled, match="vpc-0123456789abcdef0"):
        SecurityGroup(aws, REGION).create(Desired(given))


# Endpoints


@pytest.fixture
def s3(aws, vpc, tables):
    """A gateway endpoint: its handler and its id."""
    handler, table = VpcEndpoint(aws, REGION), tables[1][0]
    given = {"VpcId": vpc, "ServiceName": S3, "VpcEndpointType": "Gateway"}
    return handler, made(handler, **given, RouteTableIds=[table])


def test_an_endpoint_is_told_what_comes_and_what_goes(ec2, s3, tables):
    handler, name = s3
    one, other = tables[1]
    calls = sent(ec2)
    assert update(handler, name, {"RouteTableIds": [other]}) == ()
    ((_, request),) = calls
    gained = {"AddRouteTableIds": [other], "RemoveRouteTableIds": [one]}
    assert request == {"VpcEndpointId": name, **gained}


def test_a_policy_that_shall_be_absent_is_reset(ec2, s3):
    handler, name = s3
    policy = {"Version": "2012-10-17", "Statement": []}
    update(handler, name, {"PolicyDocument": policy})
    calls = sent(ec2)
    observed = look(handler, name)
    assert observed["PolicyDocument"] == policy
    handler.update(change(handler, observed, {"PolicyDocument": None}))
    assert calls == [("ModifyVpcEndpoint", {"VpcEndpointId": name, "ResetPolicy": True})]


def test_a_refusal_inside_a_success_is_a_refusal(aws, s3, monkeypatch):
    handler, name = s3
    observed = look(handler, name)

    def answering(code):
        failure = {"ResourceId": name, "Error": {"Code": code, "Message": "told so"}}
        answer = {"Unsuccessful": [failure], "ResponseMetadata": {"HTTPStatusCode": 200}}
        monkeypatch.setattr(handler.client, "delete_vpc_endpoints", lambda **_: answer)

    answering("InvalidVpcEndpoint.NotFound")
    handler.delete(observed)
    answering("OperationNotPermitted")
    with pytest.raises(ClientError, match="told so"):
        handler.delete(observed)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("pending", Status.PENDING),
        ("Pending", Status.PENDING),
        ("available", Status.READY),
        ("partial", Status.PENDING),
        ("deleting", Status.PENDING),
        ("rejected", Status.BROKEN),
        ("failed", Status.BROKEN),
    ],
)
def test_an_endpoints_state_is_its_status_however_aws_spells_it(aws, state, status):
    properties = {"State": state, "LastError": {"Message": "why"}}
    observed = VpcEndpoint(aws, REGION).get(Found("it", properties), set())
    assert observed.status is status
    assert observed.reason == ("" if status is Status.READY else "why")


def test_an_endpoint_waits_for_its_services_owner(aws):
    properties = {"State": "pendingAcceptance", "ServiceName": "com.amazonaws.vpce.x"}
    observed = VpcEndpoint(aws, REGION).get(Found("vpce-1", properties), set())
    assert observed.status is Status.WAITING
    what = "accept the connection of endpoint vpce-1"
    assert observed.waits == (Wait("the owner of com.amazonaws.vpce.x", what),)


def test_an_endpoint_that_a_service_made_is_not_ours(aws, monkeypatch):
    handler = VpcEndpoint(aws, REGION)
    answer = [{"VpcEndpointId": "vpce-1", "State": "available", "RequesterManaged": True}]
    monkeypatch.setattr(handler, "listing", lambda *_: answer)
    assert [found.managed_by for found in handler.listed()] == ["an AWS service"]
