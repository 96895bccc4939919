"""What somebody else has in the account, beside everything that we make."""

from __future__ import annotations

import json

from tests.command.lab import Lab

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
RIGHTS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}],
}
ALARM = {
    "Namespace": "AWS/ECS",
    "MetricName": "CPUUtilization",
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 5,
    "Threshold": 80,
    "ComparisonOperator": "GreaterThanThreshold",
}
PROD = {"muvi-converge:environment": "prod", "muvi-converge:address": "ecr.repository/prods"}


def settle(lab: Lab, region: str) -> None:
    """One object of most types that we know; one carries another environment's tags."""
    _network(lab.client("ec2", region), region)
    _names(lab)
    lab.client("ecr", region).create_repository(
        repositoryName="prods", tags=[{"Key": name, "Value": PROD[name]} for name in PROD]
    )
    lab.client("ecs", region).create_cluster(clusterName="theirs")
    lab.client("logs", region).create_log_group(logGroupName="/theirs")
    lab.client("s3", region).create_bucket(
        Bucket="theirs", CreateBucketConfiguration={"LocationConstraint": region}
    )
    arn = _rights(lab)
    lab.client("lambda", region).create_function(
        FunctionName="theirs",
        Runtime="nodejs22.x",
        Handler="index.handler",
        Role=arn,
        Code={"ZipFile": b"theirs"},
    )
    lab.client("events", region).put_rule(Name="theirs", ScheduleExpression="rate(1 hour)")
    lab.client("sns", region).create_topic(Name="theirs")
    lab.client("secretsmanager", region).create_secret(Name="theirs", SecretString="theirs")
    lab.client("ssm", region).put_parameter(Name="/theirs", Type="String", Value="theirs")
    kms = lab.client("kms", region)
    kms.describe_key(KeyId="alias/aws/secretsmanager")  # AWS makes it with the first secret
    key = kms.create_key(Description="theirs")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/theirs", TargetKeyId=key)
    lab.client("cloudwatch", region).put_metric_alarm(AlarmName="theirs", **ALARM)


def _rights(lab: Lab) -> str:
    iam = lab.client("iam")
    iam.create_policy(PolicyName="theirs", PolicyDocument=json.dumps(RIGHTS))
    iam.create_open_id_connect_provider(Url="https://gitlab.com", ClientIDList=["theirs"])
    made = iam.create_role(RoleName="theirs", AssumeRolePolicyDocument=json.dumps(TRUST))
    return str(made["Role"]["Arn"])


def _network(ec2, region: str) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    ec2.create_subnet(VpcId=vpc, CidrBlock="10.99.1.0/24", AvailabilityZone=f"{region}a")
    ec2.create_security_group(GroupName="theirs", Description="theirs", VpcId=vpc)
    ec2.allocate_address(Domain="vpc")


def _names(lab: Lab) -> None:
    route53 = lab.client("route53")
    zone = route53.create_hosted_zone(Name="theirs.example", CallerReference="theirs")
    record = {
        "Name": "www.theirs.example",
        "Type": "A",
        "TTL": 60,
        "ResourceRecords": [{"Value": "192.0.2.1"}],
    }
    route53.change_resource_record_sets(
        HostedZoneId=zone["HostedZone"]["Id"],
        ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]},
    )
