"""Runs made by hand: what the engine would give to `report/`."""

from __future__ import annotations

from dataclasses import replace

from reconciler.handler import Handler
from reconciler.model import UNKNOWN, Action, FieldChange, Source, Wait
from reconciler.report.secrets import Masker, masked
from reconciler.result import Coverage, Decision, Fate, Outcome, Result

PASSWORD = "correct-horse-battery"
TOKEN = "tok_planted_9f8e7d"
HEADER = "origin-header-planted"
NEW = "new-planted-value"
PLANTED = (PASSWORD, TOKEN, HEADER, NEW)

ENFORCE = (
    "prod only watches ecs.service; to enforce it, add `enforce: [ecs.service]` "
    "to desired/prod/environment.yaml"
)
PROTECTED = "holds data; to delete it, run with `--allow delete --unprotect rds.db_instance/old`"


class TaskDefinition(Handler):
    secret = {"containerDefinitions.environment.value"}


class Cluster(Handler):
    write_only = {"MasterUserPassword"}


class Distribution(Handler):
    secret = {"Origins.Items.CustomHeaders.Items.HeaderValue"}


class Plain(Handler):
    pass


FACTS = {
    "ecs.task_definition": TaskDefinition,
    "rds.db_cluster": Cluster,
    "cloudfront.distribution": Distribution,
}


def facts(kind):
    return FACTS.get(kind, Plain)


def decision(address, action, reason="", *diff, line=0, file="20-network", **more):
    source = Source(f"desired/uat/{file}.yaml", line, 3) if line else None
    changes = tuple(FieldChange(*each) for each in diff)
    region = more.pop("region", "eu-central-1")
    return Decision(address, region, action, reason, diff=changes, source=source, **more)


def result(*decisions, dry=False, **more):
    given = {
        "environment": "uat",
        "account": "123456789012",
        "run": "20261122-160412-3f2a",
        "commit": "1a2b3c4",
        "dry": dry,
        "decisions": decisions,
        "outcomes": {},
        "coverage": Coverage({}, {}),
        "outputs": {},
        "calls": {},
        "seconds": 8.43,
    }
    return Result(**{**given, **more})


