"""A weekend as production has it: five Lambdas scale, others deploy, upgrade, back up and defend.

Our enforcing run comes every few hours and has nothing to do. Outside of the bounds it is drift."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.command.running import ACCOUNT, ENVIRONMENT, REGION

WATCH = "policy: {all: refuse}\n"
PROD = """
ec2.vpc: {muvi: {CidrBlock: 10.230.0.0/16}}
ec2.subnet:
  $defaults: {VpcId: '${ec2.vpc/muvi.VpcId}'}
  nat-a: {CidrBlock: 10.230.1.0/24, AvailabilityZone: '${env.zones[0]}'}
  nat-b: {CidrBlock: 10.230.2.0/24, AvailabilityZone: '${env.zones[1]}'}
ecs.cluster: {Muvi-Production: {}}
iam.role:
  runs:
    AssumeRolePolicyDocument:
      Version: '2012-10-17'
      Statement:
        - Effect: Allow
          Principal: {Service: [ecs-tasks.amazonaws.com, lambda.amazonaws.com]}
          Action: sts:AssumeRole
rds.db_subnet_group:
  muvi:
    DBSubnetGroupDescription: Databases
    SubnetIds: ['${ec2.subnet/nat-a.SubnetId}', '${ec2.subnet/nat-b.SubnetId}']
rds.db_cluster:
  muvi-prod-main-service:
    Engine: aurora-postgresql
    EngineVersion: '14.17'
    MasterUsername: muvi_admin
    ManageMasterUserPassword: true
    DBSubnetGroupName: ${rds.db_subnet_group/muvi.DBSubnetGroupName}
    BackupRetentionPeriod: 7
rds.db_instance:
  $defaults:
    DBClusterIdentifier: ${rds.db_cluster/muvi-prod-main-service.DBClusterIdentifier}
    Engine: aurora-postgresql
    DBInstanceClass: db.r5.2xlarge
    $within:
      DBInstanceClass:
        among: [db.r5.2xlarge, db.r5.4xlarge]
        by: RDS-WeekEnd-ScaleOut and RDS-WeekEnd-Scale-in
  main-writer: {}
  main-reader: {}
lambda.function:
  sync-films:
    Runtime: nodejs16.x
    Handler: index.handler
    Role: ${iam.role/runs.Arn}
    Timeout: 3
    $initial: {Runtime: nodejs22.x, Code: {ZipFile: 'exports.handler = async () => {}'}}
wafv2.web_acl:
  Backend-ACL:
    Scope: REGIONAL
    DefaultAction: {Allow: {}}
    VisibilityConfig: &seen
      {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: backend}
    Rules:
      - Name: rate
        Priority: 1
        Statement: {RateBasedStatement: {Limit: 2000, AggregateKeyType: IP}}
        Action: {Block: {}}
        VisibilityConfig: *seen
---
$for_each:
  main-grpc: {image: muvi-main, min: 7, max: 100}
  gateway: {image: muvi-gateway, min: 7, max: 120}
ecr.repository: {'${each.image}': {}}
ecs.task_definition:
  ${each.image}:
    requiresCompatibilities: [FARGATE]
    networkMode: awsvpc
    cpu: '1024'
    memory: '2048'
    taskRoleArn: ${iam.role/runs.Arn}
    containerDefinitions:
      - name: ${each.key}
        image: ${ecr.repository/${each.image}.repositoryUri}:97462bd
        essential: true
        portMappings: [{containerPort: 5002, protocol: tcp}]
ecs.service:
  ${each.key}:
    cluster: ${ecs.cluster/Muvi-Production.clusterArn}
    taskDefinition: ${ecs.task_definition/${each.image}.taskDefinitionArn}
    launchType: FARGATE
    desiredCount: ${each.min}
    networkConfiguration: {awsvpcConfiguration: {subnets: ['${ec2.subnet/nat-a.SubnetId}']}}
application_autoscaling.scalable_target:
  ${each.key}:
    ServiceNamespace: ecs
    ResourceId: >-
      service/${ecs.cluster/Muvi-Production.clusterName}/${ecs.service/${each.key}.serviceName}
    ScalableDimension: ecs:service:DesiredCount
    MinCapacity: ${each.min}
    MaxCapacity: ${each.max}
    $within: {MinCapacity: {from: 2, to: 30, by: weekend-ECSscaling}}
application_autoscaling.scaling_policy:
  ${each.key}-cpu:
    ServiceNamespace: ecs
    ResourceId: ${application_autoscaling.scalable_target/${each.key}.ResourceId}
    ScalableDimension: ecs:service:DesiredCount
    PolicyType: TargetTrackingScaling
    TargetTrackingScalingPolicyConfiguration:
      TargetValue: 70
      PredefinedMetricSpecification: {PredefinedMetricType: ECSServiceAverageCPUUtilization}
