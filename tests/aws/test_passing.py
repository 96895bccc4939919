"""Which refusals pass by themselves; everything else fails at once."""

import pytest
from botocore.exceptions import ClientError

from reconciler.aws import passing


def error(code, message="", status=400):
    answer = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "DoIt")


ROLE = "The role defined for the function cannot be assumed by Lambda."
BUSY_FUNCTION = "The operation cannot be performed at this time. An update is in progress"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("InvalidParameterValueException", ROLE),
        ("ClientException", "Role is not valid"),
        ("MalformedPolicyDocument", "Invalid principal in policy: AWS"),
        ("MalformedPolicy", "Invalid principal in policy"),
        ("InvalidParameterException", "Unable to assume the service linked role. Please verify"),
        (
            "InvalidParameterException",
            "Target group x does not have an associated load balancer",
        ),
        ("ThrottlingException", "Rate exceeded"),
        ("ResourceConflictException", BUSY_FUNCTION),
        ("InvalidDBInstanceState", "Instance is modifying"),
        ("InvalidDBClusterStateFault", "modifying"),
        ("InvalidReplicationGroupState", "Cluster not in available state to perform tagging"),
        ("InvalidCacheClusterState", ""),
        ("InvalidCacheParameterGroupState", ""),
        ("ServiceLinkedRoleNotFoundFault", ""),
        ("PriorRequestNotComplete", ""),
        ("InvalidSubnetID.NotFound", "The subnet ID 'subnet-1' does not exist"),
        ("InvalidGroup.NotFound", ""),
        ("NoSuchBucket", ""),
        ("ConcurrentModificationException", ""),
    ],
)
def test_these_pass_by_themselves(code, message):
    assert passing.passes(error(code, message))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("InvalidParameterValueException", "Unzipped size must be smaller than 262144000 bytes"),
        ("ClientException", "Container.image should not be null"),
        ("MalformedPolicyDocument", "Syntax errors in policy."),
        ("ValidationError", "1 validation error detected"),
        ("AccessDeniedException", "explicit deny"),
        ("AccessDenied", "User is not authorized to perform: iam:CreateRole"),
        ("LimitExceededException", ""),
        ("InsufficientCacheClusterCapacity", ""),
        ("BucketAlreadyExists", ""),
        ("MyInvalidGroup.NotFound", ""),
        ("NoSuchBucketPolicy", ""),
        ("", ""),
    ],
)
def test_these_fail_at_once(code, message):
    assert not passing.passes(error(code, message))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("DependencyViolation", "resource sg-1 has a dependent object"),
        ("DeleteConflict", "Cannot delete entity, must detach all policies first."),
        ("ResourceInUse", "Target group is currently in use by a listener or a rule"),
        ("ClusterContainsServicesException", ""),
        ("InvalidDBSubnetGroupStateFault", ""),
        ("InvalidDBParameterGroupState", ""),
        ("CacheSubnetGroupInUse", ""),
        ("InvalidCacheParameterGroupState", ""),
        ("OriginAccessControlInUse", ""),
        ("Gateway.NotAttached", ""),
        (
            "InvalidParameterValue",
            "vpc-1 is currently in use",
        ),
    ],
)
def test_these_deletes_wait_for_something_else_to_go(code, message):
    assert passing.in_use(error(code, message))


@pytest.mark.parametrize(
    ("code", "message"),
    [("AccessDenied", "no"), ("NoSuchEntity", "gone"), ("ValidationError", "bad name")],
)
def test_other_deletes_just_fail(code, message):
    assert not passing.in_use(error(code, message))


CODES = {
    passing.stale: ["PreconditionFailed", "InvalidIfMatchVersion", "WAFOptimisticLockException"],
    passing.exists: [
        "EntityAlreadyExists",
        "BucketAlreadyOwnedByYou",
        "DuplicateLoadBalancerName",
        "InvalidGroup.Duplicate",
        "RepositoryAlreadyExistsException",
        "PriorityInUse",
    ],
    passing.denied: ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"],
    passing.expired: ["ExpiredToken", "InvalidClientTokenId", "RequestExpired", "AuthFailure"],
}


@pytest.mark.parametrize("question", CODES, ids=lambda each: each.__name__)
def test_each_question_knows_its_codes_and_no_others(question):
    assert [code for code in CODES[question] if not question(error(code))] == []
    others = {code for each, codes in CODES.items() if each is not question for code in codes}
    assert [code for code in others if question(error(code))] == []
