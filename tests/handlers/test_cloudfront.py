"""What CloudFront's handlers send, where moto would not mind if it were otherwise."""

import pytest
from botocore.exceptions import ClientError

from reconciler.model import Change, Desired, Found, Observed, Status
from reconciler.overlay import Overlay, differences
from resources.cloudfront import counted, marked, unmarked
from resources.cloudfront.distribution import Distribution
from resources.cloudfront.origin_access_control import OriginAccessControl

POLICY = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
OURS = {
    "muvi-converge:environment": "uat",
    "muvi-converge:address": "cloudfront.distribution/site",
}
ORIGIN = {
    "Id": "api",
    "DomainName": "api.example.com",
    "CustomOriginConfig": {
        "HTTPPort": 80,
        "HTTPSPort": 443,
        "OriginProtocolPolicy": "https-only",
        "OriginSslProtocols": {"Items": ["TLSv1.2"]},
    },
}
SITE = {
    "Comment": "site",
    "Enabled": True,
    "Origins": {"Items": [ORIGIN]},
    "DefaultCacheBehavior": {
        "TargetOriginId": "api",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": POLICY,
    },
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none"}},
}
OWN = {"ACMCertificateArn": CERTIFICATE, "SSLSupportMethod": "sni-only"}
CONTROL = {
    "Name": "media",
    "Description": "Reads media",
    "SigningProtocol": "sigv4",
    "SigningBehavior": "always",
    "OriginAccessControlOriginType": "s3",
}


@pytest.fixture
def distribution(aws):
    return Distribution(aws, "eu-central-1")


@pytest.fixture
def control(aws):
    return OriginAccessControl(aws, "eu-central-1")


@pytest.fixture
def sent(aws):
    """Every call from now on, as (operation, parameters)."""
    calls = []

    def note(params, model, **_):
        calls.append((model.name, dict(params)))

    client = aws.client("cloudfront", "us-east-1")
    client.meta.events.register("provide-client-params.cloudfront", note)
    return calls


def create(handler, properties=SITE, intent="run1 cloudfront.distribution/site"):
    id = handler.create(Desired(properties, OURS, intent))
    return look(handler, id)


def look(handler, id):
    """The object, once CloudFront has it everywhere."""
    for _ in range(3):
        observed = handler.get(Found(id, {}), set())
    assert observed.status is Status.READY
    return observed


def change(handler, observed, desired, tags=OURS):
    lists = handler.compared()
    wanted = Overlay(lists).lay(observed.properties, desired)
    fields = tuple(differences(observed.properties, wanted, lists))
    return Change(observed, wanted, tags, fields)


def written(sent):
    return dict(sent)["UpdateDistribution"]["DistributionConfig"]


def test_a_distribution_is_created_with_its_tags_and_a_reference_of_this_intent(distribution, sent):
    create(distribution)
    document = dict(sent)["CreateDistributionWithTags"]["DistributionConfigWithTags"]
    assert {tag["Key"]: tag["Value"] for tag in document["Tags"]["Items"]} == OURS
    assert len(document["DistributionConfig"]["CallerReference"]) == 64


def test_a_repeated_create_of_one_intent_makes_no_second_distribution(distribution):
    create(distribution)
    with pytest.raises(ClientError, match="DistributionAlreadyExists"):
        create(distribution)


def test_a_deleted_distribution_can_be_made_again_by_another_run(distribution):
    """Rests on the correction by which a caller reference counts once."""
    observed = create(distribution)
    distribution.delete(observed)
    distribution.delete(look(distribution, observed.id))
    assert list(distribution.listed()) == []
    create(distribution, intent="run2 cloudfront.distribution/site")


def test_every_list_is_sent_with_its_length_even_one_that_is_not_there(distribution, sent):
    create(distribution)
    document = dict(sent)["CreateDistributionWithTags"]["DistributionConfigWithTags"]
    config = document["DistributionConfig"]
    assert config["Restrictions"]["GeoRestriction"] == {"RestrictionType": "none", "Quantity": 0}
    assert config["Origins"]["Quantity"] == 1


