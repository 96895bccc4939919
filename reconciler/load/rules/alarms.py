"""What CloudWatch takes without a word: alarms about things that there are not.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.load.problems import Finding, meant
from reconciler.load.rules.place import Place

THINGS: Mapping[tuple[str, str], str] = {
    ("AWS/ECS", "ClusterName"): "ecs.cluster.clusterName",
    ("AWS/ECS", "ServiceName"): "ecs.service.serviceName",
    ("AWS/RDS", "DBClusterIdentifier"): "rds.db_cluster.DBClusterIdentifier",
    ("AWS/RDS", "DBInstanceIdentifier"): "rds.db_instance.DBInstanceIdentifier",
    ("AWS/ApplicationELB", "LoadBalancer"): "elbv2.load_balancer.Name",
    ("AWS/ApplicationELB", "TargetGroup"): "elbv2.target_group.Name",
    ("AWS/Lambda", "FunctionName"): "lambda.function.FunctionName",
}


def thing_exists(alarm: Place) -> Iterator[Finding]:
    """A dimension names something declared: an alarm about nothing never rings."""
    for metric in [alarm, *alarm.all("Metrics.MetricStat.Metric")]:
        for dimension in metric.at("Dimensions"):
            name, value = dimension.at("Name").text, dimension.at("Value")
            thing = THINGS.get((metric.at("Namespace").text, name), "")
            kind, _, naming = thing.rpartition(".")
            if not kind or not value.text or "${" in str(value.raw):
                continue
            known = [each.at(naming).text for each in alarm.whole.every(kind)]
            if "" not in known and short(value.text) not in known:
                yield value.wrong(
                    f"is {value.text}, but no {kind} of that name is declared, so the alarm would "
                    f"never ring; write a reference, such as ${{{kind}/NAME.{OUTPUTS.get(kind)}}}."
                    f"{meant(short(value.text), known)}",
                    sure=False,
                )


def short(value: str) -> str:
    """The name within `app/NAME/ID` of a load balancer or `targetgroup/NAME/ID`."""
    parts = value.split("/")
    return parts[1] if len(parts) == 3 else value


OUTPUTS = {thing.rpartition(".")[0]: thing.rpartition(".")[2] for thing in THINGS.values()} | {
    "elbv2.load_balancer": "LoadBalancerFullName",
    "elbv2.target_group": "TargetGroupFullName",
}
