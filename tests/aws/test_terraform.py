"""What Terraform's state files say of objects: that they are Terraform's, and nothing else."""

from __future__ import annotations

import io
import json
import pickle

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

from reconciler.aws import Aws
from reconciler.aws.terraform import Terraform

STATE = "s3://states/prod/terraform.tfstate"
ARN = "arn:aws:{}:eu-central-1:123456789012:{}"
PASSWORD = "correct-horse-battery"


def resource(kind, name, *instances, mode="managed", **more):
    """As Terraform 0.12 and later write one: `instances` are attributes, or a key and these."""
    told = [
        {"schema_version": 0, "attributes": each, "sensitive_attributes": [], "private": "bnVsbA=="}
        if isinstance(each, dict)
        else {"index_key": each[0], "schema_version": 0, "attributes": each[1]}
        for each in instances
    ]
    provider = 'provider["registry.terraform.io/hashicorp/aws"]'
    return {
        "mode": mode,
        "type": kind,
        "name": name,
        "provider": provider,
        "instances": told,
        **more,
    }


def state(*resources, version=4):
    outputs = {"password": {"value": PASSWORD, "type": "string", "sensitive": True}}
    return json.dumps(
        {
            "version": version,
            "terraform_version": "1.9.8",
            "serial": 12,
            "lineage": "3f2a",
            "outputs": outputs,
            "resources": list(resources),
            "check_results": None,
        }
    )


class Bucket:
    """S3, as much of it as is asked for."""

    def __init__(self, **texts):
        self.texts, self.asked = texts, []

    def client(self, service, region):
        assert (service, region) == ("s3", "eu-central-1")
        return self

    def get_object(self, **named):
        bucket, key = named["Bucket"], named["Key"]
        self.asked.append((bucket, key))
        if key not in self.texts:
            error = {"Code": "NoSuchKey", "Message": "The specified key does not exist."}
            raise ClientError({"Error": error}, "GetObject")
        return {"Body": io.BytesIO(self.texts[key].encode())}


@pytest.fixture
def terraform(tmp_path):
    """What is known of Terraform where its one state holds these resources."""

    def known(*resources):
        (tmp_path / "terraform.tfstate").write_text(state(*resources))
        return Terraform(None, "eu-central-1", tmp_path, ["terraform.tfstate"])

    return known


@pytest.mark.parametrize(
    ("written", "kind", "id", "arns"),
    [
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs: what each calls its id
        (("aws_security_group", {"id": "sg-0a1b2c3d"}), "ec2.security_group", "sg-0a1b2c3d", ()),
        (("aws_vpc", {"id": "vpc-12345678"}), "ec2.vpc", "vpc-12345678", ()),
        (("aws_eip", {"id": "eipalloc-0a1b2c3d"}), "ec2.address", "eipalloc-0a1b2c3d", ()),
        (
            ("aws_cloudfront_distribution", {"id": "E2QWRUHAPOMQZL"}),
            "cloudfront.distribution",
            "E2QWRUHAPOMQZL",
            (),
        ),
        (
            ("aws_route53_zone", {"id": "Z1D633PJN98FT9"}),
            "route53.hosted_zone",
            "Z1D633PJN98FT9",
            (),
        ),
        (
            ("aws_ecs_service", {"id": ARN.format("ecs", "service/muvi/gateway")}),
            "ecs.service",
            ARN.format("ecs", "service/muvi/gateway"),
            (),
        ),
        (
            ("aws_lambda_function", {"id": "sync", "arn": ARN.format("lambda", "function:sync")}),
            "lambda.function",
            "sync",
            (ARN.format("lambda", "function:sync"),),
        ),
        (
            ("aws_cloudwatch_log_group", {"id": "/x", "arn": ARN.format("logs", "log-group:/x")}),
            "logs.log_group",
            "/x",
            (ARN.format("logs", "log-group:/x") + ":*",),
        ),
        (
            (
                "aws_ecs_task_definition",
                {"id": "web", "arn": ARN.format("ecs", "task-definition/web:3")},
            ),
            "ecs.task_definition",
            ARN.format("ecs", "task-definition/web:169"),
            (),
        ),
        (("aws_s3_bucket", {"id": "muvi-media"}), "s3.bucket", "muvi-media", ()),
    ],
)
def test_what_stands_in_a_state_is_terraforms(terraform, written, kind, id, arns):
    type_, attributes = written
    standing = terraform(resource(type_, "it", attributes)).owns(kind, id, arns)
    assert standing.address == f"{type_}.it"
    assert str(standing) == "Terraform (terraform.tfstate)"


def test_one_name_may_be_that_of_many_things(terraform):
    known = terraform(
        resource("aws_codecommit_repository", "web", {"id": "web", "arn": ARN.format("cc", "web")}),
        resource("aws_s3_bucket", "web", {"id": "web"}),
    )
    assert known.owns("ecr.repository", "web", [ARN.format("ecr", "repository/web")]) is None
    assert known.owns("logs.log_group", "web", []) is None
    assert known.owns("s3.bucket", "web", []) is not None
    assert known.owns("s3.bucket", "other", []) is None


