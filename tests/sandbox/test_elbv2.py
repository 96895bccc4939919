"""Elastic Load Balancing as its documentation describes it; plain moto does otherwise."""

import pytest
from botocore.exceptions import ClientError
from moto.acm.models import CertBundle

from tests.conftest import ACCOUNT, REGION

FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}


@pytest.fixture
def elb(moto):
    return moto("elbv2")


@pytest.fixture
def vpc(moto):
    return moto("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


@pytest.fixture
def subnets(moto, vpc):
    made = (
        moto("ec2").create_subnet(
            VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{zone}"
        )
        for n, zone in enumerate("ab")
    )
    return [each["Subnet"]["SubnetId"] for each in made]


@pytest.fixture
def front(elb, subnets):
    """Create the load balancer `front`, or one that differs from it."""

    def made(**more):
        asked = {"Name": "front", "Subnets": subnets, "Scheme": "internal", **more}
        return elb.create_load_balancer(**asked)["LoadBalancers"][0]["LoadBalancerArn"]

    return made


@pytest.fixture
def group(elb, vpc):
    def made(name, **more):
        asked = {"Name": name, "Protocol": "HTTP", "Port": 80, "VpcId": vpc, "TargetType": "ip"}
        return elb.create_target_group(**asked, **more)["TargetGroups"][0]["TargetGroupArn"]

    return made


@pytest.fixture
def listen(elb, front):
    def made(action=FIXED, **more):
        asked = {"Protocol": "HTTP", "Port": 80, "LoadBalancerArn": front(), **more}
        return elb.create_listener(**asked, DefaultActions=[action])["Listeners"][0]

    return made


def forward(arn):
    return {"Type": "forward", "TargetGroupArn": arn}


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
def test_the_same_load_balancer_is_made_once(front):
    assert front() == front()


def test_another_of_the_same_name_is_refused(front):
    front()
    with pytest.raises(ClientError, match="DuplicateLoadBalancerName"):
        front(Scheme="internet-facing")


@pytest.mark.parametrize("name", ["a" * 33, "-front", "front-", "internal-front", "fr_ont"])
def test_a_name_that_is_none_is_refused(front, name):
    with pytest.raises(ClientError, match="ValidationError"):
        front(Name=name)


def test_an_application_load_balancer_stands_in_two_zones(front, subnets):
    with pytest.raises(ClientError, match="two different Availability Zones"):
        front(Subnets=subnets[:1])


def test_the_internet_comes_in_only_through_a_gateway(front):
    with pytest.raises(ClientError, match=r"InvalidSubnet.*no internet gateway"):
        front(Scheme="internet-facing")


def test_a_load_balancer_faces_the_internet_unless_told_otherwise(moto, elb, vpc, subnets):
    ec2 = moto("ec2")
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(VpcId=vpc, InternetGatewayId=gateway)
    (made,) = elb.create_load_balancer(Name="front", Subnets=subnets)["LoadBalancers"]
    assert made["Scheme"] == "internet-facing"


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html
def test_what_is_protected_is_not_deleted(elb, front):
    arn, key = front(), "deletion_protection.enabled"
    on, off = ([{"Key": key, "Value": value}] for value in ("true", "false"))
    elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=on)
    with pytest.raises(ClientError, match="OperationNotPermitted"):
        elb.delete_load_balancer(LoadBalancerArn=arn)
    elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=off)
    elb.delete_load_balancer(LoadBalancerArn=arn)
    assert elb.describe_load_balancers()["LoadBalancers"] == []


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
def test_a_port_is_listened_on_once(listen):
    listen()
    with pytest.raises(ClientError, match="DuplicateListener"):
        listen()


def test_a_listener_does_not_move_to_a_port_that_is_taken(elb, listen):
    listen()
    other = listen(Port=81)["ListenerArn"]
    with pytest.raises(ClientError, match="DuplicateListener"):
        elb.modify_listener(ListenerArn=other, Port=80)


