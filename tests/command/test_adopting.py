"""What production has is found by the few facts that are known of it, and nothing of it is sent."""

from __future__ import annotations

import json

import pytest

from reconciler.load import Input
from reconciler.model import Source
from reconciler.sandbox.stand_ins import made_up
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


BALANCER = """
elbv2.load_balancer:
  Muvi-Microservices-Prod:
    Scheme: internal
    Attributes:
      - {Key: access_logs.s3.enabled, Value: 'true'}
      - {Key: deletion_protection.enabled, Value: 'true'}
    $initial: {Subnets: [subnet-1, subnet-2]}
elbv2.target_group:
  muvi-main-grpc: {Port: 80, Protocol: HTTP, TargetType: ip, HealthCheckPath: /heartbeat}
  muvi-ticket-tg: {Port: 80, Protocol: HTTP, TargetType: ip, HealthCheckPath: /heartbeat}
elbv2.listener:
  main:
    LoadBalancerArn: ${elbv2.load_balancer/Muvi-Microservices-Prod.LoadBalancerArn}
    Port: 5002
    Protocol: HTTPS
    DefaultActions:
      - {Type: forward, TargetGroupArn: '${elbv2.target_group/%s.TargetGroupArn}'}
    $initial:
      Certificates: [{CertificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1'}]
      SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06
      Tags: {Name: main}
"""
HERE, ISSUED = Source("", 1), ("certificate for *.prod.example", "its key")
POLICY = "ELBSecurityPolicy-2016-08"


@pytest.fixture
def balancer(lab, ec2):
    """A balancer as people made it: logged, protected, with a certificate; its log's bucket."""
    vpc = ec2.create_vpc(CidrBlock="10.230.0.0/16")["Vpc"]["VpcId"]
    zones = {f"10.230.{n}.0/24": f"{REGION}{zone}" for n, zone in ((1, "a"), (2, "b"))}
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for cidr, zone in zones.items()
    ]
    elbv2, acm = lab.client("elbv2", REGION), lab.client("acm", REGION)
    asked = {"Name": "Muvi-Microservices-Prod", "Scheme": "internal", "Subnets": subnets}
    arn = elbv2.create_load_balancer(**asked)["LoadBalancers"][0]["LoadBalancerArn"]
    attributes = {
        "access_logs.s3.enabled": "true",
        "access_logs.s3.bucket": "muvi-alb-accesslogs",
        "deletion_protection.enabled": "true",
        "idle_timeout.timeout_seconds": "120",
    }
    logs(lab, "muvi-alb-accesslogs")
    written = [{"Key": key, "Value": value} for key, value in attributes.items()]
    elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=written)
    common = {"Port": 80, "Protocol": "HTTP", "VpcId": vpc, "TargetType": "ip"}
    checked = {**common, "HealthCheckPath": "/heartbeat", "HealthCheckIntervalSeconds": 7}
    groups = [
        elbv2.create_target_group(Name=name, **checked)["TargetGroups"][0]["TargetGroupArn"]
        for name in ("muvi-main-grpc", "muvi-ticket-tg")
    ]
    body, key = (made_up(Input("it", HERE, sandbox=each)) for each in ISSUED)
    certificate = acm.import_certificate(Certificate=body, PrivateKey=key)["CertificateArn"]
    config = {
        "TargetGroups": [{"TargetGroupArn": groups[0], "Weight": 1}],
        "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 60},
    }
    elbv2.create_listener(
        LoadBalancerArn=arn,
        Port=5002,
        Protocol="HTTPS",
        SslPolicy=POLICY,
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[{"Type": "forward", "ForwardConfig": config}],
    )
    return arn


def logs(lab, bucket):
    s3, who = lab.client("s3", REGION), "logdelivery.elasticloadbalancing.amazonaws.com"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": who},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [allow]}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def test_a_balancer_of_which_little_is_said(lab, balancer):
    adopted(lab, BALANCER % "muvi-main-grpc")


def test_a_listener_is_sent_what_differs_whole_and_nothing_else(lab, balancer):
    adopted(lab, BALANCER % "muvi-main-grpc")
    lab.declare(AT_LEAST, it=BALANCER % "muvi-ticket-tg")
    changed = lab.run()
    assert changed.code == 0, changed.err
    (sent,) = [each.parameters for each in changed.calls if each.operation == "ModifyListener"]
    assert sent.keys() == {"ListenerArn", "DefaultActions"}
    (listener,) = lab.client("elbv2", REGION).describe_listeners(LoadBalancerArn=balancer)[
        "Listeners"
    ]
    assert listener["SslPolicy"] == POLICY
    assert len(listener["Certificates"]) == 1
    (action,) = listener["DefaultActions"]
    assert action["ForwardConfig"]["TargetGroupStickinessConfig"]["Enabled"]
    (group,) = action["ForwardConfig"]["TargetGroups"]
    assert "muvi-ticket-tg" in group["TargetGroupArn"]
    assert lab.plan().actions == {}


def test_an_attribute_is_sent_alone_and_the_others_stay(lab, balancer):
    text = BALANCER % "muvi-main-grpc"
    adopted(lab, text)
    lab.declare(AT_LEAST, it=text.replace("'true'}\n    $initial", "'false'}\n    $initial"))
    changed = lab.run()
    assert changed.code == 0, changed.err
    (sent,) = [
        each.parameters["Attributes"]
        for each in changed.calls
        if each.operation == "ModifyLoadBalancerAttributes"
    ]
    assert sent == [{"Key": "deletion_protection.enabled", "Value": "false"}]
