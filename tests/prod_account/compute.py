"""§2: clusters, task definitions, services and their scaling, in both regions."""

from __future__ import annotations

from typing import Any

from tests.prod_account.account import Account
from tests.prod_account.planted import planted
from tests.prod_account.tables import ACCOUNT, MAIN, RECOVERY, fact, table

AGENT = "public.ecr.aws/datadog/agent:7"
GROUPS = {
    "gateway": "Muvi-Gateway-ECS",
    "identity-grpc": "Muvi-Identity-ECS",
    "main-grpc": "Muvi-Main-ECS",
    "website": "Muvi-Website-ECS",
    "payment-grpc": "Muvi-Payment-ECS",
    "offer-muvi": "Muvi-offer-ECS",
    "fb-muvi": "Muvi-FB-ECS",
    "notification-grpc": "Muvi-Notification-ECS",
    "ticket": "muvi-ticket-sg",
}
PUSHED = "4be1a7c"  # where the report has no tag


def fill(account: Account) -> None:
    account("ecs").create_cluster(clusterName=fact(2, "cluster")["name"])
    for row in table(2, "services"):
        _service(account, row)
    for row in table(2, "scaling_policies"):
        _policy(account, row)
    _recovery(account)


def _service(account: Account, row: dict[str, Any]) -> None:
    ecs, cluster = account("ecs"), fact(2, "cluster")["name"]
    ecs.register_task_definition(**definition(row, account.role))
    ecs.create_service(
        cluster=cluster,
        serviceName=row["name"],
        taskDefinition=row["family"],
        desiredCount=row["tasks"],
        launchType=fact(2, "launch_type"),
        networkConfiguration=_network(account.subnets("nat"), account.group(GROUPS[row["name"]])),
        loadBalancers=_balancers(account, row),
        serviceRegistries=[
            {"registryArn": arn}
            for name, arn in account.ids["registry"].items()
            if name == row["name"]
        ],
    )
    account("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId=f"service/{cluster}/{row['name']}",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=row["min"],
        MaxCapacity=row["max"],
    )


def definition(row: dict[str, Any], role: str) -> dict[str, Any]:
    """What a service's tasks are made of."""
    image = f"{ACCOUNT}.dkr.ecr.{MAIN}.amazonaws.com/{row['repository']}:{row['tag'] or PUSHED}"
    own = {
        "name": row["name"],
        "image": image,
        "essential": True,
        "portMappings": [{"containerPort": row["port"], "protocol": "tcp"}],
        "environment": _environment(row["name"]),
    }
    key = {"name": "DD_API_KEY", "value": planted("sidecar-environment")}
    agent = {"name": "datadog-agent", "image": AGENT, "essential": False, "environment": [key]}
    return {
        "family": row["family"],
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": str(row["cpu"] * 1024),
        "memory": str(row["memory"] * 1024),
        "executionRoleArn": role,
        "taskRoleArn": role,
        "containerDefinitions": [own, agent, *_beside(row["name"])],
    }


def _environment(service: str) -> list[dict[str, str]]:
    if service != "gateway":
        return [{"name": "NODE_ENV", "value": "production"}]
    said = [{"name": row["name"], "value": row["value"]} for row in table(2, "gateway_variables")]
    return [*said, {"name": "SSM_ACCESS_KEY_ID", "value": planted("container-environment")}]


def _beside(service: str) -> list[dict[str, Any]]:
    """A container that the report does not speak of."""
    one = {"name": "log-router", "image": "public.ecr.aws/aws-observability/aws-for-fluent-bit:2"}
    return [{**one, "essential": False}] if service == "gateway" else []


def _network(subnets: list[str], group: str) -> dict[str, Any]:
    inside = {"subnets": subnets, "securityGroups": [group], "assignPublicIp": "DISABLED"}
    return {"awsvpcConfiguration": inside}


def _balancers(account: Account, row: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "targetGroupArn": account.ids["target group"][each["name"]],
            "containerName": row["name"],
            "containerPort": row["port"],
        }
        for each in table(5, "target_groups")
        if each["service"] == row["name"]
    ]


def _policy(account: Account, row: dict[str, Any]) -> None:
    """Each makes its alarms."""
    metric = {"PredefinedMetricType": fact(2, "metrics")[row["metric"]]}
    if row["metric"] == "requests":
        metric["ResourceLabel"] = _label(account, row["service"])
    account("application-autoscaling").put_scaling_policy(
        PolicyName=row["label"],
        PolicyType="TargetTrackingScaling",
        ServiceNamespace="ecs",
        ResourceId=f"service/{fact(2, 'cluster')['name']}/{row['service']}",
        ScalableDimension="ecs:service:DesiredCount",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 70.0,
            "PredefinedMetricSpecification": metric,
        },
    )


def _label(account: Account, service: str) -> str:
    (group,) = (each for each in table(5, "target_groups") if each["service"] == service)
    balancer = account.ids["balancer"][group["balancer"]].partition(":loadbalancer/")[2]
    target = account.ids["target group"][group["name"]].rpartition(":")[2]
    return f"{balancer}/{target}"


def _recovery(account: Account) -> None:
    ecs, cluster = account("ecs", RECOVERY), fact(2, "recovery_cluster")["name"]
    ecs.create_cluster(clusterName=cluster)
    services = {row["name"]: row for row in table(2, "services")}
    for row in table(2, "recovery_services"):
        ecs.register_task_definition(**definition(services[row["name"]], account.role))
        ecs.create_service(
            cluster=cluster,
            serviceName=row["name"],
            taskDefinition=services[row["name"]]["family"],
            desiredCount=row["tasks"],
            launchType=fact(2, "launch_type"),
            networkConfiguration=_network(
                account.subnets("public", RECOVERY), account.group(RECOVERY)
            ),
        )
