"""Names that AWS gives once in all accounts. AmazonS3/latest/API/API_HeadBucket.html"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from botocore.exceptions import ClientError

from reconciler.errors import Problem
from reconciler.model import Action
from reconciler.plan.estate import Estate
from reconciler.preflight.asking import Question
from reconciler.result import Decision

TAKEN = {200, 301, 403}
"""What AWS answers where there is a bucket, and 404 where there is none."""


def questions(estate: Estate, decisions: Iterable[Decision]) -> Iterator[Question]:
    """One for each bucket that shall be made."""
    for each in decisions:
        name = _name(estate, each)
        if name:
            ask = partial(_against, estate, each, name)
            yield Question("whether names of buckets are taken (s3:ListBucket)", ask)


def _name(estate: Estate, decision: Decision) -> str:
    if decision.type != "s3.bucket" or decision.action is not Action.CREATE:
        return ""
    name = estate.born(decision.address).properties.get("Bucket")
    return name if isinstance(name, str) else ""


def _against(estate: Estate, decision: Decision, name: str) -> Iterator[Problem]:
    try:
        estate.aws.client("s3", decision.region).head_bucket(Bucket=name)
        status = 200
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status not in TAKEN | {404}:
            raise
    if status in TAKEN:
        what = f"the name {name} is taken, and not by this account: choose another"
        yield Problem(decision.source, decision.address, what)
