"""CloudFront as its API reference describes it. https://docs.aws.amazon.com/cloudfront/latest/APIReference/"""

import pytest
from botocore.exceptions import ClientError

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
BUCKET = {
    "Id": "bucket",
    "DomainName": "media.s3.eu-central-1.amazonaws.com",
    "S3OriginConfig": {"OriginAccessIdentity": ""},
}
CONTROL = {
    "Name": "media",
    "Description": "reads media",
    "SigningProtocol": "sigv4",
    "SigningBehavior": "always",
    "OriginAccessControlOriginType": "s3",
}


@pytest.fixture
def cloudfront(moto):
    return moto("cloudfront", "us-east-1")


def config(reference="one", aliases=(), **more):
    certificate = {"ACMCertificateArn": CERTIFICATE, "SSLSupportMethod": "sni-only"}
    return {
        "CallerReference": reference,
        "Comment": "media",
        "Enabled": False,
        "Origins": {"Quantity": 1, "Items": [BUCKET]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "bucket",
            "ViewerProtocolPolicy": "https-only",
            "CachePolicyId": CACHING_OPTIMIZED,
        },
        **({"ViewerCertificate": certificate} if aliases else {}),
        "Aliases": {"Quantity": len(aliases), "Items": list(aliases)},
        **more,
    }


def create(cloudfront, **given):
    return cloudfront.create_distribution(DistributionConfig=config(**given))["Distribution"]["Id"]


def read(cloudfront, id):
    """The document and its ETag, once it is deployed everywhere."""
    for _ in range(3):
        answer = cloudfront.get_distribution(Id=id)
    assert answer["Distribution"]["Status"] == "Deployed"
    return answer["Distribution"]["DistributionConfig"], answer["ETag"]


def control(cloudfront, **more):
    given = {**CONTROL, **more}
    answer = cloudfront.create_origin_access_control(OriginAccessControlConfig=given)
    return answer["OriginAccessControl"]["Id"]


def refused(code):
    return pytest.raises(ClientError, match=rf"\({code}\)")


def test_an_origin_keeps_its_access_control(cloudfront):
    origin = {**BUCKET, "OriginAccessControlId": control(cloudfront)}
    id = create(cloudfront, Origins={"Quantity": 1, "Items": [origin]})
    (kept,) = read(cloudfront, id)[0]["Origins"]["Items"]
    assert origin.items() <= kept.items()


def test_an_origin_access_control_must_exist(cloudfront):
    origin = {**BUCKET, "OriginAccessControlId": "E1"}
    with refused("InvalidOriginAccessControl"):
        create(cloudfront, Origins={"Quantity": 1, "Items": [origin]})


def test_a_cache_policy_brings_no_times_and_no_forwarded_values(cloudfront):
    behavior = read(cloudfront, create(cloudfront))[0]["DefaultCacheBehavior"]
    assert behavior["CachePolicyId"] == CACHING_OPTIMIZED
    assert not behavior.keys() & {"ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL"}


def test_a_cache_policy_and_times_are_refused_together(cloudfront):
    behavior = {**config()["DefaultCacheBehavior"], "MinTTL": 60}
    with refused("InvalidArgument"):
        create(cloudfront, DefaultCacheBehavior=behavior)


def test_function_associations_are_kept(cloudfront):
    function = {
        "EventType": "viewer-request",
        "FunctionARN": "arn:aws:cloudfront::123456789012:function/f",
    }
    functions = {"Quantity": 1, "Items": [function]}
    behavior = {**config()["DefaultCacheBehavior"], "FunctionAssociations": functions}
    kept, _ = read(cloudfront, create(cloudfront, DefaultCacheBehavior=behavior))
    assert kept["DefaultCacheBehavior"]["FunctionAssociations"] == functions


def test_a_distribution_is_in_progress_before_it_is_deployed(cloudfront):
    id = create(cloudfront)
    assert cloudfront.get_distribution(Id=id)["Distribution"]["Status"] == "InProgress"
    read(cloudfront, id)


def test_an_update_gives_a_new_etag_and_is_in_progress_again(cloudfront):
    document, etag = read(cloudfront, id := create(cloudfront))
    guard = {"Id": id, "IfMatch": etag}
    answer = cloudfront.update_distribution(**guard, DistributionConfig=document)
    assert answer["ETag"] != etag
    assert answer["Distribution"]["Status"] == "InProgress"


def test_an_update_with_a_stale_etag_is_refused(cloudfront):
    document, etag = read(cloudfront, id := create(cloudfront))
    guard = {"Id": id, "IfMatch": f"{etag}X"}
    with refused("PreconditionFailed"):
        cloudfront.update_distribution(**guard, DistributionConfig=document)


