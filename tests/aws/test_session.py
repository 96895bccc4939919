"""Who we are to AWS: what is said where it does not know us, and never the wrong account."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import boto3
import pytest
from botocore import exceptions
from botocore.session import Session
from botocore.stub import Stubber

from reconciler.aws.session import connect
from reconciler.errors import NoCredentials, ReconcilerError, Waiting, WrongAccount
from tests.conftest import ACCOUNT, REGION

ROLE = "arn:aws:iam::123456789012:role/converge"
OPEN = {"RegionOptStatus": "ENABLED_BY_DEFAULT"}
URL = "https://sts.eu-central-1.amazonaws.com/"
ME = {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/me", "UserId": "AIDA"}


@pytest.fixture(autouse=True)
def nobody(monkeypatch, tmp_path):
    """Neither this machine's profile nor its variables count."""
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def sts(monkeypatch, session):
    """The answers of STS, whatever session asks."""
    client = session.client("sts", REGION, aws_access_key_id="x", aws_secret_access_key="y")
    account = SimpleNamespace(get_region_opt_status=lambda **_: OPEN)
    clients = {"sts": client, "account": account}
    monkeypatch.setattr(boto3.Session, "client", lambda self, service, *_, **__: clients[service])
    with Stubber(client) as stubber:
        stubber.account = account
        yield stubber


def failing(monkeypatch, error):
    def client(self, *_, **__):
        return SimpleNamespace(get_caller_identity=_raising(error))

    monkeypatch.setattr(boto3.Session, "client", client)


def _raising(error):
    def call():
        raise error

    return call


def go(account=ACCOUNT, role=""):
    return connect(account, REGION, role, "run-1")


def test_the_account_of_the_yaml_is_taken(sts):
    sts.add_response("get_caller_identity", ME)
    assert go().account == ACCOUNT


def test_another_account_is_refused_by_name_and_nothing_is_done(sts):
    sts.add_response("get_caller_identity", ME)
    with pytest.raises(WrongAccount) as caught:
        go("999999999999")
    for words in (ACCOUNT, "user/me", "999999999999", "nothing was read or changed", "AWS_PROFILE"):
        assert words in str(caught.value)


def test_without_credentials_we_say_how_to_log_in_and_name_the_sandbox():
    with pytest.raises(NoCredentials) as caught:
        go()
    for words in ("Unable to locate credentials", "aws sso login", "AWS_PROFILE", "--sandbox"):
        assert words in str(caught.value)


def test_a_profile_that_does_not_exist_is_named(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "muvi-nowhere")
    with pytest.raises(NoCredentials, match="muvi-nowhere"):
        go()


def test_half_of_the_credentials_are_none(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    with pytest.raises(NoCredentials, match="missing: AWS_SECRET_ACCESS_KEY"):
        go()


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch"])
def test_expired_or_wrong_credentials_ask_for_a_new_login(sts, code):
    sts.add_client_error("get_caller_identity", code, "The security token is expired")
    with pytest.raises(NoCredentials, match=f"expired or are wrong.*{code}.*log in again"):
        go()


@pytest.mark.parametrize("status", ["DISABLED", "DISABLING", "ENABLING"])
def test_a_region_that_nobody_switched_on_waits_for_who_administers_the_account(sts, status):
    sts.add_client_error("get_caller_identity", "InvalidClientTokenId", "The token is invalid")
    asked = []
    sts.account.get_region_opt_status = lambda **named: (
        asked.append(named) or {"RegionOptStatus": status}
    )
    with pytest.raises(Waiting, match=f"enable-region --region-name {REGION}") as caught:
        go()
    assert asked == [{"RegionName": REGION}]
    assert "nothing was read or changed" in str(caught.value)


def test_whoever_may_not_ask_about_regions_is_told_of_the_credentials(sts):
    sts.add_client_error("get_caller_identity", "ExpiredToken", "The token is expired")

    def denied(**_):
        raise exceptions.ClientError({"Error": {"Code": "AccessDenied"}}, "GetRegionOptStatus")

    sts.account.get_region_opt_status = denied
    with pytest.raises(NoCredentials, match="expired or are wrong"):
        go()


def test_an_expired_sso_login_asks_for_a_new_one(monkeypatch):
    failing(monkeypatch, exceptions.UnauthorizedSSOTokenError())
    with pytest.raises(NoCredentials, match="aws sso login"):
        go()


def test_what_else_aws_says_is_passed_on(sts):
    sts.add_client_error("get_caller_identity", "AccessDenied", "explicit deny")
    with pytest.raises(ReconcilerError, match="explicit deny") as caught:
        go()
    assert not isinstance(caught.value, NoCredentials)


@pytest.mark.parametrize(
    "error",
    [
        exceptions.EndpointConnectionError(endpoint_url=URL),
        exceptions.ConnectTimeoutError(endpoint_url=URL),
        exceptions.ReadTimeoutError(endpoint_url=URL),
        exceptions.ConnectionClosedError(endpoint_url=URL),
        exceptions.ProxyConnectionError(proxy_url="http://proxy:3128"),
        exceptions.SSLError(endpoint_url=URL, error="certificate verify failed"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_no_network_is_not_taken_for_no_credentials(monkeypatch, error):
    failing(monkeypatch, error)
    with pytest.raises(ReconcilerError, match=r"cannot be reached.*check the network") as caught:
        go()
    assert not isinstance(caught.value, NoCredentials)
    assert "--sandbox" in str(caught.value)


def test_a_role_is_assumed_under_the_name_of_the_run_and_renewed(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    asked = []
    until = datetime.now(UTC)

    def assume_role(**request):
        asked.append(request)
        key = {"AccessKeyId": f"ASIA{len(asked)}", "SecretAccessKey": "s", "SessionToken": "t"}
        # The first is about to run out, so the second use must ask for another.
        left = timedelta(seconds=30) if len(asked) == 1 else timedelta(hours=1)
        return {"Credentials": {**key, "Expiration": until + left}}

    make = Session.create_client

    def create_client(self, service, *args, **more):
        client = make(self, service, *args, **more)
        client.assume_role = assume_role
        client.get_caller_identity = lambda: ME
        return client

    monkeypatch.setattr(Session, "create_client", create_client)
    aws = go(role=ROLE)
    credentials = aws._session.get_credentials()
    keys = [credentials.get_frozen_credentials().access_key for _ in range(3)]
    assert asked[0] == {"RoleArn": ROLE, "RoleSessionName": "run-1"}
    assert keys[-1] == "ASIA2"
    assert len(asked) == 2


def test_a_role_cannot_be_assumed_by_nobody():
    with pytest.raises(NoCredentials, match="--sandbox"):
        go(role=ROLE)
