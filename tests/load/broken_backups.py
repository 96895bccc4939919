"""What is right about backups and records of changes, and the one thing that makes it wrong.

By rule: the YAML, what is exchanged for what in it, and what is then said."""

BACKUPS = """
sns.topic: {backups: {}}
backup.backup_vault:
  home: {SNSTopicArn: '${sns.topic/backups.TopicArn}', BackupVaultEvents: [BACKUP_JOB_FAILED]}
  far: {$region: edge}
backup.backup_plan:
  nightly:
    Rules:
      - RuleName: daily
        TargetBackupVaultName: ${backup.backup_vault/home.BackupVaultName}
        Lifecycle: {MoveToColdStorageAfterDays: 30, DeleteAfterDays: 120}
        CopyActions:
          - DestinationBackupVaultArn: ${backup.backup_vault/far.BackupVaultArn}
            Lifecycle: {MoveToColdStorageAfterDays: 10, DeleteAfterDays: 100}
      - RuleName: every-second
        TargetBackupVaultName: ${backup.backup_vault/home.BackupVaultName}
        EnableContinuousBackup: true
        Lifecycle: {DeleteAfterDays: 35}
  named-only: {$initial: {Rules: [{RuleName: daily, TargetBackupVaultName: Default}]}}
backup.backup_selection:
  databases:
    BackupPlanId: ${backup.backup_plan/nightly.BackupPlanId}
    IamRoleArn: arn:aws:iam::123456789012:role/backups
    ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: daily}]
"""

RECORDS = """
config.configuration_recorder:
  default:
    roleARN: arn:aws:iam::123456789012:role/aws-service-role/config.amazonaws.com/AWSService
    recording: true
    recordingGroup: {resourceTypes: ['AWS::S3::Bucket'], includeGlobalResourceTypes: false}
  other:
    $region: edge
    roleARN: arn:aws:iam::123456789012:role/recorder
    recordingGroup: {allSupported: true, includeGlobalResourceTypes: true}
config.delivery_channel:
  default: {s3BucketName: '${s3.bucket/muvi-config.Bucket}'}
  other: {$region: edge, s3BucketName: somewhere-else}
s3.bucket:
  muvi-config:
    Policy:
      Version: '2012-10-17'
      Statement:
        - Effect: Allow
          Principal: {Service: config.amazonaws.com}
          Action: [s3:GetBucketAcl, s3:PutObject]
          Resource: ['arn:aws:s3:::muvi-config', 'arn:aws:s3:::muvi-config/*']
"""

STRATEGY = RECORDS.replace(
    "{resourceTypes: ['AWS::S3::Bucket'], ",
    "{resourceTypes: ['AWS::S3::Bucket'], "
    "recordingStrategy: {useOnly: INCLUSION_BY_RESOURCE_TYPES}, ",
)

BROKEN = {
    "a plan into a vault of another region": (
        BACKUPS,
        (
            "daily\n        TargetBackupVaultName: ${backup.backup_vault/home.BackupVaultName}",
            "daily\n        TargetBackupVaultName: ${backup.backup_vault/far.BackupVaultName}",
        ),
        (
            "is backup.backup_vault/far, which stands in us-east-1, but a plan backs up into",
            "its own region, eu-central-1, only; name one of those, and this one as Destination",
        ),
    ),
    "a backup that leaves the cold too soon": (
        BACKUPS,
        ("DeleteAfterDays: 120", "DeleteAfterDays: 119"),
        (
            "Rules[0].Lifecycle.DeleteAfterDays is 119, which is less than 90 days after",
            "write 120 or more",
        ),
    ),
    "a copy that leaves the cold too soon": (
        BACKUPS,
        ("DeleteAfterDays: 100", "DeleteAfterDays: 99"),
        ("Rules[0].CopyActions[0].Lifecycle.DeleteAfterDays is 99", "write 100 or more"),
    ),
    "continuous backups that are kept for long": (
        BACKUPS,
        ("DeleteAfterDays: 35", "DeleteAfterDays: 36"),
        ("Rules[1].EnableContinuousBackup is true, but AWS keeps", "for 35 days at most"),
    ),
    "a selection of everything": (
        BACKUPS,
        (
            "ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: backup, "
            "ConditionValue: daily}]",
            "ListOfTags: []",
        ),
        ("so AWS would back up all that there is in the account", "Resources: ['*']"),
    ),
    "a topic that is told of nothing": (
        BACKUPS,
        (", BackupVaultEvents: [BACKUP_JOB_FAILED]", ""),
        "SNSTopicArn is said without BackupVaultEvents, so AWS would refuse it",
    ),
    "a recorder without a channel": (
        RECORDS,
        ("  default: {s3BucketName: '${s3.bucket/muvi-config.Bucket}'}\n", ""),
        ("recording is true, but no config.delivery_channel is declared in eu-central-1", "declar"),
    ),
    "a channel without a recorder": (
        RECORDS.replace("$region: edge, s3BucketName", "$region: gulf, s3BucketName").replace(
            "  other:\n    $region: edge", "  other:\n    $region: gulf"
        ),
        ("  other:\n    $region: gulf", "  other:\n    $region: edge"),
        "has no config.configuration_recorder declared in me-central-1, without which AWS makes no",
    ),
    "a channel that waits for the recorder that waits for it": (
        RECORDS,
        (
            "  default: {s3BucketName",
            "  default: {$depends_on: [config.configuration_recorder/default], s3BucketName",
        ),
        ("names config.configuration_recorder/default, which records", "take it out"),
    ),
    "a recorder of all types and of some": (
        RECORDS,
        ("includeGlobalResourceTypes: false", "allSupported: true"),
        "recordingGroup has both allSupported and resourceTypes, so AWS would refuse it",
    ),
    "a recorder of some types that says all but some": (
        STRATEGY,
        ("INCLUSION_BY", "EXCLUSION_BY"),
        ("useOnly is EXCLUSION_BY_RESOURCE_TYPES, but resourceTypes is given", "write INCLUSION_"),
    ),
    "a recorder of some types and of IAM's": (
        RECORDS,
        ("includeGlobalResourceTypes: false", "includeGlobalResourceTypes: true"),
        "includeGlobalResourceTypes is true, which AWS takes with allSupported only",
    ),
    "a channel into a bucket that does not let AWS in": (
        RECORDS,
        ("[s3:GetBucketAcl, s3:PutObject]", "[s3:GetBucketAcl]"),
        (
            "s3BucketName is s3.bucket/muvi-config, whose Policy does not let "
            "config.amazonaws.com s3:PutObject, so AWS would refuse the channel",
        ),
    ),
}

OPEN = {
    "a plan into a vault of another region": "daily\n        TargetBackupVaultName: ${input.some}",
    "a backup that leaves the cold too soon": "DeleteAfterDays: '${input.some}'",
    "a selection of everything": "ListOfTags: ${input.some}",
    "a recorder of some types and of IAM's": "includeGlobalResourceTypes: '${input.some}'",
    "a channel into a bucket that does not let AWS in": "${input.some}",
}
