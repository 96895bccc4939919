"""What reaches Route 53. Correction of moto: route53.py."""

import pytest
from botocore.exceptions import ClientError

from reconciler.model import Desired
from reconciler.plan.find import index
from resources.route53.hosted_zone import HostedZone
from resources.route53.record_sets import RecordSets
from tests.conftest import REGION
from tests.handlers.steps import change, create, sent, update
from tests.handlers.steps import look as looked

TAGS = {"owner": "us"}
SETS = "ResourceRecordSets"


@pytest.fixture
def zone(aws):
    return create(HostedZone(aws, REGION), Desired({"Name": "example.com"}, TAGS, "zone"))


@pytest.fixture
def handler(aws):
    return RecordSets(aws, REGION)


@pytest.fixture
def write(handler, zone):
    """Make these records true; what still differs afterwards."""
    return lambda *records: update(handler, zone, {"HostedZoneId": zone, SETS: [*records]})


def record(name, value, kind="CNAME", **more):
    return {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}], **more}


def batches(calls):
    return [params["ChangeBatch"]["Changes"] for _, params in calls]


def steps(calls):
    return [
        [(each["Action"], each["ResourceRecordSet"]["Name"].rstrip(".")) for each in batch]
        for batch in batches(calls)
    ]


def look(handler, zone):
    return looked(handler, zone, {SETS})


def names(handler, zone):
    return {each["Name"] for each in look(handler, zone)[SETS] if each["Type"] not in ("NS", "SOA")}


def test_all_changes_of_a_zone_travel_in_one_batch(handler, write):
    calls = sent(handler.client)
    assert write(record("a.example.com", "x.io"), record("b.example.com", "y.io")) == ()
    gone = {"Name": "a.example.com", "Type": "CNAME", "$absent": True}
    assert write(gone, record("b.example.com", "z.io"), record("c.example.com", "z.io")) == ()
    assert steps(calls) == [
        [("CREATE", "a.example.com"), ("CREATE", "b.example.com")],
        [("DELETE", "a.example.com"), ("CREATE", "c.example.com"), ("UPSERT", "b.example.com")],
    ]


def test_a_name_changes_its_type_in_one_batch(handler, write):
    write(record("a.example.com", "x.io"))
    calls = sent(handler.client)
    gone = {"Name": "a.example.com", "Type": "CNAME", "$absent": True}
    assert write(gone, record("a.example.com", "192.0.2.1", "A")) == ()
    assert steps(calls) == [[("DELETE", "a.example.com"), ("CREATE", "a.example.com")]]


def test_records_of_others_stay(handler, zone, write):
    write(record("theirs.example.com", "x.io"), record("ours.example.com", "x.io"))
    calls = sent(handler.client)
    assert write(record("ours.example.com", "y.io")) == ()
    assert steps(calls) == [[("UPSERT", "ours.example.com")]]
    assert names(handler, zone) == {"theirs.example.com", "ours.example.com"}


def test_a_record_that_came_between_is_not_overwritten(handler, zone, write):
    theirs = record("a.example.com", "theirs.io")
    planned = change(
        handler,
        look(handler, zone),
        {"HostedZoneId": zone, SETS: [record("a.example.com", "ours.io")]},
    )
    raw = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": theirs}]}
    handler.client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=raw)
    look(handler, zone)  # as another resource of this zone does
    with pytest.raises(ClientError, match="already exists"):
        handler.update(planned)


def test_every_spelling_of_a_name_is_the_same(handler, write):
    write(record("*.Example.com.", "Target.io."))
    calls = sent(handler.client)
    assert write(record("\\052.example.com", "target.io")) == ()
    assert write(record("*.example.com", "target.io.")) == ()
    assert calls == []


def test_an_alias_is_the_same_with_and_without_dualstack(handler, zone, write):
    target = {"HostedZoneId": "Z2P70J7EXAMPLE", "EvaluateTargetHealth": False}
    theirs = {**target, "DNSName": "dualstack.LB-1.eu-central-1.elb.amazonaws.com"}
    ours = {**target, "DNSName": "LB-1.eu-central-1.elb.amazonaws.com"}
    assert write({"Name": "a.example.com", "Type": "A", "AliasTarget": theirs}) == ()
    calls = sent(handler.client)
    assert write({"Name": "a.example.com", "Type": "A", "AliasTarget": ours}) == ()
    assert calls == []
    assert write({"Name": "a.example.com", "Type": "A", "$absent": True}) == ()
    assert names(handler, zone) == set()


def test_an_alias_takes_the_place_of_values(handler, zone, write):
    write(record("a.example.com", "192.0.2.1", "A"))
    target = {"HostedZoneId": "Z2P70J7EXAMPLE", "EvaluateTargetHealth": False, "DNSName": "lb.io"}
    assert write({"Name": "a.example.com", "Type": "A", "AliasTarget": target}) == ()
    assert write(record("a.example.com", "192.0.2.2", "A")) == ()