DIGEST = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/muvi-uat/muvi-uat-api"
ABSENT_NOW = "does not exist"
DNS = Wait(
    "who runs muvicinemas.com",
    "delegate uat.muvicinemas.com: NS ns-1.awsdns-01.org, ns-2.awsdns-02.net",
    "acm.certificate/cdn and what stands on it",
)
UPDATES = (
    decision(
        "ecs.service/muvi-uat-api",
        Action.UPDATE,
        "2 properties differ",
        ("desiredCount", 2, 3),
        ("deploymentConfiguration.deploymentCircuitBreaker.rollback", None, True),
        file="30-services",
        line=14,
        id="arn:aws:ecs:eu-central-1:123456789012:service/muvi-uat/muvi-uat-api",
        owner="muvi-converge (uat)",
        owners={"taskDefinition": "the pipeline"},
        gate=ENFORCE,
    ),
    decision(
        "ecs.service/muvi-uat-main",
        Action.UPDATE,
        "platformVersion differs",
        ("platformVersion", "1.4.0", "LATEST"),
        file="30-services",
        line=31,
        gate=ENFORCE,
    ),
    decision(
        "ecs.task_definition/muvi-uat-api",
        Action.UPDATE,
        "3 properties differ",
        ("containerDefinitions[api].image", f"{DIGEST}:1.4.2-alpine", f"{DIGEST}:1.4.3-alpine"),
        ("containerDefinitions[api].environment[DB_PASSWORD].value", PASSWORD, NEW),
        (
            "containerDefinitions[sidecar]",
            None,
            {"name": "sidecar", "environment": [{"name": "TOKEN", "value": TOKEN}]},
        ),
        file="30-services",
        line=44,
    ),
    decision(
        "ec2.security_group/alb",
        Action.UPDATE,
        "ingress differs",
        (
            "ingress",
            [
                {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIpv4": "0.0.0.0/0"},
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv4": "10.0.0.0/8"},
            ],
            [
                {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIpv4": "0.0.0.0/0"},
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv4": "0.0.0.0/0"},
            ],
        ),
        ("tags.Team", "media", None),
        line=60,
        owner="CloudFormation stack legacy-network",
    ),
    decision(
        "s3.bucket/muvi-uat-assets",
        Action.UPDATE,
        "Policy differs",
        (
            "Policy",
            None,
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "Distribution",
                        "Effect": "Allow",
                        "Principal": {"Service": ["cloudfront.amazonaws.com"]},
                        "Action": ["s3:GetObject"],
                        "Resource": ["arn:aws:s3:::muvi-uat-assets/*"],
                    }
                ],
            },
        ),
        file="40-data",
        line=3,
    ),
)
OTHERS = (
    decision(
        "rds.db_cluster/main",
        Action.REPLACE,
        "AWS cannot change Engine",
        ("Engine", "aurora-mysql", "aurora-postgresql"),
        ("MasterUserPassword", UNKNOWN, PASSWORD),
        ("DBClusterArn", "arn:aws:rds:eu-central-1:123456789012:cluster:main", UNKNOWN),
        file="40-data",
        line=20,
    ),
    decision(
        "cloudfront.distribution/web",
        Action.DISRUPT,
        "Enabled differs, which interrupts users",
        ("Enabled", True, False),
        ("Origins.Items[alb].CustomHeaders.Items[X-Origin].HeaderValue", "gone-planted", HEADER),
        region="us-east-1",
        file="50-edge",
        line=7,
    ),
    decision(
        "ec2.security_group/old-web",
        Action.DELETE,
        "ours, and declared no more",
        id="sg-0a1b2c",
        owner="muvi-converge (uat)",
    ),
    decision("rds.db_instance/old", Action.DELETE, "ours, and declared no more", gate=PROTECTED),
    decision("ec2.vpc/main", Action.CREATE, ABSENT_NOW, line=4),
    decision("ec2.subnet/private-a", Action.CREATE, ABSENT_NOW, line=12),
    decision("ec2.subnet/private-b", Action.CREATE, ABSENT_NOW, line=13),
    decision("acm.certificate/cdn", Action.CREATE, ABSENT_NOW, file="50-edge", line=2),
    decision(
        "sqs.queue/jobs",
        Action.ADOPT,
        "exists, and is nobody's",
        ("tags.muvi-converge:environment", None, "uat"),
        ("tags.muvi-converge:address", None, "sqs.queue/jobs"),
        ("tags.Environment", None, "uat"),
        file="40-data",
        line=70,
    ),
    decision(
        "route53.hosted_zone/uat.muvicinemas.com",
        Action.WAIT,
        "its delegation is missing",
        waits=(DNS,),
        file="50-edge",
        line=30,
    ),
    decision(
        "kms.key/data",
        Action.UNKNOWN,
        "kms.key could not be listed: AccessDeniedException: not authorized: kms:ListKeys",
        file="40-data",
        line=50,
    ),
    decision(
        "ecs.service/muvi-uat-identity",
        Action.NO_OP,
        "as declared",
        owners={"desiredCount": "autoscaling", "taskDefinition": "the pipeline"},
        file="30-services",
        line=60,
    ),
    decision("logs.log_group/api", Action.NO_OP, "as declared", file="30-services", line=80),
)
DECISIONS = (*UPDATES, *OTHERS)
COVERAGE = Coverage(
    declared={"ec2.vpc": 1, "ec2.subnet": 2, "ec2.security_group": 2, "ecs.service": 3},
    undeclared={"ec2.security_group": 12, "s3.bucket": 3, "logs.log_group": 1041},
    compared=3412,
    left=9120,
    unread={"kms.key": "AccessDeniedException: not authorized: kms:ListKeys"},
)
CALLS = {"ec2": 120, "ecs": 80, "cloudfront": 3, "kms": 1}
OUTPUTS = {"url": "https://uat.muvicinemas.com", "vpc": UNKNOWN, "zones": ["a", "b"]}
NOT_SENT = (
    "RegisterTaskDefinition: ClientException: Invalid value "
    f"'{NEW}' in containerDefinitions[0].environment.\n"
    "Nothing was changed; correct desired/uat/30-services.yaml:44."
)
OUTCOMES = {
    **{each.address: Outcome(Fate.DONE, seconds=2.5) for each in DECISIONS},
    "ecs.service/muvi-uat-api": Outcome(Fate.REFUSED),
    "ecs.service/muvi-uat-main": Outcome(Fate.REFUSED),
    "rds.db_instance/old": Outcome(Fate.REFUSED),
    "ecs.task_definition/muvi-uat-api": Outcome(Fate.FAILED, NOT_SENT, 1.25),
    "cloudfront.distribution/web": Outcome(Fate.SKIPPED, "because acm.certificate/cdn waits"),
    "acm.certificate/cdn": Outcome(Fate.WAITING, seconds=4.0, waits=(DNS,), id="arn:cert"),
    "route53.hosted_zone/uat.muvicinemas.com": Outcome(Fate.WAITING, waits=(DNS,)),
    "kms.key/data": Outcome(Fate.SKIPPED),
}
NEVER_REACHED = "s3.bucket/muvi-uat-assets"


def safe(run):
    """As the program shows it: masked, with a salt that never changes."""
    return masked(run, facts, Masker(b"tests"))


def everything(dry=False):
    """Every action and, unless dry, every fate; with secrets planted in it."""
    outcomes = {} if dry else {k: v for k, v in OUTCOMES.items() if k != NEVER_REACHED}
    given = {"coverage": COVERAGE, "calls": CALLS, "outputs": OUTPUTS, "outcomes": outcomes}
    return result(*DECISIONS, dry=dry, **given)


def quiet():
    """Nothing to do."""
    same = [replace(each, action=Action.NO_OP, gate="") for each in OTHERS[-2:]]
    outcomes = {each.address: Outcome(Fate.DONE) for each in same}
    coverage = replace(COVERAGE, unread={})
    return result(*same, outcomes=outcomes, coverage=coverage, calls=CALLS)


def large():
    """The first run in an empty account."""
    names = [f"muvi-uat-{service}-{number}" for service in ("api", "web") for number in range(100)]
    creates = [
        decision(f"logs.log_group//ecs/{name}", Action.CREATE, ABSENT_NOW, line=line)
        for line, name in enumerate(names, start=1)
    ]
    return result(*creates, dry=True, coverage=Coverage({"logs.log_group": 200}, {}), calls=CALLS)
