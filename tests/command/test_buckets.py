"""Buckets of several regions: where nobody knows which, where it is another, and copies."""

from __future__ import annotations

import pytest

from tests.command.running import ENVIRONMENT, REGION

DR, GULF = "eu-west-1", "me-south-1"
REGIONS = f"{ENVIRONMENT}regions: {{dr: {DR}}}"
SPARSE = f"{ENVIRONMENT}regions: {{dr: {DR}, bahrain: {GULF}}}\nsparse: {{bahrain: [s3.bucket]}}"
SOMEWHERE = """
s3.bucket: {muvi-media: {$region: [main, dr], $protect: false}}
"""
HOST = '\noutputs: {host: "${s3.bucket/muvi-media.RegionalDomainName}"}'
TEMPLATES = """
s3.bucket: {cf-templates--9nyo4zgvsgwj-me-south-1: {$region: bahrain, $protect: false}}
"""
OTHER = "sns.topic: {other: {}}"
COPIED = """
s3.bucket:
  muvi-media:
    $protect: false
    VersioningConfiguration: {Status: Enabled}
    ReplicationConfiguration:
      Role: ${iam.role/copies.Arn}
      Rules:
        - ID: ireland
          Status: Enabled
          Priority: 1
          Destination: {Bucket: '${s3.bucket/muvi-media-dr.BucketArn}'}
  muvi-media-dr:
    $region: dr
    $protect: false
    VersioningConfiguration: {Status: Enabled}
iam.role:
  copies:
    AssumeRolePolicyDocument:
      Version: '2012-10-17'
      Statement:
        {Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: 'sts:AssumeRole'}
"""


def make(lab, name, region):
    s3 = lab.client("s3", region)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    return s3


def where(lab):
    """Every bucket there is, and its region."""
    listed = lab.client("s3").list_buckets(MaxBuckets=100)["Buckets"]
    return {each["Name"]: each["BucketRegion"] for each in listed}


@pytest.mark.parametrize("region", [REGION, DR])
def test_a_bucket_of_which_nobody_knows_the_region_is_where_aws_has_it(lab, region):
    make(lab, "muvi-media", region)
    lab.declare(REGIONS + HOST, it=SOMEWHERE)
    planned = lab.plan()
    assert planned.actions == {"s3.bucket/muvi-media": "adopt"}
    assert planned.resources["s3.bucket/muvi-media"]["region"] == region
    done = lab.json()
    assert done.code == 0, done.err
    assert done.document["outputs"] == {"host": f"muvi-media.s3.{region}.amazonaws.com"}
    assert {call.region for call in done.calls if not call.reads} == {region}
    assert where(lab) == {"muvi-media": region}
    assert lab.plan().actions == {}
    assert lab.run("destroy", "--confirm", "test").code == 0
    assert where(lab) == {}


def test_it_is_created_in_the_first_region_that_is_named(lab):
    lab.declare(REGIONS, it=SOMEWHERE)
    assert lab.plan().actions == {"s3.bucket/muvi-media": "create"}
    assert lab.run().code == 0
    assert where(lab) == {"muvi-media": REGION}
    assert lab.plan().actions == {}
    lab.declare(REGIONS, it=OTHER)
    assert lab.plan().actions == {"s3.bucket/muvi-media": "delete", "sns.topic/other": "create"}


@pytest.mark.parametrize(
    ("region", "advice"), [(DR, "write $region: dr"), (GULF, "add me-south-1 to regions")]
)
def test_a_bucket_of_another_region_is_not_created_here(lab, region, advice):
    make(lab, "muvi-media", region)
    lab.declare(REGIONS, it="s3.bucket: {muvi-media: {}}")
    planned = lab.plan()
    assert planned.code == 1
    said = planned.resources["s3.bucket/muvi-media"]["reason"]
    assert f"muvi-media is in {region}, not in {REGION}" in said
    assert advice in said
    done = lab.run()
    assert done.code == 1
    assert done.writes == []


def test_of_a_sparse_region_only_its_types_are_listed(lab):
    lab.whole = True
    make(lab, "cf-templates--9nyo4zgvsgwj-me-south-1", GULF)
    lab.declare(SPARSE, it=TEMPLATES)
    done = lab.run()
    assert done.code == 0, done.err
    services = {call.service for call in done.calls if call.region == GULF}
    assert services == {"s3", "resourcegroupstaggingapi"}
    assert lab.plan().actions == {}
    lab.declare(SPARSE, it=OTHER)
    assert set(lab.plan().actions.values()) == {"delete", "create"}


def test_copies_are_begun_once_both_ends_keep_versions(lab):
    lab.declare(REGIONS, it=COPIED)
    done = lab.run()
    assert done.code == 0, done.err
    assert where(lab) == {"muvi-media": REGION, "muvi-media-dr": DR}
    begun = [(call.operation, call.region) for call in done.calls if not call.reads]
    versioned = [begun.index(("PutBucketVersioning", each)) for each in (REGION, DR)]
    assert begun.index(("PutBucketReplication", REGION)) > max(versioned)
    assert begun.count(("PutBucketReplication", REGION)) == 1
    assert lab.plan().actions == {}


def test_copies_are_ended_before_versions_are(lab):
    lab.declare(REGIONS, it=COPIED)
    assert lab.run().code == 0
    ended = """
s3.bucket:
  muvi-media:
    $protect: false
    VersioningConfiguration: {Status: Suspended}
    ReplicationConfiguration: ~
  muvi-media-dr: {$region: dr, $protect: false, VersioningConfiguration: {Status: Suspended}}
"""
    lab.declare(REGIONS, it=ended)
    done = lab.run()
    assert done.code == 0, done.err
    assert lab.plan().actions == {}


def test_a_copy_that_stops_keeping_versions_is_mended_where_it_is(lab):
    lab.declare(REGIONS, it=COPIED)
    assert lab.run().code == 0
    before = lab.client("s3").get_bucket_replication(Bucket="muvi-media")
    lab.client("s3").delete_bucket_replication(Bucket="muvi-media")
    ireland = lab.client("s3", DR)
    ireland.put_bucket_versioning(
        Bucket="muvi-media-dr", VersioningConfiguration={"Status": "Suspended"}
    )
    assert set(lab.plan().actions.values()) == {"update"}
    assert lab.run().code == 0
    after = lab.client("s3").get_bucket_replication(Bucket="muvi-media")
    assert after["ReplicationConfiguration"] == before["ReplicationConfiguration"]


def test_destroying_ends_the_copies_and_both_ends(lab):
    lab.declare(REGIONS, it=COPIED)
    assert lab.run().code == 0
    assert lab.run("destroy", "--confirm", "test").code == 0
    assert where(lab) == {}
