"""Who we are to AWS: profile, SSO or role, as the AWS CLI does it; never the wrong account."""

from __future__ import annotations

from collections.abc import Callable

import boto3
from botocore import exceptions
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)

from reconciler.aws.clients import Aws, named
from reconciler.aws.passing import expired
from reconciler.errors import NoCredentials, ReconcilerError, Waiting, WrongAccount

QUICK = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard"})
SANDBOX = "or try the same in an AWS of its own: --sandbox"


def connect(account: str, region: str, role: str, run: str) -> Aws:
    """The clients of that account. The first call is GetCallerIdentity.

    Raises NoCredentials, WrongAccount, Waiting, and ReconcilerError where AWS cannot be reached."""

    def session() -> boto3.Session:
        ours = boto3.Session(region_name=region)
        return _assumed(ours, role, run) if role else ours

    return Aws(of_account(session, account, region), account, named(run))


def of_account(make: Callable[[], boto3.Session], account: str, region: str) -> boto3.Session:
    """A session whose credentials are of that account. Raises what `connect` raises."""
    session = None
    try:
        session = make()
        identity = session.client("sts", region, config=QUICK).get_caller_identity()
    except (NoCredentialsError, PartialCredentialsError, ProfileNotFound) as error:
        raise NoCredentials(_unknown(str(error))) from error
    except (exceptions.ConnectionError, HTTPClientError) as error:
        raise ReconcilerError(
            f"AWS cannot be reached ({error}), so nothing was read or changed: check the network, "
            f"{SANDBOX}"
        ) from error
    except ClientError as error:
        raise _refused(error, session or boto3.Session(), region) from error
    except BotoCoreError as error:
        raise NoCredentials(_unknown(str(error))) from error
    if identity["Account"] != account:
        raise WrongAccount(
            f"these credentials are of account {identity['Account']} ({identity['Arn']}), but "
            f"environment.yaml is for {account}: nothing was read or changed. Set AWS_PROFILE"
        )
    return session


def _assumed(session: boto3.Session, role: str, run: str) -> boto3.Session:
    """The role, renewed by itself; the session's name is the run's id, which CloudTrail shows."""
    source = session.get_credentials()
    if source is None:
        raise NoCredentialsError
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=session._session.create_client,
        source_credentials=source,
        role_arn=role,
        extra_args={"RoleSessionName": run},
    )
    # botocore has no public way to set credentials that renew themselves.
    assumed = boto3.Session(region_name=session.region_name)
    assumed._session._credentials = DeferredRefreshableCredentials(
        fetcher.fetch_credentials, "assume-role"
    )
    return assumed


def _unknown(why: str) -> str:
    return (
        f"AWS does not know us ({why.rstrip('.')}), so nothing was read or changed: log in "
        f"(`aws sso login`), set AWS_PROFILE, {SANDBOX}"
    )


def _refused(error: ClientError, session: boto3.Session, region: str) -> ReconcilerError:
    if expired(error) and _switched_off(session, region):
        return Waiting(
            f"{region} is switched off in this account, so nothing was read or changed. Waiting "
            f"for people:\n   1. who administers the account\n"
            f"      aws account enable-region --region-name {region} (takes minutes to hours)\n"
            f"      unblocks everything that stands in {region}"
        )
    if expired(error):
        return NoCredentials(
            f"the credentials have expired or are wrong ({error}), so nothing was read or changed: "
            f"log in again, {SANDBOX}"
        )
    return ReconcilerError(f"AWS refused to say who we are ({error}): nothing was read or changed")


def _switched_off(session: boto3.Session, region: str) -> bool:
    """Whether it is the region that AWS does not let us into, and not our credentials.

    A region that nobody opted into answers as if it did not know us:
    https://docs.aws.amazon.com/accounts/latest/reference/API_GetRegionOptStatus.html"""
    account = session.client("account", "us-east-1", config=QUICK)
    try:
        status = account.get_region_opt_status(RegionName=region)["RegionOptStatus"]
    except (ClientError, BotoCoreError):  # then it is as the first refusal says
        return False
    return not str(status).startswith("ENABLED")
