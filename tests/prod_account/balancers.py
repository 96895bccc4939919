"""§5: load balancers, target groups, listeners; and two balancers in Ireland."""

from __future__ import annotations

from typing import Any

from tests.prod_account.account import Account
from tests.prod_account.tables import RECOVERY, fact, table

GROUPS = {
    "Muvi-Prod": "Muvi-Prod-ALB",
    "Muvi-Website-ALB": "Muvi-Website-SG",
    "Muvi-Microservices-Prod": "Muvi-Microservices-Prod-SG",
}
UNNAMED = "Website-DR"  # the report has no name for the second balancer of Ireland


def fill(account: Account) -> None:
    for row in table(5, "load_balancers"):
        _balancer(account, row)
    for row in table(5, "target_groups"):
        _target_group(account, row)
    for row in table(5, "listeners"):
        _listener(account, row)
    for name in ("Muvi-Prod", UNNAMED):
        made = account("elbv2", RECOVERY).create_load_balancer(
            Name=name,
            Scheme="internet-facing",
            Type="application",
            Subnets=account.subnets("public", RECOVERY),
            SecurityGroups=[account.group(RECOVERY)],
        )
        account.ids["host"][f"{name} {RECOVERY}"] = made["LoadBalancers"][0]["DNSName"]


def _balancer(account: Account, row: dict[str, Any]) -> None:
    public = row["scheme"] == "internet-facing"
    made = account("elbv2").create_load_balancer(
        Name=row["name"],
        Scheme=row["scheme"],
        Type=row["type"],
        Subnets=account.subnets("public" if public else "nat"),
        SecurityGroups=[account.group(GROUPS[row["name"]])],
    )
    (balancer,) = made["LoadBalancers"]
    account.ids["balancer"][row["name"]] = balancer["LoadBalancerArn"]
    account.ids["host"][row["name"]] = balancer["DNSName"]


def _target_group(account: Account, row: dict[str, Any]) -> None:
    grpc = row["version"] == "GRPC"
    made = account("elbv2").create_target_group(
        Name=row["name"],
        Port=row["port"],
        Protocol=row["protocol"],
        ProtocolVersion=row["version"],
        TargetType=row["target"],
        VpcId=account.ids["vpc"][fact(5, "vpc")],
        Matcher={"GrpcCode": "0"} if grpc else {"HttpCode": "200"},
        HealthCheckPath=row["check"] or "/healthCheck.HealthCheckService/HealthCheck",
    )
    account.ids["target group"][row["name"]] = made["TargetGroups"][0]["TargetGroupArn"]


def _listener(account: Account, row: dict[str, Any]) -> None:
    certificate = account.ids["certificate"]["prod.microservices.internal"]
    secured = {
        "Certificates": [{"CertificateArn": certificate}],
        "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
    }
    made = account("elbv2").create_listener(
        LoadBalancerArn=account.ids["balancer"][row["balancer"]],
        Port=row["port"],
        Protocol=row["protocol"],
        DefaultActions=[
            {"Type": "forward", "TargetGroupArn": account.ids["target group"][row["group"]]}
        ],
        **(secured if row["protocol"] == "HTTPS" else {}),
    )
    arn = made["Listeners"][0]["ListenerArn"]
    account.ids["listener"][f"{row['balancer']}:{row['port']}"] = arn
