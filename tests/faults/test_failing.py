"""AWS is slow, forgetful or against us: what can be done is done, once, and the rest is named."""

import pytest

from reconciler.apply.waiting import Pace
from reconciler.model import Fate
from tests.faults.faults import Hide, Lose, Meanwhile, Refuse, deny, fail, throttle
from tests.faults.test_releases import DEFINITION
from tests.faults.wire import Wire
from tests.faults.world import account, census, client, converge, small
from tests.living import failures

# What AWS makes twice if it is asked twice, how it is listed, and all it needs.
VPC = {"ec2.vpc": {"net": {"CidrBlock": "10.0.0.0/16"}}}
SUBNET = {
    "ec2.subnet": {
        "a": {
            "VpcId": "${ec2.vpc/net.VpcId}",
            "CidrBlock": "10.0.1.0/24",
            "AvailabilityZone": "me-central-1a",
        }
    }
}
GATEWAY = {"ec2.internet_gateway": {"way": {"VpcId": "${ec2.vpc/net.VpcId}"}}}
ADDRESS = {"ec2.address": {"out": {"Domain": "vpc"}}}
NAT = {
    **VPC,
    **SUBNET,
    **GATEWAY,
    **ADDRESS,
    "ec2.nat_gateway": {
        "out": {
            "SubnetId": "${ec2.subnet/a.SubnetId}",
            "AllocationId": "${ec2.address/out.AllocationId}",
            "$depends_on": ["ec2.internet_gateway/way"],
        }
    },
}
REVISION = {
    "ecr.repository": {"web": {}},
    "ecs.task_definition": {"web": DEFINITION},
}
RECORD = "acm.certificate/example.com.DomainValidationOptions[0].ResourceRecord"
CERTIFICATE = {
    "acm.certificate": {"example.com": {}},
    "route53.hosted_zone": {"example.com": {}},
    "route53.record_sets": {
        "validation": {
            "HostedZoneId": "${route53.hosted_zone/example.com.Id}",
            "ResourceRecordSets": [
                {
                    "Name": f"${{{RECORD}.Name}}",
                    "Type": "CNAME",
                    "TTL": "300",
                    "ResourceRecords": [{"Value": f"${{{RECORD}.Value}}"}],
                }
            ],
        }
    },
}
ONCE = {
    "CreateVpc": (VPC, "ec2.vpc/net", "DescribeVpcs"),
    "AllocateAddress": (ADDRESS, "ec2.address/out", "DescribeAddresses"),
    "CreateInternetGateway": (
        {**VPC, **GATEWAY},
        "ec2.internet_gateway/way",
        "DescribeInternetGateways",
    ),
    "CreateNatGateway": (NAT, "ec2.nat_gateway/out", "DescribeNatGateways"),
    "RegisterTaskDefinition": (REVISION, "ecs.task_definition/web", "ListTaskDefinitions"),
    "RequestCertificate": (CERTIFICATE, "acm.certificate/example.com", "ListCertificates"),
}
ROLE = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
SEVERAL = {
    **VPC,
    **SUBNET,
    "ecs.cluster": {"main": {}},
    "logs.log_group": {"/web": {"retentionInDays": "14"}},
    "iam.role": {"web": {"AssumeRolePolicyDocument": ROLE}},
}
# What AWS refuses to make twice, or recognises by a token.
GROUP = {"ec2.security_group": {"web": {"VpcId": "${ec2.vpc/net.VpcId}", "Description": "web"}}}
TABLE = {"ec2.route_table": {"out": {"VpcId": "${ec2.vpc/net.VpcId}"}}}
ENDPOINT = {
    "ec2.vpc_endpoint": {
        "s3": {
            "VpcId": "${ec2.vpc/net.VpcId}",
            "VpcEndpointType": "Gateway",
            "ServiceName": "com.amazonaws.me-central-1.s3",
        }
    }
}
FUNCTION = {
    "iam.role": {"web": {"AssumeRolePolicyDocument": ROLE}},
    "lambda.function": {
        "web": {
            "Runtime": "nodejs22.x",
            "Handler": "index.handler",
            "Role": "${iam.role/web.Arn}",
            "Code": {"ZipFile": "exports.handler = async () => 1"},
        }
    },
}
ZONE = {"route53.hosted_zone": {"example.com": {}}}
NAMED = {
    "CreateSubnet": ({**VPC, **SUBNET}, "ec2.subnet/a", "DescribeSubnets"),
    "CreateSecurityGroup": ({**VPC, **GROUP}, "ec2.security_group/web", "DescribeSecurityGroups"),
    "CreateRouteTable": ({**VPC, **TABLE}, "ec2.route_table/out", "DescribeRouteTables"),
    "CreateVpcEndpoint": ({**VPC, **ENDPOINT}, "ec2.vpc_endpoint/s3", "DescribeVpcEndpoints"),
    "CreateFunction": (FUNCTION, "lambda.function/web", "ListFunctions"),
    "CreateRole": (SEVERAL, "iam.role/web", "GetAccountAuthorizationDetails"),
    "CreateLogGroup": (SEVERAL, "logs.log_group//web", "DescribeLogGroups"),
}
CREATES = ["CreateVpc", "CreateSubnet", "CreateCluster", "CreateLogGroup", "CreateRole"]


