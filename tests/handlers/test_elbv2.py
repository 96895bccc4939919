"""What reaches Elastic Load Balancing. Corrections of moto: elbv2.py, elbv2_listeners.py."""

import pytest
from moto.acm.models import CertBundle

from reconciler.model import Desired, Status
from resources.elbv2 import actions
from resources.elbv2.listener import Listener
from resources.elbv2.load_balancer import LoadBalancer
from resources.elbv2.rule import Rule
from resources.elbv2.target_group import TargetGroup
from tests.conftest import ACCOUNT, REGION
from tests.handlers.steps import create, look, sent, update

TAGS = {"Name": "it"}


@pytest.fixture
def vpc(aws):
    return aws.client("ec2", REGION).create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


@pytest.fixture
def subnets(aws, vpc):
    ec2 = aws.client("ec2", REGION)
    made = (
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")
        for n, zone in enumerate("ab")
    )
    return [each["Subnet"]["SubnetId"] for each in made]


@pytest.fixture
def balancer(aws, subnets):
    internal = {"Name": "it", "Subnets": subnets, "Scheme": "internal"}
    return create(LoadBalancer(aws, REGION), Desired(internal, TAGS))


@pytest.fixture
def group(aws, vpc):
    def made(name, **more):
        given = {"Name": name, "Protocol": "HTTP", "Port": 80, "VpcId": vpc, "TargetType": "ip"}
        return create(TargetGroup(aws, REGION), Desired({**given, **more}, TAGS))

    return made


@pytest.fixture
def listener(aws, balancer):
    def made(*default):
        given = {"LoadBalancerArn": balancer, "Port": 80, "Protocol": "HTTP"}
        return create(Listener(aws, REGION), Desired({**given, "DefaultActions": [*default]}, TAGS))

    return made


def forward(arn):
    return {"Type": "forward", "TargetGroupArn": arn}


def test_a_listener_switches_target_groups_in_one_call(aws, group, listener):
    handler, blue, green = Listener(aws, REGION), group("blue"), group("green")
    arn = listener(forward(blue))
    calls = sent(handler.client)
    assert update(handler, arn, {"DefaultActions": [forward(green)]}) == ()
    assert [name for name, _ in calls] == ["ModifyListener"]


