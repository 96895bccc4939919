"""Service Quotas: moto knows those of networks only, and no defaults one by one."""

from __future__ import annotations

import json
from typing import Any

from moto.servicequotas.models import ServiceQuotasBackend
from moto.servicequotas.responses import ServiceQuotasResponse

from reconciler.sandbox.corrections import Method, corrects

DEFAULTS = {
    ("cloudfront", "L-24B04930"): ("Web distributions per AWS account", 500),
    ("ec2", "L-0263D0A3"): ("EC2-VPC Elastic IPs", 5),
    ("elasticloadbalancing", "L-53DA6B97"): ("Application Load Balancers per Region", 50),
    ("iam", "L-FE177D64"): ("Roles per account", 1000),
    ("rds", "L-7B6409FD"): ("DB instances", 40),
    ("s3", "L-DC2B2D3D"): ("General purpose buckets", 10000),
}


@corrects(ServiceQuotasBackend, "get_service_quota")
def get_service_quota(
    original: Method, self: Any, service_code: str, quota_code: str
) -> dict[str, Any]:
    """moto knows those of vpc only. general/latest/gr/aws-service-information.html"""
    known = DEFAULTS.get((service_code, quota_code))
    if known is None:
        return dict(original(self, service_code, quota_code))
    name, value = known
    return {
        "ServiceCode": service_code,
        "QuotaCode": quota_code,
        "QuotaName": name,
        "Value": float(value),
        "Adjustable": True,
        "GlobalQuota": service_code in {"cloudfront", "iam", "s3"},
    }


@corrects(ServiceQuotasResponse, "get_aws_default_service_quota")
def get_aws_default_service_quota(_: Method, self: Any) -> str:
    """moto lacks it. API_GetAWSDefaultServiceQuota.html"""
    asked = json.loads(self.body)
    quota = self.backend.get_service_quota(asked["ServiceCode"], asked["QuotaCode"])
    return json.dumps({"Quota": quota})
