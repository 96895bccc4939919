"""Route 53 as its documentation describes it; plain moto does otherwise."""

import pytest
from botocore.exceptions import ClientError

A = {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
CNAME = {"Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "x.io"}]}


@pytest.fixture
def route53(moto):
    return moto("route53")


@pytest.fixture
def zone(route53):
    made = route53.create_hosted_zone(Name="example.com", CallerReference="one")
    return made["HostedZone"]["Id"]


@pytest.fixture
def write(route53, zone):
    """Send these changes as one batch."""

    def send(*changes):
        batch = [
            {"Action": action, "ResourceRecordSet": {**record, "Name": name}}
            for action, name, record in changes
        ]
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": batch})

    return send


@pytest.fixture
def listed(route53, zone):
    return lambda: {
        (each["Name"], each["Type"]): each
        for each in route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    }


# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
def test_what_exists_is_not_created_again(write):
    write(("UPSERT", "a.example.com", A))
    other = {**A, "ResourceRecords": [{"Value": "192.0.2.2"}]}
    with pytest.raises(ClientError, match=r"InvalidChangeBatch.*but it already exists"):
        write(("CREATE", "a.example.com", other))


def test_a_batch_is_all_or_nothing(write, listed):
    write(("CREATE", "b.example.com", A))
    with pytest.raises(ClientError):
        write(("CREATE", "a.example.com", A), ("DELETE", "c.example.com", A))
    assert ("a.example.com.", "A") not in listed()
    write(("DELETE", "b.example.com", A), ("CREATE", "b.example.com", CNAME))
    assert ("b.example.com.", "CNAME") in listed()
    with pytest.raises(ClientError):
        write(("DELETE", "b.example.com", CNAME), ("CREATE", "b.other.com", CNAME))
    assert ("b.example.com.", "CNAME") in listed()


def test_a_delete_repeats_the_values(write):
    write(("CREATE", "a.example.com", A))
    with pytest.raises(ClientError, match=r"the values provided do not match the current values"):
        write(("DELETE", "a.example.com", {**A, "TTL": 61}))


# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat
def test_a_cname_stands_alone(write):
    write(("CREATE", "a.example.com", A))
    with pytest.raises(ClientError, match=r"InvalidChangeBatch.*conflicts with other records"):
        write(("CREATE", "a.example.com", CNAME))


def test_a_cname_stands_not_at_the_apex(write):
    with pytest.raises(ClientError, match=r"InvalidChangeBatch.*not permitted at apex"):
        write(("CREATE", "example.com", CNAME))


def test_a_zone_keeps_its_soa(write, listed):
    soa = listed()["example.com.", "SOA"]
    kept = {name: soa[name] for name in ("Type", "TTL", "ResourceRecords")}
    with pytest.raises(ClientError, match=r"InvalidChangeBatch.*SOA"):
        write(("DELETE", "example.com", kept))


# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
def test_a_wildcard_is_listed_escaped(write, listed):
    write(("CREATE", "*.Example.com", A))
    assert ("\\052.example.com.", "A") in listed()


# https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
def test_an_alias_is_listed_in_lower_case_with_a_last_dot(write, listed):
    target = {"HostedZoneId": "Z2FDTNDATAQYW2", "EvaluateTargetHealth": False}
    alias = {"Type": "A", "AliasTarget": {**target, "DNSName": "D1.cloudfront.net"}}
    write(("CREATE", "a.example.com", alias))
    assert listed()["a.example.com.", "A"]["AliasTarget"]["DNSName"] == "d1.cloudfront.net."


# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html
def test_the_soa_record_has_its_value(listed):
    (value,) = listed()["example.com.", "SOA"]["ResourceRecords"]
    assert value["Value"].startswith("ns-")


# https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html
def test_a_reference_is_taken_once(route53, zone):
    with pytest.raises(ClientError, match="HostedZoneAlreadyExists"):
        route53.create_hosted_zone(Name="other.com", CallerReference="one")


def test_a_private_zone_wants_a_vpc(route53):
    private = {"Name": "a.internal", "HostedZoneConfig": {"PrivateZone": True}}
    with pytest.raises(ClientError, match=r"InvalidInput.*VPC"):
        route53.create_hosted_zone(**private, CallerReference="two")


# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeInfo.html
def test_a_change_is_pending_before_it_is_everywhere(route53, zone):
    change = {"Action": "CREATE", "ResourceRecordSet": {**A, "Name": "a.example.com"}}
    answer = route53.change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [change]}
    )
    seen = route53.get_change(Id=answer["ChangeInfo"]["Id"])
    assert [each["ChangeInfo"]["Status"] for each in (answer, seen)] == ["PENDING", "INSYNC"]