def test_weights_that_nobody_mentions_go_back_as_they_were(handler, write):
    both = {"SetIdentifier": "blue", "Weight": 10}
    write(record("a.example.com", "x.io", **both))
    calls = sent(handler.client)
    assert write(record("a.example.com", "y.io", SetIdentifier="blue")) == ()
    ((upsert,),) = batches(calls)
    assert upsert["ResourceRecordSet"]["Weight"] == 10


def test_records_of_one_name_are_told_apart_by_their_identifier(handler, zone, write):
    blue = record("a.example.com", "x.io", SetIdentifier="blue", Weight=1)
    green = record("a.example.com", "y.io", SetIdentifier="green", Weight=1)
    assert write(blue, green) == ()
    assert write({**green, "Weight": 5}) == ()
    weights = {e["SetIdentifier"]: e["Weight"] for e in look(handler, zone)[SETS] if "Weight" in e}
    assert weights == {"blue": 1, "green": 5}


def test_the_values_of_a_record_are_one_thing_where_lists_are_at_least(handler, zone, write):
    write(record("a.example.com", "192.0.2.1", "A"))
    assert write(record("a.example.com", "192.0.2.2", "A")) == ()
    (values,) = (e["ResourceRecords"] for e in look(handler, zone)[SETS] if e["Type"] == "A")
    assert values == [{"Value": "192.0.2.2"}]


def test_removing_takes_away_what_was_ours(handler, zone, write):
    write(record("theirs.example.com", "x.io"), record("ours.example.com", "x.io"))
    observed = look(handler, zone)
    mine = [each for each in observed[SETS] if each["Name"] == "ours.example.com"]
    narrowed = type(observed)(observed.id, {**observed.properties, SETS: mine})
    handler.update(type(change(handler, narrowed, {}))(narrowed, {"HostedZoneId": zone}, {}))
    handler.delete(narrowed)
    assert names(handler, zone) == {"theirs.example.com"}


def test_only_the_zone_in_question_is_read(aws, handler, zone):
    create(HostedZone(aws, REGION), Desired({"Name": "other.example.com"}, TAGS, "other"))
    calls = sent(handler.client, "ListResourceRecordSets")
    look(handler, zone)
    assert [params["HostedZoneId"] for _, params in calls] == [zone]


def test_a_zone_is_tagged_at_once_and_told_apart_by_its_wish(aws):
    handler = HostedZone(aws, REGION)
    calls = sent(handler.client)
    for wish in ("run 1 zone/a", "run 2 zone/a"):
        create(handler, Desired({"Name": "example.com"}, TAGS, wish))
    assert [name for name, _ in calls] == ["CreateHostedZone", "ChangeTagsForResource"] * 2
    first, second = (params["CallerReference"] for name, params in calls if name[0:6] == "Create")
    assert first != second


def test_a_public_zone_is_no_answer_for_a_private_one_of_its_name(aws, zone):
    ec2 = aws.client("ec2", REGION)
    vpc = {"VPCRegion": REGION, "VPCId": ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]}
    handler = HostedZone(aws, REGION)
    private = {"Name": "example.com", "VPCs": [vpc]}
    made = create(handler, Desired(private, TAGS, "private"))
    found = index("route53.hosted_zone", handler, handler.listed(), "uat", dict)
    public = Desired({"Name": "example.com"})
    assert found.locate(Desired(private), "", None).id == made
    assert found.locate(public, "", None).id == zone


def test_a_zone_gets_its_new_vpc_before_it_loses_the_old_one(aws):
    ec2 = aws.client("ec2", REGION)
    old, new = (
        {"VPCRegion": REGION, "VPCId": ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]}
        for _ in range(2)
    )
    handler = HostedZone(aws, REGION)
    made = create(handler, Desired({"Name": "example.com", "VPCs": [old]}, TAGS, "private"))
    calls = sent(handler.client)
    assert update(handler, made, {"VPCs": [new]}) == ()
    assert [name for name, _ in calls] == [
        "AssociateVPCWithHostedZone",
        "DisassociateVPCFromHostedZone",
    ]


def test_a_comment_comes_and_goes(aws, zone):
    handler = HostedZone(aws, REGION)
    assert update(handler, zone, {"HostedZoneConfig": {"Comment": "ours"}}) == ()
    assert update(handler, zone, {"HostedZoneConfig": {"Comment": None}}) == ()


def test_a_zone_with_records_is_not_deleted(aws, handler, zone, write):
    write(record("a.example.com", "x.io"))
    zones = HostedZone(aws, REGION)
    with pytest.raises(ClientError, match="HostedZoneNotEmpty"):
        zones.delete(look(zones, zone))
    write({"Name": "a.example.com", "Type": "CNAME", "$absent": True})
    seen = look(zones, zone)
    for _ in range(2):
        zones.delete(seen)
    assert look(zones, zone) is None
