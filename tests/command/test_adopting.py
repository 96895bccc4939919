"""What production has is found by the few facts that are known of it, and nothing of it is sent."""

from __future__ import annotations

import pytest

from tests.command.running import ACCOUNT, REGION

AT_LEAST = f"""
account: '{ACCOUNT}'
region: {REGION}
regions: {{dr: eu-west-1}}
lists: at_least
"""
S3 = f"com.amazonaws.{REGION}.s3"
NETWORK = f"""
ec2.vpc:
  prod: {{CidrBlock: 10.230.0.0/16, $initial: {{Tags: {{Name: prod}}}}}}
ec2.subnet:
  $defaults: {{VpcId: '${{ec2.vpc/prod.VpcId}}'}}
  public-c: {{CidrBlock: 10.230.3.0/24, $initial: {{Tags: {{Name: public-c}}}}}}
ec2.internet_gateway:
  out: {{VpcId: '${{ec2.vpc/prod.VpcId}}', $initial: {{Tags: {{Name: out}}}}}}
ec2.nat_gateway:
  only:
    SubnetId: ${{ec2.subnet/public-c.SubnetId}}
    $initial: {{AllocationId: '${{ec2.address/out.AllocationId}}', Tags: {{Name: only}}}}
ec2.address:
  out: {{Address: %s, $initial: {{Tags: {{Name: out}}}}}}
ec2.route_table:
  public:
    VpcId: ${{ec2.vpc/prod.VpcId}}
    Associations: [{{SubnetId: '${{ec2.subnet/public-c.SubnetId}}'}}]
    $initial: {{Tags: {{Name: public}}}}
ec2.security_group:
  Muvi-Gateway-ECS: {{VpcId: '${{ec2.vpc/prod.VpcId}}', $initial: {{Description: gateway}}}}
ec2.vpc_endpoint:
  $defaults: {{VpcId: '${{ec2.vpc/prod.VpcId}}'}}
  s3: {{ServiceName: {S3}, VpcEndpointType: Gateway, $initial: {{Tags: {{Name: s3}}}}}}
  s3-interface: {{ServiceName: {S3}, VpcEndpointType: Interface, $initial: {{Tags: {{Name: i}}}}}}
  s3-global:
    ServiceName: com.amazonaws.s3-global.accesspoint
    VpcEndpointType: Interface
    $initial: {{Tags: {{Name: s3-global}}}}
"""
OWNING = {"AddTags", "ChangeTagsForResource", "CreateTags", "TagResource"}


@pytest.fixture
def ec2(lab):
    return lab.client("ec2", REGION)


@pytest.fixture
def network(ec2):
    """A network as people made it, nothing of which has a name; the address of its way out."""
    vpc = ec2.create_vpc(CidrBlock="10.230.0.0/16")["Vpc"]["VpcId"]
    ec2.create_vpc(CidrBlock="10.0.0.0/16")  # another's
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.230.3.0/24")["Subnet"]["SubnetId"]
    ec2.create_subnet(VpcId=vpc, CidrBlock="10.230.4.0/24")
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(VpcId=vpc, InternetGatewayId=gateway)
    address = ec2.allocate_address(Domain="vpc")
    ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address["AllocationId"])
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route_table(VpcId=vpc)
    ec2.associate_route_table(SubnetId=subnet, RouteTableId=table)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    group = ec2.create_security_group(GroupName="Muvi-Gateway-ECS", Description="x", VpcId=vpc)
    ec2.authorize_security_group_ingress(
        GroupId=group["GroupId"],
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2}],
    )
    inside = {"VpcId": vpc, "SubnetIds": [subnet], "VpcEndpointType": "Interface"}
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=S3, RouteTableIds=[table])
    for service in (S3, "com.amazonaws.s3-global.accesspoint"):
        ec2.create_vpc_endpoint(**inside, ServiceName=service, PrivateDnsEnabled=False)
    return address["PublicIp"]


def adopted(lab, text):
    """Declare this, and see that everything is found, and that only our own tags are written."""
    lab.declare(AT_LEAST, it=text)
    planned = lab.plan()
    assert set(planned.actions.values()) == {"adopt"}, planned.actions
    found = planned.resources
    theirs = [each["path"] for one in found.values() for each in one["diff"]]
    assert {path for path in theirs if not path.startswith("tags.muvi-converge:")} == set()
    done = lab.run()
    assert done.code == 0, done.err
    assert set(done.writes) <= OWNING
    assert lab.plan().actions == {}
    return {address: one["id"] for address, one in found.items()}


def test_a_network_whose_parts_have_no_names(lab, network):
    ids = adopted(lab, NETWORK % network)
    assert len(set(ids.values())) == len(ids) == 10


def test_two_networks_of_one_range_are_told_by_their_ids(lab, ec2):
    made = [ec2.create_vpc(CidrBlock="10.230.0.0/16")["Vpc"]["VpcId"] for _ in range(2)]
    text = "ec2.vpc: {prod: {CidrBlock: 10.230.0.0/16, $initial: {Tags: {Name: prod}}}}"
    lab.declare(AT_LEAST, it=text)
    planned = lab.plan()
    assert planned.code == 1
    assert planned.actions == {"ec2.vpc/prod": "unknown"}
    assert all(each in planned.resources["ec2.vpc/prod"]["reason"] for each in made)


def zones(lab, *regions, name="prod.microservices.internal"):
    """A private zone of this name in a network of each region; their ids."""
    for region in regions:
        vpc = lab.client("ec2", region).create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        made = lab.client("route53").create_hosted_zone(
            Name=name,
            CallerReference=region,
            VPC={"VPCRegion": region, "VPCId": vpc},
            HostedZoneConfig={"PrivateZone": True},
        )
        yield made["HostedZone"]["Id"].rpartition("/")[2], vpc


ZONE = "route53.hosted_zone: {prod.microservices.internal: {%s}}"


def test_of_two_zones_of_one_name_the_network_says_which(lab):
    (_, _), (second, vpc) = zones(lab, REGION, "eu-west-1")
    ids = adopted(lab, ZONE % f"VPCs: [{{VPCRegion: eu-west-1, VPCId: {vpc}}}]")
    assert ids == {"route53.hosted_zone/prod.microservices.internal": second}


def test_without_it_they_are_two_candidates(lab):
    (first, _), (second, _) = zones(lab, REGION, "eu-west-1")
    lab.declare(AT_LEAST, it=ZONE % "HostedZoneConfig: {PrivateZone: true}")
    planned = lab.plan()
    (found,) = planned.resources.values()
    assert found["action"] == "unknown"
    assert first in found["reason"]
    assert second in found["reason"]


def test_the_only_private_zone_of_its_name_needs_no_network(lab):
    ((only, _),) = zones(lab, REGION)
    route53 = lab.client("route53")
    route53.create_hosted_zone(Name="prod.microservices.internal", CallerReference="public")
    ids = adopted(lab, ZONE % "HostedZoneConfig: {PrivateZone: true}")
    assert list(ids.values()) == [only]


def test_a_zone_of_which_nothing_is_said_is_the_public_one(lab):
    list(zones(lab, REGION, name="muvicinemas.com"))
    route53 = lab.client("route53")
    made = route53.create_hosted_zone(Name="muvicinemas.com", CallerReference="public")
    ids = adopted(lab, "route53.hosted_zone: {muvicinemas.com: {}}")
    assert made["HostedZone"]["Id"].endswith(*ids.values())