@pytest.fixture(autouse=True)
def _account():
    with account():
        yield


# Time enough for a listing to be stale as often as a test wants it, however slow the machine.
PATIENT = Pace(tick=0.01, longest=0.05, grace=300, believed=0.2)


def made(declared, address):
    """How many objects carry this address."""
    return census(declared).addresses("test")[address]


@pytest.mark.parametrize("create", ONCE)
def test_a_create_whose_answer_is_lost_is_not_repeated(create, tmp_path):
    types, address, _ = ONCE[create]
    declared = small(tmp_path, it=types)
    assert failures(converge(declared, Wire([Lose(create)]), pace=PATIENT)) == {}
    assert made(declared, address) == 1


@pytest.mark.parametrize("create", ONCE)
def test_what_is_not_listed_yet_is_pending_and_never_created_twice(create, tmp_path):
    types, address, listing = ONCE[create]
    declared, hidden = small(tmp_path, it=types), Hide(listing, create, readings=4)
    assert failures(converge(declared, Wire([hidden]), pace=PATIENT)) == {}
    assert (made(declared, address), hidden.readings) == (1, 0)


@pytest.mark.parametrize("create", {**ONCE, **NAMED})
def test_a_lost_answer_and_a_stale_listing_together_make_no_second_one(create, tmp_path):
    types, address, listing = {**ONCE, **NAMED}[create]
    declared, faults = small(tmp_path, it=types), [Lose(create), Hide(listing, create, readings=4)]
    assert failures(converge(declared, Wire(faults), pace=PATIENT)) == {}
    assert made(declared, address) == 1


def test_what_has_no_tags_yet_when_the_answer_is_lost_is_adopted_by_the_next_run(tmp_path):
    declared = small(tmp_path, it=ZONE)
    assert "is not ours" in str(failures(converge(declared, Wire([Lose("CreateHostedZone")]))))
    assert failures(converge(declared)) == {}
    assert made(declared, "route53.hosted_zone/example.com") == 1


@pytest.mark.parametrize("create", ["CreateVpc", "RegisterTaskDefinition", "CreateCluster"])
def test_what_aws_failed_to_create_is_created(create, tmp_path):
    declared = small(tmp_path, it={**SEVERAL, **REVISION})
    assert failures(converge(declared, Wire([fail(create, times=1)]))) == {}
    assert census(declared).twice() == []


@pytest.mark.parametrize("operation", [*CREATES, "DescribeVpcs", "PutRetentionPolicy"])
@pytest.mark.parametrize("times", [2, 8])
def test_being_asked_too_often_only_takes_time(operation, times, tmp_path):
    throttled = throttle(operation, times)
    declared = small(tmp_path, it=SEVERAL)
    wire = Wire([throttled])
    if operation == "DescribeVpcs" and times > 4:  # AWS does not even let us look
        assert "ec2.vpc/net" in failures(converge(declared, wire))
    assert failures(converge(declared, wire)) == {}
    assert (census(declared).twice(), throttled.refused) == ([], times)


@pytest.mark.parametrize("operation", ["DescribeVpcs", "PutRetentionPolicy", "ListClusters"])
def test_a_call_that_can_be_repeated_is_repeated_when_aws_fails(operation, tmp_path):
    wire = Wire([failed := fail(operation, times=2)])
    assert failures(converge(small(tmp_path, it=SEVERAL), wire)) == {}
    assert failed.refused == 2


@pytest.mark.parametrize("operation", CREATES)
def test_what_we_may_not_do_is_named_and_the_rest_is_done(operation, tmp_path):
    declared = small(tmp_path, it=SEVERAL)
    result = converge(declared, Wire([deny(operation)]))
    (failed,) = [a for a, each in result.outcomes.items() if each.fate is Fate.FAILED]
    assert operation.removeprefix("Create").lower() in failed.replace("_", "")
    assert operation in result.outcomes[failed].error
    assert "not authorized" in result.outcomes[failed].error
    skipped = {a for a, each in result.outcomes.items() if each.fate is Fate.SKIPPED}
    assert skipped == ({"ec2.subnet/a"} if operation == "CreateVpc" else set())
    assert len(census(declared).addresses("test")) == len(declared.resources) - len(
        {failed} | skipped
    )


