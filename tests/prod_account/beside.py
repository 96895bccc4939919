"""What is there beside all that the report states: other people's, other tools' and AWS's own."""

from __future__ import annotations

import json
from typing import Any

from tests.prod_account.account import Account
from tests.prod_account.planted import planted
from tests.prod_account.tables import ACCOUNT, EDGE, MAIN

DATADOG = "DatadogIntegration-DatadogA-DatadogAPICallFunction"
TERRAFORM = {"ManagedBy": "terraform"}


def fill(account: Account) -> None:
    _at_the_edge(account)
    _at_the_balancer(account)
    _on_schedule(account)
    _names(account)
    _alarms(account)
    _marks(account)
    _terraform(account)
    _readers(account)
    _kept(account)


def _at_the_edge(account: Account) -> None:
    """An alias and an origin more on a distribution, a rule more in each ACL."""
    cloudfront = account("cloudfront")
    distribution = account.ids["distribution"]["media.prod.muvicinemas.com"]
    answer = cloudfront.get_distribution_config(Id=distribution)
    config = answer["DistributionConfig"]
    _more(config["Aliases"], "assets.prod.muvicinemas.com")
    (origin,) = config["Origins"]["Items"]
    host = "muvi-menu-public.s3.eu-central-1.amazonaws.com"
    _more(config["Origins"], {**origin, "Id": "menu", "DomainName": host})
    cloudfront.update_distribution(
        Id=distribution, IfMatch=answer["ETag"], DistributionConfig=config
    )
    _rule(account("wafv2", EDGE), "CLOUDFRONT")
    _rule(account("wafv2"), "REGIONAL")


def _rule(wafv2: Any, scope: str) -> None:
    """One more before all others."""
    (acl,) = wafv2.list_web_acls(Scope=scope)["WebACLs"]
    which = {"Name": acl["Name"], "Id": acl["Id"], "Scope": scope}
    found = wafv2.get_web_acl(**which)
    kept = {name: found["WebACL"][name] for name in ("DefaultAction", "VisibilityConfig")}
    rule = {
        "Name": "by-hand",
        "Priority": 0,
        "Statement": {"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP"}},
        "Action": {"Block": {}},
        "VisibilityConfig": kept["VisibilityConfig"],
    }
    rules = [rule, *found["WebACL"]["Rules"]]
    wafv2.update_web_acl(**which, **kept, Rules=rules, LockToken=found["LockToken"])


def _more(counted: dict[str, Any], item: Any) -> None:
    counted["Items"].append(item)
    counted["Quantity"] += 1


def _at_the_balancer(account: Account) -> None:
    account("elbv2").create_rule(
        ListenerArn=account.ids["listener"]["Muvi-Prod:80"],
        Priority=10,
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/status"]}}],
        Actions=[
            {
                "Type": "fixed-response",
                "FixedResponseConfig": {"StatusCode": "204", "ContentType": "text/plain"},
            }
        ],
    )


def _on_schedule(account: Account) -> None:
    """A target more on a rule, and a rule that the report does not name."""
    events, topic = account("events"), account.ids["topic"]["bespin"]
    events.put_targets(Rule="user-anniversary", Targets=[{"Id": "bespin", "Arn": topic}])
    events.put_rule(Name="weekend-scale-out", ScheduleExpression="cron(0 12 ? * THU *)")
    function = account.ids["function"]["weekend-ECSscaling"]
    events.put_targets(Rule="weekend-scale-out", Targets=[{"Id": "1", "Arn": function}])


def _names(account: Account) -> None:
    record = {
        "Name": "mail.muvicinemas.com",
        "Type": "MX",
        "TTL": 300,
        "ResourceRecords": [{"Value": "10 mail.example.com"}],
    }
    account("route53").change_resource_record_sets(
        HostedZoneId=account.ids["zone"]["muvicinemas.com"],
        ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]},
    )


def _alarms(account: Account) -> None:
    """An action more on an alarm of ours."""
    cloudwatch = account("cloudwatch")
    alarm = cloudwatch.describe_alarms(AlarmNames=["RootUsage"])["MetricAlarms"][0]
    kept = ("AlarmName", "AlarmDescription", "Namespace", "MetricName", "Statistic", "Period")
    kept += ("EvaluationPeriods", "Threshold", "ComparisonOperator", "AlarmActions")
    whole = {name: alarm[name] for name in kept}
    whole["AlarmActions"] = [*whole["AlarmActions"], account.ids["topic"]["bespin"]]
    cloudwatch.put_metric_alarm(**whole)


