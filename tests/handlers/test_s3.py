"""What a bucket's handler sends, where moto would not mind if it were otherwise."""

import json

import pytest
from botocore.exceptions import ClientError
from moto.s3.models import s3_backends

from reconciler.model import Change, Desired, Found, Observed
from reconciler.overlay import differences
from resources.s3.bucket import Bucket

OURS = {"muvi-converge:environment": "uat", "muvi-converge:address": "s3.bucket/media"}
BLOCKED = {"BlockPublicAcls": True, "BlockPublicPolicy": True}
READ = {"Sid": "Read", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
POLICY = {"Version": "2012-10-17", "Statement": [{**READ, "Resource": "arn:aws:s3:::media/*"}]}


@pytest.fixture
def bucket(aws):
    return Bucket(aws, "eu-central-1")


@pytest.fixture
def sent(aws):
    """Every call from now on, as (operation, parameters)."""
    calls = []

    def note(params, model, **_):
        calls.append((model.name, dict(params)))

    aws.client("s3", "eu-central-1").meta.events.register("provide-client-params.s3", note)
    return calls


def create(bucket):
    bucket.create(Desired({"Bucket": "media"}, OURS))
    (found,) = bucket.listed()
    return found


def change(before, wanted):
    observed = Observed("media", before)
    return Change(observed, wanted, {}, tuple(differences(before, wanted, {})))


def test_tags_travel_in_the_create_call(bucket, sent):
    create(bucket)
    born = dict(sent)["CreateBucket"]["CreateBucketConfiguration"]
    assert born["LocationConstraint"] == "eu-central-1"
    assert {tag["Key"]: tag["Value"] for tag in born["Tags"]} == OURS


def test_in_virginia_no_location_is_sent(aws):
    virginia = Bucket(aws, "us-east-1")
    virginia.create(Desired({"Bucket": "media"}, OURS))
    (found,) = virginia.listed()
    assert found.properties["RegionalDomainName"] == "media.s3.us-east-1.amazonaws.com"


def test_only_buckets_of_its_own_region_are_listed(aws, bucket):
    create(bucket)
    assert [found.id for found in bucket.listed()] == ["media"]
    assert list(Bucket(aws, "eu-west-1").listed()) == []


def test_only_mentioned_settings_are_read(bucket, sent):
    found = create(bucket)
    sent.clear()
    bucket.get(found, {"Bucket", "VersioningConfiguration"})
    assert [operation for operation, _ in sent] == ["GetBucketVersioning", "GetBucketTagging"]


def test_tags_that_the_listing_brought_are_not_read_again(bucket, sent):
    found = create(bucket)
    sent.clear()
    observed = bucket.get(Found("media", found.properties, OURS), set())
    assert observed.tags == OURS
    assert sent == []


def test_what_is_not_set_is_absent(bucket, aws):
    found = create(bucket)
    aws.client("s3", "eu-central-1").delete_public_access_block(Bucket="media")
    observed = bucket.get(found, {"Policy", "PublicAccessBlockConfiguration"})
    assert observed["Policy"] is None
    assert observed["PublicAccessBlockConfiguration"] is None


def test_public_access_is_let_in_before_the_policy_that_needs_it(bucket, sent):
    """Rests on the correction that enforces BlockPublicPolicy."""
    create(bucket)
    sent.clear()
    open_to_all = {"BlockPublicAcls": True, "BlockPublicPolicy": False}
    before = {"PublicAccessBlockConfiguration": BLOCKED}
    wanted = {"Policy": POLICY, "PublicAccessBlockConfiguration": open_to_all}
    bucket.update(change(before, wanted))
    assert [operation for operation, _ in sent] == ["PutPublicAccessBlock", "PutBucketPolicy"]
    assert json.loads(sent[1][1]["Policy"]) == POLICY


def test_what_shall_be_absent_is_deleted(bucket, sent):
    create(bucket)
    sent.clear()
    bucket.update(change({"PublicAccessBlockConfiguration": BLOCKED}, {}))
    assert [operation for operation, _ in sent] == ["DeletePublicAccessBlock"]


def test_nothing_is_sent_for_what_does_not_differ(bucket, sent):
    create(bucket)
    sent.clear()
    bucket.update(
        change(
            {"PublicAccessBlockConfiguration": BLOCKED}, {"PublicAccessBlockConfiguration": BLOCKED}
        )
    )
    assert sent == []


def test_a_tag_is_written_together_with_all_others(bucket, sent):
    found = create(bucket)
    observed = bucket.get(found, set())
    bucket.tag(observed, {**observed.tags, "team": "media"})
    assert bucket.get(found, set()).tags == {**OURS, "team": "media"}


def test_a_bucket_with_objects_is_not_deleted(bucket, aws):
    found = create(bucket)
    aws.client("s3", "eu-central-1").put_object(Bucket="media", Key="poster", Body=b"")
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        bucket.delete(bucket.get(found, set()))


def test_deleting_what_is_gone_is_fine(bucket):
    observed = bucket.get(create(bucket), set())
    bucket.delete(observed)
    bucket.delete(observed)
    assert bucket.get(Found("media", {}), set()) is None


def test_a_name_that_another_account_has_is_neither_ours_nor_taken(bucket):
    s3_backends["999999999999"]["aws"].create_bucket("media", "eu-central-1")
    assert list(bucket.listed()) == []
    with pytest.raises(ClientError, match="BucketAlreadyExists"):
        bucket.create(Desired({"Bucket": "media"}, OURS))


def test_a_denied_read_is_no_absence(bucket, aws):
    found = create(bucket)

    def deny(**_):
        error = {"Error": {"Code": "AccessDenied", "Message": "Access Denied"}}
        return type("Http", (), {"status_code": 403})(), error

    aws.client("s3", "eu-central-1").meta.events.register("before-call.s3.GetBucketPolicy", deny)
    with pytest.raises(ClientError, match="AccessDenied"):
        bucket.get(found, {"Policy"})
