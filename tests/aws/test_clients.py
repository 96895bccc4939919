"""One client per service and region, made when it is first asked for, its requests counted."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock
from types import SimpleNamespace

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from reconciler.aws import Aws
from reconciler.aws.clients import CONFIG, THREADS
from tests.aws.test_failures import response
from tests.conftest import ACCOUNT, REGION

HERE = "https://aws.example.com"


@pytest.fixture
def aws(session):
    return Aws(session, ACCOUNT, endpoint=HERE)


def test_what_is_asked_at_once_is_asked_together_and_answered_in_order(aws):
    together = Barrier(8)

    def ask(number):
        together.wait(5)
        return number * 2

    assert aws.at_once(ask, range(8)) == list(range(0, 16, 2))
    assert aws.at_once(str, []) == []


def test_a_failure_among_them_is_raised(aws):
    with pytest.raises(ZeroDivisionError):
        aws.at_once(lambda number: 1 / number, [1, 0, 2])


class Slow:
    """A session that is not thread-safe, and tells when it is used so."""

    def __init__(self):
        self.made, self.inside = [], Lock()

    def client(self, service, region, **_):
        assert self.inside.acquire(blocking=False), "two threads in one session"
        self.made.append((service, region))
        self.inside.release()
        events = SimpleNamespace(register=lambda *_: None, register_first=lambda *_: None)
        model = SimpleNamespace(service_id=SimpleNamespace(hyphenize=lambda: service))
        return SimpleNamespace(meta=SimpleNamespace(events=events, service_model=model))


def test_sixteen_threads_get_the_same_client():
    session, together = Slow(), Barrier(16)
    aws = Aws(session, ACCOUNT)
    assert session.made == []

    def ask(number):
        together.wait()
        return aws.client("ec2", REGION if number % 2 else "us-east-1")

    with ThreadPoolExecutor(16) as pool:
        assert len({id(client) for client in pool.map(ask, range(16))}) == 2
    assert sorted(session.made) == [("ec2", REGION), ("ec2", "us-east-1")]


def test_a_client_asks_where_it_is_told_to(aws):
    client = aws.client("ec2", REGION)
    assert client.meta.endpoint_url == HERE
    assert client.meta.region_name == REGION
    assert aws.client("ec2", REGION) is client


def test_waiting_and_repeating_have_their_bounds():
    assert CONFIG.connect_timeout == 5
    assert CONFIG.read_timeout == 30
    assert CONFIG.retries["mode"] == "standard"
    assert CONFIG.max_pool_connections >= THREADS


def test_every_request_is_counted_repeats_included(session, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    once = Config(retries={"mode": "standard", "total_max_attempts": 3})
    aws = Aws(session, ACCOUNT, once, HERE, prepare=_failing)
    for _ in range(2):
        with pytest.raises(ClientError):
            aws.client("ec2", REGION).describe_vpcs()
    assert aws.calls == {"ec2": 6}


def _failing(client):
    client.meta.events.register("before-send.ec2", lambda **_: response(503, "Unavailable"))


def test_only_the_real_aws_has_a_quota_that_we_spare(session, monkeypatch):
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    for endpoint, waits in ((HERE, 0), (None, 1)):
        aws = Aws(session, ACCOUNT, endpoint=endpoint, prepare=_answering)
        aws.client("ec2", REGION).create_vpc(CidrBlock="10.0.0.0/16")
        assert len(slept) == waits


def _answering(client):
    client.meta.events.register_last("before-send.ec2", lambda **_: response(200))


def test_each_new_client_is_prepared_once(session):
    prepared = []
    aws = Aws(session, ACCOUNT, endpoint=HERE, prepare=prepared.append)
    clients = [aws.client("ec2", REGION) for _ in range(3)] + [aws.client("iam", "us-east-1")]
    assert prepared == [clients[0], clients[3]]
