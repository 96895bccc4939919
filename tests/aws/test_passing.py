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


SCALING = "Unable to assume IAM role: arn:aws:iam::123456789012:role/aws-service-role/x"
UNATTACHABLE = "Policy arn:aws:iam::{}:policy/x does not exist or is not attachable."
ROLE = "The role defined for the function cannot be assumed by Lambda."
DELETED = "a secret with this name is already scheduled for deletion"
BUSY_FUNCTION = "The operation cannot be performed at this time. An update is in progress"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("InvalidParameterValueException", ROLE),
        ("InvalidParameterValueException", "Your request has been throttled by EC2, please make"),
        ("InvalidParameterValueException", "Lambda: KMS key is invalid for CreateGrant."),
        ("ClientException", "Role is not valid"),
        ("MalformedPolicyDocument", "Invalid principal in policy: AWS"),
        ("MalformedPolicyDocument", 'Invalid principal in policy: "AWS":"arn:aws:iam::1:role/x"'),
        ("MalformedPolicy", "Invalid principal in policy"),
        ("NoSuchEntity", UNATTACHABLE.format("123456789012")),
        ("EntityTemporarilyUnmodifiable", ""),
        ("ConcurrentModification", ""),
        ("ValidationException", SCALING),
        ("ServiceLinkedRoleNotFoundException", ""),
        ("InvalidParameterException", "Please verify that the role has the proper permissions"),
        ("InvalidParameterValue", "is invalid or does not include the required permissions"),
        ("ValidationException", "Role x cannot be assumed by principal 'events.amazonaws.com'"),
        ("InvalidArgument", "Unable to validate the following destination configurations"),
        ("InvalidParameter", "Invalid parameter: Policy Error: PrincipalNotFound"),
        ("InvalidRequest", "Destination bucket must have versioning enabled."),
        ("InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication"),
        ("InvalidTargetBucketForLogging", "You must either provide the necessary permissions to"),
        ("InvalidParameterException", "Unable to assume the service linked role. Please verify"),
        (
            "InvalidParameterException",
            "Target group x does not have an associated load balancer",
        ),
        ("ThrottlingException", "Rate exceeded"),
        ("StateMachineDeleting", "State Machine is being deleted"),
        ("ContinuousBackupsUnavailableException", "Backups are being enabled for the table"),
        ("LimitExceededException", "can be created, updated, or deleted simultaneously"),
        ("ResourceInUseException", "Table is being updated: locks"),
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
        ("InvalidRequestException", f"You can't create this secret because {DELETED}."),
        ("NotFoundException", "Key 'arn:aws:kms:eu-central-1:123456789012:key/1' does not exist"),
        ("TooManyUpdates", ""),
        ("InsufficientS3BucketPolicyException", "Incorrect S3 bucket policy is detected"),
        ("InsufficientSnsTopicPolicyException", ""),
        ("InsufficientEncryptionPolicyException", ""),
        ("InvalidCloudWatchLogsRoleArnException", "Access denied. Check the role's trust policy."),
        ("InvalidCloudWatchLogsLogGroupArnException", "Access denied. Check the permissions"),
        ("S3BucketDoesNotExistException", "S3 bucket muvi-logs does not exist!"),
        ("ConflictException", "The trail is not ready"),
        ("ACCESS_DENIED", ""),
        ("ENABLE_IN_PROGRESS", ""),
        ("SSM_THROTTLED", ""),
        ("EVENTBRIDGE_UNAVAILABLE", ""),
        ("WAFUnavailableEntityException", "AWS WAF couldn't retrieve the resource. Retry."),
        ("WAFLogDestinationPermissionIssueException", "You don't have the permissions"),
        ("WAFServiceLinkedRoleErrorException", ""),
        ("WAFTagOperationException", ""),
        ("WAFTagOperationInternalErrorException", ""),
        ("InvalidParameterValueException", "IAM Role x cannot be assumed by AWS Backup"),
        ("InvalidParameterValueException", "Provided principal is not valid"),
        ("InsufficientDeliveryPolicyException", "Insufficient delivery policy to s3 bucket: x"),
        ("NoAvailableConfigurationRecorderException", ""),
        ("NoAvailableDeliveryChannelException", ""),
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
        ("NoSuchEntity", UNATTACHABLE.format("aws")),
        ("NoSuchEntity", "The role with name x cannot be found."),
        ("LimitExceeded", "A managed policy can have up to 5 versions."),
        ("ValidationError", "1 validation error detected"),
        ("AccessDeniedException", "explicit deny"),
        ("AccessDenied", "User is not authorized to perform: iam:CreateRole"),
        ("LimitExceededException", ""),
        ("BLOCKED_BY_ORGANIZATION_POLICY", ""),
        ("InvalidCloudWatchLogsRoleArnException", "is not a valid ARN"),
        ("InsufficientCacheClusterCapacity", ""),
        ("BucketAlreadyExists", ""),
        ("InvalidArgument", "The specified bucket is not valid."),
        ("InvalidParameter", "Invalid parameter: Endpoint"),
        ("InvalidRequest", "Priority must be specified for this version of replication"),
        ("InvalidTargetBucketForLogging", "The target bucket for logging does not exist"),
        ("MyInvalidGroup.NotFound", ""),
        ("WAFInvalidParameterException", "Error reason: The scope is not valid."),
        ("WAFAssociatedItemException", ""),
        ("InvalidParameterValueException", "Backup vault x does not exist"),
        ("InvalidRequestException", "Backup vault cannot be deleted: it contains recovery points"),
        ("NoSuchBucketPolicy", ""),
        ("InvalidRequestException", "You can't perform this operation on the secret because"),
        ("NotFoundException", "Alias arn:aws:kms:eu-central-1:123456789012:alias/a is not found."),
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
        ("ValidationException", "Rule can't be deleted since it has targets."),
        ("InvalidParameterValueException", "Lambda was unable to delete it: a replicated function"),
        ("WAFAssociatedItemException", ""),
        ("LastDeliveryChannelDeleteFailedException", ""),
        ("InvalidRequestException", "Related backup plan selections must be deleted prior to"),
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
        "WAFDuplicateItemException",
    ],
    passing.denied: ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"],
    passing.expired: ["ExpiredToken", "InvalidClientTokenId", "RequestExpired", "AuthFailure"],
}


@pytest.mark.parametrize("question", CODES, ids=lambda each: each.__name__)
def test_each_question_knows_its_codes_and_no_others(question):
    assert [code for code in CODES[question] if not question(error(code))] == []
    others = {code for each, codes in CODES.items() if each is not question for code in codes}
    assert [code for code in others if question(error(code))] == []
