"""§6 and §7: firewalls and distributions."""

from __future__ import annotations

from typing import Any

from tests.prod_account.account import Account
from tests.prod_account.balancers import UNNAMED
from tests.prod_account.buckets import region
from tests.prod_account.planted import planted
from tests.prod_account.tables import MAIN, fact, table

OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"  # AWS's own CachingOptimized
SEEN = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True}


def fill(account: Account) -> None:
    for row in table(7, "acls"):
        _acl(account, row)
    for row in table(6, "distributions"):
        _distribution(account, row)
    for row in table(7, "protects"):
        if "balancer" in row:
            account("wafv2").associate_web_acl(
                WebACLArn=account.ids["acl"][row["acl"]],
                ResourceArn=account.ids["balancer"][row["balancer"]],
            )


def _acl(account: Account, row: dict[str, Any]) -> None:
    rules = [_rule(each) for each in table(7, "rules") if each["acl"] == row["name"]]
    made = account("wafv2", row["region"]).create_web_acl(
        Name=row["name"],
        Scope=row["scope"],
        DefaultAction={"Allow": {}},
        Rules=rules,
        VisibilityConfig={**SEEN, "MetricName": row["name"]},
    )
    account.ids["acl"][row["name"]] = made["Summary"]["ARN"]


def _rule(row: dict[str, Any]) -> dict[str, Any]:
    own = {"RateBasedStatement": {"Limit": 2000, "AggregateKeyType": "IP"}}
    theirs = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": row["managed"]}}
    effect = {"OverrideAction": {"None": {}}} if row["managed"] else {"Action": {"Block": {}}}
    return {
        "Name": row["name"],
        "Priority": row["priority"],
        "Statement": theirs if row["managed"] else own,
        "VisibilityConfig": {**SEEN, "MetricName": row["name"]},
        **effect,
    }


def _distribution(account: Account, row: dict[str, Any]) -> None:
    config = {
        "CallerReference": row["alias"],
        "Comment": "",
        "Enabled": True,
        "Aliases": _counted([row["alias"]]),
        "PriceClass": fact(6, "price_class"),
        "Origins": _counted([_origin(account, row)]),
        "DefaultCacheBehavior": {
            "TargetOriginId": "origin",
            "ViewerProtocolPolicy": "redirect-to-https",
            "CachePolicyId": OPTIMIZED,
        },
        "ViewerCertificate": {
            "ACMCertificateArn": account.ids["certificate"][_covering(row["alias"])],
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
        "WebACLId": account.ids["acl"][row["acl"]] if row["acl"] else "",
    }
    made = account("cloudfront").create_distribution(DistributionConfig=config)
    account.ids["distribution"][row["alias"]] = made["Distribution"]["Id"]


def _covering(alias: str) -> str:
    return "*.prod.muvicinemas.com" if ".prod." in alias else "*.muvicinemas.com"


def _origin(account: Account, row: dict[str, Any]) -> dict[str, Any]:
    if row["kind"] == "bucket":
        (bucket,) = (each for each in table(8, "buckets") if each["name"] == row["origin"])
        host = f"{row['origin']}.s3.{region(bucket)}.amazonaws.com"
        return {"Id": "origin", "DomainName": host, "S3OriginConfig": {"OriginAccessIdentity": ""}}
    origin = {
        "Id": "origin",
        "DomainName": _host(account, row),
        "CustomOriginConfig": {
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": "http-only" if row["kind"] == "balancer" else "https-only",
        },
    }
    if row["alias"] == "api.prod.muvicinemas.com":
        header = {"HeaderName": "x-origin-secret", "HeaderValue": planted("origin-header")}
        origin["CustomHeaders"] = _counted([header])
    return origin


def _host(account: Account, row: dict[str, Any]) -> str:
    if row["kind"] == "host":
        return row["origin"]
    hosts, place = account.ids["host"], row["region"]
    name = row["origin"] or UNNAMED
    return hosts[name if place == MAIN else f"{name} {place}"]


def _counted(items: list[Any]) -> dict[str, Any]:
    return {"Quantity": len(items), "Items": items}
