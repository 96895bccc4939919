"""The calls behind docs/strictness.md about what guards: firewalls, policies, trails, detectors."""

import json

from tests.conftest import ACCOUNT, REGION
from tests.strictness import HERE, balancer, distribution, registry, role

CALLS, row = registry()

SEEN = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "it"}
ACL = {
    "Name": "front",
    "Scope": "REGIONAL",
    "DefaultAction": {"Allow": {}},
    "VisibilityConfig": SEEN,
}
RANGES = {
    "Name": "office",
    "Scope": "REGIONAL",
    "IPAddressVersion": "IPV4",
    "Addresses": ["192.0.2.0/24"],
}
EDGE = "us-east-1"
UUID = "12345678-1234-1234-1234-123456789012"
NO_RANGES = f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/ipset/office/{UUID}"
NO_BALANCER = (
    f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/no/50dc6c495c0c9188"
)
SEND = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}


# What the calls stand on


def acl(moto, region=REGION, **more):
    return moto("wafv2", region).create_web_acl(**{**ACL, **more})["Summary"]


def named(summary, scope="REGIONAL"):
    return {"Scope": scope, **{name: summary[name] for name in ("Name", "Id", "LockToken")}}


def ranges(moto):
    return moto("wafv2").create_ip_set(**RANGES)["Summary"]


def blocking(arn):
    """The rules that block who is in an IP set."""
    statement = {"IPSetReferenceStatement": {"ARN": arn}}
    whole = {"Name": "one", "Priority": 0, "Statement": statement, "Action": {"Block": {}}}
    return [{**whole, "VisibilityConfig": SEEN}]


def managed(moto, name="queues", path="/"):
    document = json.dumps({"Version": "2012-10-17", "Statement": [SEND]})
    asked = {"PolicyName": name, "Path": path, "PolicyDocument": document}
    return moto("iam").create_policy(**asked)["Policy"]["Arn"], document


def logs(moto):
    """A bucket that lets CloudTrail in."""
    arn, trail = "arn:aws:s3:::muvi-logs", {"Service": "cloudtrail.amazonaws.com"}
    let_in = [
        {"Effect": "Allow", "Principal": trail, "Action": action, "Resource": where}
        for action, where in (("s3:GetBucketAcl", arn), ("s3:PutObject", f"{arn}/*"))
    ]
    moto("s3").create_bucket(Bucket="muvi-logs", **HERE)
    text = json.dumps({"Version": "2012-10-17", "Statement": let_in})
    moto("s3").put_bucket_policy(Bucket="muvi-logs", Policy=text)


def trail(moto):
    moto("cloudtrail").create_trail(Name="all", S3BucketName="muvi-logs")


# Firewalls


@row("a firewall of distributions outside us-east-1")
def _(moto):
    acl(moto, Scope="CLOUDFRONT")


@row("the firewall of a load balancer is deleted")
def _(moto):
    made = acl(moto)
    moto("wafv2").associate_web_acl(WebACLArn=made["ARN"], ResourceArn=balancer(moto))
    moto("wafv2").delete_web_acl(**named(made))


@row("the firewall of a distribution is deleted")
def _(moto):
    made = acl(moto, EDGE, Scope="CLOUDFRONT")
    distribution(moto, WebACLId=made["ARN"])
    moto("wafv2", EDGE).delete_web_acl(**named(made, "CLOUDFRONT"))


@row("a firewall before a load balancer that there is not")
def _(moto):
    arn = acl(moto)["ARN"]
    moto("wafv2").associate_web_acl(WebACLArn=arn, ResourceArn=NO_BALANCER)


@row("a rule about an IP set that there is not")
def _(moto):
    acl(moto, Rules=blocking(NO_RANGES))


@row("the IP set of a rule is deleted")
def _(moto):
    made = ranges(moto)
    acl(moto, Rules=blocking(made["ARN"]))
    moto("wafv2").delete_ip_set(**named(made))


@row("two IP sets of one name")
def _(moto):
    ranges(moto)
    ranges(moto)


@row("a firewall's logs to a log group of any name")
def _(moto):
    moto("logs").create_log_group(logGroupName="front")
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:front"
    wanted = {"ResourceArn": acl(moto)["ARN"], "LogDestinationConfigs": [group]}
    moto("wafv2").put_logging_configuration(LoggingConfiguration=wanted)


# Policies, trails and detectors


@row("a policy that is attached is deleted")
def _(moto):
    (arn, _), iam = managed(moto), moto("iam")
    role(moto)
    iam.attach_role_policy(RoleName="runner", PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)


@row("a policy with other versions is deleted")
def _(moto):
    (arn, document), iam = managed(moto), moto("iam")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document)
    iam.delete_policy(PolicyArn=arn)


@row("two policies of one name below two paths")
def _(moto):
    managed(moto)
    managed(moto, path="/service/")


@row("a trail whose bucket has no policy")
def _(moto):
    moto("s3").create_bucket(Bucket="muvi-logs", **HERE)
    trail(moto)


@row("a second trail of the same name")
def _(moto):
    logs(moto)
    trail(moto)
    trail(moto)


@row("a second detector in a region")
def _(moto):
    for _ in range(2):
        moto("guardduty").create_detector(Enable=True)


# Backups and records of changes


def backups(moto, vault="home", **rule):
    """A plan's id."""
    moto("backup").create_backup_vault(BackupVaultName="home")
    rules = [{"RuleName": "daily", "TargetBackupVaultName": vault, **rule}]
    document = {"BackupPlanName": "nightly", "Rules": rules}
    return moto("backup").create_backup_plan(BackupPlan=document)["BackupPlanId"]


def channel(moto, recorder):
    asked = {"name": "default", "roleARN": f"arn:aws:iam::{ACCOUNT}:role/{recorder}"}
    moto("config").put_configuration_recorder(ConfigurationRecorder=asked)
    wanted = {"name": "default", "s3BucketName": "muvi-logs"}
    moto("config").put_delivery_channel(DeliveryChannel=wanted)


@row("a backup that leaves cold storage too soon")
def _(moto):
    backups(moto, Lifecycle={"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 60})


@row("a plan into a vault that there is not")
def _(moto):
    backups(moto, vault="nowhere")


@row("a plan with selections is deleted")
def _(moto):
    arn = role(moto, {"Service": "backup.amazonaws.com"})
    selection = {"SelectionName": "all", "IamRoleArn": arn, "Resources": ["*"]}
    plan = {"BackupPlanId": backups(moto)}
    moto("backup").create_backup_selection(**plan, BackupSelection=selection)
    moto("backup").delete_backup_plan(**plan)


@row("a channel into a bucket that there is not")
def _(moto):
    channel(moto, "recorder")


@row("a channel into a bucket that does not let AWS in")
def _(moto):
    moto("s3").create_bucket(Bucket="muvi-logs", **HERE)
    channel(moto, "aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig")
