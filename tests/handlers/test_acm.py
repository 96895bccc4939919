"""What reaches ACM. Corrections of moto: acm.py, route53.py."""

import pytest
from moto.acm.models import CertBundle

from reconciler.model import Desired, Found, Status
from resources.acm import reason, spelled
from resources.acm.certificate import Certificate
from resources.route53.hosted_zone import HostedZone
from resources.route53.record_sets import RecordSets
from tests.conftest import ACCOUNT, REGION
from tests.handlers.steps import create, look, sent, update

TAGS = {"owner": "us"}
WILD = {"DomainName": "*.example.com", "SubjectAlternativeNames": ["www.example.com"]}


@pytest.fixture
def handler(aws):
    return Certificate(aws, REGION)


@pytest.fixture
def pair():
    def made(name="it.example.com"):
        bundle = CertBundle.generate_cert(name, ACCOUNT, REGION)
        body = {"Certificate": bundle.cert.decode(), "PrivateKey": bundle.key.decode()}
        return {"DomainName": name, **body}

    return made


def test_a_certificate_is_asked_for_by_dns_with_tags_and_one_token_per_wish(handler):
    calls = sent(handler.client)
    wish = Desired(WILD, TAGS, intent="run 1 acm.certificate/it")
    assert create(handler, wish) == create(handler, wish)
    (_, first), (_, second) = calls
    assert first == second
    assert first["ValidationMethod"] == "DNS"
    assert first["Tags"] == [{"Key": "owner", "Value": "us"}]
    assert len(first["IdempotencyToken"]) == 32


def test_a_pending_certificate_names_the_record_that_it_waits_for(handler):
    observed = look(handler, create(handler, Desired(WILD, TAGS)))
    record = observed["DomainValidationOptions"][0]["ResourceRecord"]
    assert observed.status is Status.WAITING
    assert f"{record['Name']} CNAME {record['Value']}" in observed.reason
    assert "who runs the DNS of example.com" in {each.who for each in observed.waits}
    shown = f"add the record {record['Name']} CNAME {record['Value']}"
    assert shown in {each.what for each in observed.waits}


def test_a_zone_of_ours_that_nobody_sees_waits_for_whoever_delegates_to_it(aws, handler):
    zone = create(HostedZone(aws, REGION), Desired({"Name": "uat.example.com"}, TAGS, "zone"))
    arn = create(handler, Desired({"DomainName": "*.uat.example.com"}, TAGS))
    (wait,) = look(handler, arn).waits
    assert wait.who == "who runs the DNS of example.com"
    servers = aws.client("route53", REGION).get_hosted_zone(Id=zone)["DelegationSet"]["NameServers"]
    assert f"uat.example.com NS {' '.join(sorted(servers))}" in wait.what


def test_a_private_zone_validates_nothing(aws, handler):
    ec2 = aws.client("ec2", REGION)
    (vpc, *_) = ec2.describe_vpcs()["Vpcs"]
    private = {"Name": "uat.example.com", "VPCs": [{"VPCRegion": REGION, "VPCId": vpc["VpcId"]}]}
    create(HostedZone(aws, REGION), Desired(private, TAGS, "zone"))
    arn = create(handler, Desired({"DomainName": "*.uat.example.com"}, TAGS))
    assert "add the record" in look(handler, arn).waits[0].what


def test_it_is_issued_once_its_record_stands(aws, handler):
    arn = create(handler, Desired(WILD, TAGS))
    zone = create(HostedZone(aws, REGION), Desired({"Name": "example.com"}, TAGS, "zone"))
    options = look(handler, arn)["DomainValidationOptions"]
    wanted = {each["ResourceRecord"]["Name"]: each["ResourceRecord"]["Value"] for each in options}
    records = [
        {"Name": name, "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": value}]}
        for name, value in wanted.items()
    ]
    desired = {"HostedZoneId": zone, "ResourceRecordSets": records}
    assert update(RecordSets(aws, REGION), zone, desired) == ()
    assert look(handler, arn).status is Status.READY


def test_the_domain_itself_may_stand_among_its_names_or_not(handler):
    arn = create(handler, Desired(WILD, TAGS))
    calls = sent(handler.client)
    assert update(handler, arn, WILD) == ()
    among = {**WILD, "SubjectAlternativeNames": ["*.example.com", "www.example.com"]}
    assert update(handler, arn, among) == ()
    assert calls == []


def test_a_missing_name_is_a_difference(handler):
    arn = create(handler, Desired(WILD, TAGS))
    fewer = {**WILD, "SubjectAlternativeNames": ["api.example.com"]}
    (difference,) = update(handler, arn, {**fewer, "Options": {}})
    assert difference.path == "SubjectAlternativeNames"
    assert "SubjectAlternativeNames" in Certificate.immutable


def test_another_body_is_imported_over_the_old_one_with_its_key(handler, pair):
    first, second = pair(), pair()
    arn = create(handler, Desired(first, TAGS))
    assert look(handler, arn).status is Status.READY
    calls = sent(handler.client)
    assert update(handler, arn, second) == ()
    ((name, params),) = calls
    assert (name, params["CertificateArn"]) == ("ImportCertificate", arn)
    assert params["PrivateKey"] == second["PrivateKey"]
    assert look(handler, arn).tags == TAGS


def test_the_same_body_with_other_line_ends_is_the_same(handler, pair):
    body = pair()
    arn = create(handler, Desired(body, TAGS))
    calls = sent(handler.client)
    windows = {**body, "Certificate": body["Certificate"].replace("\n", "\r\n") + "\n\n"}
    assert update(handler, arn, windows) == ()
    assert calls == []


def test_the_body_is_read_only_if_it_is_mentioned(handler, pair):
    arn = create(handler, Desired(pair(), TAGS))
    calls = sent(handler.client, "GetCertificate")
    assert "Certificate" not in look(handler, arn, {"DomainName"}).properties
    assert calls == []
    assert "Certificate" in look(handler, arn, {"Certificate"}).properties


def test_the_log_of_certificates_can_be_left(handler):
    arn = create(handler, Desired(WILD, TAGS))
    quiet = {"Options": {"CertificateTransparencyLoggingPreference": "DISABLED"}}
    calls = sent(handler.client)
    assert update(handler, arn, quiet) == ()
    assert calls == [("UpdateCertificateOptions", {"CertificateArn": arn, **quiet})]


def test_tags_that_the_sweep_showed_are_not_read_again(handler):
    arn = create(handler, Desired(WILD, TAGS))
    calls = sent(handler.client, "ListTagsForCertificate")
    assert handler.get(Found(arn, {}, TAGS), set()).tags == TAGS
    assert calls == []
    assert handler.get(Found(arn, {}, None), set()).tags == TAGS


def test_what_aws_spells_otherwise_is_the_same_kind_of_key():
    assert spelled({"KeyAlgorithm": "RSA-2048"}) == spelled({"KeyAlgorithm": "RSA_2048"})


def test_a_record_that_aws_has_not_chosen_yet_is_said_to_be_missing():
    young = {"Status": "PENDING_VALIDATION", "DomainValidationOptions": [{"DomainName": "a.io"}]}
    assert reason(young) == "AWS has not named its validation record yet"


def test_what_is_gone_is_deleted_again_without_complaint(handler):
    arn = create(handler, Desired(WILD, TAGS))
    observed = look(handler, arn)
    for _ in range(2):
        handler.delete(observed)
    assert look(handler, arn) is None
