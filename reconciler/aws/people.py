"""Refusals that only people can lift, as data: who must do what."""

from __future__ import annotations

import re
from typing import NamedTuple

from botocore.exceptions import ClientError

from reconciler.aws.failures import code, message
from reconciler.model import Wait


class Refusal(NamedTuple):
    """How AWS words it, and what is to be done about it."""

    code: str
    words: str
    who: str
    what: str


REFUSALS = (
    # https://repost.aws/knowledge-center/cloudfront-account-verification
    Refusal(
        "AccessDenied",
        "account must be verified before you can add",
        "AWS Support, whom an administrator of the account asks",
        "open a case (Account and billing, then Account verification) and ask them to verify the "
        "account for CloudFront: https://console.aws.amazon.com/support/home#/case/create",
    ),
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    Refusal(
        "OptInRequired",
        "",
        "who administers the account",
        "sign up for the service, or switch the region on: aws account enable-region "
        "--region-name REGION",
    ),
    Refusal(
        "PendingVerification",
        "",
        "AWS, which verifies the account for a new region within four hours",
        "nothing; ask AWS Support if it takes longer",
    ),
)


def asked_of_people(error: ClientError) -> Wait | None:
    """What somebody must do before AWS takes such a call; None if that is not the trouble."""
    for each in REFUSALS:
        if code(error) == each.code and re.search(each.words, message(error)):
            return Wait(each.who, each.what)
    return None
