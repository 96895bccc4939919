"""The pipeline: everyday it has done its part, on a first day it has not."""

import io
import json
import zipfile

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox.people import people
from reconciler.sandbox.pipeline import STANDS_IN
from tests.conftest import REGION

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
)


@pytest.fixture
def absent(monkeypatch):
    monkeypatch.setattr(people, "absent", True)


def image(moto):
    ecr = moto("ecr", REGION)
    ecr.create_repository(repositoryName="web")
    asked = {"repositoryName": "web", "imageIds": [{"imageTag": "1"}]}
    return ecr.describe_images(**asked)["imageDetails"]


# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
def test_everyday_an_image_has_been_pushed_before_anybody_asks(moto):
    assert [each["imageTags"] for each in image(moto)] == [["1"]]


def test_on_a_first_day_there_is_no_image(aws, absent):
    with pytest.raises(ClientError, match="ImageNotFound"):
        image(aws.client)


def zipped(source):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.js", source)
    return buffer.getvalue()


def function(client, source):
    role = client("iam", REGION).create_role(RoleName="it", AssumeRolePolicyDocument=TRUST)
    born = {"Runtime": "nodejs22.x", "Handler": "index.handler", "Role": role["Role"]["Arn"]}
    lambda_ = client("lambda", REGION)
    code = {"ZipFile": zipped(source)}
    return lambda_, lambda_.create_function(FunctionName="it", Code=code, **born)["CodeSha256"]


# https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html
def test_everyday_the_pipeline_replaces_what_stands_in_for_code(moto):
    _, standing_in = function(moto, STANDS_IN)
    moto("lambda", REGION).delete_function(FunctionName="it")
    moto("iam", REGION).delete_role(RoleName="it")
    _, other = function(moto, STANDS_IN + b", once more")
    assert standing_in == other


@pytest.mark.parametrize("source", [b"ours", STANDS_IN])
def test_other_code_stays_and_on_a_first_day_all_of_it(aws, monkeypatch, source):
    monkeypatch.setattr(people, "absent", source is STANDS_IN)
    lambda_, _ = function(aws.client, source)
    size = lambda_.get_function(FunctionName="it")["Configuration"]["CodeSize"]
    assert size == len(zipped(source))
