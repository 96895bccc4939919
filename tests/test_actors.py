"""Who changed something, from records as CloudTrail writes them.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from botocore.client import BaseClient

from reconciler.actors import Kind, Ours, changes, regions
from reconciler.actors.identity import whose
from reconciler.aws.throttle import Throttle
from reconciler.sandbox.cloudtrail_events import happened
from tests.command.running import ACCOUNT, REGION, Call, denied

STS = f"arn:aws:sts::{ACCOUNT}:assumed-role"
IAM = f"arn:aws:iam::{ACCOUNT}"
OURS = Ours(role=f"{IAM}:role/converge", runs={"0123456789ab"}, requests={"r-1"})
BUILD = "AWSCodeBuild-2ee06a1e-4d1f-4c1a-8f0c-0b4a2d6ba2e1"
GITHUB = {"federatedProvider": f"{IAM}:oidc-provider/token.actions.githubusercontent.com"}


def session(role, name, path="", **more):
    issuer = {"type": "Role", "userName": role, "arn": f"{IAM}:role/{path}{role}"}
    context = {"sessionIssuer": issuer, **more.pop("context", {})}
    return {
        "type": "AssumedRole",
        "arn": f"{STS}/{role}/{name}",
        "sessionContext": context,
        **more,
    }


ANNA = {"type": "IAMUser", "arn": f"{IAM}:user/anna", "userName": "anna"}
KNOWN = [
    (ANNA, "anna", Kind.PERSON),
    ({"type": "Root", "arn": f"{IAM}:root"}, "root", Kind.PERSON),
    (session("AWSReservedSSO_Admin_0a", "bo@muvi.com"), "bo@muvi.com", Kind.PERSON),
    (
        session("admin", "cy", context={"attributes": {"mfaAuthenticated": "true"}}),
        "cy (admin)",
        Kind.PERSON,
    ),
    (session("converge", "whatever"), "whatever (converge)", Kind.US),
    (session("admin", "0123456789ab"), "0123456789ab (admin)", Kind.US),
    (session("builder", BUILD), f"{BUILD} (builder)", Kind.PIPELINE),
    (
        session("deploy", "GitHubActions", context={"webIdFederationData": GITHUB}),
        None,
        Kind.PIPELINE,
    ),
    (
        session("pipeline", "1700000000000", invokedBy="codepipeline.amazonaws.com"),
        "codepipeline.amazonaws.com",
        Kind.PIPELINE,
    ),
    (
        {"type": "AWSService", "invokedBy": "autoscaling.amazonaws.com"},
        "autoscaling.amazonaws.com",
        Kind.AWS,
    ),
    (session("AWSServiceRoleForECS", "ecs", "aws-service-role/ecs.amazonaws.com/"), None, Kind.AWS),
    ({**ANNA, "invokedBy": "cloudformation.amazonaws.com"}, None, Kind.AWS),
    (session("RDS-WeekEnd", "RDS-WeekEnd-ScaleOut"), None, Kind.UNKNOWN),
    ({}, "nobody", Kind.UNKNOWN),
]


@pytest.mark.parametrize(("identity", "actor", "kind"), KNOWN)
def test_an_identity_is_known(identity, actor, kind):
    told = whose({"userIdentity": identity}, OURS)
    assert told[1] is kind
    assert actor in (None, told[0])


def test_a_request_of_a_journal_is_ours_whoever_sent_it():
    assert whose({"userIdentity": ANNA, "requestID": "r-1"}, OURS)[1] is Kind.US
    assert whose({"userIdentity": ANNA, "requestID": "r-2"}, OURS)[1] is Kind.PERSON


def test_where_a_service_called_tells_its_address():
    event = {"userIdentity": session("x", "y"), "sourceIPAddress": "rds.amazonaws.com"}
    assert whose(event, OURS) == ("rds.amazonaws.com", Kind.AWS)


def happen(operation, *names, region=REGION, identity=ANNA, **more):
    kinds = dict.fromkeys(names, "AWS::EC2::SecurityGroup")
    return happened(ACCOUNT, region, operation, identity, kinds, **more)


def since(**ago):
    return datetime.now(UTC) - timedelta(**(ago or {"hours": 1}))


@pytest.fixture
def asked():
    """What was looked up, by attribute and region."""
    every, send = [], BaseClient._make_api_call

    def made(client, operation, parameters):
        every.append((client.meta.region_name, *parameters["LookupAttributes"][0].values()))
        return send(client, operation, parameters)

    with patch.object(BaseClient, "_make_api_call", made):
        yield every


def test_by_name_the_newest_first_with_what_leads_back_to_the_event(aws, asked):
    old = happen("ec2.AuthorizeSecurityGroupIngress", "sg-1", ago=60)
    new = happen("ec2.RevokeSecurityGroupIngress", "sg-1", requestID="r-1")
    happen("ec2.DeleteSecurityGroup", "sg-2")
    found = changes(aws, [REGION], ["sg-1"], since(), ours=OURS)
    assert [each.event for each in found] == [new["EventId"], old["EventId"]]
    assert [each.kind for each in found] == [Kind.US, Kind.PERSON]
    first = found[0]
    assert (first.operation, first.object, first.actor, first.request_id, first.region) == (
        "ec2.RevokeSecurityGroupIngress",
        "sg-1",
        "anna",
        "r-1",
        REGION,
    )
    assert asked == [(REGION, "ResourceName", "sg-1")]


def test_what_read_was_refused_or_is_too_old_changed_nothing(aws):
    happen("ec2.DescribeSecurityGroups", "sg-1")
    happen("ec2.DeleteSecurityGroup", "sg-1", errorCode="DependencyViolation")
    happen("ec2.DeleteSecurityGroup", "sg-1", ago=7200)
    assert changes(aws, [REGION], ["sg-1"], since()) == []


def test_an_event_whose_resources_aws_does_not_tell_is_found_by_its_parameters(aws, asked):
    happen("logs.PutRetentionPolicy", requestParameters={"logGroupName": "/app", "retention": "/b"})
    (found,) = changes(aws, [REGION], ["/app"], since())
    assert found.object == "/app"
    assert [each[1] for each in asked] == ["ResourceName", "ReadOnly"]
    assert changes(aws, [REGION], ["/b"], since()) == []  # it names nothing


def test_an_arn_is_found_by_the_name_it_ends_in(aws):
    happen("ecs.UpdateService", requestParameters={"service": "x", "cluster": "y"})
    happen("ecs.UpdateService", f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/muvi/web")
    (found,) = changes(aws, [REGION], ["muvi/web"], since())
    assert found.object == "muvi/web"


def test_many_names_are_found_in_one_look_and_without_names_all_changes(aws, asked):
    names = [f"sg-{n}" for n in range(40)]
    for name in names:
        happen("ec2.DeleteSecurityGroup", name)
    happen("ec2.DeleteVpc", "vpc-1")
    happen("iam.DeleteRole", "role", region="us-east-1")
    everywhere = regions(REGION)
    assert everywhere == (REGION, "us-east-1")
    assert len(changes(aws, everywhere, names, since())) == 40
    assert {each[1] for each in asked} == {"ReadOnly"}
    assert len(changes(aws, everywhere, [], since())) == 42


def test_no_more_pages_are_read_than_somebody_would_wait_for_and_that_is_said(aws):
    for number in range(120):
        happen("ec2.DeleteVpc", f"vpc-{number}")
    told = []
    assert len(changes(aws, [REGION], [], since(), tell=told.append, pages=2)) == 100
    assert len(told) == 1
    assert "more changes than the 100" in told[0]


def test_who_may_not_read_it_is_told_once_and_goes_on(aws):
    call, told = Call("cloudtrail", "LookupEvents", REGION, {}), []
    with patch.object(BaseClient, "_make_api_call", side_effect=denied(call)):
        assert changes(aws, regions(REGION), ["sg-1"], since(), tell=told.append) == []
    assert len(told) == 1
    assert "cloudtrail:LookupEvents" in told[0]


def test_two_are_asked_a_second_and_the_rest_of_the_service_is_not_held_up():
    waits = []
    with patch("reconciler.aws.throttle.time.sleep", waits.append):
        wait = Throttle().taker("cloudtrail")
        for _ in range(4):
            wait(event_name="before-send.cloudtrail.LookupEvents")
        wait(event_name="before-send.cloudtrail.DescribeTrails")
    assert waits[:2] == [0, 0]
    assert 0.4 < waits[2] <= 0.5 < waits[3] <= 1
    assert waits[4] == 0