def test_lists_are_counted_again_when_they_grow(distribution, sent):
    observed = create(distribution)
    other = {**ORIGIN, "Id": "other"}
    desired = {"Origins": {"Items": [{"Id": "api"}, other]}}
    distribution.update(change(distribution, observed, desired))
    assert written(sent)["Origins"]["Quantity"] == 2
    assert written(sent)["CallerReference"] == observed["CallerReference"]


def test_what_nobody_mentioned_goes_back_as_it_came(distribution, sent):
    observed = create(distribution)
    distribution.update(change(distribution, observed, {"Comment": "the site"}))
    shape = distribution.client.meta.service_model.shape_for("DistributionConfig")
    expected = counted({**observed.properties, "Comment": "the site"}, shape)
    sent_back = written(sent)
    # These say the certificate again, under names that AWS has given up.
    for name in ("CertificateSource", "Certificate"):
        expected["ViewerCertificate"].pop(name, None)
    assert sent_back == expected


def test_a_distribution_is_written_with_the_etag_that_was_read(distribution, sent):
    observed = create(distribution)
    distribution.update(change(distribution, observed, {"Comment": "the site"}))
    assert dict(sent)["UpdateDistribution"]["IfMatch"] == observed.etag
    with pytest.raises(ClientError, match="PreconditionFailed"):
        distribution.update(change(distribution, observed, {"Comment": "our site"}))


def test_a_certificate_takes_the_place_of_cloudfronts_own(distribution, sent):
    observed = create(distribution)
    assert observed["ViewerCertificate"]["SSLSupportMethod"] == "vip"
    desired = {"ViewerCertificate": {"ACMCertificateArn": CERTIFICATE}}
    distribution.update(change(distribution, observed, desired))
    # `vip`, which AWS shows beside its own certificate, would cost 600 dollars a month.
    assert written(sent)["ViewerCertificate"] == {**OWN, "MinimumProtocolVersion": "TLSv1"}


def test_a_new_certificate_does_not_travel_with_the_old_ones_other_name(distribution, sent):
    observed = create(distribution, {**SITE, "ViewerCertificate": OWN})
    assert observed["ViewerCertificate"]["Certificate"] == CERTIFICATE
    other = CERTIFICATE.replace("1234-1234", "5678-5678")
    desired = {"ViewerCertificate": {"ACMCertificateArn": other}}
    distribution.update(change(distribution, observed, desired))
    assert written(sent)["ViewerCertificate"]["ACMCertificateArn"] == other
    assert CERTIFICATE not in written(sent)["ViewerCertificate"].values()


def test_cloudfronts_own_certificate_takes_the_place_of_ours(distribution, sent):
    observed = create(distribution, {**SITE, "ViewerCertificate": OWN})
    desired = {"ViewerCertificate": {"CloudFrontDefaultCertificate": True}}
    distribution.update(change(distribution, observed, desired))
    assert "ACMCertificateArn" not in written(sent)["ViewerCertificate"]


def test_a_cache_policy_takes_the_place_of_forwarded_values(distribution, sent):
    forwarded = {"QueryString": False, "Cookies": {"Forward": "none"}}
    behavior = {
        "TargetOriginId": "api",
        "ViewerProtocolPolicy": "https-only",
        "ForwardedValues": forwarded,
    }
    paths = {"Items": [{**behavior, "PathPattern": "/api/*"}]}
    old = {**SITE, "DefaultCacheBehavior": behavior, "CacheBehaviors": paths}
    observed = create(distribution, old)
    desired = {
        "DefaultCacheBehavior": {"CachePolicyId": POLICY},
        "CacheBehaviors": {"Items": [{"PathPattern": "/api/*", "CachePolicyId": POLICY}]},
    }
    distribution.update(change(distribution, observed, desired))
    (path,) = written(sent)["CacheBehaviors"]["Items"]
    for sent_back in (path, written(sent)["DefaultCacheBehavior"]):
        assert not sent_back.keys() & {"ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL"}


