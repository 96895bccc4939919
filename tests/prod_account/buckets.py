"""§8: buckets, in the regions that are known or likely."""

from __future__ import annotations

import json
from typing import Any

from tests.prod_account.account import Account
from tests.prod_account.tables import ACCOUNT, MAIN, table

REGIONS = {"muvi-media-prod": "eu-west-1"}  # one of the two that the report names


def fill(account: Account) -> None:
    rows = table(8, "buckets")
    for row in rows:
        _bucket(account, row["name"], region(row))
    for row in table(8, "unmanaged"):
        _bucket(account, f"{row['prefix']}0a1b2c", MAIN)
    for row in rows:
        if row.get("website"):
            account("s3", region(row)).put_bucket_website(
                Bucket=row["name"],
                WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}},
            )
        if "replica" in row:
            _replicate(account, row)
    _log(account, "aws-cloudtrail-logs-011566070219-95d0077e")


def region(row: dict[str, Any]) -> str:
    """Where a bucket is."""
    return row["region"] or REGIONS.get(row["name"], MAIN)


def _bucket(account: Account, name: str, where: str) -> None:
    account("s3", where).create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": where}
    )


def _replicate(account: Account, row: dict[str, Any]) -> None:
    for each in table(8, "buckets"):
        if each["name"] in (row["name"], row["replica"]):
            account("s3", region(each)).put_bucket_versioning(
                Bucket=each["name"], VersioningConfiguration={"Status": "Enabled"}
            )
    rule = {
        "ID": "recovery",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{row['replica']}"},
    }
    account("s3", region(row)).put_bucket_replication(
        Bucket=row["name"], ReplicationConfiguration={"Role": account.role, "Rules": [rule]}
    )


def _log(account: Account, name: str) -> None:
    """CloudTrail wants to be let in."""
    bucket = f"arn:aws:s3:::{name}"
    trail = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    acl = {**trail, "Action": "s3:GetBucketAcl", "Resource": bucket}
    put = {
        **trail,
        "Action": "s3:PutObject",
        "Resource": f"{bucket}/AWSLogs/{ACCOUNT}/*",
        "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
    }
    policy = {"Version": "2012-10-17", "Statement": [acl, put]}
    account("s3").put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
