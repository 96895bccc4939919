"""A create whose answer is lost, or whose object hides for a while: it is never made twice."""

import pytest

from reconciler.apply.waiting import Pace
from tests.faults.faults import Hide, Lose, fail
from tests.faults.wire import Wire
from tests.faults.world import account, census, converge, small
from tests.living import failures

# By the create: the pieces that it takes, whose address counts, and what lists it.
ONCE = {  # AWS, asked twice, makes two
    "CreateVpc": ("vpc", "ec2.vpc/net", "DescribeVpcs"),
    "AllocateAddress": ("address", "ec2.address/out", "DescribeAddresses"),
    "CreateInternetGateway": (
        "vpc gateway",
        "ec2.internet_gateway/way",
        "DescribeInternetGateways",
    ),
    "CreateNatGateway": (
        "vpc subnet gateway address nat",
        "ec2.nat_gateway/out",
        "DescribeNatGateways",
    ),
    "RegisterTaskDefinition": ("revision", "ecs.task_definition/web", "ListTaskDefinitions"),
    "CreateKey": ("key", "kms.key/orders", "ListKeys"),
    "RequestCertificate": ("zone certificate", "acm.certificate/example.com", "ListCertificates"),
}
NAMED = {  # AWS refuses a second one, or knows it by its token
    "CreateSubnet": ("vpc subnet", "ec2.subnet/a", "DescribeSubnets"),
    "CreateSecurityGroup": ("vpc group", "ec2.security_group/web", "DescribeSecurityGroups"),
    "CreateRouteTable": ("vpc table", "ec2.route_table/out", "DescribeRouteTables"),
    "CreateVpcEndpoint": ("vpc endpoint", "ec2.vpc_endpoint/s3", "DescribeVpcEndpoints"),
    "CreateFunction": ("role function", "lambda.function/web", "ListFunctions"),
    "CreateRole": ("role", "iam.role/web", "GetAccountAuthorizationDetails"),
    "CreateCacheParameterGroup": (
        "settings",
        "elasticache.cache_parameter_group/queues",
        "DescribeCacheParameterGroups",
    ),
    "CreateReplicationGroup": (
        "settings cache",
        "elasticache.replication_group/queues",
        "DescribeReplicationGroups",
    ),
    "CreateLogGroup": ("log_group", "logs.log_group//web", "DescribeLogGroups"),
    "CreateSecret": ("secret", "secretsmanager.secret/uat/orders/rds", "ListSecrets"),
    "PutParameter": ("parameter", "ssm.parameter//uat/orders/DB_HOST", "DescribeParameters"),
    "CreatePolicy": ("policy", "iam.policy/web", "GetAccountAuthorizationDetails"),
    "CreateOpenIDConnectProvider": (
        "provider",
        "iam.open_id_connect_provider/token.actions.githubusercontent.com",
        "ListOpenIDConnectProviders",
    ),
    "PutMetricAlarm": ("cluster alarm", "cloudwatch.alarm/busy", "DescribeAlarms"),
}
UPDATES = [  # AWS refuses to do them twice
    "AttachInternetGateway",
    "CreateRoute",
    "AssociateRouteTable",
    "AuthorizeSecurityGroupIngress",
]
# Time enough for a listing to be stale as often as a test wants it, however slow the machine.
PATIENT = Pace(tick=0.01, longest=0.05, grace=300, believed=0.2)


@pytest.fixture(autouse=True)
def _account():
    with account():
        yield


def made(declared, address):
    """How many objects carry this address."""
    return census(declared).addresses("test")[address]


@pytest.mark.parametrize("create", ONCE)
def test_a_create_whose_answer_is_lost_is_not_repeated(create, tmp_path):
    pieces, address, _ = ONCE[create]
    declared = small(tmp_path, *pieces.split())
    assert failures(converge(declared, Wire([Lose(create)]), pace=PATIENT)) == {}
    assert made(declared, address) == 1


@pytest.mark.parametrize("create", ONCE)
def test_what_is_not_listed_yet_is_pending_and_never_created_twice(create, tmp_path):
    pieces, address, listing = ONCE[create]
    declared, hidden = small(tmp_path, *pieces.split()), Hide(listing, create, readings=4)
    assert failures(converge(declared, Wire([hidden]), pace=PATIENT)) == {}
    assert (made(declared, address), hidden.readings) == (1, 0)


@pytest.mark.parametrize("create", {**ONCE, **NAMED})
def test_a_lost_answer_and_a_stale_listing_together_make_no_second_one(create, tmp_path):
    pieces, address, listing = {**ONCE, **NAMED}[create]
    declared, hidden = small(tmp_path, *pieces.split()), Hide(listing, create, readings=4)
    assert failures(converge(declared, Wire([Lose(create), hidden]), pace=PATIENT)) == {}
    assert hidden.readings == 0
    assert made(declared, address) == 1


def test_what_has_no_tags_yet_when_the_answer_is_lost_is_adopted_by_the_next_run(tmp_path):
    declared = small(tmp_path, "zone")
    assert "is not ours" in str(failures(converge(declared, Wire([Lose("CreateHostedZone")]))))
    assert failures(converge(declared)) == {}
    assert made(declared, "route53.hosted_zone/example.com") == 1


@pytest.mark.parametrize("create", ["CreateVpc", "RegisterTaskDefinition", "CreateCluster"])
def test_what_aws_failed_to_create_is_created(create, tmp_path):
    declared = small(tmp_path, "vpc", "cluster", "revision")
    assert failures(converge(declared, Wire([fail(create, times=1)]))) == {}
    assert census(declared).twice() == []


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
    declared = small(tmp_path, "vpc", "subnet", "gateway", "routes", "group")
    assert failures(converge(declared, Wire([Lose(operation)]))) == {}
    assert census(declared).twice() == []


def test_a_version_of_a_policy_whose_answer_is_lost_is_made_once(tmp_path):
    assert failures(converge(small(tmp_path, "policy"))) == {}
    rights = {"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}
    changed = {"web": {"PolicyDocument": {"Version": "2012-10-17", **rights}}}
    declared = small(tmp_path, "policy", iam__policy=changed)
    wire = Wire([Lose("CreatePolicyVersion")])
    assert failures(converge(declared, wire)) == {}
    assert wire.writes == ["iam:CreatePolicyVersion"]
