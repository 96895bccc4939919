"""What reaches IAM of managed policies."""

import json
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from reconciler.aws.passing import in_use
from reconciler.model import Desired
from resources.iam.policy import Policy
from tests.conftest import REGION
from tests.handlers.steps import change, create, look, sent, update

SEND = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
READS = ("GetPolicy", "ListPolicyTags", "GetAccountAuthorizationDetails")


def document(**elements):
    return {"Version": "2012-10-17", "Statement": [{**SEND, **elements}]}


def allowing(handler, action):
    """The property as the engine hands it on."""
    return handler.understood({"PolicyDocument": document(Action=action)})


DESIRED = {"PolicyName": "it", "Description": "queues", "PolicyDocument": document()}


@pytest.fixture
def policies(aws):
    handler = Policy(aws, REGION)
    handler.arn = create(handler, Desired(DESIRED, {"Name": "it"}))
    return handler


def named(calls):
    return [operation for operation, _ in calls]


def versions(handler):
    told = handler.client.list_policy_versions(PolicyArn=handler.arn)["Versions"]
    return {each["VersionId"]: each["IsDefaultVersion"] for each in told}


def change_to(handler, *actions):
    for action in actions:
        assert update(handler, handler.arn, allowing(handler, action)) == ()


def test_a_policy_is_made_whole_with_its_tags(aws):
    handler = Policy(aws, REGION)
    calls = sent(handler.client)
    create(handler, Desired(DESIRED, {"Name": "it"}))
    ((operation, parameters),) = calls
    assert operation == "CreatePolicy"
    assert json.loads(parameters["PolicyDocument"]) == document()
    assert parameters["Tags"] == [{"Key": "Name", "Value": "it"}]


def test_one_listing_reads_all_policies_and_one_call_what_it_lacks(policies):
    calls = sent(policies.client, *READS)
    observed = look(policies, policies.arn, ["Description"])
    assert named(calls) == ["GetAccountAuthorizationDetails", "GetPolicy"]
    assert calls[0][1] == {"Filter": ["LocalManagedPolicy"]}
    assert (observed["Description"], observed.tags) == ("queues", {"Name": "it"})


def test_tags_that_are_known_are_not_read_again(policies):
    (found,) = policies.listed()
    calls = sent(policies.client, *READS)
    known = replace(found, tags={"Name": "it"})
    assert policies.get(known, {"PolicyDocument"}).tags == {"Name": "it"}
    assert calls == []


def test_a_policy_that_means_the_same_is_no_difference(policies):
    same = allowing(policies, ["sqs:SendMessage"])
    assert change(policies, look(policies, policies.arn), same).fields == ()


def test_other_rights_are_a_version_that_is_in_force_at_once(policies):
    calls = sent(policies.client)
    change_to(policies, "sqs:ReceiveMessage")
    ((operation, parameters),) = calls
    assert (operation, parameters["SetAsDefault"]) == ("CreatePolicyVersion", True)
    assert versions(policies) == {"v1": False, "v2": True}


def test_before_the_sixth_version_the_oldest_goes_that_is_not_in_force(policies):
    change_to(policies, *(f"sqs:{n}" for n in range(4)))
    policies.client.set_default_policy_version(PolicyArn=policies.arn, VersionId="v1")
    calls = sent(policies.client)
    change_to(policies, "sqs:*")
    assert named(calls) == ["DeletePolicyVersion", "CreatePolicyVersion"]
    assert versions(policies) == {"v1": False, "v3": False, "v4": False, "v5": False, "v6": True}


def test_a_version_that_went_by_itself_is_no_failure(policies):
    change_to(policies, *(f"sqs:{n}" for n in range(4)))
    late = change(policies, look(policies, policies.arn), allowing(policies, "sqs:*"))
    policies.client.delete_policy_version(PolicyArn=policies.arn, VersionId="v1")
    policies.update(late)
    assert versions(policies)["v6"]


def test_a_policy_is_deleted_after_its_versions(policies):
    change_to(policies, "sqs:a", "sqs:b")
    observed = look(policies, policies.arn)
    calls = sent(policies.client)
    for _ in range(2):
        policies.delete(observed)
    assert named(calls) == ["DeletePolicyVersion", "DeletePolicyVersion", "DeletePolicy"] * 2
    assert look(policies, policies.arn) is None


def test_a_policy_that_a_role_still_has_is_in_use(policies):
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    policies.client.create_role(
        RoleName="it",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    policies.client.attach_role_policy(RoleName="it", PolicyArn=policies.arn)
    with pytest.raises(ClientError) as refused:
        policies.delete(look(policies, policies.arn))
    assert in_use(refused.value)


def test_a_policy_that_is_gone_is_none(policies):
    (found,) = policies.listed()
    policies.client.delete_policy(PolicyArn=policies.arn)
    assert policies.get(found, {"Description"}) is None
