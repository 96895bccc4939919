"""What a bucket's handler sends, where moto would not mind if it were otherwise."""

import json

import pytest
from botocore.exceptions import ClientError
from moto.s3.models import s3_backends

from reconciler.model import Change, Desired, Found, Observed
from reconciler.overlay import differences
from resources.s3.bucket import Bucket
from tests.handlers import steps

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


def test_buckets_of_all_regions_are_listed_and_where_they_are(aws, bucket):
    create(bucket)
    assert [found.id for found in bucket.listed()] == ["media"]
    (found,) = Bucket(aws, "eu-west-1").listed()
    assert found.region == "eu-central-1"
    assert found.properties["RegionalDomainName"] == "media.s3.eu-central-1.amazonaws.com"


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


@pytest.mark.parametrize(
    ("name", "setting", "operation"),
    [
        ("LifecycleConfiguration", {"Rules": [{"ID": "a"}]}, "DeleteBucketLifecycle"),
        ("CORSConfiguration", {"CORSRules": [{"ID": "a"}]}, "DeleteBucketCors"),
        ("WebsiteConfiguration", {"ErrorDocument": {"Key": "a"}}, "DeleteBucketWebsite"),
        ("ReplicationConfiguration", {"Rules": [{"ID": "a"}]}, "DeleteBucketReplication"),
        ("OwnershipControls", {"Rules": [{}]}, "DeleteBucketOwnershipControls"),
        ("Policy", POLICY, "DeleteBucketPolicy"),
    ],
)
def test_each_setting_is_taken_away_by_its_own_call(bucket, sent, name, setting, operation):
    create(bucket)
    sent.clear()
    bucket.update(change({name: setting}, {}))
    assert sent == [(operation, {"Bucket": "media"})]


@pytest.mark.parametrize(
    ("name", "setting", "operation"),
    [
        (
            "BucketLoggingStatus",
            {"LoggingEnabled": {"TargetBucket": "logs"}},
            "PutBucketLogging",
        ),
        (
            "NotificationConfiguration",
            {"EventBridgeConfiguration": True},
            "PutBucketNotificationConfiguration",
        ),
    ],
)
def test_what_has_no_delete_is_put_empty(bucket, sent, name, setting, operation):
    create(bucket)
    sent.clear()
    bucket.update(change({name: setting}, {}))
    assert sent == [(operation, {"Bucket": "media", name: {}})]


@pytest.mark.parametrize(
    ("name", "list_"),
    [
        ("LifecycleConfiguration", "Rules"),
        ("CORSConfiguration", "CORSRules"),
        ("ReplicationConfiguration", "Rules"),
    ],
)
def test_rules_of_which_none_is_left_are_taken_away(bucket, sent, name, list_):
    """AWS takes no empty list."""
    create(bucket)
    sent.clear()
    bucket.update(change({name: {list_: [{"ID": "a"}]}}, {name: {list_: []}}))
    assert [operation.startswith("Delete") for operation, _ in sent] == [True]
    (found,) = bucket.listed()
    assert steps.change(bucket, bucket.get(found, {name}), {name: {list_: []}}).fields == ()