def test_https_wants_a_certificate(listen):
    with pytest.raises(ClientError, match="A certificate must be specified"):
        listen(Protocol="HTTPS")


def test_https_wants_a_certificate_that_is_issued(moto, listen):
    arn = moto("acm").request_certificate(DomainName="example.com")["CertificateArn"]
    with pytest.raises(ClientError, match="UnsupportedCertificate"):
        listen(Protocol="HTTPS", Certificates=[{"CertificateArn": arn}])


def test_only_a_secure_listener_has_a_policy(moto, elb, listen):
    made = listen()
    assert "SslPolicy" not in made
    bundle = CertBundle.generate_cert("example.com", ACCOUNT, REGION)
    body = {"Certificate": bundle.cert, "PrivateKey": bundle.key}
    arn = moto("acm").import_certificate(**body)["CertificateArn"]
    secure = {"Protocol": "HTTPS", "Certificates": [{"CertificateArn": arn}]}
    (changed,) = elb.modify_listener(ListenerArn=made["ListenerArn"], **secure)["Listeners"]
    assert changed["SslPolicy"] == "ELBSecurityPolicy-2016-08"


# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
def test_grpc_wants_https(group, listen):
    with pytest.raises(ClientError, match=r"InvalidConfigurationRequest.*'GRPC'"):
        listen(forward(group("grpc", ProtocolVersion="GRPC")))


def test_a_rule_sends_no_grpc_over_http(elb, group, listen):
    rule = {"Priority": 1, "Conditions": [{"Field": "path-pattern", "Values": ["/a"]}]}
    arn, grpc = listen()["ListenerArn"], group("grpc", ProtocolVersion="GRPC")
    with pytest.raises(ClientError, match="InvalidConfigurationRequest"):
        elb.create_rule(ListenerArn=arn, **rule, Actions=[forward(grpc)])


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html
def test_one_target_group_is_reported_under_both_names(group, listen):
    arn = group("web")
    (action,) = listen(forward(arn))["DefaultActions"]
    assert action["ForwardConfig"]["TargetGroups"] == [{"TargetGroupArn": arn, "Weight": 1}]
    config = {"TargetGroups": [{"TargetGroupArn": arn}]}
    (action,) = listen({"Type": "forward", "ForwardConfig": config}, Port=81)["DefaultActions"]
    assert action["TargetGroupArn"] == arn


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html
def test_a_path_is_reported_under_both_names(elb, listen):
    short = {"Field": "path-pattern", "Values": ["/a/*"]}
    rule = {"ListenerArn": listen()["ListenerArn"], "Priority": 1, "Conditions": [short]}
    (made,) = elb.create_rule(**rule, Actions=[FIXED])["Rules"]
    assert made["Conditions"] == [{**short, "PathPatternConfig": {"Values": ["/a/*"]}}]
    long = {"Field": "host-header", "HostHeaderConfig": {"Values": ["a.io"]}}
    (made,) = elb.modify_rule(RuleArn=made["RuleArn"], Conditions=[long])["Rules"]
    assert made["Conditions"] == [{**long, "Values": ["a.io"]}]


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
def test_a_target_group_knows_the_load_balancer_that_sends_to_it(elb, group, listen):
    blue, green = group("blue"), group("green")
    arn = listen(forward(blue))["ListenerArn"]
    listen(forward(blue), Port=81)
    elb.modify_listener(ListenerArn=arn, DefaultActions=[forward(green)])
    groups = elb.describe_target_groups()["TargetGroups"]
    assert [len(each["LoadBalancerArns"]) for each in groups] == [1, 1]


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html
def test_the_code_of_grpc_is_changed(elb, group):
    arn = group("grpc", ProtocolVersion="GRPC", Matcher={"GrpcCode": "12"})
    elb.modify_target_group(TargetGroupArn=arn, Matcher={"GrpcCode": "0"})
    (read,) = elb.describe_target_groups()["TargetGroups"]
    assert read["Matcher"] == {"GrpcCode": "0"}
