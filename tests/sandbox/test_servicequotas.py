"""Service Quotas as its API reference describes it.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html"""

import pytest
from botocore.exceptions import ClientError

from reconciler.preflight.quotas import QUOTAS


def value(moto, operation, kind):
    asked = QUOTAS[kind]
    answer = getattr(moto("service-quotas"), operation)(
        ServiceCode=asked.service, QuotaCode=asked.code
    )
    assert answer["Quota"]["QuotaCode"] == asked.code
    return answer["Quota"]["Value"]


@pytest.mark.parametrize("kind", [each for each in QUOTAS if QUOTAS[each].service != "vpc"])
def test_every_quota_that_we_ask_for_is_known(moto, kind):
    assert value(moto, "get_service_quota", kind) >= 5


@pytest.mark.parametrize("kind", QUOTAS)
def test_so_is_the_value_that_aws_gives_everybody(moto, kind):
    assert value(moto, "get_aws_default_service_quota", kind) >= 5


def test_a_quota_that_there_is_not_is_refused(moto):
    with pytest.raises(ClientError, match="NoSuchResourceException"):
        moto("service-quotas").get_aws_default_service_quota(
            ServiceCode="ec2", QuotaCode="L-00000000"
        )