def test_a_permission_that_we_lack_is_not_waited_for(tmp_path):
    told = "User: arn:aws:sts::123456789012:assumed-role/ci is not authorized to perform: "
    lacking = Refuse("CreateCluster", "AccessDeniedException", f"{told}ecs:CreateCluster")
    result = converge(small(tmp_path, it=SEVERAL), Wire([lacking]))
    assert "ecs:CreateCluster" in result.outcomes["ecs.cluster/main"].error
    assert lacking.refused == 1


def test_a_role_that_aws_does_not_know_yet_is_waited_for(tmp_path):
    told = "'arn:aws:iam::123456789012:role/new' is not authorized to create managed-rule"
    fresh = Refuse("CreateCluster", "AccessDeniedException", told, times=3)
    assert failures(converge(small(tmp_path, it=SEVERAL), Wire([fresh]))) == {}
    assert fresh.refused == 3


def test_somebody_who_fights_us_ends_in_an_error_and_not_in_a_loop(tmp_path):
    declared = small(tmp_path, it=SEVERAL)
    logs = client("logs")

    def theirs():
        logs.put_retention_policy(logGroupName="/web", retentionInDays=7)

    class Fight(Meanwhile):
        """Right after each write of ours."""

        def before(self, call): ...
        def answered(self, call, answer):
            super().before(call)

    wire = Wire([Fight("PutRetentionPolicy", theirs, times=float("inf"))])
    result = converge(declared, wire)
    assert "retentionInDays: sent 14, reads 7" in result.outcomes["logs.log_group//web"].error
    assert wire.writes.count("logs:PutRetentionPolicy") <= 2


def test_two_resources_that_fight_end_in_an_error_and_not_in_a_loop(tmp_path):
    record = {"Name": "www.example.com", "Type": "CNAME", "TTL": "60"}
    records = {
        name: {
            "HostedZoneId": "${route53.hosted_zone/example.com.Id}",
            "ResourceRecordSets": [{**record, "ResourceRecords": [{"Value": f"{name}.test"}]}],
        }
        for name in ("one", "other")
    }
    wire = Wire()
    result = converge(small(tmp_path, it={**ZONE, "route53.record_sets": records}), wire)
    assert any(
        "changed again behind us" in why or "sent" in why for why in failures(result).values()
    )
    assert wire.writes.count("route53:ChangeResourceRecordSets") <= 4


def test_what_somebody_deletes_during_the_run_is_named_and_made_again_by_the_next(tmp_path):
    later = {"/web": {"retentionInDays": "14", "$depends_on": ["ec2.subnet/a"]}}
    declared = small(tmp_path, it={**SEVERAL, "logs.log_group": later})

    def theirs():
        (subnet,) = [each for each in census(declared).things if each.name == "a"]
        client("ec2").delete_subnet(SubnetId=subnet.id)

    last = Meanwhile("PutRetentionPolicy", theirs)
    result = converge(declared, Wire([last]))
    assert last.times == 0
    assert failures(result).keys() == {"ec2.subnet/a"}
    assert failures(converge(declared)) == {}
    assert made(declared, "ec2.subnet/a") == 1


def test_what_somebody_deletes_between_plan_and_apply_is_named_and_made_again(tmp_path):
    declared = small(tmp_path, it=SEVERAL)
    converge(declared)
    tagged = small(tmp_path, it={**SEVERAL, "ecs.cluster": {"main": {"Tags": {"a": "b"}}}})

    def theirs(_):
        client("ecs").delete_cluster(cluster="main")
        return True

    result = converge(tagged, confirm=theirs)
    assert failures(result).keys() == {"ecs.cluster/main"}
    assert failures(converge(tagged)) == {}


@pytest.mark.parametrize(
    "operation",
    [
        "AttachInternetGateway",
        "CreateRoute",
        "AssociateRouteTable",
        "AuthorizeSecurityGroupIngress",
    ],
)
def test_an_update_that_was_done_though_its_answer_was_lost_is_no_failure(operation, tmp_path):
    vpc = "${ec2.vpc/net.VpcId}"
    routes = {
        "ec2.route_table": {
            "public": {
                "VpcId": vpc,
                "Routes": [
                    {
                        "DestinationCidrBlock": "0.0.0.0/0",
                        "GatewayId": "${ec2.internet_gateway/way.InternetGatewayId}",
                    }
                ],
                "Associations": [{"SubnetId": "${ec2.subnet/a.SubnetId}"}],
            }
        },
        "ec2.security_group": {
            "web": {
                "VpcId": vpc,
                "Description": "web",
                "ingress": [
                    {
                        "IpProtocol": "tcp",
                        "FromPort": "80",
                        "ToPort": "80",
                        "CidrIpv4": "10.0.0.0/8",
                    }
                ],
            }
        },
    }
    declared = small(tmp_path, it={**VPC, **SUBNET, **GATEWAY, **routes})
    assert failures(converge(declared, Wire([Lose(operation)]))) == {}
    assert census(declared).twice() == []