def test_what_terraform_only_looks_at_is_not_its_own(terraform):
    known = terraform(resource("aws_vpc", "it", {"id": "vpc-12345678"}, mode="data"))
    assert known.owns("ec2.vpc", "vpc-12345678", []) is None


def test_an_object_is_named_as_terraform_names_it(terraform):
    known = terraform(
        resource(
            "aws_subnet",
            "it",
            ("blue.1", {"id": "subnet-11111111"}),
            (1, {"id": "subnet-22222222"}),
            module='module.net["prod.eu"]',
        ),
        resource("aws_s3_bucket", "media", ("a.b", {"id": "media"})),
    )
    found = known.owns("ec2.subnet", "subnet-11111111", [])
    assert found.address == 'module.net["prod.eu"].aws_subnet.it["blue.1"]'
    assert known.owns("ec2.subnet", "subnet-22222222", []).address.endswith("aws_subnet.it[1]")
    assert known.owns("s3.bucket", "media", []).address == 'aws_s3_bucket.media["a.b"]'


def test_a_state_is_read_once_and_not_before_somebody_asks(tmp_path):
    s3 = Bucket(
        **{"prod/terraform.tfstate": state(resource("aws_vpc", "it", {"id": "vpc-12345678"}))}
    )
    known = Terraform(s3, "eu-central-1", tmp_path, [STATE])
    assert s3.asked == []
    for _ in range(3):
        assert str(known.owns("ec2.vpc", "vpc-12345678", [])) == f"Terraform ({STATE})"
        assert known.owns("ec2.vpc", "vpc-87654321", []) is None
    assert s3.asked == [("states", "prod/terraform.tfstate")]
    assert known.unread == {}


def test_without_a_state_nothing_is_read(tmp_path):
    assert Terraform(None, "eu-central-1", tmp_path, []).owns("ec2.vpc", "vpc-12345678", []) is None


def test_of_a_state_no_value_is_kept(terraform):
    known = terraform(
        resource(
            "aws_db_instance",
            "main",
            {
                "id": "db-ABC",
                "arn": ARN.format("rds", "db:main"),
                "password": PASSWORD,
                "tags": {"id": PASSWORD, "arn": PASSWORD, "name": PASSWORD},
                "type": PASSWORD,
            },
        )
    )
    assert known.owns("rds.db_instance", "main", [ARN.format("rds", "db:main")])
    assert PASSWORD.encode() not in pickle.dumps({**vars(known), "_reading": None})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "NoSuchKey"),
        ("", "Expecting value"),
        ("<html>", "Expecting value"),
        ("[]", "no state of Terraform"),
        ("{}", "no state of Terraform"),
        (state(version=3), "its format is version 3; we read 4"),
        ('{"version": 4, "resources": 1}', "not iterable"),
        ('{"version": 4, "resources": [1]}', "'int'"),
        ('{"version": 4, "resources": [{"mode": "managed", "instances": [{}]}]}', "type"),
    ],
)
def test_what_cannot_be_read_is_named_and_breaks_nothing(tmp_path, text, why):
    s3 = Bucket(**({} if text is None else {"prod/terraform.tfstate": text}))
    (tmp_path / "good").write_text(state(resource("aws_vpc", "it", {"id": "vpc-12345678"})))
    known = Terraform(s3, "eu-central-1", tmp_path, [STATE, "good", "none.tfstate"])
    assert known.owns("ec2.vpc", "vpc-12345678", []) is not None
    assert known.unread.keys() == {STATE, "none.tfstate"}
    assert why in known.unread[STATE]
    assert "No such file" in known.unread["none.tfstate"]


def test_a_bucket_of_another_region_is_found_where_it_is(tmp_path):
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html"""
    asked = []

    def answer(request, **_):
        asked.append(request.url)
        if "eu-west-1" in request.url:
            text = state(resource("aws_vpc", "it", {"id": "vpc-12345678"}))
            return AWSResponse(request.url, 200, {}, Raw(text.encode()))
        elsewhere = {"x-amz-bucket-region": "eu-west-1", "Content-Type": "application/xml"}
        moved = b"<Error><Code>PermanentRedirect</Code><Message>Elsewhere.</Message></Error>"
        return AWSResponse(request.url, 301, elsewhere, Raw(moved))

    def prepare(client):
        client.meta.events.register_first("before-send.s3", answer)

    session = boto3.Session(aws_access_key_id="none", aws_secret_access_key="none")
    aws = Aws(session, "123456789012", prepare=prepare)
    known = Terraform(aws, "eu-central-1", tmp_path, ["s3://states.prod/terraform.tfstate"])
    assert known.owns("ec2.vpc", "vpc-12345678", []) is not None, known.unread
    assert ["eu-west-1" in url for url in asked] == [False, True]


class Raw(io.BytesIO):
    """A body as urllib3 gives it."""

    def stream(self, **_):
        yield self.read()
