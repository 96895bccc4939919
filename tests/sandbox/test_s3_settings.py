"""Settings of buckets as S3's API reference describes them.

https://docs.aws.amazon.com/AmazonS3/latest/API/"""

import io
import json
import zipfile

import pytest
from botocore.exceptions import ClientError

HERE = {"LocationConstraint": "eu-central-1"}
ROLE = "arn:aws:iam::123456789012:role/copies"


@pytest.fixture
def s3(moto):
    client = moto("s3")
    for name in ("media", "copy"):
        client.create_bucket(Bucket=name, CreateBucketConfiguration=HERE)
    return client


def refused(code, words=""):
    return pytest.raises(ClientError, match=rf"\({code}\).*{words}")


def versioned(s3, *names):
    for name in names:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def copied(**rule):
    whole = {
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": "posters/"},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "Destination": {"Bucket": "arn:aws:s3:::copy"},
        **rule,
    }
    return {"Role": ROLE, "Rules": [{n: v for n, v in whole.items() if v is not None}]}


def keep(s3, *rules, **more):
    whole = {"Rules": [{"Status": "Enabled", **rule} for rule in rules]}
    s3.put_bucket_lifecycle_configuration(Bucket="media", LifecycleConfiguration=whole, **more)
    return s3.get_bucket_lifecycle_configuration(Bucket="media")


@pytest.mark.parametrize(
    "rule",
    [
        {"NoncurrentVersionExpiration": {"NoncurrentDays": 3, "NewerNoncurrentVersions": 2}},
        {"Filter": {"ObjectSizeGreaterThan": 5}, "Expiration": {"Days": 1}},
        {"Filter": {"And": {"Prefix": "a", "ObjectSizeLessThan": 9}}, "Expiration": {"Days": 1}},
    ],
)
def test_a_lifecycle_rule_is_kept_whole(s3, rule):
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, **rule}
    assert keep(s3, rule)["Rules"] == [rule]


def test_a_lifecycle_rule_without_a_name_gets_one(s3):
    (rule,) = keep(s3, {"Filter": {"Prefix": ""}, "Expiration": {"Days": 1}})["Rules"]
    assert rule["ID"]


def test_which_small_objects_move_is_kept(s3):
    size = "varies_by_storage_class"
    rule = {"Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    answer = keep(s3, rule, TransitionDefaultMinimumObjectSize=size)
    assert answer["TransitionDefaultMinimumObjectSize"] == size


def test_a_replication_rule_is_kept_whole(s3):
    versioned(s3, "media", "copy")
    encrypted = {"SseKmsEncryptedObjects": {"Status": "Enabled"}}
    wanted = copied(ID="all", SourceSelectionCriteria=encrypted)
    s3.put_bucket_replication(Bucket="media", ReplicationConfiguration=wanted)
    answer = s3.get_bucket_replication(Bucket="media")["ReplicationConfiguration"]
    assert answer == wanted


def test_nothing_is_replicated_to_a_bucket_without_versions(s3):
    versioned(s3, "media")
    with refused("InvalidRequest", "versioning"):
        s3.put_bucket_replication(Bucket="media", ReplicationConfiguration=copied())


def test_nothing_is_replicated_to_a_bucket_that_is_not_there(s3):
    versioned(s3, "media")
    nowhere = copied(Destination={"Bucket": "arn:aws:s3:::nowhere"})
    with refused("InvalidRequest", "must exist"):
        s3.put_bucket_replication(Bucket="media", ReplicationConfiguration=nowhere)


@pytest.mark.parametrize("field", ["Priority", "DeleteMarkerReplication"])
def test_a_replication_rule_with_a_filter_says_more(s3, field):
    versioned(s3, "media", "copy")
    with refused("InvalidRequest", field):
        s3.put_bucket_replication(Bucket="media", ReplicationConfiguration=copied(**{field: None}))


def test_what_is_replicated_keeps_its_versions(s3):
    versioned(s3, "media", "copy")
    s3.put_bucket_replication(Bucket="media", ReplicationConfiguration=copied())
    with refused("InvalidBucketState"):
        s3.put_bucket_versioning(Bucket="media", VersioningConfiguration={"Status": "Suspended"})


def notify(s3, **wanted):
    s3.put_bucket_notification_configuration(Bucket="media", NotificationConfiguration=wanted)
    answer = s3.get_bucket_notification_configuration(Bucket="media")
    return {name: each for name, each in answer.items() if name != "ResponseMetadata"}


def test_events_for_eventbridge_are_kept(s3):
    assert notify(s3, EventBridgeConfiguration={}) == {"EventBridgeConfiguration": {}}


def allowed(service, action, resource):
    statement = {
        "Sid": "it",
        "Effect": "Allow",
        "Principal": {"Service": [service]},
        "Action": [action],
        "Resource": [resource],
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_filters_are_answered_in_capitals(s3, moto):
    sns = moto("sns")
    arn = sns.create_topic(Name="uploads")["TopicArn"]
    policy = allowed("s3.amazonaws.com", "SNS:Publish", arn)
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
    rules = [{"Name": "suffix", "Value": ".jpg"}]
    events = {"Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": rules}}}
    (topic,) = notify(s3, TopicConfigurations=[{"TopicArn": arn, **events}])["TopicConfigurations"]
    assert topic["Filter"]["Key"]["FilterRules"] == [{"Name": "Suffix", "Value": ".jpg"}]
    assert topic["Id"]


