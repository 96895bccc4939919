"""An empty AWS for every test."""

from __future__ import annotations

import os
from contextlib import ExitStack, nullcontext

import boto3
import pytest
from moto import mock_aws

from reconciler.aws import Aws
from reconciler.sandbox.corrections import corrected

ACCOUNT = "123456789012"  # moto's own
REGION = "eu-central-1"

os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_EC2_METADATA_DISABLED="true",
    MOTO_IAM_LOAD_MANAGED_POLICIES="true",
    MOTO_ACM_VALIDATION_WAIT="0",
)


@pytest.fixture
def aws():
    """One account on moto with our corrections, as handlers see it."""
    with corrected(), mock_aws():
        yield Aws(boto3.Session(region_name=REGION), ACCOUNT)


@pytest.fixture(
    params=[
        "corrected",
        pytest.param("plain", marks=pytest.mark.xfail(strict=True, reason="moto's own fault")),
    ]
)
def moto(request):
    """For tests of corrections: each must pass on ours and fail on plain moto."""
    with ExitStack() as stack:
        stack.enter_context(corrected() if request.param == "corrected" else nullcontext())
        stack.enter_context(mock_aws())
        yield boto3.Session(region_name=REGION).client
