"""Refusals that pass by themselves, as data: everything else fails at once with AWS's words."""

from __future__ import annotations

import re

from botocore.exceptions import ClientError

from reconciler.aws.failures import code, message, throttled

# Error code -> what its message says, where the code alone says too little. AWS takes seconds,
# rarely minutes, to tell every service of a new role, policy or permission:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
PROPAGATING = {
    "ACCESS_DENIED": "",  # so Inspector calls a role of its own that is new
    # A role of ours that AWS does not know yet; `User: ` is ourselves, who will never be let.
    "AccessDeniedException": "^(?!User: ).*not authorized to",
    "CertificateNotFound": "",
    "ClientException": "Role is not valid|role is valid|assume the role",
    "ContinuousBackupsUnavailableException": "",  # of a table that is new
    "IllegalUpdate": "",
    "InsufficientDeliveryPolicyException": "",
    "InsufficientEncryptionPolicyException": "",
    "InsufficientS3BucketPolicyException": "",
    "InsufficientSnsTopicPolicyException": "",
    "InvalidArgument": "Unable to validate the following destination configurations",
    "InvalidCloudWatchLogsLogGroupArnException": "Access denied",
    "InvalidCloudWatchLogsRoleArnException": "Access denied",
    "InvalidInputException": "ot authorized to perform",
    "InvalidParameter": "[Pp]rincipal",
    "InvalidParameterException": (
        "proper permissions|Unable to assume the service linked role"
        "|does not have an associated load balancer|still Draining"
    ),
    "InvalidParameterValue": "does not include the required permissions",
    "InvalidParameterValueException": (
        "cannot be assumed|does not have permissions to call|is not authorized to call"
        "|throttled by EC2|invalid for CreateGrant|principal is not valid"
    ),
    # Deleted for good a moment ago: the name is free soon.
    "InvalidRequestException": "is already scheduled for deletion",
    # The other end of a replication gets its versions, and a log's target its policy, after us.
    "InvalidRequest": "Destination bucket must have versioning|Versioning must be 'Enabled'",
    "InvalidStructureException": "not authorized to perform AssumeRole",
    "InvalidSubnet": "no internet gateway",
    "InvalidTargetBucketForLogging": "necessary permissions",
    "InvalidViewerCertificate": "",
    "MalformedPolicy": "[Ii]nvalid principal",
    "MalformedPolicyDocument": "[Ii]nvalid principal|unsupported principal",
    "MalformedPolicyDocumentException": "principal",
    # A recorder and its channel need each other: the other one is on its way.
    "NoAvailableConfigurationRecorderException": "",
    "NoAvailableDeliveryChannelException": "",
    "NotFoundException": "^Key 'arn:aws[\\w-]*:kms:",  # just created, not known everywhere
    "NoSuchEntity": r"iam::\d{12}:policy/.* is not attachable",  # ours, and new
    "LimitExceededException": "simultaneously",  # as many tables at a time as DynamoDB changes
    "ResourceInUseException": "Table is being",
    "ServiceLinkedRoleNotFoundException": "",
    "ServiceLinkedRoleNotFoundFault": "",
    "StateMachineDeleting": "",  # its name is free once its executions have ended
    "UnsupportedCertificate": "fully-qualified",  # so ELB calls one that is not issued yet
    "ValidationException": "assume IAM role|cannot be assumed|ECS service doesn't exist",
    "WAFLogDestinationPermissionIssueException": "",
    "WAFServiceLinkedRoleErrorException": "",
}
# What was just created, and is named by an id that AWS gave us, is not known everywhere yet.
FRESH = re.compile(
    r"(Invalid\w+I[Dd]|InvalidGroup|InvalidVpcEndpoint)\.NotFound|ClusterNotFoundException"
    r"|NatGatewayNotFound|NoSuchBucket|NoSuchHostedZone|S3BucketDoesNotExistException"
    r"|TargetGroupNotFound|NamespaceNotFound"
)
# The object is busy: AWS finishes what it does, then takes the call.
BUSY = re.compile(
    r"InvalidDB\w+State\w*|Invalid\w+StateFault|ResourceConflictException|OperationAborted"
    r"|ConcurrentModification(Exception)?|ConcurrentUpdateException|ConcurrentAccess"
    r"|PriorRequestNotComplete|EntityTemporarilyUnmodifiable|UpdateInProgressException"
    r"|ServiceUnavailable|IncorrectState|TooManyUpdates|ConflictException"
    r"|(ENABLE|DISABLE|SUSPEND)_IN_PROGRESS|(SSM|EVENTBRIDGE)_(THROTTLED|UNAVAILABLE)"
    r"|INTERNAL_ERROR|WAFUnavailableEntityException|WAFTagOperation(Internal\w+)?Exception"
    r"|Invalid(Cache\w+|ReplicationGroup)State|DuplicateRequest"
)
# Something else still uses what is to be deleted; it is on its way out as well.
IN_USE = re.compile(
    r"DependencyViolation|[\w.]*InUse\w*|DeleteConflict|ResourceInUseException|InvalidGroup\.InUse"
    r"|DistributionNotDisabled|ClusterContains\w+Exception"
    r"|InvalidDB(SubnetGroup|Cluster)StateFault|CannotDeleteEntity|Gateway\.NotAttached"
    r"|WAFAssociatedItemException|LastDeliveryChannelDeleteFailedException"
)
SAYS_IN_USE = re.compile(
    "in use|is currently|has targets|dependent object|replicated function"
    "|selections must be deleted prior"
)  # where the code says too little
# Somebody wrote between our reading and our writing.
STALE = re.compile(
    r"PreconditionFailed|InvalidIfMatchVersion|WAFOptimisticLockException|InvalidPermission\."
    r"(Duplicate|NotFound)|ConflictingDomainExists"
)
EXISTS = re.compile(r"[\w.]*(Already|Duplicate)\w*|PriorityInUse|InvalidSubnet\.Conflict")
DENIED = re.compile(
    r"AccessDenied(Exception)?|UnauthorizedOperation|AuthorizationError(Exception)?|Forbidden"
)
EXPIRED = re.compile(
    r"ExpiredToken(Exception)?|InvalidClientTokenId|UnrecognizedClientException|RequestExpired"
    r"|InvalidToken|AuthFailure|SignatureDoesNotMatch"
)


def passes(error: ClientError) -> bool:
    """Whether the same call will be taken later, with nothing done by us."""
    words = PROPAGATING.get(code(error))
    propagating = words is not None and bool(re.search(words, message(error)))
    named = FRESH.fullmatch(code(error)) or BUSY.fullmatch(code(error))
    return throttled(error) or propagating or bool(named)


def in_use(error: ClientError) -> bool:
    """Whether a delete must wait for something else that goes away."""
    named = IN_USE.fullmatch(code(error)) or BUSY.fullmatch(code(error))
    return bool(named or SAYS_IN_USE.search(message(error)))


def stale(error: ClientError) -> bool:
    """Whether the object changed since we read it."""
    return bool(STALE.fullmatch(code(error)))


def exists(error: ClientError) -> bool:
    """Whether a create was refused because such an object is there."""
    # Lambda, Route 53 and Athena say so in words only.
    said = re.search("already exist|is already created", message(error))
    return bool(EXISTS.fullmatch(code(error)) or said)


def denied(error: ClientError) -> bool:
    """Whether we lack the permission."""
    return bool(DENIED.fullmatch(code(error)))


def expired(error: ClientError) -> bool:
    """Whether AWS does not take our credentials."""
    return bool(EXPIRED.fullmatch(code(error)))