def _marks(account: Account) -> None:
    """Tags of CloudFormation, Terraform and people."""
    stack = f"arn:aws:cloudformation:{MAIN}:{ACCOUNT}:stack/DatadogIntegration/0a1b2c"
    cloudformation = {
        "aws:cloudformation:stack-name": "DatadogIntegration",
        "aws:cloudformation:stack-id": stack,
        "aws:cloudformation:logical-id": "DatadogAPICallFunction",
    }
    functions = account.ids["function"]
    tag = account("lambda").tag_resource
    tag(Resource=functions[DATADOG], Tags=cloudformation)
    tag(Resource=functions["event-test"], Tags={"Owner": "platform"})
    account("ec2").create_tags(
        Resources=[account.ids["vpc"]["Muvi-VPC"]],
        Tags=[{"Key": name, "Value": value} for name, value in TERRAFORM.items()],
    )
    account("sns").tag_resource(
        ResourceArn=account.ids["topic"]["bespin"],
        Tags=[{"Key": name, "Value": value} for name, value in TERRAFORM.items()],
    )
    _team(account)


def _team(account: Account) -> None:
    """Whose it is, where a service takes its tags in a way of its own."""
    tags, arn = [{"Key": "Team", "Value": "backend"}], f"{MAIN}:{ACCOUNT}"
    account("s3").put_bucket_tagging(Bucket="muvi-cms-prod", Tagging={"TagSet": tags})
    account("ecr").tag_resource(resourceArn=f"arn:aws:ecr:{arn}:repository/muvi-gateway", tags=tags)
    account("rds").add_tags_to_resource(
        ResourceName=f"arn:aws:rds:{arn}:cluster:muvi-prod-fb", Tags=tags
    )
    account("dynamodb").tag_resource(
        ResourceArn=f"arn:aws:dynamodb:{arn}:table/muvi-tf-lockid", Tags=tags
    )
    account("cloudfront").tag_resource(
        Resource=f"arn:aws:cloudfront::{ACCOUNT}:distribution/"
        + account.ids["distribution"]["go.muvicinemas.com"],
        Tags={"Items": tags},
    )
    account("route53").change_tags_for_resource(
        ResourceType="hostedzone",
        ResourceId=account.ids["zone"]["muvicinemas.com"].rpartition("/")[2],
        AddTags=tags,
    )


def _terraform(account: Account) -> None:
    """A state file that says which network and which balancer are Terraform's."""
    vpc = {"id": account.ids["vpc"]["Muvi-VPC"]}
    balancer = {
        "id": account.ids["balancer"]["Muvi-Prod"],
        "arn": account.ids["balancer"]["Muvi-Prod"],
    }
    state = {
        "version": 4,
        "terraform_version": "1.5.7",
        "resources": [
            {"mode": "managed", "type": kind, "name": "main", "instances": [{"attributes": found}]}
            for kind, found in (("aws_vpc", vpc), ("aws_lb", balancer))
        ],
    }
    account("s3").put_object(
        Bucket="terraform-statefile-muvi", Key="terraform.tfstate", Body=json.dumps(state)
    )


def _readers(account: Account) -> None:
    """A reader that scaling made."""
    account("application-autoscaling").register_scalable_target(
        ServiceNamespace="rds",
        ResourceId="cluster:muvi-prod-main-service",
        ScalableDimension="rds:cluster:ReadReplicaCount",
        MinCapacity=1,
        MaxCapacity=3,
    )
    account("rds").create_db_instance(
        DBInstanceIdentifier="application-autoscaling-0a1b2c3d-4e5f-6789-abcd-ef0123456789",
        DBClusterIdentifier="muvi-prod-main-service",
        Engine="aurora-postgresql",
        DBInstanceClass="db.r5.2xlarge",
    )


def _kept(account: Account) -> None:
    """Values that nobody may read aloud, where they are kept on purpose."""
    ssm = account("ssm")
    kept = (("/prod/gateway/JWT", "SecureString", "secure-parameter"),)
    kept += (("/prod/gateway/KEY", "String", "plain-parameter"),)
    for name, kind, place in kept:
        ssm.put_parameter(Name=name, Type=kind, Value=planted(place))
    account("secretsmanager").put_secret_value(
        SecretId="prod/main/rds", SecretString=planted("secret-value")
    )
