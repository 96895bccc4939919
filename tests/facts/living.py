"""What the rows of the tables say of an account, read with plain boto3: what is wanted, and found.

A row of a table gives pairs (wanted, found). Nothing of ours is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import jmespath

from tests.prod_account.tables import ACCOUNT, EDGE, MAIN, RECOVERY, fact, table

Row = dict[str, Any]
Pair = tuple[Any, Any]


class Account:
    """An account, of which each listing is read once."""

    def __init__(self, client: Callable[..., Any]) -> None:
        self._client = client
        self.ask = cache(self._ask)

    def _ask(self, service: str, operation: str, region: str = MAIN, **given: str) -> Any:
        """Everything that an operation answers, all pages together."""
        client = self._client(service, region)
        if not client.can_paginate(operation):
            return getattr(client, operation)(**given)
        return client.get_paginator(operation).paginate(**given).build_full_result()

    def one(self, path: str, service: str, operation: str, region: str = MAIN, **given: str) -> Any:
        """The only object that a JMESPath finds in an answer; None if there is none."""
        found = jmespath.search(path, self.ask(service, operation, region, **given))
        assert found is None or len(found) <= 1, (path, found)
        return found[0] if found else None

    def service(self, cluster: str, name: str, region: str) -> Any:
        ecs = self._client("ecs", region)
        return ecs.describe_services(cluster=cluster, services=[name])["services"][0]

    def balancer(self, name: str) -> Any:
        path = f"LoadBalancers[?LoadBalancerName=='{name}']"
        return self.one(path, "elbv2", "describe_load_balancers")

    def group(self, name: str) -> Any:
        path = f"TargetGroups[?TargetGroupName=='{name}']"
        return self.one(path, "elbv2", "describe_target_groups")

    def vpc(self) -> str:
        named = "Vpcs[?Tags[?Key=='Name' && Value=='Muvi-VPC']]"
        return str(self.one(named, "ec2", "describe_vpcs")["VpcId"])

    def distribution(self, alias: str) -> Any:
        path = f"DistributionList.Items[?contains(Aliases.Items, '{alias}')]"
        return self.one(path, "cloudfront", "list_distributions")

    def certificates(self, region: str) -> dict[str, Any]:
        """By domain; unless it is asked for all sorts of keys, AWS lists those of one sort only."""
        sorts = {"keyTypes": ["RSA_2048", "RSA_4096", "EC_prime256v1"]}
        listed = self._client("acm", region).list_certificates(Includes=sorts)
        return {each["DomainName"]: each for each in listed["CertificateSummaryList"]}

    def acl(self, name: str) -> Any:
        (row,) = (each for each in table(7, "acls") if each["name"] == name)
        found = self.one(
            f"WebACLs[?Name=='{name}']",
            "wafv2",
            "list_web_acls",
            row["region"],
            Scope=row["scope"],
        )
        asked = {"Name": name, "Id": found["Id"], "Scope": row["scope"]}
        return self.ask("wafv2", "get_web_acl", row["region"], **asked)["WebACL"]


def services(row: Row, it: Account) -> Iterator[Pair]:
    cluster = fact(2, "cluster")["name"]
    found = it.service(cluster, row["name"], MAIN)
    yield row["tasks"], found["desiredCount"]
    yield fact(2, "launch_type"), found["launchType"]
    task = it.ask("ecs", "describe_task_definition", taskDefinition=row["family"])["taskDefinition"]
    own, *beside = task["containerDefinitions"]
    yield (str(row["cpu"] * 1024), str(row["memory"] * 1024)), (task["cpu"], task["memory"])
    yield row["port"], own["portMappings"][0]["containerPort"]
    host = f"{ACCOUNT}.dkr.ecr.{MAIN}.amazonaws.com/{row['repository']}"
    yield f"{host}:{row['tag'] or 'latest'}", own["image"]
    yield True, any(fact(2, "sidecar")["named"] in each["image"] for each in beside)
    target = it.one(
        f"ScalableTargets[?ResourceId=='service/{cluster}/{row['name']}']",
        "application-autoscaling",
        "describe_scalable_targets",
        ServiceNamespace="ecs",
    )
    yield (row["min"], row["max"]), (target["MinCapacity"], target["MaxCapacity"])


def scaling_policies(row: Row, it: Account) -> Iterator[Pair]:
    metric = "TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification"
    ours = f"ResourceId=='service/{fact(2, 'cluster')['name']}/{row['service']}'"
    wanted = fact(2, "metrics")[row["metric"]]
    found = it.one(
        f"ScalingPolicies[?{ours} && {metric}.PredefinedMetricType=='{wanted}']",
        "application-autoscaling",
        "describe_scaling_policies",
        ServiceNamespace="ecs",
    )
    yield "TargetTrackingScaling", found["PolicyType"]


def gateway_variables(row: Row, it: Account) -> Iterator[Pair]:
    asked = {"taskDefinition": "muvi-gateway"}
    task = it.ask("ecs", "describe_task_definition", **asked)["taskDefinition"]
    said = {each["name"]: each["value"] for each in task["containerDefinitions"][0]["environment"]}
    yield row["value"], said.get(row["name"])


def recovery_services(row: Row, it: Account) -> Iterator[Pair]:
    found = it.service(fact(2, "recovery_cluster")["name"], row["name"], RECOVERY)
    yield row["tasks"], found["desiredCount"]


def _cluster(row: Row, it: Account) -> Any:
    path = f"DBClusters[?DBClusterIdentifier=='{row['name']}']"
    return it.one(path, "rds", "describe_db_clusters")


def _sizes(row: Row, it: Account) -> list[str]:
    path = f"DBInstances[?DBClusterIdentifier=='{row['name']}'].DBInstanceClass"
    return sorted(jmespath.search(path, it.ask("rds", "describe_db_instances")))


def clusters(row: Row, it: Account) -> Iterator[Pair]:
    found = _cluster(row, it)
    yield fact(3, "engine"), found["Engine"]
    yield row["encrypted"], found["StorageEncrypted"]
    yield row["retention"], found["BackupRetentionPeriod"]
    yield sorted(filter(None, (row["writer"], row["reader"]))), _sizes(row, it)
    # AWS lets nobody begin with 14.15, so a new one has the others' version.
    yield "14.17", found["EngineVersion"]


def stopped(row: Row, it: Account) -> Iterator[Pair]:
    found = _cluster(row, it)
    yield row["version"], found["EngineVersion"]
    yield [row["class"]], _sizes(row, it)


def proxies(row: Row, it: Account) -> Iterator[Pair]:
    path = f"DBProxies[?DBProxyName=='{row['name']}']"
    yield row["engine_family"], it.one(path, "rds", "describe_db_proxies")["EngineFamily"]
    path = f"DBProxyEndpoints[?DBProxyName=='{row['name']}']"
    endpoint = it.one(path, "rds", "describe_db_proxy_endpoints")
    wanted = row["endpoint"], fact(3, "endpoint_role")
    yield wanted, (endpoint["DBProxyEndpointName"], endpoint["TargetRole"])
    targets = it.ask("rds", "describe_db_proxy_targets", DBProxyName=row["name"])["Targets"]
    (of,) = (each["name"] for each in table(3, "clusters") if each["proxy"] == row["name"])
    yield {of}, {each.get("TrackedClusterId") or each["RdsResourceId"] for each in targets}


def groups(row: Row, it: Account) -> Iterator[Pair]:
    path = f"ReplicationGroups[?ReplicationGroupId=='{row['group']}']"
    found = it.one(path, "elasticache", "describe_replication_groups")
    yield row["node"], found["CacheNodeType"]
    every = fact(4, "every")
    yield every["nodes"], len(found["MemberClusters"])
    yield "disabled", found["AutomaticFailover"]
    yield row["member"], found["MemberClusters"][0]
    path = f"CacheClusters[?CacheClusterId=='{row['member']}']"
    member = it.one(path, "elasticache", "describe_cache_clusters")
    yield row["engine_version"], ".".join(member["EngineVersion"].split(".")[:2])


def load_balancers(row: Row, it: Account) -> Iterator[Pair]:
    found = it.balancer(row["name"])
    yield (row["scheme"], row["type"]), (found["Scheme"], found["Type"])
    yield it.vpc(), found["VpcId"]


def listeners(row: Row, it: Account) -> Iterator[Pair]:
    arn = it.balancer(row["balancer"])["LoadBalancerArn"]
    asked = {"LoadBalancerArn": arn}
    found = it.one(f"Listeners[?Port==`{row['port']}`]", "elbv2", "describe_listeners", **asked)
    yield row["protocol"], found["Protocol"]
    yield it.group(row["group"])["TargetGroupArn"], found["DefaultActions"][0]["TargetGroupArn"]


def target_groups(row: Row, it: Account) -> Iterator[Pair]:
    found = it.group(row["name"])
    yield (row["port"], row["protocol"]), (found["Port"], found["Protocol"])
    yield (row["version"], row["target"]), (found["ProtocolVersion"], found["TargetType"])
    if row["check"]:
        yield row["check"], found["HealthCheckPath"]
    on = [it.balancer(row["balancer"])["LoadBalancerArn"]] if row["balancer"] else []
    yield on, found["LoadBalancerArns"]


def distributions(row: Row, it: Account) -> Iterator[Pair]:
    found = it.distribution(row["alias"])
    yield fact(6, "price_class"), found["PriceClass"]
    yield it.acl(row["acl"])["ARN"] if row["acl"] else "", found["WebACLId"]
    host = found["Origins"]["Items"][0]["DomainName"]
    match row["kind"]:
        case "host":
            yield row["origin"], host
        case "bucket":
            yield True, host.startswith(f"{row['origin']}.s3.")
        case "balancer" if row["origin"]:
            yield True, host.startswith(row["origin"])
            yield True, f".{row['region']}.elb." in host


def acls(row: Row, it: Account) -> Iterator[Pair]:
    yield row["name"], it.acl(row["name"])["Name"]


def rules(row: Row, it: Account) -> Iterator[Pair]:
    found = it.acl(row["acl"])["Rules"][row["priority"] - 1]
    yield (row["name"], row["priority"]), (found["Name"], found["Priority"])
    group = found["Statement"].get("ManagedRuleGroupStatement", {})
    yield row["managed"], group.get("Name")


def protects(row: Row, it: Account) -> Iterator[Pair]:
    if "distribution" in row:
        yield it.acl(row["acl"])["ARN"], it.distribution(row["distribution"])["WebACLId"]
        return
    asked = {"WebACLArn": it.acl(row["acl"])["ARN"], "ResourceType": "APPLICATION_LOAD_BALANCER"}
    arns = it.ask("wafv2", "list_resources_for_web_acl", **asked)["ResourceArns"]
    yield [it.balancer(row["balancer"])["LoadBalancerArn"]], arns


def buckets(row: Row, it: Account) -> Iterator[Pair]:
    names = [each["Name"] for each in it.ask("s3", "list_buckets")["Buckets"]]
    yield True, row["name"] in names
    if row["region"]:
        found = it.ask("s3", "get_bucket_location", Bucket=row["name"])["LocationConstraint"]
        yield row["region"], found or EDGE
    if row.get("replica"):
        asked = {"Bucket": row["name"]}
        answer = it.ask("s3", "get_bucket_replication", **asked)["ReplicationConfiguration"]
        yield f"arn:aws:s3:::{row['replica']}", answer["Rules"][0]["Destination"]["Bucket"]
    if row.get("website"):
        yield True, bool(it.ask("s3", "get_bucket_website", Bucket=row["name"])["IndexDocument"])


def functions(row: Row, it: Account) -> Iterator[Pair]:
    path = f"Functions[?FunctionName=='{row['name']}']"
    found = it.one(path, "lambda", "list_functions")
    yield (row["memory"], row["timeout"]), (found["MemorySize"], found["Timeout"])
    # AWS makes no new function with the runtimes of then.
    yield row["runtime"].rstrip("0123456789.x"), found["Runtime"].rstrip("0123456789.x")


def schedules(row: Row, it: Account) -> Iterator[Pair]:
    found = it.one(f"Rules[?Name=='{row['rule']}']", "events", "list_rules")
    yield row["state"], found["State"]
    targets = it.ask("events", "list_targets_by_rule", Rule=row["rule"])["Targets"]
    yield [row["function"]], [each["Arn"].rpartition(":")[2] for each in targets]


def pushes(row: Row, it: Account) -> Iterator[Pair]:
    found = it.one(f"Rules[?Name=='{row['rule']}']", "events", "list_rules")
    yield row["state"], found["State"]
    yield True, row["repository"] in found["EventPattern"]


def pipelines(row: Row, it: Account) -> Iterator[Pair]:
    stages = it.ask("codepipeline", "get_pipeline", name=row["name"])["pipeline"]["stages"]
    yield len(row["stages"]), len(stages)
    for name, found in zip(row["stages"], stages, strict=True):
        said, does = fact(11, "stages")[name], found["actions"][0]["actionTypeId"]
        if said["category"]:
            wanted = said["category"], said["provider"]
            yield wanted, (does["category"], does["provider"])


def repositories(row: Row, it: Account) -> Iterator[Pair]:
    path = f"repositories[?repositoryName=='{row['name']}']"
    yield row["uri"], it.one(path, "ecr", "describe_repositories")["repositoryUri"]


def vpcs(row: Row, it: Account) -> Iterator[Pair]:
    path = f"Vpcs[?VpcId=='{it.vpc()}']"
    yield row["cidr"], it.one(path, "ec2", "describe_vpcs")["CidrBlock"]


def _subnet(cidr: str, it: Account) -> Any:
    path = f"Subnets[?CidrBlock=='{cidr}' && VpcId=='{it.vpc()}']"
    return it.one(path, "ec2", "describe_subnets")


def subnets(row: Row, it: Account) -> Iterator[Pair]:
    found = _subnet(row["cidr"], it)
    yield row["zone"], found["AvailabilityZone"]
    of = f"RouteTables[?Associations[?SubnetId=='{found['SubnetId']}']]"
    path = f"{of}.Routes[].[GatewayId, NatGatewayId]"
    hops = jmespath.search(path, it.ask("ec2", "describe_route_tables"))
    out = {str(each)[:3] for hop in hops for each in hop if each and each != "local"}
    yield {"public": {"igw"}, "nat": {"nat"}, "private": set()}[row["tier"]], out - {"vpc"}


def nat_gateways(row: Row, it: Account) -> Iterator[Pair]:
    found = it.one("NatGateways", "ec2", "describe_nat_gateways")
    yield (
        (row["state"], _subnet(row["subnet"], it)["SubnetId"]),
        (found["State"], found["SubnetId"]),
    )


def endpoints(row: Row, it: Account) -> Iterator[Pair]:
    same = f"ServiceName=='{row['service']}' && VpcEndpointType=='{row['type']}'"
    found = it.one(f"VpcEndpoints[?{same}]", "ec2", "describe_vpc_endpoints")
    yield it.vpc(), found["VpcId"]


def namespaces(row: Row, it: Account) -> Iterator[Pair]:
    path = f"Namespaces[?Name=='{row['name']}']"
    yield row["type"], it.one(path, "servicediscovery", "list_namespaces")["Type"]
    names = jmespath.search("Services[].Name", it.ask("servicediscovery", "list_services"))
    yield sorted(row["services"]), sorted(names)


def security_groups(row: Row, it: Account) -> Iterator[Pair]:
    path = f"SecurityGroups[?GroupName=='{row['name']}']"
    yield it.vpc(), it.one(path, "ec2", "describe_security_groups")["VpcId"]


def zones(row: Row, it: Account) -> Iterator[Pair]:
    path = f"HostedZones[?Name=='{row['name']}.']"
    found = it.one(path, "route53", "list_hosted_zones")
    yield row["private"], found["Config"]["PrivateZone"]


def certificates(row: Row, it: Account) -> Iterator[Pair]:
    found = it.certificates(row["region"])[row["domain"]]
    yield "ISSUED", found["Status"]


def secrets(row: Row, it: Account) -> Iterator[Pair]:
    path = f"SecretList[?Name=='{row['name']}']"
    yield row["name"], it.one(path, "secretsmanager", "list_secrets")["Name"]


def security_alarms(row: Row, it: Account) -> Iterator[Pair]:
    name = row["keyword"].lower().replace(" ", "-")
    found = it.one(f"MetricAlarms[?AlarmName=='{name}']", "cloudwatch", "describe_alarms")
    yield True, found["AlarmActions"][0].endswith(":Security-Alarms")


def topics(row: Row, it: Account) -> Iterator[Pair]:
    arn = f"arn:aws:sns:{MAIN}:{ACCOUNT}:{row['name']}"
    yield True, {"TopicArn": arn} in it.ask("sns", "list_topics")["Topics"]


def backup_plans(row: Row, it: Account) -> Iterator[Pair]:
    path = f"BackupPlansList[?BackupPlanName=='{row['name']}'].BackupPlanId"
    plan = it.one(path, "backup", "list_backup_plans")
    (rule,) = it.ask("backup", "get_backup_plan", BackupPlanId=plan)["BackupPlan"]["Rules"]
    copies = [each["DestinationBackupVaultArn"] for each in rule.get("CopyActions", ())]
    yield [row["copies_to"]] if row["copies_to"] else [], [each.split(":")[3] for each in copies]


def state_machines(row: Row, it: Account) -> Iterator[Pair]:
    path = f"stateMachines[?name=='{row['name']}'].name"
    yield row["name"], it.one(path, "stepfunctions", "list_state_machines")


def tables(row: Row, it: Account) -> Iterator[Pair]:
    yield True, row["name"] in it.ask("dynamodb", "list_tables")["TableNames"]


SWITCHES: dict[str, tuple[str, str, str]] = {
    "guardduty": ("guardduty", "list_detectors", "length(DetectorIds) > `0`"),
    "cloudtrail": ("cloudtrail", "describe_trails", "length(trailList) > `0`"),
    "config": (
        "config",
        "describe_configuration_recorder_status",
        "ConfigurationRecordersStatus[0].recording",
    ),
    "devops-guru": ("devops-guru", "get_resource_collection", "ResourceCollection != null"),
    "codeguruprofiler": (
        "codeguruprofiler",
        "list_profiling_groups",
        "length(profilingGroupNames) > `0`",
    ),
    "athena": (
        "athena",
        "list_work_groups",
        "WorkGroups[?Name=='primary'].State | [0] == 'ENABLED'",
    ),
}


def enabled(row: Row, it: Account) -> Iterator[Pair]:
    if row["service"] == "inspector2":
        (found,) = it.ask("inspector2", "batch_get_account_status")["accounts"]
        states = found["resourceState"]
        yield {"ENABLED"}, {states[each.lower()]["status"] for each in row["types"]}
        return
    service, operation, path = SWITCHES[row["service"]]
    more = {"ResourceCollectionType": "AWS_CLOUD_FORMATION"} if service == "devops-guru" else {}
    yield True, bool(jmespath.search(path, it.ask(service, operation, **more)))