def test_a_wrong_quantity_is_refused(cloudfront):
    with refused("InconsistentQuantities"):
        create(cloudfront, Origins={"Quantity": 2, "Items": [BUCKET]})


def test_an_enabled_distribution_is_not_deleted(cloudfront):
    _, etag = read(cloudfront, id := create(cloudfront, Enabled=True))
    with refused("DistributionNotDisabled"):
        cloudfront.delete_distribution(Id=id, IfMatch=etag)


def test_a_distribution_is_not_deleted_before_it_is_disabled_everywhere(cloudfront):
    etag = cloudfront.get_distribution(Id=(id := create(cloudfront)))["ETag"]
    with refused("DistributionNotDisabled"):
        cloudfront.delete_distribution(Id=id, IfMatch=etag)


def test_an_alias_belongs_to_one_distribution(cloudfront):
    create(cloudfront, aliases=["media.example.com"])
    with refused("CNAMEAlreadyExists"):
        create(cloudfront, reference="two", aliases=["MEDIA.example.com"])


def test_aliases_are_lower_case(cloudfront):
    document, _ = read(cloudfront, create(cloudfront, aliases=["Media.Example.com"]))
    assert document["Aliases"]["Items"] == ["media.example.com"]


def test_an_alias_needs_a_certificate(cloudfront):
    aliases = {"Quantity": 1, "Items": ["media.example.com"]}
    with refused("InvalidViewerCertificate"):
        create(cloudfront, Aliases=aliases)


def test_a_certificate_is_answered_under_its_old_names_too(cloudfront):
    document, _ = read(cloudfront, create(cloudfront, aliases=["media.example.com"]))
    certificate = document["ViewerCertificate"]
    assert certificate["Certificate"] == certificate["ACMCertificateArn"] == CERTIFICATE
    assert certificate["CertificateSource"] == "acm"
    assert certificate["CloudFrontDefaultCertificate"] is False


def test_a_caller_reference_counts_once_even_after_a_delete(cloudfront):
    _, etag = read(cloudfront, id := create(cloudfront))
    cloudfront.delete_distribution(Id=id, IfMatch=etag)
    with refused("DistributionAlreadyExists"):
        create(cloudfront)


def test_an_origin_says_what_kind_it_is(cloudfront):
    origin = {"Id": "bucket", "DomainName": "media.s3.amazonaws.com"}
    with refused("InvalidArgument"):
        create(cloudfront, Origins={"Quantity": 1, "Items": [origin]})


def test_two_controls_do_not_share_a_name(cloudfront):
    control(cloudfront)
    with refused("OriginAccessControlAlreadyExists"):
        control(cloudfront)


def test_a_control_does_not_take_the_name_of_another(cloudfront):
    control(cloudfront)
    etag = cloudfront.get_origin_access_control(Id=(id := control(cloudfront, Name="other")))[
        "ETag"
    ]
    guard = {"Id": id, "IfMatch": etag}
    with refused("OriginAccessControlAlreadyExists"):
        cloudfront.update_origin_access_control(**guard, OriginAccessControlConfig=CONTROL)


def test_an_update_of_a_control_gives_a_new_etag(cloudfront):
    etag = cloudfront.get_origin_access_control(Id=(id := control(cloudfront)))["ETag"]
    guard = {"Id": id, "IfMatch": etag}
    answer = cloudfront.update_origin_access_control(**guard, OriginAccessControlConfig=CONTROL)
    assert answer["ETag"] != etag


@pytest.mark.parametrize("write", ["update", "delete"])
def test_a_control_is_not_written_with_a_stale_etag(cloudfront, write):
    guard = {"Id": control(cloudfront), "IfMatch": "stale"}
    with refused("PreconditionFailed"):
        if write == "delete":
            cloudfront.delete_origin_access_control(**guard)
        else:
            cloudfront.update_origin_access_control(**guard, OriginAccessControlConfig=CONTROL)


def test_a_control_in_use_is_not_deleted(cloudfront):
    id = control(cloudfront)
    origin = {**BUCKET, "OriginAccessControlId": id}
    create(cloudfront, Origins={"Quantity": 1, "Items": [origin]})
    etag = cloudfront.get_origin_access_control(Id=id)["ETag"]
    with refused("OriginAccessControlInUse"):
        cloudfront.delete_origin_access_control(Id=id, IfMatch=etag)


def test_a_control_that_is_not_there_is_said_to_be_missing(cloudfront):
    with refused("NoSuchOriginAccessControl"):
        cloudfront.delete_origin_access_control(Id="E1", IfMatch="E2")