def test_one_target_group_means_the_same_under_either_name(aws, group, listener):
    handler, blue = Listener(aws, REGION), group("blue")
    arn = listener(forward(blue))
    calls = sent(handler.client)
    weighted = {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": blue}]}}
    assert update(handler, arn, {"DefaultActions": [forward(blue)]}) == ()
    assert update(handler, arn, {"DefaultActions": [weighted]}) == ()
    assert calls == []


def test_two_target_groups_take_the_place_of_one_and_back(aws, group, listener):
    handler, blue, green = Listener(aws, REGION), group("blue"), group("green")
    arn = listener(forward(blue))
    groups = [{"TargetGroupArn": blue, "Weight": 9}, {"TargetGroupArn": green, "Weight": 1}]
    both = {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}
    assert update(handler, arn, {"DefaultActions": [both]}) == ()
    assert update(handler, arn, {"DefaultActions": [forward(green)]}) == ()
    (action,) = look(handler, arn)["DefaultActions"]
    assert [each["TargetGroupArn"] for each in action["ForwardConfig"]["TargetGroups"]] == [green]


def test_stickiness_that_nobody_mentions_survives_a_switch(aws, group, listener):
    handler, blue, green = Listener(aws, REGION), group("blue"), group("green")
    sticky = {"Enabled": True, "DurationSeconds": 60}
    config = {"TargetGroups": [{"TargetGroupArn": blue}], "TargetGroupStickinessConfig": sticky}
    arn = listener({"Type": "forward", "ForwardConfig": config})
    assert update(handler, arn, {"DefaultActions": [forward(green)]}) == ()
    (action,) = look(handler, arn)["DefaultActions"]
    assert action["ForwardConfig"]["TargetGroupStickinessConfig"] == sticky


def test_an_action_of_another_type_takes_nothing_of_the_old_one_along(aws, group, listener):
    handler = Listener(aws, REGION)
    arn = listener(forward(group("blue")))
    to_https = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    calls = sent(handler.client)
    redirect = {"Type": "redirect", "RedirectConfig": to_https}
    assert update(handler, arn, {"DefaultActions": [redirect]}) == ()
    assert dict(calls)["ModifyListener"]["DefaultActions"] == [redirect]


def test_the_secret_of_an_oidc_client_is_kept():
    oidc = {"Type": "authenticate-oidc", "AuthenticateOidcConfig": {"ClientId": "us"}}
    (action,) = actions([oidc], [oidc])
    assert action["AuthenticateOidcConfig"] == {"ClientId": "us", "UseExistingClientSecret": True}


def test_only_attributes_that_differ_are_sent_and_no_others_compared(aws, balancer):
    handler = LoadBalancer(aws, REGION)
    idle = {"Key": "idle_timeout.timeout_seconds", "Value": "120"}
    http2 = {"Key": "routing.http2.enabled", "Value": "true"}
    assert update(handler, balancer, {"Attributes": [http2]}) == ()
    calls = sent(handler.client)
    assert update(handler, balancer, {"Attributes": [http2, idle]}) == ()
    assert [params["Attributes"] for _, params in calls] == [[idle]]


def test_attributes_that_nobody_mentions_are_not_read(aws, balancer):
    handler = LoadBalancer(aws, REGION)
    calls = sent(handler.client, "DescribeLoadBalancerAttributes")
    assert look(handler, balancer, {"Subnets"}).status is Status.READY
    assert calls == []


def test_protection_is_switched_off_before_a_delete(aws, balancer):
    handler = LoadBalancer(aws, REGION)
    update(
        handler,
        balancer,
        {"Attributes": [{"Key": "deletion_protection.enabled", "Value": "true"}]},
    )
    observed = look(handler, balancer)
    calls = sent(handler.client)
    handler.delete(observed)
    handler.delete(observed)
    assert look(handler, balancer) is None
    assert [name for name, _ in calls][:2] == ["ModifyLoadBalancerAttributes", "DeleteLoadBalancer"]


def test_what_is_unprotected_is_deleted_without_more_writes(aws, balancer):
    handler = LoadBalancer(aws, REGION)
    calls = sent(handler.client)
    handler.delete(look(handler, balancer))
    assert [name for name, _ in calls] == ["DeleteLoadBalancer"]


def test_a_load_balancer_is_known_to_cloudwatch_by_its_last_part(aws, balancer):
    known = look(LoadBalancer(aws, REGION), balancer)
    assert balancer.endswith(f":loadbalancer/{known['LoadBalancerFullName']}")
    assert known["LoadBalancerFullName"].startswith("app/it/")


def test_tags_are_read_twenty_at_a_time(aws, group):
    arns = {group(f"group-{number}") for number in range(21)}
    handler = TargetGroup(aws, REGION)
    calls = sent(handler.client, "DescribeTags")
    found = list(handler.listed())
    assert {each.id for each in found if each.tags == TAGS} == arns
    assert [len(params["ResourceArns"]) for _, params in calls] == [20, 1]


def test_one_that_goes_while_tags_are_read_does_not_hide_the_others(aws, group):
    arns = [group(f"group-{number}") for number in range(3)]
    handler = TargetGroup(aws, REGION)

    def gone(params, **_):
        if arns[1] in params["ResourceArns"]:
            raise handler.client.exceptions.TargetGroupNotFoundException(
                {"Error": {"Code": "TargetGroupNotFound"}}, "DescribeTags"
            )

    handler.client.meta.events.register("before-parameter-build.*.DescribeTags", gone)
    assert [each.tags for each in handler.listed()] == [TAGS, {}, TAGS]


def test_a_grpc_group_changes_its_code_and_keeps_the_rest(aws, group):
    handler = TargetGroup(aws, REGION)
    check = {"HealthCheckPath": "/health.Check/It", "HealthCheckTimeoutSeconds": 7}
    arn = group("grpc", ProtocolVersion="GRPC", Matcher={"GrpcCode": "12"}, **check)
    calls = sent(handler.client)
    assert update(handler, arn, {"Matcher": {"GrpcCode": "0"}, **check}) == ()
    assert calls == [
        ("ModifyTargetGroup", {"TargetGroupArn": arn, "Matcher": {"GrpcCode": "0"}}),
    ]


@pytest.fixture
def rule(aws, group, listener):
    def made(*conditions, priority=10):
        listening = listener(forward(group("blue")))
        fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
        given = {"ListenerArn": listening, "Priority": priority, "Conditions": [*conditions]}
        return create(Rule(aws, REGION), Desired({**given, "Actions": [fixed]}, TAGS))

    return made


def test_the_default_of_a_listener_is_no_rule(aws, rule):
    arn = rule({"Field": "path-pattern", "Values": ["/a/*"]})
    (found,) = Rule(aws, REGION).listed()
    assert (found.id, found.tags) == (arn, TAGS)
    assert Rule(aws, REGION).read(found.properties)["Priority"] == 10


def test_a_condition_changes_under_either_name(aws, rule):
    handler = Rule(aws, REGION)
    arn = rule({"Field": "path-pattern", "Values": ["/a/*"]})
    short = {"Field": "path-pattern", "Values": ["/b/*"]}
    long = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/c/*", "/d/*"]}}
    assert update(handler, arn, {"Conditions": [short]}) == ()
    assert update(handler, arn, {"Conditions": [long]}) == ()
    assert update(handler, arn, {"Conditions": [{**short, "Values": ["/e/*", "/f/*"]}]}) == ()


def test_a_rule_moves_to_another_place_in_one_call(aws, rule):
    handler = Rule(aws, REGION)
    arn = rule({"Field": "host-header", "Values": ["api.example.com"]})
    calls = sent(handler.client)
    assert update(handler, arn, {"Priority": 20}) == ()
    assert [name for name, _ in calls] == ["SetRulePriorities"]


def test_https_shows_one_certificate_and_takes_another(aws, balancer, group):
    handler, acm = Listener(aws, REGION), aws.client("acm", REGION)
    pairs = [CertBundle.generate_cert(name, ACCOUNT, REGION) for name in ("a.io", "b.io")]
    first, second = (
        acm.import_certificate(Certificate=each.cert, PrivateKey=each.key)["CertificateArn"]
        for each in pairs
    )
    given = {
        "LoadBalancerArn": balancer,
        "Port": 443,
        "Protocol": "HTTPS",
        "Certificates": [{"CertificateArn": first}],
        "DefaultActions": [forward(group("grpc", ProtocolVersion="GRPC"))],
    }
    arn = create(handler, Desired(given, TAGS))
    changed = {**given, "Certificates": [{"CertificateArn": second}]}
    assert update(handler, arn, changed) == ()
    assert look(handler, arn)["Certificates"] == [{"CertificateArn": second}]


def test_what_is_gone_is_deleted_again_without_complaint(aws, balancer, group, listener):
    groups, arn = TargetGroup(aws, REGION), group("blue")
    seen = look(groups, arn)
    for _ in range(2):
        groups.delete(seen)
    listening = listener({"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}})
    listened = look(Listener(aws, REGION), listening)
    for _ in range(2):
        Listener(aws, REGION).delete(listened)
    assert look(Listener(aws, REGION), listening) is None