"""


class Others:
    """Everybody else who writes to this account, by plain boto3."""

    account = ACCOUNT
    instances = ("main-writer", "main-reader")
    function = "sync-films"
    quiet = {"gateway": 3, "main-grpc": 7}
    """What the weekend's function goes back to."""

    def __init__(self, lab):
        self._lab = lab
        self.ecs, self.rds = self._client("ecs"), self._client("rds")
        self.scaling, self.waf = self._client("application-autoscaling"), self._client("wafv2")

    def _client(self, service):
        return self._lab.client(service, REGION)

    def count(self, service, number):
        self.ecs.update_service(cluster="Muvi-Production", service=service, desiredCount=number)

    def least(self, service, number):
        self.scaling.register_scalable_target(
            ServiceNamespace="ecs",
            ResourceId=f"service/Muvi-Production/{service}",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=number,
        )

    def size(self, instance, kind):
        self.rds.modify_db_instance(
            DBInstanceIdentifier=instance, DBInstanceClass=kind, ApplyImmediately=True
        )

    # The five Lambdas.

    def scale_up(self):
        """ECS-main-grpc-tasks-SCALE_UP"""
        self.least("main-grpc", 20)
        self.count("main-grpc", 20)

    def scale_down(self):
        """ECS-main-grpc-tasks-SCALE_DOWN"""
        self.least("main-grpc", 7)
        self.count("main-grpc", 7)

    def scale_out(self):
        """RDS-WeekEnd-ScaleOut"""
        for instance in self.instances:
            self.size(instance, "db.r5.4xlarge")

    def scale_in(self):
        """RDS-WeekEnd-Scale-in"""
        for instance in self.instances:
            self.size(instance, "db.r5.2xlarge")

    def weekend(self):
        """weekend-ECSscaling"""
        self.least("gateway", 12)
        self.least("main-grpc", 12)

    def weekend_is_over(self):
        """weekend-ECSscaling"""
        for service, number in self.quiet.items():
            self.least(service, number)

    # Autoscaling, the pipelines, RDS, AWS Backup, Shield.

    def busy_evening(self):
        self.count("gateway", 118)

    def quiet_night(self):
        name = "service/Muvi-Production/gateway"
        (target,) = self.scaling.describe_scalable_targets(
            ServiceNamespace="ecs", ResourceIds=[name]
        )["ScalableTargets"]
        self.count("gateway", target["MinCapacity"])

    def deploy(self, tag="f01ef16", repository="muvi-gateway", keeps_tags=False):
        """CodePipeline: what runs, with another image."""
        (service,) = self.ecs.describe_services(cluster="Muvi-Production", services=["gateway"])[
            "services"
        ]
        was = self.ecs.describe_task_definition(
            taskDefinition=service["taskDefinition"], include=["TAGS"]
        )
        known = ("family", "networkMode", "requiresCompatibilities", "cpu", "memory")
        known += ("taskRoleArn", "executionRoleArn")
        old = was["taskDefinition"]
        container, *beside = old["containerDefinitions"]
        image = f"{self.account}.dkr.ecr.{REGION}.amazonaws.com/{repository}:{tag}"
        made = self.ecs.register_task_definition(
            **{name: old[name] for name in known if name in old},
            containerDefinitions=[{**container, "image": image}, *beside],
            **({"tags": was["tags"]} if keeps_tags else {}),
        )
        arn = made["taskDefinition"]["taskDefinitionArn"]
        self.ecs.update_service(cluster="Muvi-Production", service="gateway", taskDefinition=arn)

    def deploy_again(self):
        self.deploy("0a1b2c3")

    def deploy_with_tags(self):
        self.deploy("4d5e6f7", keeps_tags=True)

    def deploy_function(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("index.js", "exports.handler = async () => 'new';\n")
        self._client("lambda").update_function_code(
            FunctionName=self.function, ZipFile=packed.getvalue()
        )

    def minor_upgrade(self):
        self.rds.modify_db_cluster(
            DBClusterIdentifier="muvi-prod-main-service",
            EngineVersion="14.18",
            ApplyImmediately=True,
        )

    def backup(self):
        """AWS Backup repeats the tags of what it copies."""
        (cluster,) = self.rds.describe_db_clusters(DBClusterIdentifier="muvi-prod-main-service")[
            "DBClusters"
        ]
        self.rds.create_db_cluster_snapshot(
            DBClusterIdentifier=cluster["DBClusterIdentifier"],
            DBClusterSnapshotIdentifier="awsbackup-job-1",
            Tags=cluster["TagList"],
        )

    def seventh_day(self):
        """RDS starts what has been stopped for seven days."""
        self.rds.start_db_cluster(DBClusterIdentifier="prod-alldb-mig")

    def attack(self):
        """Shield Advanced puts a rule of its own into the web ACL."""
        self._rules(lambda rules: [*rules, SHIELD])

    def attack_is_over(self):
        self._rules(lambda rules: [each for each in rules if each["Name"] != SHIELD["Name"]])

    def _rules(self, changed):
        (acl,) = self.waf.list_web_acls(Scope="REGIONAL")["WebACLs"]
        named = {"Name": acl["Name"], "Id": acl["Id"], "Scope": "REGIONAL"}
        answer = self.waf.get_web_acl(**named)
        kept = {name: answer["WebACL"][name] for name in ("DefaultAction", "VisibilityConfig")}
        rules = changed(answer["WebACL"]["Rules"])
        self.waf.update_web_acl(**named, **kept, Rules=rules, LockToken=answer["LockToken"])


# https://docs.aws.amazon.com/waf/latest/developerguide/ddos-automatic-app-layer-response-rg.html
SHIELD = {
    "Name": f"ShieldMitigationRuleGroup_{ACCOUNT}_3f2a_backend",
    "Priority": 10000000,
    "Statement": {"GeoMatchStatement": {"CountryCodes": ["AQ"]}},
    "Action": {"Count": {}},
    "VisibilityConfig": {
        "SampledRequestsEnabled": True,
        "CloudWatchMetricsEnabled": True,
        "MetricName": "shield",
    },
}

DAYS = (
    ("Thursday 06:00", ()),
    ("Thursday 12:00", ("deploy", "deploy_function")),
    ("Thursday 16:00", ("scale_out", "weekend")),
    ("Thursday 20:00", ("scale_up", "busy_evening")),
    ("Friday 02:00", ("quiet_night", "backup")),
    ("Friday 10:00", ("deploy_again",)),
    ("Friday 20:00", ("busy_evening", "attack")),
    ("Saturday 04:00", ("minor_upgrade", "quiet_night")),
    ("Saturday 12:00", ("deploy_with_tags",)),
    ("Saturday 20:00", ("busy_evening",)),
    ("Sunday 02:00", ("scale_down", "attack_is_over")),
    ("Sunday 06:00", ("scale_in", "weekend_is_over", "quiet_night")),
    ("Sunday 12:00", ()),
)


@pytest.fixture
def prod(lab):
    """Built from its YAML, enforcing."""
    lab.declare(ENVIRONMENT, it=PROD)
    built = lab.json("--policy")
    assert built.code == 0, built.err + built.out
    return lab


def test_from_thursday_to_sunday_we_write_nothing(prod):
    others = Others(prod)
    for hour, events in DAYS:
        for event in events:
            getattr(others, event)()
        ran = prod.json("--policy")
        assert ran.writes == [], hour
        assert ran.code == 0, f"{hour}: {ran.out}"
    (service,) = others.ecs.describe_services(cluster="Muvi-Production", services=["gateway"])[
        "services"
    ]
    assert service["desiredCount"] == 3
    assert service["taskDefinition"].endswith("muvi-gateway:4")


def test_it_is_told_whose_each_field_is(prod):
    ran = prod.run("--policy")
    for whose in (
        "desiredCount (autoscaling) 2",
        "DBInstanceClass (RDS-WeekEnd-ScaleOut and RDS-WeekEnd-Scale-in) 2",
        "MinCapacity (weekend-ECSscaling) 2",
        "EngineVersion (RDS minor upgrades) 1",
        "containerDefinitions.image (the pipeline) 2",
    ):
        assert whose in " ".join(ran.out.split())


BEYOND = {
    "ecs.service/gateway": lambda others: others.count("gateway", 121),
    "application_autoscaling.scalable_target/main-grpc": lambda o: o.least("main-grpc", 31),
    "rds.db_instance/main-reader": lambda others: others.size("main-reader", "db.r5.large"),
    "ecs.task_definition/muvi-gateway": lambda others: others.deploy("1", "muvi-main"),
}


def test_outside_of_the_bounds_it_is_drift_and_who_watches_only_tells(prod):
    others = Others(prod)
    for step in BEYOND.values():
        step(others)
    prod.declare(ENVIRONMENT + WATCH, it=PROD)
    ran = prod.json("--policy")
    assert (ran.code, ran.writes) == (2, [])
    assert {a for a, each in ran.resources.items() if each["status"] == "refused"} == {*BEYOND}