def test_null_is_what_aws_has_when_nobody_says_anything(bucket, aws):
    found = create(bucket)
    s3 = aws.client("s3", "eu-central-1")
    s3.put_bucket_versioning(Bucket="media", VersioningConfiguration={"Status": "Enabled"})
    key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": key, "BucketKeyEnabled": True}]}
    s3.put_bucket_encryption(Bucket="media", ServerSideEncryptionConfiguration=rules)
    nothing = {"VersioningConfiguration": None, "ServerSideEncryptionConfiguration": None}
    assert steps.update(bucket, found.id, nothing) == ()
    observed = steps.look(bucket, found.id, nothing)
    assert observed["VersioningConfiguration"] == {"Status": "Suspended"}
    (rule,) = observed["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


RULE = {"ID": "a", "Status": "Enabled", "Expiration": {"Days": 1}}
SMALL = {"TransitionDefaultMinimumObjectSize": "varies_by_storage_class"}


def kept(bucket, sent, *rules, **more):
    """What is sent for these rules."""
    found = bucket.listed().__next__()
    sent.clear()
    wanted = {"LifecycleConfiguration": {"Rules": list(rules)}, **more}
    assert steps.update(bucket, found.id, wanted) == ()
    return dict(sent)["PutBucketLifecycleConfiguration"]


def test_a_rule_without_a_filter_is_for_all_objects(bucket, sent):
    create(bucket)
    whole = kept(bucket, sent, RULE)["LifecycleConfiguration"]
    assert whole == {"Rules": [{**RULE, "Filter": {"Prefix": ""}}]}


def test_a_filter_of_another_kind_takes_the_place_of_the_old_one(bucket, sent):
    create(bucket)
    kept(bucket, sent, {**RULE, "Filter": {"Prefix": "old/"}})
    tag = {"Tag": {"Key": "kind", "Value": "old"}}
    (rule,) = kept(bucket, sent, {**RULE, "Filter": tag})["LifecycleConfiguration"]["Rules"]
    assert rule["Filter"] == tag


def test_a_rule_of_the_old_form_is_sent_in_the_new_one(bucket, sent):
    """AWS takes no mixture of both."""
    create(bucket)
    sent.clear()
    theirs = {**RULE, "ID": "theirs", "Prefix": "theirs/"}
    before = {"LifecycleConfiguration": {"Rules": [theirs]}}
    bucket.update(change(before, {"LifecycleConfiguration": {"Rules": [theirs, RULE]}}))
    rules = dict(sent)["PutBucketLifecycleConfiguration"]["LifecycleConfiguration"]["Rules"]
    assert [(rule["ID"], rule["Filter"], "Prefix" in rule) for rule in rules] == [
        ("theirs", {"Prefix": "theirs/"}, False),
        ("a", {"Prefix": ""}, False),
    ]


def test_which_small_objects_move_goes_back_as_it_came(bucket, sent):
    create(bucket)
    kept(bucket, sent, RULE, **SMALL)
    again = kept(bucket, sent, {**RULE, "Expiration": {"Days": 2}})
    assert again["TransitionDefaultMinimumObjectSize"] == "varies_by_storage_class"


def test_one_call_reads_the_rules_and_which_small_objects_move(bucket, sent):
    found = create(bucket)
    sent.clear()
    bucket.get(Found("media", found.properties, OURS), {"LifecycleConfiguration", *SMALL})
    assert [operation for operation, _ in sent] == ["GetBucketLifecycleConfiguration"]


def test_which_small_objects_move_is_written_with_the_rules(bucket, sent):
    create(bucket)
    kept(bucket, sent, RULE)
    found = next(bucket.listed())
    sent.clear()
    assert steps.update(bucket, found.id, SMALL) == ()
    put = dict(sent)["PutBucketLifecycleConfiguration"]
    assert put["LifecycleConfiguration"]["Rules"][0]["ID"] == "a"


def test_what_other_ends_must_allow_is_written_last(bucket, sent):
    create(bucket)
    sent.clear()
    versions = {"VersioningConfiguration": {"Status": "Enabled"}}
    target = {"Bucket": "arn:aws:s3:::copy"}
    copied = {"Role": "r", "Rules": [{"Status": "Enabled", "Priority": 1, "Destination": target}]}
    with pytest.raises(ClientError, match="InvalidRequest"):  # no such bucket yet
        bucket.update(change({}, {"ReplicationConfiguration": copied, **versions}))
    assert [operation for operation, _ in sent] == ["PutBucketVersioning", "PutBucketReplication"]
    (rule,) = sent[1][1]["ReplicationConfiguration"]["Rules"]
    assert rule["Filter"] == {"Prefix": ""}
    assert rule["DeleteMarkerReplication"] == {"Status": "Disabled"}


def test_replication_goes_before_the_versions_that_it_needs(bucket, sent):
    create(bucket)
    sent.clear()
    before = {
        "VersioningConfiguration": {"Status": "Enabled"},
        "ReplicationConfiguration": {"Rules": [{"ID": "a"}]},
    }
    bucket.update(change(before, {"VersioningConfiguration": {"Status": "Suspended"}}))
    assert [operation for operation, _ in sent] == [
        "DeleteBucketReplication",
        "PutBucketVersioning",
    ]


def test_a_log_without_a_prefix_says_so(bucket, sent):
    """botocore demands one."""
    create(bucket)
    sent.clear()
    with pytest.raises(ClientError, match="InvalidTargetBucketForLogging"):
        bucket.update(
            change({}, {"BucketLoggingStatus": {"LoggingEnabled": {"TargetBucket": "l"}}})
        )
    assert sent[0][1]["BucketLoggingStatus"]["LoggingEnabled"]["TargetPrefix"] == ""


def test_eventbridge_is_switched_on_and_off(bucket, sent):
    found = create(bucket)
    for on, put in ((True, {"EventBridgeConfiguration": {}}), (False, {})):
        sent.clear()
        wanted = {"NotificationConfiguration": {"EventBridgeConfiguration": on}}
        assert steps.update(bucket, found.id, wanted) == ()
        assert dict(sent)["PutBucketNotificationConfiguration"]["NotificationConfiguration"] == put


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