def test_a_distribution_is_pending_until_it_is_deployed(distribution):
    """Rests on the correction that shows a distribution in progress first."""
    id = distribution.create(Desired(SITE, OURS, "run1"))
    observed = distribution.get(Found(id, {}), set())
    assert observed.status is Status.PENDING
    assert observed.reason == "InProgress"


def test_a_delete_disables_then_waits_then_deletes(distribution, sent):
    observed = create(distribution)
    distribution.delete(observed)
    assert written(sent)["Enabled"] is False
    disabling = distribution.get(Found(observed.id, {}), set())
    assert disabling.status is Status.PENDING
    sent.clear()
    distribution.delete(disabling)
    assert sent == []
    distribution.delete(look(distribution, observed.id))
    assert distribution.get(Found(observed.id, {}), set()) is None
    distribution.delete(disabling)


def test_one_with_aliases_is_known_by_them_and_its_tags_are_not_read(distribution, sent):
    aliases = {"Items": ["www.example.com"]}
    create(distribution, {**SITE, "Aliases": aliases, "ViewerCertificate": OWN})
    sent.clear()
    (found,) = distribution.listed()
    assert found.tags is None
    assert found.arn.endswith(f":distribution/{found.id}")
    assert [operation for operation, _ in sent] == ["ListDistributions"]


def test_one_without_aliases_is_listed_with_its_tags(distribution):
    create(distribution)
    (found,) = distribution.listed()
    assert found.tags == OURS


def test_an_origins_headers_are_secret(distribution):
    assert distribution.secret == {"Origins.Items.CustomHeaders.Items.HeaderValue"}


def test_marks_come_out_of_a_description_as_they_went_in():
    text = marked("Reads media", {**OURS, "team": "media"})
    assert text.startswith("Reads media [muvi-converge:")
    assert "team" not in text
    assert unmarked(text) == ("Reads media", OURS)
    assert unmarked(marked("", OURS)) == ("", OURS)
    assert unmarked("Reads [everything]") == ("Reads [everything]", {})
    assert marked("Reads media", {}) == "Reads media"


def test_a_control_is_owned_through_its_description(control, sent):
    created(control)
    config = dict(sent)["CreateOriginAccessControl"]["OriginAccessControlConfig"]
    assert config["Description"] == marked("Reads media", OURS)
    (found,) = control.listed()
    assert found.tags == OURS
    assert found.properties["Description"] == "Reads media"


def test_a_control_is_updated_whole_with_its_marks_and_etag(control, sent):
    observed = created(control)
    control.update(change(control, observed, {"Description": "Reads", "SigningBehavior": "never"}))
    request = dict(sent)["UpdateOriginAccessControl"]
    assert request["IfMatch"] == observed.etag
    assert request["OriginAccessControlConfig"] == {
        **CONTROL,
        "Description": marked("Reads", OURS),
        "SigningBehavior": "never",
    }


def test_a_control_is_marked_even_after_an_update_moved_its_etag(control):
    """Rests on the correction that gives an updated control a new ETag."""
    observed = created(control)
    control.update(change(control, observed, {"SigningBehavior": "never"}))
    moved = {**OURS, "muvi-converge:address": "cloudfront.origin_access_control/posters"}
    control.tag(observed, moved)
    (found,) = control.listed()
    assert found.tags == moved
    assert found.properties["SigningBehavior"] == "never"


def test_a_control_in_use_is_not_deleted(control, distribution):
    """Rests on the correction that looks for distributions that use a control."""
    observed = created(control)
    media = {
        "Id": "api",
        "DomainName": "media.s3.eu-central-1.amazonaws.com",
        "OriginAccessControlId": observed.id,
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    create(distribution, {**SITE, "Origins": {"Items": [media]}})
    with pytest.raises(ClientError, match="OriginAccessControlInUse"):
        control.delete(observed)


def test_deleting_a_control_that_is_gone_is_fine(control):
    observed = created(control)
    control.delete(observed)
    control.delete(observed)
    assert control.get(Found(observed.id, {}), set()) is None
    control.tag(observed, OURS)


def created(control):
    id = control.create(Desired(CONTROL, OURS))
    observed = control.get(Found(id, {}), set())
    assert isinstance(observed, Observed)
    return observed
