"""A role that a service lacks is made once; whoever else asks for it only waits."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from reconciler.aws.linked_roles import LinkedRoles, lacking
from tests.aws.test_passing import error
from tests.handlers.steps import sent

ECS = "Unable to assume the service linked role. Please verify that the ECS service linked role"
SCALING = (
    "Unable to assume IAM role: arn:aws:iam::123456789012:role/aws-service-role/"
    "ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
)
RDS = "Unable to create the resource. Verify that you have permission to create service linked role"
LACKING = [
    ("InvalidParameterException", ECS),
    ("ValidationException", SCALING),
    ("InvalidParameterValue", RDS),
    ("ServiceLinkedRoleNotFoundException", ""),
    ("ServiceLinkedRoleNotFoundFault", "The specified service linked role was not found."),
    ("InvalidInputException", "The service-linked role for backup does not exist."),
]


@pytest.fixture
def iam(aws):
    """What IAM is told to make."""
    return sent(aws.client("iam", "us-east-1"))


def made(calls):
    return [parameters["AWSServiceName"] for _, parameters in calls]


@pytest.mark.parametrize(("code", "message"), LACKING)
def test_aws_says_in_many_ways_that_a_role_is_missing(code, message):
    assert lacking(error(code, message))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDenied", "User: x is not authorized to perform: iam:CreateServiceLinkedRole on y"),
        ("ValidationException", "Unable to assume IAM role: arn:aws:iam::123456789012:role/ours"),
        ("InvalidParameterException", "A service linked role cannot be given to a task"),
        ("InvalidParameterException", "The cluster does not exist"),
    ],
)
def test_other_refusals_make_no_role(aws, iam, code, message):
    assert not LinkedRoles(aws).supply("ecs.service/web", {}, error(code, message))
    assert iam == []


@pytest.mark.parametrize(
    ("address", "properties", "principal"),
    [
        ("ecs.service/web", {}, "ecs.amazonaws.com"),
        ("elbv2.load_balancer/main", {}, "elasticloadbalancing.amazonaws.com"),
        ("rds.db_cluster/main", {}, "rds.amazonaws.com"),
        (
            "application_autoscaling.scalable_target/web",
            {"ServiceNamespace": "ecs"},
            "ecs.application-autoscaling.amazonaws.com",
        ),
    ],
)
def test_the_role_is_that_of_the_service(aws, iam, address, properties, principal):
    assert LinkedRoles(aws).supply(address, properties, error("InvalidParameterException", ECS))
    assert made(iam) == [principal]


def test_what_has_no_such_role_gets_none(aws, iam):
    assert not LinkedRoles(aws).supply("ecr.repository/web", {}, error("X", ECS))
    assert iam == []


def test_all_who_lack_it_at_once_get_one(aws, iam):
    roles = LinkedRoles(aws)
    refused = error("InvalidParameterException", ECS)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(roles.supply, f"ecs.service/{n}", {}, refused) for n in range(8)]
    assert [each.result() for each in asked] == [True] * 8
    assert made(iam) == ["ecs.amazonaws.com"]


def test_a_role_that_is_there_is_only_waited_for(aws, iam):
    aws.client("iam", "us-east-1").create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
    assert LinkedRoles(aws).supply("ecs.service/web", {}, error("X", ECS))
    assert made(iam) == ["ecs.amazonaws.com"] * 2


def test_what_aws_refuses_is_told_to_all_who_ask(aws, monkeypatch):
    refusal = error("AccessDenied", "not authorized to perform: iam:CreateServiceLinkedRole", 403)

    def refuse(**_):
        raise refusal

    monkeypatch.setattr(aws.client("iam", "us-east-1"), "create_service_linked_role", refuse)
    roles = LinkedRoles(aws)
    for _ in range(2):
        with pytest.raises(ClientError, match="iam:CreateServiceLinkedRole"):
            roles.supply("ecs.service/web", {}, error("X", ECS))
