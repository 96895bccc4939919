"""ACM as its documentation describes it; plain moto does otherwise."""

import pytest
from botocore.exceptions import ClientError
from moto.acm.models import CertBundle

from reconciler.load import Input
from reconciler.sandbox.stand_ins import made_up
from tests.conftest import ACCOUNT, REGION


@pytest.fixture
def acm(moto):
    return moto("acm")


@pytest.fixture
def arn(acm):
    asked = {"DomainName": "example.com", "SubjectAlternativeNames": ["*.example.com", "a.io"]}
    return acm.request_certificate(**asked, ValidationMethod="DNS")["CertificateArn"]


@pytest.fixture
def described(acm, arn):
    return lambda: acm.describe_certificate(CertificateArn=arn)["Certificate"]


@pytest.fixture
def answer(moto, described):
    """Put the records that ACM asks for into a zone."""

    def put(**private):
        route53 = moto("route53")
        for domain in ("example.com", "a.io"):
            made = route53.create_hosted_zone(
                Name=domain, CallerReference=f"{domain} {private}", **private
            )
            records = {
                each["ResourceRecord"]["Name"]: each["ResourceRecord"]["Value"]
                for each in described()["DomainValidationOptions"]
                if each["DomainName"].endswith(domain)
            }
            changes = [
                {
                    "Action": "UPSERT",
                    "ResourceRecordSet": {
                        "Name": name,
                        "Type": "CNAME",
                        "TTL": 60,
                        "ResourceRecords": [{"Value": value}],
                    },
                }
                for name, value in records.items()
            ]
            route53.change_resource_record_sets(
                HostedZoneId=made["HostedZone"]["Id"], ChangeBatch={"Changes": changes}
            )

    return put


def imported(acm, name="example.com", **more):
    bundle = CertBundle.generate_cert(name, ACCOUNT, REGION)
    answer = acm.import_certificate(Certificate=bundle.cert, PrivateKey=bundle.key, **more)
    return answer["CertificateArn"]


# https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
def test_a_certificate_is_issued_once_its_records_stand_in_public(moto, described, answer):
    vpc = moto("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    answer(HostedZoneConfig={"PrivateZone": True}, VPC={"VPCRegion": REGION, "VPCId": vpc})
    assert described()["Status"] == "PENDING_VALIDATION"
    answer()
    assert described()["Status"] == "ISSUED"


# https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html
def test_a_certificate_in_use_is_not_deleted(moto, acm):
    arn = imported(acm)
    ec2, elb = moto("ec2"), moto("elbv2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{z}")
        for n, z in enumerate("ab")
    ]
    ids = [each["Subnet"]["SubnetId"] for each in subnets]
    made = elb.create_load_balancer(Name="front", Subnets=ids, Scheme="internal")
    balancer = made["LoadBalancers"][0]["LoadBalancerArn"]
    listener = elb.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTPS",
        Port=443,
        Certificates=[{"CertificateArn": arn}],
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    )["Listeners"][0]["ListenerArn"]
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["InUseBy"] == [balancer]
    with pytest.raises(ClientError, match="ResourceInUseException"):
        acm.delete_certificate(CertificateArn=arn)
    elb.delete_listener(ListenerArn=listener)
    acm.delete_certificate(CertificateArn=arn)


# https://docs.aws.amazon.com/acm/latest/userguide/import-reimport.html
def test_tags_stay_when_another_certificate_is_imported_over_it(acm):
    tags = [{"Key": "owner", "Value": "us"}]
    arn = imported(acm, Tags=tags)
    assert imported(acm, CertificateArn=arn) == arn
    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == tags


# https://docs.aws.amazon.com/acm/latest/APIReference/API_Filters.html
def test_without_a_filter_only_small_rsa_keys_are_listed(acm):
    key = made_up(Input("key", None, sandbox="its key"))
    body = made_up(Input("body", None, sandbox="certificate for example.com"))
    arn = acm.import_certificate(Certificate=body, PrivateKey=key)["CertificateArn"]
    assert acm.list_certificates()["CertificateSummaryList"] == []
    elliptic = {"keyTypes": ["EC_prime256v1"]}
    (found,) = acm.list_certificates(Includes=elliptic)["CertificateSummaryList"]
    assert found["CertificateArn"] == arn


# https://docs.aws.amazon.com/acm/latest/APIReference/API_UpdateCertificateOptions.html
def test_a_certificate_leaves_the_public_log(acm, arn, described):
    quiet = {"CertificateTransparencyLoggingPreference": "DISABLED"}
    acm.update_certificate_options(CertificateArn=arn, Options=quiet)
    assert described()["Options"]["CertificateTransparencyLoggingPreference"] == "DISABLED"