def deaf(s3, kind, name, arn):
    one = {name: arn, "Events": ["s3:ObjectCreated:*"]}
    with refused("InvalidArgument", "destination"):
        notify(s3, **{kind: [one]})


def test_a_topic_that_does_not_let_s3_publish_is_refused(s3, moto):
    arn = moto("sns").create_topic(Name="uploads")["TopicArn"]
    deaf(s3, "TopicConfigurations", "TopicArn", arn)
    deaf(s3, "TopicConfigurations", "TopicArn", f"{arn}-gone")


def test_a_function_that_does_not_let_s3_call_is_refused_and_then_not(s3, moto):
    functions = moto("lambda")
    arn = function(functions, moto("iam"))
    deaf(s3, "LambdaFunctionConfigurations", "LambdaFunctionArn", f"{arn}-gone")
    deaf(s3, "LambdaFunctionConfigurations", "LambdaFunctionArn", arn)
    functions.add_permission(
        FunctionName="thumbs",
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
    )
    told = {"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"], "Id": "thumbs"}
    kept = notify(s3, LambdaFunctionConfigurations=[told])
    assert kept == {"LambdaFunctionConfigurations": [told]}


def function(functions, iam):
    trust = json.loads(allowed("lambda.amazonaws.com", "sts:AssumeRole", "*"))
    del trust["Statement"][0]["Resource"]
    role = iam.create_role(RoleName="thumbs", AssumeRolePolicyDocument=json.dumps(trust))
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.js", "")
    return functions.create_function(
        FunctionName="thumbs",
        Runtime="nodejs22.x",
        Handler="index.handler",
        Role=role["Role"]["Arn"],
        Code={"ZipFile": code.getvalue()},
    )["FunctionArn"]


def log(s3, prefix="media/"):
    enabled = {"LoggingEnabled": {"TargetBucket": "copy", "TargetPrefix": prefix}}
    s3.put_bucket_logging(Bucket="media", BucketLoggingStatus=enabled)
    assert s3.get_bucket_logging(Bucket="media")["LoggingEnabled"] == enabled["LoggingEnabled"]


def test_a_policy_with_lists_lets_logs_in(s3):
    policy = json.loads(allowed("logging.s3.amazonaws.com", "s3:PutObject", "arn:aws:s3:::copy/*"))
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::copy/*"}
    policy["Statement"].insert(0, {**deny, "Condition": {"Bool": {"aws:SecureTransport": "false"}}})
    s3.put_bucket_policy(Bucket="copy", Policy=json.dumps(policy))
    log(s3)


def test_a_policy_for_other_logs_does_not(s3):
    policy = allowed("logging.s3.amazonaws.com", "s3:PutObject", "arn:aws:s3:::copy/theirs/*")
    s3.put_bucket_policy(Bucket="copy", Policy=policy)
    with refused("InvalidTargetBucketForLogging"):
        log(s3)
    log(s3, "theirs/")


def test_logs_are_not_there_at_once(s3):
    plain = json.loads(allowed("", "s3:PutObject", ""))
    plain["Statement"][0] |= {
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Resource": "arn:aws:s3:::copy/*",
    }
    s3.put_bucket_policy(Bucket="copy", Policy=json.dumps(plain))
    log(s3)
    assert s3.list_objects_v2(Bucket="copy")["KeyCount"] == 0
