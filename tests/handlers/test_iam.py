"""What reaches IAM."""

import json
from urllib.parse import quote

import pytest

from reconciler.model import Desired, Found, Status
from resources.iam.role import Role
from tests.conftest import REGION
from tests.handlers.steps import change, create, look, sent, update

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
GITHUB = "token.actions.githubusercontent.com"
NAME = {"RoleName": "it"}
TRUSTED = "AssumeRolePolicyDocument"
QUEUES = {
    "PolicyName": "queues",
    "PolicyDocument": {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}],
    },
}
READ = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
NETWORK = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"


@pytest.fixture
def roles(aws):
    handler = Role(aws, REGION)
    create(handler, Desired({**NAME, "AssumeRolePolicyDocument": TRUST}, {"Name": "it"}))
    return handler


def inline(handler, **elements):
    """The policy with other elements in its one statement, as the engine hands it on."""
    (statement,) = QUEUES["PolicyDocument"]["Statement"]
    document = {**QUEUES["PolicyDocument"], "Statement": [{**statement, **elements}]}
    return handler.understood({"Policies": [{**QUEUES, "PolicyDocument": document}]})


def named(calls):
    return [operation for operation, _ in calls]


def test_a_role_is_made_with_its_trust_and_its_tags(aws):
    handler = Role(aws, REGION)
    calls = sent(handler.client)
    desired = {**NAME, "AssumeRolePolicyDocument": TRUST, "ManagedPolicyArns": [READ]}
    create(handler, Desired(desired, {"Name": "it"}))
    ((_, parameters),) = calls
    assert json.loads(parameters["AssumeRolePolicyDocument"]) == TRUST
    assert parameters["Tags"] == [{"Key": "Name", "Value": "it"}]


def workflows(provider, *repositories):
    """Whom a deploy role trusts: the workflows of these repositories."""
    whose = {f"{GITHUB}:sub": [f"repo:{each}:*" for each in repositories]}
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
            "StringLike": whose,
        },
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_a_deploy_role_trusts_the_workflows_of_its_repositories(aws):
    handler = Role(aws, REGION)
    provider = handler.client.create_open_id_connect_provider(Url=f"https://{GITHUB}")
    arn = provider["OpenIDConnectProviderArn"]
    one, two = (workflows(arn, *each) for each in (["muvi/web"], ["muvi/web", "muvi/api"]))
    create(handler, Desired({**NAME, TRUSTED: one}))
    assert change(handler, look(handler, "it"), handler.understood({TRUSTED: one})).fields == ()
    calls = sent(handler.client)
    assert update(handler, "it", handler.understood({TRUSTED: two})) == ()
    ((operation, parameters),) = calls
    assert operation == "UpdateAssumeRolePolicy"
    (statement,) = json.loads(parameters["PolicyDocument"])["Statement"]
    assert statement["Principal"] == {"Federated": [arn]}
    assert statement["Condition"]["StringLike"][f"{GITHUB}:sub"] == [
        "repo:muvi/api:*",
        "repo:muvi/web:*",
    ]


def test_one_listing_reads_all_roles(roles):
    calls = sent(roles.client, "GetAccountAuthorizationDetails", "GetRole", "GetRolePolicy")
    look(roles, "it", ["AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns"])
    assert calls == [("GetAccountAuthorizationDetails", {"Filter": ["Role"]})]


def test_what_the_listing_lacks_is_read_only_if_mentioned(roles):
    calls = sent(roles.client, "GetRole")
    assert look(roles, "it", ["MaxSessionDuration"])["MaxSessionDuration"] == 3600
    assert named(calls) == ["GetRole"]


def test_rights_are_given_before_others_are_taken(roles):
    assert update(roles, "it", {"ManagedPolicyArns": [READ]}) == ()
    calls = sent(roles.client)
    assert update(roles, "it", {"ManagedPolicyArns": [NETWORK], **inline(roles)}) == ()
    assert named(calls) == ["AttachRolePolicy", "PutRolePolicy", "DetachRolePolicy"]


def test_a_changed_inline_policy_is_written_over_and_never_deleted(roles):
    assert update(roles, "it", inline(roles)) == ()
    calls = sent(roles.client)
    assert update(roles, "it", inline(roles, Action="sqs:SendMessage")) == ()
    assert named(calls) == ["PutRolePolicy"]


def test_a_policy_that_means_the_same_is_no_difference(roles):
    update(roles, "it", {"Policies": [QUEUES]})
    assert change(roles, look(roles, "it"), inline(roles, Action=["sqs:*"])).fields == ()
    assert change(roles, look(roles, "it"), inline(roles, Resource=["*"])).fields == ()


def test_a_description_keeps_how_long_a_session_lasts(roles):
    update(roles, "it", {"MaxSessionDuration": 7200})
    calls = sent(roles.client)
    assert update(roles, "it", {"Description": "runs functions"}) == ()
    whole = {**NAME, "Description": "runs functions", "MaxSessionDuration": 7200}
    assert calls == [("UpdateRole", whole)]


def test_a_boundary_is_set_and_taken_away(roles):
    boundary = {"PermissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess"}
    calls = sent(roles.client)
    assert update(roles, "it", boundary) == ()
    assert update(roles, "it", {"PermissionsBoundary": None}) == ()
    assert named(calls) == ["PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary"]


def test_a_role_is_bared_before_it_is_deleted(roles):
    update(roles, "it", {"ManagedPolicyArns": [READ], "Policies": [QUEUES]})
    observed = look(roles, "it")
    calls = sent(roles.client)
    roles.delete(observed)
    roles.delete(observed)
    bared = ["DetachRolePolicy", "DeleteRolePolicy", "DeleteRole"]
    assert named(calls) == bared * 2
    assert look(roles, "it") is None


def test_a_role_of_aws_is_its_own(aws):
    handler = Role(aws, REGION)
    handler.client.create_service_linked_role(AWSServiceName="rds.amazonaws.com")
    (found,) = handler.listed()
    assert found.managed_by == "AWS"


def test_a_role_without_its_arn_is_not_there_yet(roles):
    role = {"Arn": "AROAEXAMPLE1EXAMPLE1", "RoleName": "it"}
    assert roles.get(Found("it", role), set()).status is Status.PENDING


def test_documents_come_encoded_and_are_read_twice(roles):
    encoded = {
        "PolicyName": "queues",
        "PolicyDocument": quote(json.dumps(QUEUES["PolicyDocument"])),
    }
    boundary = {"PermissionsBoundaryArn": "arn:aws:iam::aws:policy/PowerUserAccess"}
    answer = {"RolePolicyList": [encoded], "PermissionsBoundary": boundary}
    once = roles.read(answer)
    assert once["Policies"][0]["PolicyDocument"]["Statement"][0]["Action"] == ["sqs:*"]
    assert once["PermissionsBoundary"] == boundary["PermissionsBoundaryArn"]
    assert roles.read(once) == once
