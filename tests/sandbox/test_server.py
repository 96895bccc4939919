"""The sandbox as its users see it: one empty account on loopback, and no way out of it."""

import os
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from reconciler.aws import Aws
from reconciler.errors import Refused
from reconciler.sandbox.server import confined, serve, serve_forever, session

ACCOUNT = "739991759290"
REGION = "me-central-1"
ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=1, read_timeout=10)


@pytest.fixture(scope="module")
def endpoint():
    with serve(ACCOUNT) as url:
        yield url


@pytest.fixture
def client(endpoint):
    return lambda service, region=REGION: session(endpoint).client(service, region)


def test_the_account_is_the_environments(client):
    assert client("sts").get_caller_identity()["Account"] == ACCOUNT
    arn = client("sns").create_topic(Name="alarms")["TopicArn"]
    assert arn == f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"


def test_who_asks_before_sending_a_body_is_told_to_go_on(endpoint):
    where = urlsplit(endpoint)
    with socket.create_connection((where.hostname, where.port), timeout=10) as asking:
        head = "PUT /bucket/key HTTP/1.1\r\nHost: s3.amazonaws.com\r\nContent-Length: 4\r\n"
        asking.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert asking.recv(100).startswith(b"HTTP/1.1 100 Continue")


def test_our_corrections_hold_here_too(client):
    s3 = client("s3")
    s3.create_bucket(Bucket="corrected", CreateBucketConfiguration={"LocationConstraint": REGION})
    assert s3.get_public_access_block(Bucket="corrected")["PublicAccessBlockConfiguration"]


def test_policies_of_aws_can_be_attached(client):
    policy = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    assert client("iam").get_policy(PolicyArn=policy)["Policy"]["Arn"] == policy


def test_an_endpoint_in_the_environment_does_not_lead_out(endpoint, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://203.0.113.1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_RDS", "http://203.0.113.1")
    monkeypatch.setenv("HTTP_PROXY", "http://203.0.113.1")
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    monkeypatch.setenv("AWS_PROFILE", "of-somebody-else")
    rds = session(endpoint).client("rds", REGION, config=ONCE)
    assert rds.describe_db_clusters()["DBClusters"] == []


def test_a_client_that_asks_for_another_endpoint_gets_the_sandboxs(endpoint):
    rds = session(endpoint).client("rds", REGION, endpoint_url="http://203.0.113.1", config=ONCE)
    assert rds.meta.endpoint_url == endpoint


def test_no_request_leaves_the_sandbox(endpoint):
    s3 = session(endpoint).client("s3", REGION, config=ONCE)
    s3.meta.events.register_first("before-sign", _aside)
    with pytest.raises(Refused, match=r"a request to 203\.0\.113\.1:\d+ was about to leave"):
        s3.list_buckets()


def test_clients_of_an_account_are_confined_whatever_their_session(endpoint, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_RDS", "http://203.0.113.1")
    astray = Aws(boto3.Session(), ACCOUNT, config=ONCE, prepare=confined(endpoint))
    with pytest.raises(Refused):
        astray.client("rds", REGION).describe_db_clusters()
    aws = Aws(session(endpoint), ACCOUNT, endpoint=endpoint, prepare=confined(endpoint))
    assert aws.client("rds", REGION).describe_db_clusters()["DBClusters"] == []


def test_connections_stay_open(endpoint):
    s3 = session(endpoint).client("s3", REGION)
    born = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket="objects", CreateBucketConfiguration=born)
    s3.put_object(Bucket="objects", Key="poster", Body=b"p" * 200_000)
    assert s3.head_object(Bucket="objects", Key="poster")["ContentLength"] == 200_000
    assert s3.get_object(Bucket="objects", Key="poster")["Body"].read() == b"p" * 200_000
    s3.delete_object(Bucket="objects", Key="poster")
    (pool,) = s3._endpoint.http_session._manager.pools._container.values()
    assert pool.num_requests > 4
    assert pool.num_connections == 1


def test_many_threads_are_served_at_once(client):
    sqs, errors = client("sqs"), []

    def make(number):
        try:
            sqs.create_queue(QueueName=f"queue-{number}")
        except ClientError as error:
            errors.append(error)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(sqs.list_queues(QueueNamePrefix="queue-")["QueueUrls"]) == 32


@pytest.mark.parametrize(
    ("service", "operation", "given"),
    [
        ("ec2", "describe_verified_access_groups", {}),  # XML of its own kind
        ("rds", "describe_db_cluster_endpoints", {}),  # XML
        ("s3", "get_bucket_metrics_configuration", {"Bucket": "b", "Id": "i"}),  # corrected
        ("cloudfront", "list_cache_policies", {}),  # no such route
        ("lambda", "get_account_settings", {}),  # no such route, JSON
        ("ecs", "update_cluster_settings", {"cluster": "c", "settings": []}),  # JSON
    ],
)
def test_what_moto_lacks_is_said_in_words_that_boto3_reads(client, service, operation, given):
    with pytest.raises(ClientError) as caught:
        getattr(client(service), operation)(**given)
    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 0


def test_moto_is_imported_only_to_be_served():
    program = (
        "import sys, reconciler.sandbox, reconciler.sandbox.server; "
        "sys.exit(any(name.split('.')[0] in ('moto', 'flask') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_second_sandbox_is_empty_and_may_be_another_account(endpoint):
    with serve("123456789012") as second:
        fresh = session(second)
        assert fresh.client("s3", REGION).list_buckets()["Buckets"] == []
        assert fresh.client("sts", REGION).get_caller_identity()["Account"] == "123456789012"
    assert os.environ["MOTO_ACCOUNT_ID"] == ACCOUNT


def test_it_serves_until_interrupted_on_the_port_that_was_asked_for():
    told = []

    def ready(endpoint):
        told.append(session(endpoint).client("sts", REGION).get_caller_identity()["Account"])
        raise KeyboardInterrupt

    with ExitStack() as stack:
        stack.enter_context(pytest.raises(KeyboardInterrupt))
        serve_forever(ACCOUNT, 0, False, ready)
    assert told == [ACCOUNT]


def _aside(request, **_):
    request.url = request.url.replace("127.0.0.1", "203.0.113.1")
