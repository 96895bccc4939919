"""What the rows of the tables say of desired/prod: address, path, value; None where nothing is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.prod_account.tables import ACCOUNT, MAIN, RECOVERY, fact, section, table

Row = dict[str, Any]
Statement = tuple[str, str, Any]
REGION = "$region"
MVPC = "${ec2.vpc/Muvi-VPC.VpcId}"


def services(row: Row) -> Iterator[Statement]:
    name, family = row["name"], f"ecs.task_definition/{row['family']}"
    service, target = f"ecs.service/{name}", f"application_autoscaling.scalable_target/{name}"
    image = f"${{ecr.repository/{row['repository']}.repositoryUri}}:{row['tag'] or 'latest'}"
    yield service, "serviceName", name
    cluster = fact(2, "cluster")["name"]
    yield f"ecs.cluster/{cluster}", "clusterName", cluster
    yield service, "cluster", f"${{ecs.cluster/{cluster}.clusterArn}}"
    yield service, "desiredCount", row["tasks"]
    yield service, "taskDefinition", f"${{{family}.taskDefinitionArn}}"
    yield family, "family", row["family"]
    yield family, "cpu", str(row["cpu"] * 1024)
    yield family, "memory", str(row["memory"] * 1024)
    yield family, "containerDefinitions[0].image", image
    yield family, "containerDefinitions[0].portMappings[0].containerPort", row["port"]
    inside = f"service/${{ecs.cluster/{cluster}.clusterName}}"
    yield target, "ResourceId", f"{inside}/${{{service}.serviceName}}"
    yield target, "ServiceNamespace", "ecs"
    yield target, "ScalableDimension", "ecs:service:DesiredCount"
    yield target, "MinCapacity", row["min"]
    yield target, "MaxCapacity", row["max"]
    groups = [each["name"] for each in table(5, "target_groups") if each["service"] == name]
    for number, group in enumerate(groups):
        place, arn = f"loadBalancers[{number}]", f"${{elbv2.target_group/{group}.TargetGroupArn}}"
        yield service, f"{place}.targetGroupArn", arn
        yield service, f"{place}.containerPort", row["port"]


def scaling_policies(row: Row) -> Iterator[Statement]:
    it = f"application_autoscaling.scaling_policy/{row['service']}-{row['metric']}"
    target = f"application_autoscaling.scalable_target/{row['service']}"
    yield it, "ResourceId", f"${{{target}.ResourceId}}"
    yield it, "ServiceNamespace", "ecs"
    yield it, "ScalableDimension", "ecs:service:DesiredCount"
    yield it, "PolicyType", "TargetTrackingScaling"


def gateway_variables(row: Row) -> Iterator[Statement]:
    number = table(2, "gateway_variables").index(row)
    place = f"containerDefinitions[0].environment[{number}]"
    yield "ecs.task_definition/muvi-gateway", f"{place}.name", row["name"]
    yield "ecs.task_definition/muvi-gateway", f"{place}.value", row["value"]


def recovery_services(row: Row) -> Iterator[Statement]:
    it = f"ecs.service/{row['name']}-dr"
    yield it, "serviceName", row["name"]
    yield it, "desiredCount", row["tasks"]
    cluster = fact(2, "recovery_cluster")["name"]
    yield f"ecs.cluster/{cluster}", "clusterName", cluster
    yield it, "cluster", f"${{ecs.cluster/{cluster}.clusterArn}}"
    yield it, REGION, RECOVERY


def clusters(row: Row) -> Iterator[Statement]:
    it = f"rds.db_cluster/{row['name']}"
    yield it, "DBClusterIdentifier", row["name"]
    yield it, "Engine", fact(3, "engine")
    yield it, "EngineVersion", row["version"]
    yield it, "StorageEncrypted", row["encrypted"]
    yield it, "BackupRetentionPeriod", row["retention"]
    for role in ("writer", "reader"):
        yield from _instance(row["name"], role, row[role])


def stopped(row: Row) -> Iterator[Statement]:
    it = f"rds.db_cluster/{row['name']}"
    yield it, "DBClusterIdentifier", row["name"]
    yield it, "Engine", fact(3, "engine")
    yield it, "EngineVersion", row["version"]
    yield it, "Status", "stopped"
    yield from _instance(row["name"], "writer", row["class"])


def _instance(cluster: str, role: str, size: str | None) -> Iterator[Statement]:
    it = f"rds.db_instance/{cluster}-{role}"
    yield it, "DBInstanceClass", size
    of = f"${{rds.db_cluster/{cluster}.DBClusterIdentifier}}"
    yield it, "DBClusterIdentifier", of if size else None
    yield it, "Engine", fact(3, "engine") if size else None


def proxies(row: Row) -> Iterator[Statement]:
    it = f"rds.db_proxy/{row['name']}"
    (cluster,) = (each["name"] for each in table(3, "clusters") if each["proxy"] == row["name"])
    yield it, "DBProxyName", row["name"]
    yield it, "EngineFamily", row["engine_family"]
    yield it, "DBClusterIdentifiers[0]", f"${{rds.db_cluster/{cluster}.DBClusterIdentifier}}"
    yield it, "Endpoints[0].DBProxyEndpointName", row["endpoint"]
    yield it, "Endpoints[0].TargetRole", fact(3, "endpoint_role")


def groups(row: Row) -> Iterator[Statement]:
    it, every = f"elasticache.replication_group/{row['group']}", fact(4, "every")
    yield it, "ReplicationGroupId", row["group"]
    yield it, "Engine", "redis"
    yield it, "CacheNodeType", row["node"]
    yield it, "EngineVersion", row["engine_version"]
    yield it, "NumCacheClusters", every["nodes"]
    yield it, "AutomaticFailoverEnabled", every["automatic_failover"]
    yield it, "MultiAZEnabled", every["multi_az"]


def load_balancers(row: Row) -> Iterator[Statement]:
    it = f"elbv2.load_balancer/{row['name']}"
    yield it, "Name", row["name"]
    yield it, "Scheme", row["scheme"]
    yield it, "Type", row["type"]


def listeners(row: Row) -> Iterator[Statement]:
    name = row["group"].removeprefix("muvi-").removesuffix("-tg").removesuffix("-grpc")
    it = f"elbv2.listener/{name}"
    yield it, "LoadBalancerArn", f"${{elbv2.load_balancer/{row['balancer']}.LoadBalancerArn}}"
    yield it, "Port", row["port"]
    yield it, "Protocol", row["protocol"]
    yield it, "DefaultActions[0].Type", "forward"
    arn = f"${{elbv2.target_group/{row['group']}.TargetGroupArn}}"
    yield it, "DefaultActions[0].TargetGroupArn", arn


def target_groups(row: Row) -> Iterator[Statement]:
    it = f"elbv2.target_group/{row['name']}"
    yield it, "Name", row["name"]
    yield it, "Port", row["port"]
    yield it, "Protocol", row["protocol"]
    yield it, "ProtocolVersion", None if row["version"] == "HTTP1" else row["version"]
    yield it, "TargetType", row["target"]
    yield it, "HealthCheckPath", row["check"]
    yield it, "VpcId", MVPC


def distributions(row: Row) -> Iterator[Statement]:
    it, origin = f"cloudfront.distribution/{row['alias']}", "Origins.Items[0].DomainName"
    yield it, "Aliases.Items[0]", row["alias"]
    yield it, "PriceClass", fact(6, "price_class")
    yield it, "WebACLId", f"${{wafv2.web_acl/{row['acl']}.ARN}}" if row["acl"] else None
    name = row["origin"] if row["region"] != RECOVERY else f"{row['origin']}-dr"
    match row["kind"], row["origin"]:
        case "balancer", str():
            yield it, origin, f"${{elbv2.load_balancer/{name}.DNSName}}"
        case "bucket", str():
            yield it, origin, f"${{s3.bucket/{row['origin']}.RegionalDomainName}}"
        case _:
            yield it, origin, row["origin"]


def acls(row: Row) -> Iterator[Statement]:
    yield f"wafv2.web_acl/{row['name']}", "Name", row["name"]
    yield f"wafv2.web_acl/{row['name']}", "Scope", row["scope"]
    yield f"wafv2.web_acl/{row['name']}", REGION, row["region"]


def rules(row: Row) -> Iterator[Statement]:
    it, place = f"wafv2.web_acl/{row['acl']}", f"Rules[{row['priority'] - 1}]"
    group = f"{place}.Statement.ManagedRuleGroupStatement"
    yield it, f"{place}.Name", row["name"]
    yield it, f"{place}.Priority", row["priority"]
    yield it, f"{group}.Name", row["managed"]
    yield it, f"{group}.VendorName", "AWS" if row["managed"] else None


def protects(row: Row) -> Iterator[Statement]:
    it = f"wafv2.web_acl/{row['acl']}"
    if "balancer" in row:
        arn = f"${{elbv2.load_balancer/{row['balancer']}.LoadBalancerArn}}"
        yield it, "ResourceArns[0]", arn
    else:
        yield f"cloudfront.distribution/{row['distribution']}", "WebACLId", f"${{{it}.ARN}}"


def buckets(row: Row) -> Iterator[Statement]:
    it = f"s3.bucket/{row['name']}"
    yield it, "Bucket", row["name"]
    if row["region"]:
        yield it, REGION, row["region"]
    if replica := row.get("replica"):
        place = "ReplicationConfiguration.Rules[0].Destination.Bucket"
        yield it, place, f"${{s3.bucket/{replica}.BucketArn}}"


def functions(row: Row) -> Iterator[Statement]:
    it = f"lambda.function/{row['name']}"
    yield it, "FunctionName", row["name"]
    yield it, "Runtime", row["runtime"]
    yield it, "MemorySize", row["memory"]
    yield it, "Timeout", row["timeout"]


def schedules(row: Row) -> Iterator[Statement]:
    it = f"events.rule/{row['rule']}"
    yield it, "Name", row["rule"]
    yield it, "ScheduleExpression", row["expression"]
    yield it, "State", row["state"]
    yield it, "Targets[0].Arn", f"${{lambda.function/{row['function']}.FunctionArn}}"


def pushes(row: Row) -> Iterator[Statement]:
    yield f"events.rule/{row['rule']}", "Name", row["rule"]
    yield f"events.rule/{row['rule']}", "State", row["state"]


def pipelines(row: Row) -> Iterator[Statement]:
    it = f"codepipeline.pipeline/{row['name']}"
    yield it, "name", row["name"]
    for number, stage in enumerate(row["stages"]):
        place = f"stages[{number}].actions[0].actionTypeId"
        for name in ("category", "provider"):
            yield it, f"{place}.{name}", fact(11, "stages")[stage][name]


def repositories(row: Row) -> Iterator[Statement]:
    yield f"ecr.repository/{row['name']}", "repositoryName", row["name"]
    yield f"ecr.repository/{row['name']}", REGION, MAIN


def vpcs(row: Row) -> Iterator[Statement]:
    yield f"ec2.vpc/{row['name']}", "CidrBlock", row["cidr"]
    yield f"ec2.vpc/{row['name']}", "Tags.Name", row["name"]


def subnets(row: Row) -> Iterator[Statement]:
    it = f"ec2.subnet/{row['tier']}-{row['zone'][-1]}"
    yield it, "CidrBlock", row["cidr"]
    yield it, "AvailabilityZone", row["zone"]
    yield it, "VpcId", MVPC


def nat_gateways(row: Row) -> Iterator[Statement]:
    (subnet,) = (each for each in table(12, "subnets") if each["cidr"] == row["subnet"])
    address = f"ec2.subnet/{subnet['tier']}-{subnet['zone'][-1]}"
    yield "ec2.nat_gateway/Muvi-NAT", "SubnetId", f"${{{address}.SubnetId}}"


ENDPOINTS = ("s3", "s3-interface", "s3-global-accesspoint", "application-autoscaling")


def endpoints(row: Row) -> Iterator[Statement]:
    it = f"ec2.vpc_endpoint/{ENDPOINTS[table(12, 'endpoints').index(row)]}"
    yield it, "ServiceName", row["service"]
    yield it, "VpcEndpointType", row["type"]
    yield it, "VpcId", MVPC


def namespaces(row: Row) -> Iterator[Statement]:
    it = f"servicediscovery.private_dns_namespace/{row['name']}"
    yield it, "Name", row["name"]
    yield it, "Vpc", MVPC
    for service in row["services"]:
        yield f"servicediscovery.service/{service}", "Name", service
        yield f"servicediscovery.service/{service}", "NamespaceId", f"${{{it}.Id}}"


def security_groups(row: Row) -> Iterator[Statement]:
    yield f"ec2.security_group/{row['name']}", "GroupName", row["name"]
    yield f"ec2.security_group/{row['name']}", "VpcId", MVPC


def zones(row: Row) -> Iterator[Statement]:
    it = f"route53.hosted_zone/{row['name']}"
    yield it, "Name", row["name"]
    yield it, "VPCs[0].VPCId", MVPC if row["private"] else None
    yield it, "VPCs[0].VPCRegion", MAIN if row["private"] else None


def certificates(row: Row) -> Iterator[Statement]:
    yield f"acm.certificate/{row['domain']}", "DomainName", row["domain"]
    yield f"acm.certificate/{row['domain']}", REGION, row["region"]


def secrets(row: Row) -> Iterator[Statement]:
    yield f"secretsmanager.secret/{row['name']}", "Name", row["name"]


def security_alarms(row: Row) -> Iterator[Statement]:
    """By what it is about, since its name is not said."""
    yield f"cloudwatch.alarm/{row['keyword'].lower().replace(' ', '-')}", "$unnamed", True


def topics(row: Row) -> Iterator[Statement]:
    yield f"sns.topic/{row['name']}", "Name", row["name"]


def backup_plans(row: Row) -> Iterator[Statement]:
    yield f"backup.backup_plan/{row['name']}", "BackupPlanName", row["name"]


def state_machines(row: Row) -> Iterator[Statement]:
    yield f"stepfunctions.state_machine/{row['name']}", "name", row["name"]


def tables(row: Row) -> Iterator[Statement]:
    yield f"dynamodb.table/{row['name']}", "TableName", row["name"]


SWITCHES: dict[str, tuple[str, str, Any]] = {
    "guardduty": ("guardduty.detector/findings", "Enable", True),
    "cloudtrail": ("cloudtrail.trail/muvi-prod", "IsLogging", True),
    "config": ("config.configuration_recorder/default", "recording", True),
    "devops-guru": (
        "devops_guru.resource_collection/AWS_CLOUD_FORMATION",
        "ResourceCollectionType",
        "AWS_CLOUD_FORMATION",
    ),
    "codeguruprofiler": ("codeguruprofiler.profiling_group/muvi-prod", "$unnamed", True),
    "athena": ("athena.work_group/primary", "Name", "primary"),
}


def enabled(row: Row) -> Iterator[Statement]:
    if row["service"] != "inspector2":
        yield SWITCHES[row["service"]]
        return
    it = f"inspector2.enabler/{ACCOUNT}"
    yield it, "accountId", ACCOUNT
    for number, kind in enumerate(row["types"]):
        yield it, f"resourceTypes[{number}]", kind


READERS: dict[tuple[int, str], Callable[[Row], Iterator[Statement]]] = {
    (2, "services"): services,
    (2, "scaling_policies"): scaling_policies,
    (2, "gateway_variables"): gateway_variables,
    (2, "recovery_services"): recovery_services,
    (3, "clusters"): clusters,
    (3, "stopped"): stopped,
    (3, "proxies"): proxies,
    (4, "groups"): groups,
    (5, "load_balancers"): load_balancers,
    (5, "listeners"): listeners,
    (5, "target_groups"): target_groups,
    (6, "distributions"): distributions,
    (7, "acls"): acls,
    (7, "rules"): rules,
    (7, "protects"): protects,
    (8, "buckets"): buckets,
    (9, "functions"): functions,
    (10, "schedules"): schedules,
    (10, "pushes"): pushes,
    (11, "pipelines"): pipelines,
    (11, "repositories"): repositories,
    (12, "vpcs"): vpcs,
    (12, "subnets"): subnets,
    (12, "nat_gateways"): nat_gateways,
    (12, "endpoints"): endpoints,
    (12, "namespaces"): namespaces,
    (12, "security_groups"): security_groups,
    (13, "zones"): zones,
    (13, "certificates"): certificates,
    (14, "secrets"): secrets,
    (15, "security_alarms"): security_alarms,
    (15, "topics"): topics,
    (16, "backup_plans"): backup_plans,
    (17, "state_machines"): state_machines,
    (17, "tables"): tables,
    (17, "enabled"): enabled,
}
UNDECLARED = {
    (8, "unmanaged"): "known by the beginning of its name only",
    (12, "unmanaged"): "none of our business",
    (13, "made_by_namespace"): "the namespace is declared, and its zone is AWS's",
    (14, "described"): "to be found by discovery: they have no names",
    (15, "alarms"): "AWS's own, but for those of the next table",
    (16, "recovery"): "a summary of other tables",
    (17, "queues"): "none",
    (17, "tools"): "whose the objects of others are",
    (1, "counts"): "a summary of other tables",
}


def name_of(row: Any) -> str:
    """How a row is called among tests: section, table, and the first thing that it says."""
    number, name, it = row
    said = next(str(each) for each in it.values() if each is not None)
    return f"{number:02}-{name}-{said}"


def every() -> list[tuple[int, str, Row]]:
    """All rows that speak of something declared."""
    return [(n, name, row) for n, name in READERS for row in table(n, name)]


def unread() -> list[tuple[int, str]]:
    """Tables that nobody reads."""
    lists = [
        (number, name)
        for number in range(1, 18)
        for name, value in section(number).items()
        if isinstance(value, list)
    ]
    return [each for each in lists if each not in READERS and each not in UNDECLARED]
